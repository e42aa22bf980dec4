"""A gateway at work: start, serve until told to stop, stop in order."""

from __future__ import annotations

import asyncio
import secrets
import signal
import socket
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from gateway import __version__, maillog
from gateway.app.edges import courier, signer, tls_context
from gateway.app.parts import desk_of, hostname, mailboxes_of, reception, store_of, utc_now
from gateway.app.shipped import directory_of, renderer, rulebook_of
from gateway.auth import alignment
from gateway.auth.resolver import Resolver
from gateway.dispatch import Dispatch, Schedule
from gateway.housekeeping import Housekeeping
from gateway.mail.forward_path import Purpose
from gateway.net import systemd
from gateway.net.courier import MailInvitation
from gateway.net.dns import DnsResolver
from gateway.net.listener import Listener
from gateway.net.sockets import bind
from gateway.settings import Settings
from gateway.store import case_commands, organisation_commands, spool


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
        self._now = now
        self.directory = directory_of(folder)
        self.book = rulebook_of(config, folder, self.directory, now)
        mailboxes = mailboxes_of(config)
        desk = desk_of(config, self.book)
        self.store = store_of(config)
        self.resolver = resolver or DnsResolver(config.dns.nameservers or None, port=config.dns.port)
        way_out = courier(config, self.resolver)
        self.dispatch = Dispatch(
            self.store,
            renderer(config, folder),
            way_out,
            MailInvitation(way_out),
            desk,
            mailboxes,
            from_name=config.desk.name,
            now=now,
            entropy=secrets.token_bytes,
            schedule=schedule or Schedule(give_up_after=timedelta(days=config.delivery.give_up_days)),
            sign=signer(config),
        )
        self.reception = reception(config, self.resolver, self.book, self.store, self.dispatch.wake)
        self.listener = Listener(
            self.reception,
            hostname=hostname(config),
            tls_context=tls_context(config),
            now=now,
            postmaster=mailboxes.address(Purpose.POSTMASTER),
        )
        self.housekeeping = Housekeeping(self.store, desk, now=now, wake=self.dispatch.wake)
        self.inbox = spool.Inbox(
            self.store,
            spool.folder_of(self.store.path),
            {**organisation_commands.handlers(self.directory), **case_commands.handlers(desk)},
            now,
            changed=self._changed,
            trouble=maillog.failed,
        )
        self._working: tuple[asyncio.Task[None], ...] = ()

    async def start(self, sockets: Sequence[socket.socket]) -> None:
        """Open the store, take up what the outbox still owes, and listen."""
        self.store.open()
        alignment.suffixes()  # the list takes 60 ms to read: not in the first mail's time
        await organisation_commands.refresh(self.directory, self.store)
        work = (self.dispatch.run(), self.inbox.run(), self.housekeeping.run())
        self._working = tuple(asyncio.create_task(each) for each in work)
        for each in sockets:
            await self.listener.start(each)
        places = ",".join("{}:{}".format(*each.getsockname()[:2]) for each in sockets)
        maillog.started(__version__, listening=places, database=self.store.path)

    async def stop(self) -> None:
        """Take no more mail, finish the letters in hand, close the store."""
        await self.listener.stop()
        self.dispatch.stop()
        self.inbox.stop()
        self.housekeeping.stop()
        await asyncio.gather(*self._working)
        self.store.close()

    async def _changed(self) -> None:
        """A command was carried out: the register may be another, and letters may be owed."""
        await organisation_commands.refresh(self.directory, self.store)
        self.dispatch.wake()


async def serve(app: App) -> None:
    """Run until SIGTERM or SIGINT, on inherited sockets or on the configured address."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    sockets = systemd.inherited_sockets() or [bind(app.config.listen.host, app.config.listen.port)]
    await app.start(sockets)
    systemd.notify("READY=1")
    await stopping.wait()
    systemd.notify("STOPPING=1")
    await app.stop()
