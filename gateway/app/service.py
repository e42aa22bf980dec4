"""A running gateway: start, serve, reload the settings, stop in order."""

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
from gateway.app.composition.active_components import ActiveComponents
from gateway.app.composition.components import Components, Hooks, build_components
from gateway.app.composition.gated_store import GatedStore
from gateway.app.doctor import background
from gateway.app.doctor.network import is_clock_synchronised
from gateway.app.serving.mail_server import MailServer, build_mail_server
from gateway.app.serving.takeover import open_when_free
from gateway.app.supervisor import Resource, Supervisor, Together
from gateway.app.wiring.database.store import build_store
from gateway.app.wiring.desk import utc_now
from gateway.app.wiring.files.shared_files import hash_shared
from gateway.app.wiring.values import build_resolver
from gateway.auth.dns import public_suffix
from gateway.auth.dns.resolver import Resolver
from gateway.inbound.front import Front
from gateway.inbound.receive import Receiver
from gateway.inbound.record.submission import Answer, Submission
from gateway.log import events
from gateway.net.dns.resolver import DnsResolver
from gateway.net.metrics.service_figures import ServiceFigures
from gateway.net.openid.protocol import SignInProvider
from gateway.outbound.dispatcher import Dispatcher
from gateway.outbound.retry import Schedule
from gateway.settings import SYSTEM_FOLDER, Settings, SettingsError
from gateway.store.commands import behind
from gateway.store.commands.requests import Answer as CommandAnswer
from gateway.store.commands.requests import CommandRunner, Request
from gateway.store.protocol import StoreUnavailableError, Transaction
from gateway.store.repositories import case_repository

STORE_RETRY_S = 0.5
# The last attempt takes up to 10 s, and the client waits 20 s (gateway.net.control.commands).
COMMAND_PATIENCE_S = 8.0
T = TypeVar("T")

