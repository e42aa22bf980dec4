"""A gateway at work: start, serve until told to stop, read the settings anew, stop in order."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from gateway import __version__
from gateway.admission.case.model import Desk
from gateway.app import doctor
from gateway.app.active_components import ActiveComponents
from gateway.app.components import Components, Hooks, build_components
from gateway.app.doctor import background
from gateway.app.doctor.network import is_clock_synchronised
from gateway.app.serving.mail_server import MailServer, build_mail_server
from gateway.app.serving.takeover import open_when_free
from gateway.app.supervisor import Resource, Supervisor, Together
from gateway.app.wiring.store import build_store
from gateway.app.wiring.values import (
    build_resolver,
    utc_now,
)
from gateway.auth.dns import public_suffix
from gateway.auth.dns.resolver import Resolver
from gateway.inbound.front import Front
from gateway.inbound.receive import Receiver
from gateway.inbound.record.submission import Answer, Submission
from gateway.log import events
from gateway.net.dns.resolver import DnsResolver
from gateway.net.metrics.service_figures import ServiceFigures
from gateway.outbound.dispatcher import Dispatcher
from gateway.outbound.retry import Schedule
from gateway.settings import SYSTEM_FOLDER, Settings, SettingsError
from gateway.store import case_repository
from gateway.store.commands.requests import Answer as CommandAnswer
from gateway.store.commands.requests import Request
from gateway.store.protocol import StoreUnavailableError, Transaction

STORE_RETRY_S = 0.5
T = TypeVar("T")

# What is bound to the open sockets and the open database.
FIXED = (
    "desk.domain",
    "listen.host",
    "listen.port",
    "listen.hostname",
    "listen.front_processes",
    "store.path",
    "console.public_url",
    "store.url",
    "store.schema",
    "store.node",
)


CheckTemplates = Callable[[Settings, Path | None], frozenset[str]]


class Gateway:
    """A gateway as the settings describe it; `folder` is where the settings lie.

    `check_templates` raises InvalidTemplateError for templates of the operator's that must not be used, and
    names those in whose place the shipped ones are.
    """

    def __init__(
        self,
        config: Settings,
        folder: Path | None = None,
        *,
        now: Callable[[], datetime] = utc_now,
        schedule: Schedule | None = None,
        resolver: Resolver | None = None,
        check_templates: CheckTemplates | None = None,
    ) -> None:
        self.config = config
        self._folder = folder
        self._check_templates = check_templates
        self._now = now
        self._schedule = schedule
        self._own_resolver = resolver is None
        self.store = build_store(config, self._on_lost)
        self._is_open = False
        self._loop: asyncio.AbstractEventLoop | None = None
        # Another machine became active; an operator asked this one to give way.
        self.lost, self.gives_way = asyncio.Event(), asyncio.Event()
        self.resolver = resolver or build_resolver(config)
        self._components = ActiveComponents(self._build_components(config, self.resolver), self.store)
        self.mail_server = build_mail_server(config, self._components.current, self._submit, now)
        self._services = Supervisor()

    @property
    def reception(self) -> Receiver:
        """The writer half of the path in that is at work."""
        return self._components.current.reception

    @property
    def front(self) -> Front:
        """The front half of the path in that is at work here."""
        return self._components.current.front

    @property
    def dispatch(self) -> Dispatcher:
        """The path out that is at work."""
        return self._components.current.dispatch

    def subject(self) -> doctor.Subject:
        """This gateway, for the doctor."""
        folder = self._folder or SYSTEM_FOLDER
        return doctor.Subject(self.config, folder, self.resolver, self._now(), is_clock_synchronised)

    def read_figures(self) -> ServiceFigures:
        """What only the running gateway can tell; may be called in a thread."""
        traffic = self.mail_server.count_traffic()
        last = background.load_last_run(Path(self.config.store.path))
        dns = self.resolver if isinstance(self.resolver, DnsResolver) else None
        return ServiceFigures(
            sessions=traffic.sessions,
            connections=traffic.connections,
            turned_away=traffic.turned_away,
            replies=traffic.refusals,
            workers=traffic.processes,
            workers_ready=traffic.processes_up,
            dns_questions=dns.questions if dns else 0,
            dns_failures=dns.failures if dns else 0,
            findings=Counter(one.level.value for one in last.findings) if last else {},
            looked_at=last.at if last else None,
        )

    async def start(self, sockets: Sequence[socket.socket]) -> None:
        """Open the store, take up the letters of the outbox, and listen; nothing runs when this raises."""
        public_suffix.load_suffix_list()  # the list takes 60 ms to read: not in the first mail's time
        await self._services.start(
            (
                Resource(open=self._open_store, close=self._close_store),
                Together((self._components, _Listening(self.mail_server, sockets))),
            )
        )
        places = ",".join("{}:{}".format(*each.getsockname()[:2]) for each in sockets)
        events.service_started(__version__, listening=places, database=self.store.name)

    async def stop(self) -> None:
        """Take no more mail, finish messages and letters in hand within 20 s together, close the store."""
        await self._services.stop()

    async def reload(self, read: Callable[[], Settings]) -> None:
        """Go on with what the settings, templates, register and certificates say now.

        All of it or nothing: whatever is wrong raises (SettingsError, InvalidTemplateError,
        StoreUnavailableError), and the gateway goes on as before.
        """
        config, resolver, components = await asyncio.to_thread(self._prepare_reload, read)

        def switch() -> None:
            self.config, self.resolver = config, resolver
            self.mail_server.switch(config, components)

        await self.mail_server.prepare(config)
        await self._components.replace(components, switch)

    def _prepare_reload(self, read: Callable[[], Settings]) -> tuple[Settings, Resolver, Components]:
        config = read()
        _refuse_fixed(self.config, config)
        asks_anew = self._own_resolver and (
            config.dns != self.config.dns or config.limits.dns_query_s != self.config.limits.dns_query_s
        )
        resolver = build_resolver(config) if asks_anew else self.resolver
        return config, resolver, self._build_components(config, resolver)

    def _build_components(self, config: Settings, resolver: Resolver) -> Components:
        hooks = Hooks(self._now, self._wake, self._on_change, self.read_figures)
        check = self._check_templates
        set_aside = check(config, self._folder) if check is not None else frozenset()
        if set_aside:
            events.templates_set_aside(set_aside)
        return build_components(config, self._folder, self.store, resolver, hooks, self._schedule, set_aside)

    async def carry_out(self, request: Request) -> CommandAnswer:
        """Carry out a command that writes. While the store takes nothing it waits, until it expires."""
        while True:
            try:
                return await self._components.current.commands.carry_out(request)
            except StoreUnavailableError as error:
                events.store_unavailable(error)
                if request.expires_at <= self._now():
                    return CommandAnswer(False, error=f"{error}; nothing was changed")
            await asyncio.sleep(STORE_RETRY_S)

    async def transact_console(self, work: Callable[[Transaction, datetime, Desk], T]) -> T:
        """What the console asks for, in one transaction, with the desk as it is; letters leave at once.

        Raises StoreUnavailableError."""
        now, desk = self._now(), self._components.current.desk
        done = await self.store.transact(lambda tx: work(tx, now, case_repository.load_desk(tx, desk, now)))
        self._wake()
        return done

    async def _submit(self, submission: Submission) -> Answer:
        """To the writer half that is at work."""
        return await self.reception.submit(submission)

    def _wake(self) -> None:
        self._components.wake()

    async def _on_change(self) -> None:
        await self._components.on_change()

    def open_store(self) -> None:
        """Open the store, unless it is open. Raises what keeps it from that."""
        if not self._is_open:
            self._loop = asyncio.get_running_loop()
            self.store.open()
            self._is_open = True

    async def _open_store(self) -> None:
        if not self._is_open:
            await open_when_free(self.store)
            self._is_open = True

    async def _close_store(self) -> None:
        self._is_open = False
        self.store.close()

    def _on_lost(self) -> None:
        """In the writer's thread."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop was closed
                self._loop.call_soon_threadsafe(self.lost.set)


@dataclass(frozen=True, slots=True)
class _Listening:
    """The mail server on its sockets, as a service."""

    server: MailServer
    sockets: Sequence[socket.socket]

    async def start(self) -> None:
        """See `gateway.app.supervisor.Service`."""
        await self.server.start(self.sockets)

    async def stop(self, grace_s: float) -> None:
        """See `gateway.app.supervisor.Service`."""
        await self.server.stop(grace_s)


def _refuse_fixed(before: Settings, after: Settings) -> None:
    for key in FIXED:
        section, _, name = key.partition(".")
        old, new = (getattr(getattr(each, section), name) for each in (before, after))
        if old != new:
            raise SettingsError(f"{key} = {new!r}: a reload cannot change {old!r}; restart the gateway")
