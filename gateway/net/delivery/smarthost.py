"""Delivery through one configured relay; connections are reused for bursts of letters."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from time import monotonic

from gateway.mail.address import Address
from gateway.mail.text import remote_text
from gateway.net.delivery.smtp_client import (
    Remote,
    Session,
    SessionLostError,
    UnreachableError,
    open_session,
)
from gateway.outbound.protocols import Delivery, Outcome

ATTEMPT_TIMEOUT_S = 60.0
CONNECTIONS = 8
# Many servers close a connection after a number of letters, or after some minutes idle.
MAX_LETTERS = 100
IDLE_S = 5.0
# A server that could not be reached is not retried during this time: letters wait, not connections.
DOWN_S = 15.0


class ConnectionPool:
    """A pool of at most `size` connections to one server."""

    def __init__(
        self, remote: Remote, hostname: str, size: int, clock: Callable[[], float] = monotonic
    ) -> None:
        self._remote = remote
        self._hostname = hostname
        self._free = asyncio.Semaphore(size)
        self._clock = clock
        self._idle: list[Session] = []
        self._working = 0
        self._down_until = 0.0
        self._down_why = ""
        self._sweep: asyncio.TimerHandle | None = None

    async def deliver(self, reverse_path: Address, forward_path: Address, raw: bytes) -> Delivery:
        """Make one delivery attempt, of at most a minute once a connection is free."""
        async with self._free:
            if self._clock() < self._down_until:
                return Delivery(Outcome.DEFERRED, self._down_why)
            session: list[Session] = []
            self._working += 1
            try:
                async with asyncio.timeout(ATTEMPT_TIMEOUT_S):
                    delivery = await self._attempt(session, reverse_path, forward_path, raw)
            except TimeoutError:
                delivery = Delivery(
                    Outcome.DEFERRED, f"{self._remote.host}: timed out after {ATTEMPT_TIMEOUT_S:g} s"
                )
            except (UnreachableError, SessionLostError) as error:
                delivery = Delivery(Outcome.DEFERRED, remote_text(str(error)))
            finally:
                self._working -= 1
                for each in session:
                    each.close()
            return delivery

    async def _attempt(
        self, session: list[Session], reverse_path: Address, forward_path: Address, raw: bytes
    ) -> Delivery:
        """Deliver on an idle or new connection; the caller closes a connection that is left in `session`."""
        kept = self._take_idle()
        if kept is not None:
            session.append(kept)
            try:
                delivery = await kept.send(reverse_path, forward_path, raw)
            except SessionLostError:
                session.clear()  # the server closed the idle connection: not a fault of this letter
            else:
                self._return_idle(session)
                return delivery
        session.append(await self._open_session())
        delivery = await session[0].send(reverse_path, forward_path, raw)
        self._return_idle(session)
        return delivery

    async def _open_session(self) -> Session:
        try:
            return await open_session(self._remote, self._hostname)
        except UnreachableError as error:
            if self._working <= 1 and not self._idle:
                self._down_until, self._down_why = self._clock() + DOWN_S, remote_text(str(error))
            raise

    def _take_idle(self) -> Session | None:
        while self._idle:
            session = self._idle.pop()
            if session.is_alive:
                return session
            session.close()
        return None

    def _return_idle(self, session: list[Session]) -> None:
        kept = session.pop()
        if not kept.is_alive or kept.letters >= MAX_LETTERS:
            kept.send_quit()
            return
        self._idle.append(kept)
        if self._sweep is not None:
            self._sweep.cancel()
        self._sweep = asyncio.get_running_loop().call_later(IDLE_S, self.close)

    def close(self) -> None:
        """Close all idle connections."""
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None
        while self._idle:
            self._idle.pop().send_quit()


class SmarthostCourier:
    """Courier that sends everything to one relay; `require_tls` domains need verified TLS."""

    def __init__(
        self,
        remote: Remote,
        hostname: str,
        *,
        connections: int = CONNECTIONS,
        require_tls: Iterable[str] = (),
    ) -> None:
        self._pool = ConnectionPool(remote, hostname, connections)
        strict = remote if remote.tls == "implicit" else replace(remote, tls="required")
        self._strict = self._pool if strict == remote else ConnectionPool(strict, hostname, connections)
        self._require_tls = frozenset(require_tls)

    async def deliver(self, reverse_path: Address, forward_path: Address, raw: bytes) -> Delivery:
        """See `gateway.outbound.protocols.Courier`."""
        pool = self._strict if is_listed_domain(forward_path.domain, self._require_tls) else self._pool
        return await pool.deliver(reverse_path, forward_path, raw)

    async def close(self) -> None:
        """Close all idle connections."""
        self._pool.close()
        self._strict.close()


def is_listed_domain(domain: str, names: frozenset[str]) -> bool:
    """Return whether a domain or one of its parent domains is in a list."""
    labels = domain.split(".")
    return any(".".join(labels[at:]) in names for at in range(len(labels)))
