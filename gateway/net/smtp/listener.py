"""SMTP listener on pre-bound sockets (RFC 5321), with graceful shutdown.

`gateway.net.smtp.session` implements the sessions; the listener counts them, enforces their deadlines and
closes them.
"""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path

from gateway.log import listener_events
from gateway.mail.address import Address
from gateway.net.host.sockets import BACKLOG, ListeningSocket
from gateway.net.smtp.hooks import Hooks
from gateway.net.smtp.limits.places import LocalPlace, Place
from gateway.net.smtp.limits.resource_usage import DEFAULT_LIMITS, Limits, Traffic
from gateway.net.smtp.protocol.state import Handler
from gateway.net.smtp.relays.trusted import NO_RELAYS, Relays
from gateway.net.smtp.server_state import ServerState
from gateway.net.smtp.session import SmtpSession

__all__ = ["Handler", "Limits", "Listener", "free_bytes"]


def free_bytes(folder: Path) -> int:
    """Return the free octets on the disk of a folder. Raises OSError."""
    return shutil.disk_usage(folder).free


class Listener:
    """SMTP listener on any number of sockets in one event loop.

    `hostname` is the name in the greeting, `now` returns an aware UTC time, `postmaster` is the mailbox for
    `RCPT TO:<postmaster>` (RFC 5321 section 4.5.1; rejected if None). STARTTLS is offered if there is a
    `tls_context`. `relays` may name the clients behind them. `free_bytes` returns the free space on the
    store's disk; without it, disk space is not checked.
    """

    def __init__(
        self,
        handler: Handler,
        *,
        hostname: str,
        limits: Limits = DEFAULT_LIMITS,
        tls_context: ssl.SSLContext | None = None,
        now: Callable[[], datetime],
        postmaster: Address | None = None,
        relays: Relays = NO_RELAYS,
        free_bytes: Callable[[], int] | None = None,
    ) -> None:
        self._service = ServerState(
            handler,
            limits,
            hostname=hostname,
            tls_context=tls_context,
            now=now,
            postmaster=postmaster,
            relays=relays,
        )
        self._hooks = Hooks(self._service)
        self._free_bytes = free_bytes
        self._servers: list[asyncio.Server] = []
        self._sockets: list[tuple[socket.socket, ListeningSocket]] = []
        self._sweeper: asyncio.Task[None] | None = None

    def count_traffic(self) -> Traffic:
        """Return the traffic since the start."""
        return self._service.occupancy.count_traffic(dict(self._service.replies))

    def watch(self, ip: str) -> AsyncIterator[str]:
        """Yield the dialog with a client from now on; see `gateway.net.smtp.connection.trace`."""
        return self._service.traces.watch(ip)

    @property
    def sessions(self) -> int:
        """The number of open sessions."""
        return self._service.occupancy.sessions

    @property
    def held_bytes(self) -> int:
        """The octets of messages being read or handled now."""
        return self._service.occupancy.held_bytes

    async def start(self, sock: socket.socket) -> None:
        """Listen on a bound socket, which may be an inherited one; call once for each socket."""
        loop = asyncio.get_running_loop()
        listening = ListeningSocket.from_socket(sock)
        self._sockets.append((sock, listening))
        self._servers.append(
            await loop.create_server(self._build_local_session, sock=listening, backlog=BACKLOG)
        )
        self.begin()

    def begin(self) -> None:
        """Start checking deadlines and disk space; call it directly if all connections come by `adopt`."""
        if self._sweeper is None:
            self._watch_disk()
            self._sweeper = asyncio.get_running_loop().create_task(self._check_deadlines())

    async def adopt(self, connection: socket.socket, place: Place) -> None:
        """Take over a connection that another process accepted and counts. Raises OSError."""
        loop = asyncio.get_running_loop()
        await loop.connect_accepted_socket(lambda: self._build_session(place), connection)

    def count_elsewhere(self, sessions: int) -> None:
        """Set the number of open sessions that other processes have."""
        self._service.occupancy.elsewhere = sessions

    def _build_local_session(self) -> SmtpSession:
        return self._build_session(LocalPlace(self._service.occupancy, self._service.rate_limiter))

    def _build_session(self, place: Place) -> SmtpSession:
        """Build the session of a new connection; shared state is in the hooks."""
        session = SmtpSession(
            self._hooks,
            hostname=self._service.hostname,
            ident="ESMTP",
            timeout=self._service.limits.session_s,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
            loop=asyncio.get_running_loop(),
        )
        session.place = place
        return session

    def reload(
        self, handler: Handler, tls_context: ssl.SSLContext | None, limits: Limits, relays: Relays
    ) -> None:
        """Pass all further messages to `handler`; messages being handled finish with the previous one.

        Open sessions keep most of their limits; counts are kept.
        """
        self._service.reload(handler, tls_context, limits, relays)

    async def stop(self, grace_s: float = 20.0) -> None:
        """Stop accepting connections, and wait up to `grace_s` seconds for messages being handled."""
        service = self._service
        service.closing = True
        for server in self._servers:
            server.close()
        for given, listening in self._sockets:
            given.close()
            listening.close()
        for session in tuple(service.sessions):
            session.shut_down()
        try:
            async with asyncio.timeout(grace_s):
                while service.running:
                    await asyncio.wait(service.running)
                if service.sessions:
                    await service.idle.wait()
        except TimeoutError:
            listener_events.listener_stopped(len(service.sessions), len(service.running))
        await self._abort_remaining()

    async def _abort_remaining(self) -> None:
        """Abort everything that is left after the grace period."""
        left: set[asyncio.Task[object]] = {*self._service.running}
        if self._sweeper is not None:
            left.add(self._sweeper)
            self._sweeper = None
        for task in left:
            task.cancel()
        for session in tuple(self._service.sessions):
            session.abort()
        await asyncio.gather(*left, return_exceptions=True)

    async def _check_deadlines(self) -> None:
        """Check all deadlines every `sweep_s` seconds; a timer per command would cost more under load."""
        service = self._service
        loop = asyncio.get_running_loop()
        report_at_s = loop.time() + service.limits.report_s
        while True:
            await asyncio.sleep(service.limits.sweep_s)
            now_s, hurry_s = loop.time(), service.occupancy.stress_reduction_s
            for session in tuple(service.sessions):
                session.expire(now_s, hurry_s)
            self._watch_disk()
            if now_s >= report_at_s:
                report_at_s = now_s + service.limits.report_s
                self._log_counts()

    def _watch_disk(self) -> None:
        """Check whether the disk has room for another mail; log each change once."""
        if self._free_bytes is None:
            return
        occupancy, limits = self._service.occupancy, self._service.limits
        try:
            free = self._free_bytes()
        except OSError as error:
            # Whether the store can write is checked by the store.
            listener_events.disk_unknown(error)
            return
        is_full = free < limits.free_disk_bytes
        if is_full is not occupancy.disk_is_full:
            occupancy.disk_is_full = is_full
            tell = listener_events.disk_full if is_full else listener_events.disk_has_room
            tell(free, limits.free_disk_bytes)

    def _log_counts(self) -> None:
        """Log the counts since the last call, so that a flood makes one line and not a flood of lines."""
        for _, listening in self._sockets:
            if listening.rejected_clients:
                listener_events.descriptors_exhausted(listening.rejected_clients)
                listening.rejected_clients = 0
        self._service.report_counts()
