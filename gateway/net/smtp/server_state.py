"""What all SMTP sessions of a listener share: the handler, the limits, the counters, the work under way."""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import PurePath
from typing import Literal, LiteralString, Protocol

from gateway.log import events
from gateway.mail.address import Address
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.smtp_reply import LOCAL_ERROR, SmtpReply
from gateway.net.smtp.connection.trace import Traces
from gateway.net.smtp.limits.rate_limit import RateLimiter
from gateway.net.smtp.limits.resource_usage import Limits, ResourceUsage
from gateway.net.smtp.protocol.state import Handler, ehlo_lines
from gateway.net.smtp.relays.trusted import RelayProtocol, Relays
from gateway.net.smtp.relays.xclient import KEYWORD as XCLIENT

# aiosmtpd writes envelope addresses and whole lines of messages to this logger.
logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)

# Events of one kind that are told one by one until the next report; the others are counted.
MAX_TOLD = 20
# RFC 5321 section 4.5.3.1.3: a path has at most 256 octets; the rest of a longer one tells nothing.
MAX_ARGUMENT = 300
# What follows a + may be the token of a mailbox of ours: it stands in no log.
_TOKEN = re.compile(rb"\+[^@<>\s]*")
Kind = Literal["closed", "recipient_refused", "tls_failed"]


class ManagedSession(Protocol):
    """A session as the listener sees it."""

    def expire(self, now_s: float, hurry_s: float = 0.0) -> None:
        """Act on a deadline that has passed, that of a command `hurry_s` earlier; time of the event loop."""
        ...

    def shut_down(self) -> None:
        """Take leave, unless a message is being received."""
        ...

    def abort(self) -> None:
        """Drop the connection at once."""
        ...


