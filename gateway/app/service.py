"""A gateway at work: start, serve until told to stop, read the settings anew, stop in order."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from time import monotonic_ns

from gateway import __version__
from gateway.app import doctor
from gateway.app.components import Works
from gateway.app.doctor import background
from gateway.app.doctor.network import is_clock_synchronised
from gateway.app.wiring.values import (
    hostname,
    limits_of,
    mailboxes_of,
    relays_of,
    resolver_of,
    store_of,
    utc_now,
)
from gateway.auth.dns import public_suffix
from gateway.auth.dns.resolver import Resolver
from gateway.inbound.receive import Reception
from gateway.log import events
from gateway.mail.smtp.mailboxes import Purpose
from gateway.net.host import systemd
from gateway.net.host.sockets import allow_open_files, bind
from gateway.net.smtp.listener import Listener, free_bytes
from gateway.outbound.dispatcher import Dispatch
from gateway.outbound.retry import Schedule
from gateway.settings import SYSTEM_FOLDER, Settings, SettingsError
from gateway.store.protocol import StoreUnavailableError

# What is bound to the open sockets and the open database.
FIXED = ("desk.domain", "listen.host", "listen.port", "listen.hostname", "store.path")
# Besides the connections: database, log, DNS questions, letters on their way out.
SPARE_FILES = 100


class App:
    """A gateway as the settings describe it; `folder` is where the settings lie."""

    def __init__(
        self,
        config: Settings,
        folder: Path | None = None,
        *,
        now: Callable[[], datetime] = utc_now,
        schedule: Schedule | None = None,
        resolver: Resolver | None = None,
    ) -> None:
        self.config = config
        self._folder = folder
        self._now = now
        self._schedule = schedule
        self._own_resolver = resolver is None
        self.store = store_of(config)
        self.resolver = resolver or resolver_of(config)
        self._works = self._retiring = self._made(config, self.resolver)
        self.listener = Listener(
            self._works.reception,
            hostname=hostname(config),
            limits=limits_of(config),
            tls_context=self._works.tls_context,
            now=now,
            postmaster=mailboxes_of(config).address(Purpose.POSTMASTER),
            relays=relays_of(config),
            free_bytes=lambda: free_bytes(self.store.path.parent),
        )

    @property
    def reception(self) -> Reception:
        """The path in that is at work."""
        return self._works.reception

    @property
    def dispatch(self) -> Dispatch:
        """The path out that is at work."""
        return self._works.dispatch

    def subject(self) -> doctor.Subject:
        """This gateway, for the doctor."""
        folder = self._folder or SYSTEM_FOLDER
        return doctor.Subject(self.config, folder, self.resolver, self._now(), is_clock_synchronised)

    async def start(self, sockets: Sequence[socket.socket]) -> None:
        """Open the store, take up what the outbox still owes, and listen."""
        self.store.open()
        public_suffix.suffixes()  # the list takes 60 ms to read: not in the first mail's time
        await self._works.refresh()
        self._works.start()
        for each in sockets:
            await self.listener.start(each)
        places = ",".join("{}:{}".format(*each.getsockname()[:2]) for each in sockets)
        events.started(__version__, listening=places, database=self.store.path)

    async def stop(self) -> None:
        """Take no more mail, finish messages and letters in hand within 20 s, close the store."""
        await asyncio.gather(self.listener.stop(), self._works.stop(), self._retiring.stop())
        self.store.close()

    async def reload(self, read: Callable[[], Settings]) -> None:
        """Go on with what the settings, templates, register and certificates say now.

        All of it or nothing: whatever is wrong raises (SettingsError, TemplateTroubleError,
        StoreUnavailableError), and the gateway goes on as before.
        """
        config, resolver, works = await asyncio.to_thread(self._prepared, read)
        await works.refresh()
        self._retiring, self._works = self._works, works
        self.config, self.resolver = config, resolver
        self.listener.renew(works.reception, works.tls_context, limits_of(config), relays_of(config))
        # Two of them at work would take up the same commands.
        await self._retiring.stop()
        works.start()

    def _prepared(self, read: Callable[[], Settings]) -> tuple[Settings, Resolver, Works]:
        config = read()
        _refuse_fixed(self.config, config)
        asks_anew = self._own_resolver and (
            config.dns != self.config.dns or config.limits.dns_query_s != self.config.limits.dns_query_s
        )
        resolver = resolver_of(config) if asks_anew else self.resolver
        return config, resolver, self._made(config, resolver)

    def _made(self, config: Settings, resolver: Resolver) -> Works:
        return Works(
            config,
            self._folder,
            self.store,
            resolver,
            now=self._now,
            schedule=self._schedule,
            wake=self._wake,
            changed=self._changed,
        )

    def _wake(self) -> None:
        self._works.dispatch.wake()

    async def _changed(self) -> None:
        """A command was carried out: the register may be another, and letters may be owed."""
        await self._works.refresh()
        try:
            await self.store.compact()  # a person may have been erased
        except StoreUnavailableError as error:  # the command is done all the same; housekeeping tries again
            events.store_unavailable(error)
        self._wake()


def _refuse_fixed(before: Settings, after: Settings) -> None:
    for key in FIXED:
        section, _, name = key.partition(".")
        old, new = (getattr(getattr(each, section), name) for each in (before, after))
        if old != new:
            raise SettingsError(f"{key} = {new!r}: a reload cannot change {old!r}; restart the gateway")


async def serve(app: App, read: Callable[[], Settings]) -> None:
    """Run until SIGTERM or SIGINT, on inherited sockets or on the configured address; SIGHUP reloads.

    `read` gives the settings as they are now. Raises SettingsError.
    """
    stopping, reloading = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    loop.add_signal_handler(signal.SIGHUP, reloading.set)
    _allow_files(app.config)
    sockets = systemd.inherited_sockets() or [bind(app.config.listen.host, app.config.listen.port)]
    try:
        await app.start(sockets)
    except BaseException:
        for each in sockets:
            each.close()
        raise
    beside = [asyncio.create_task(_keep_reloading(app, read, reloading))]
    beside.append(asyncio.create_task(background.keep_looking(app.subject, doctor.NETWORK)))
    if (interval_s := systemd.watchdog_interval_s()) is not None:
        beside.append(asyncio.create_task(_keep_alive(app, interval_s)))
    systemd.notify("READY=1")
    await stopping.wait()
    systemd.notify("STOPPING=1")
    for task in beside:
        task.cancel()
    await asyncio.gather(*beside, return_exceptions=True)
    await app.stop()


def _allow_files(config: Settings) -> None:
    wanted = config.limits.connections + SPARE_FILES
    if (allowed := allow_open_files()) < wanted:
        events.few_files(allowed, wanted)


async def _keep_reloading(app: App, read: Callable[[], Settings], asked: asyncio.Event) -> None:
    while True:
        await asked.wait()
        asked.clear()
        # sd_notify(3): the time lets Type=notify-reload tell this reload from an earlier one.
        systemd.notify(f"RELOADING=1\nMONOTONIC_USEC={monotonic_ns() // 1000}")
        try:
            await app.reload(read)
        except Exception as error:  # whatever it is, the mail goes on
            events.not_reloaded(error)
            systemd.notify(
                f"READY=1\nSTATUS=Not reloaded, works on as before: {' '.join(str(error).split())}"
            )
        else:
            events.reloaded()
            systemd.notify("READY=1\nSTATUS=Settings reloaded")


async def _keep_alive(app: App, interval_s: float) -> None:
    """Tell the watchdog of each turn of the loop in which the writer answered from the database."""
    while True:
        try:
            await app.store.transact(lambda tx: tx.next_due())
        except StoreUnavailableError as error:
            events.store_unavailable(error)
        else:
            systemd.notify("WATCHDOG=1")
        await asyncio.sleep(interval_s)