# Settings bound to the open sockets and the open database.
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
    """A gateway as configured; `folder` contains the settings.

    `check_templates` raises InvalidTemplateError for unusable templates of the operator, and returns the
    names of those replaced by the shipped ones.
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
        self._clock = now
        self._schedule = schedule
        self._own_resolver = resolver is None
        self.store = build_store(config, self._on_lost, folder)
        self._is_open = False
        self._loop: asyncio.AbstractEventLoop | None = None
        # Another machine became active; an operator asked this one to yield.
        self.lost, self.gives_way = asyncio.Event(), asyncio.Event()
        self.resolver = resolver or build_resolver(config)
        self._gate = GatedStore(self.store)
        components = self._build_components(config, self.resolver)
        self._components = ActiveComponents(components, self.store, self._gate, self._now)
        self.mail_server = build_mail_server(config, self._components.current, self._submit, self._now)
        self._services = Supervisor()

    @property
    def reception(self) -> Receiver:
        """The active writer half of incoming mail."""
        return self._components.current.reception

    @property
    def front(self) -> Front:
        """The active front half of incoming mail in this process."""
        return self._components.current.front

    @property
    def dispatch(self) -> Dispatcher:
        """The active dispatcher of outgoing mail."""
        return self._components.current.dispatch

    @property
    def console_secret(self) -> str:
        """The secret that the console's proxy sends; empty if no proxy signs members in."""
        return self._components.current.console_secret

    @property
    def openid(self) -> SignInProvider | None:
        """The client of the provider that signs members in to the console; None if none does."""
        return self._components.current.openid

    def now(self) -> datetime:
        """Return the time by the gateway's clock."""
        return self._now()

    def subject(self) -> doctor.Subject:
        """Return this gateway as the subject of the doctor."""
        folder = self._folder or SYSTEM_FOLDER
        return doctor.Subject(self.config, folder, self.resolver, self._now(), is_clock_synchronised)

    def read_figures(self) -> ServiceFigures:
        """Return the figures that only the running gateway knows; may be called in a thread."""
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
        """Open the store, start sending the letters in the outbox, and listen; if it raises, nothing runs."""
        public_suffix.load_suffix_list()  # reading it takes 60 ms, which the first mail should not wait for
        await self._services.start(
            (
                Resource(open=self._open_store, close=self._close_store),
                Together((self._components, _Listening(self.mail_server, sockets))),
            )
        )
        places = ",".join("{}:{}".format(*each.getsockname()[:2]) for each in sockets)
        events.service_started(__version__, listening=places, database=self.store.name)

    async def stop(self) -> None:
        """Accept no more mail, finish mails and letters in hand within 20 s in total, close the store."""
        await self._services.stop()

    async def reload(self, read: Callable[[], Settings]) -> None:
        """Reload settings, templates, register and certificates.

        All or nothing: on any error it raises (SettingsError, InvalidTemplateError, StoreUnavailableError),
        and the gateway continues as before.
        """
        config, resolver, components = await asyncio.to_thread(self._prepare_reload, read)

        def switch() -> None:
            self.config, self.resolver = config, resolver
            self.mail_server.switch(config, components)

        await self.mail_server.prepare(config)
        await self._components.replace(components, switch)
        with contextlib.suppress(StoreUnavailableError):  # published again at the next start
            await self.store.note_shared(hash_shared(config, self._folder))

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
        return build_components(config, self._folder, self._gate, resolver, hooks, self._schedule, set_aside)

    async def carry_out(self, request: Request) -> CommandAnswer:
        """Execute a writing command, waiting for an unavailable store while the client waits for the answer.

        Raises StoreUnavailableError.
        """
        until = asyncio.get_running_loop().time() + COMMAND_PATIENCE_S
        while True:
            try:
                return await self._find_runner(request).carry_out(request)
            except StoreUnavailableError as error:
                events.store_unavailable(error)
                if asyncio.get_running_loop().time() >= until:
                    raise
            await asyncio.sleep(STORE_RETRY_S)

    def _find_runner(self, request: Request) -> CommandRunner:
        if request.name != behind.ACCEPT:
            return self._components.current.commands
        store, handlers = behind.choose_store(self.store, request), behind.build_handlers()
        return CommandRunner(store, handlers, self._now, on_change=self._on_change)

    async def transact_console(self, work: Callable[[Transaction, datetime, Desk], T]) -> T:
        """Run a request of the console in one transaction, with the present desk; letters are sent at once.

        Raises StoreUnavailableError.
        """
        now, desk = self._now(), self._components.current.desk
        done = await self._gate.transact(lambda tx: work(tx, now, case_repository.load_desk(tx, desk, now)))
        self._wake()
        return done

    def _now(self) -> datetime:
        return self.store.tell_time(self._clock())

    async def _submit(self, submission: Submission) -> Answer:
        """Submit to the active writer half."""
        return await self.reception.submit(submission)

    def _wake(self) -> None:
        self._components.wake()

    async def _on_change(self) -> None:
        await self._components.on_change()

    async def open_store(self, *, patient: bool) -> None:
        """Open the store, unless it is open; if `patient`, also while it is unreachable.

        Raises what the store raises.
        """
        if not self._is_open:
            self._loop = asyncio.get_running_loop()
            await asyncio.to_thread(self.store.open, patient=patient)
            self._is_open = True

    async def _open_store(self) -> None:
        if not self._is_open:
            await open_when_free(self.store)
            self._is_open = True

    async def _close_store(self) -> None:
        self._is_open = False
        self.store.close()

    def _on_lost(self) -> None:
        """Report the loss; called in the writer's thread."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop was closed
                self._loop.call_soon_threadsafe(self.lost.set)


@dataclass(frozen=True, slots=True)
class _Listening:
    """The mail server on its sockets, as a service."""

    server: MailServer
    sockets: Sequence[socket.socket]

    async def start(self) -> None:
        """Start the server; see `gateway.app.supervisor.Service`."""
        await self.server.start(self.sockets)

    async def stop(self, grace_s: float) -> None:
        """Stop the server; see `gateway.app.supervisor.Service`."""
        await self.server.stop(grace_s)


def _refuse_fixed(before: Settings, after: Settings) -> None:
    for key in FIXED:
        section, _, name = key.partition(".")
        old, new = (getattr(getattr(each, section), name) for each in (before, after))
        if old != new:
            raise SettingsError(f"{key} = {new!r}: changing this from {old!r} requires a restart")