class ServerState:
    """One per listener. The EHLO answers are made once."""

    def __init__(
        self,
        handler: Handler,
        limits: Limits,
        *,
        hostname: str,
        tls_context: ssl.SSLContext | None,
        now: Callable[[], datetime],
        postmaster: Address | None,
        relays: Relays,
    ) -> None:
        self.now = now
        self.postmaster = postmaster
        self.occupancy = ResourceUsage(limits)
        self.sessions: set[ManagedSession] = set()
        self.running: set[asyncio.Task[SmtpReply]] = set()
        self.closing = False
        self.idle = asyncio.Event()
        self.greeting = SmtpReply(220, "", f"{hostname} ESMTP")
        self.helo = SmtpReply(250, "", hostname)
        self._told = Counter[Kind]()
        self.traces = Traces()
        self.replies = Counter[str]()
        self.hostname = hostname
        self._mails_per_hour = 0
        self.rate_limiter = RateLimiter(0)
        self.reload(handler, tls_context, limits, relays)

    def reload(
        self, handler: Handler, tls_context: ssl.SSLContext | None, limits: Limits, relays: Relays
    ) -> None:
        """Who takes messages from now on, the next certificate, and what new sessions may take."""
        self.handler = handler
        self.tls_context = tls_context
        self.relays = relays
        self.limits = self.occupancy.limits = limits
        if self._mails_per_hour != limits.mails_per_client_per_hour:
            self._mails_per_hour = limits.mails_per_client_per_hour
            self.rate_limiter = RateLimiter(self._mails_per_hour)
        self._ehlo = {
            (tls, relay): ehlo_lines(
                self.hostname, self.limits.message_bytes, *self._offers(tls=tls, relay=relay)
            )
            for tls in (False, True)
            for relay in (False, True)
        }

    @property
    def is_behind_proxy(self) -> bool:
        """Whether listed relays begin with the header of a proxy."""
        return self.relays.protocol is RelayProtocol.PROXY

    def ehlo(self, *, tls: bool, relay: bool) -> bytes:
        """The answer to EHLO, inside TLS or not, to a listed relay or not."""
        return self._ehlo[tls, relay]

    def _offers(self, *, tls: bool, relay: bool) -> tuple[str, ...]:
        offers = () if tls or self.tls_context is None else ("STARTTLS",)
        return (*offers, XCLIENT) if relay and self.relays.protocol is RelayProtocol.XCLIENT else offers

    def log_closed(self, ip: str, answer: SmtpReply, cause: str = "") -> None:
        """We closed a session; of a flood of them only the beginning is told line by line."""
        if self._may_tell("closed"):
            events.session_closed(ip, answer, cause)

    def note_reply(self, ip: str, raw: bytes) -> None:
        """We said this to a client: refusals are counted by code, and whoever watches the client sees it."""
        if raw[:1] in {b"4", b"5"}:
            self.replies[raw[:3].decode("ascii")] += 1
        self.traces.note(ip, "S", raw)

    def log_recipient(self, ip: str, argument: bytes, answer: SmtpReply) -> None:
        """A recipient was refused."""
        if self._may_tell("recipient_refused"):
            said = _TOKEN.sub(b"+...", argument[:MAX_ARGUMENT]).decode("ascii", "replace")
            events.recipient_refused(ip, said, answer)

    def log_handshake(self, ip: str, error: OSError) -> None:
        """A TLS handshake failed."""
        if self._may_tell("tls_failed"):
            cause = (type(error).__name__, f"{getattr(error, 'reason', '') or error}")
            events.tls_failed(ip, ": ".join(filter(None, cause)))

    def _may_tell(self, kind: Kind) -> bool:
        self._told[kind] += 1
        return self._told[kind] <= MAX_TOLD

    def report_counts(self) -> None:
        """One line about what was counted since the last; none when nothing was."""
        turned_away, self.occupancy.rejected_connections = self.occupancy.rejected_connections, 0
        told, self._told = self._told, Counter[Kind]()
        if turned_away:
            events.clients_turned_away(turned_away)
        if told["closed"] > MAX_TOLD:
            events.sessions_closed(told["closed"] - MAX_TOLD)
        for kind in ("recipient_refused", "tls_failed"):
            if told[kind] > MAX_TOLD:
                events.refusals_not_told(kind, told[kind] - MAX_TOLD)

    def register(self, session: ManagedSession) -> None:
        """A session has begun."""
        self.sessions.add(session)

    def unregister(self, session: ManagedSession) -> None:
        """A session has ended."""
        self.sessions.discard(session)
        if self.closing and not self.sessions:
            self.idle.set()

    def start_receiving(self, envelope: Envelope, raw: bytes) -> asyncio.Task[SmtpReply]:
        """Hand a message to the handler, in a task that belongs to no connection; it ends in a reply.

        RFC 5321 section 4.2.5 and RFC 1047: what happens to the client must not undo the work.
        """
        size_bytes = len(raw) * self.limits.handled_times
        self.occupancy.held_bytes += size_bytes
        task = asyncio.get_running_loop().create_task(self._receive(envelope, raw))
        self.running.add(task)

        def finish(done: asyncio.Task[SmtpReply]) -> None:
            self.running.discard(done)
            self.occupancy.held_bytes -= size_bytes

        task.add_done_callback(finish)
        return task

    async def _receive(self, envelope: Envelope, raw: bytes) -> SmtpReply:
        try:
            answer = await self.handler.receive(envelope, raw)
            return answer if isinstance(answer, SmtpReply) else LOCAL_ERROR
        except Exception as error:
            # Reception has caught what it knows what to do about; the rest is 451.
            log_exception("handler", envelope.client_ip, error)
            return LOCAL_ERROR


def log_exception(where: LiteralString, ip: str, error: Exception) -> None:
    """One line about an unexpected exception; its text may come from outside and is escaped and cut."""
    steps = traceback.extract_tb(error.__traceback__)
    path = " < ".join(f"{PurePath(step.filename).name}:{step.lineno}" for step in reversed(steps))
    events.handler_failed(where, ip, error, path)


def encode_reply(answer: SmtpReply) -> bytes:
    """A reply as octets."""
    return f"{answer}\r\n".encode("ascii")
