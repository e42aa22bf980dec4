"""State shared by all SMTP sessions of a listener: handler, limits, counters, messages in progress."""

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

from gateway.log import listener_events
from gateway.mail.address import Address
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.smtp_reply import LOCAL_ERROR, SmtpReply
from gateway.net.smtp.connection.trace import Traces
from gateway.net.smtp.limits.rate_limit import RateLimiter
from gateway.net.smtp.limits.resource_usage import Limits, ResourceUsage
from gateway.net.smtp.protocol.state import Handler, ehlo_lines
from gateway.net.smtp.relays.trusted import RelayProtocol, Relays
from gateway.net.smtp.relays.xclient import KEYWORD as XCLIENT

# aiosmtpd logs envelope addresses and whole lines of messages to this logger.
logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)

# Events of one kind that are logged individually until the next report; further ones are only counted.
MAX_TOLD = 20
# RFC 5321 section 4.5.3.1.3: a path has at most 256 octets; the rest of a longer one is not useful.
MAX_ARGUMENT = 300
MAX_STEPS = 12
# The text after a + may be the token of one of our mailboxes, which must not be logged.
_TOKEN = re.compile(rb"\+[^@<>\s]*")
Kind = Literal["closed", "recipient_refused", "tls_failed"]


class ManagedSession(Protocol):
    """A session as seen by the listener."""

    def expire(self, now_s: float, hurry_s: float = 0.0) -> None:
        """Act on a deadline that has passed, a command's `hurry_s` earlier; `now_s` is event loop time."""
        ...

    def shut_down(self) -> None:
        """Send 421 and close, unless a message is being handled."""
        ...

    def abort(self) -> None:
        """Drop the connection at once."""
        ...


class ServerState:
    """One per listener. The EHLO replies are built in advance."""

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
        """Set the handler, the certificate, the relays and the limits for further messages and sessions."""
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
        """Return whether trusted relays start with a PROXY header."""
        return self.relays.protocol is RelayProtocol.PROXY

    def ehlo(self, *, tls: bool, relay: bool) -> bytes:
        """Return the EHLO reply, inside TLS or not, to a trusted relay or not."""
        return self._ehlo[tls, relay]

    def _offers(self, *, tls: bool, relay: bool) -> tuple[str, ...]:
        offers = () if tls or self.tls_context is None else ("STARTTLS",)
        return (*offers, XCLIENT) if relay and self.relays.protocol is RelayProtocol.XCLIENT else offers

    def log_closed(self, ip: str, answer: SmtpReply, cause: str = "") -> None:
        """Log that we closed a session; in a flood only the first ones are logged individually."""
        if self._may_tell("closed"):
            listener_events.session_closed(ip, answer, cause)

    def note_reply(self, ip: str, raw: bytes) -> None:
        """Count a sent reply if it is a rejection, by code, and add it to the traces."""
        if raw[:1] in {b"4", b"5"}:
            self.replies[raw[:3].decode("ascii")] += 1
        self.traces.note(ip, "S", raw)

    def log_recipient(self, ip: str, argument: bytes, answer: SmtpReply) -> None:
        """Log a rejected recipient."""
        if self._may_tell("recipient_refused"):
            said = _TOKEN.sub(b"+...", argument[:MAX_ARGUMENT]).decode("ascii", "replace")
            listener_events.recipient_refused(ip, said, answer)

    def log_handshake(self, ip: str, error: OSError) -> None:
        """Log a failed TLS handshake."""
        if self._may_tell("tls_failed"):
            cause = (type(error).__name__, f"{getattr(error, 'reason', '') or error}")
            listener_events.tls_failed(ip, ": ".join(filter(None, cause)))

    def _may_tell(self, kind: Kind) -> bool:
        self._told[kind] += 1
        return self._told[kind] <= MAX_TOLD

    def report_counts(self) -> None:
        """Log the counts since the last report, if any."""
        turned_away, self.occupancy.rejected_connections = self.occupancy.rejected_connections, 0
        told, self._told = self._told, Counter[Kind]()
        if turned_away:
            listener_events.clients_turned_away(turned_away)
        if told["closed"] > MAX_TOLD:
            listener_events.sessions_closed(told["closed"] - MAX_TOLD)
        for kind in ("recipient_refused", "tls_failed"):
            if told[kind] > MAX_TOLD:
                listener_events.refusals_not_told(kind, told[kind] - MAX_TOLD)

    def register(self, session: ManagedSession) -> None:
        """Add a new session."""
        self.sessions.add(session)

    def unregister(self, session: ManagedSession) -> None:
        """Remove an ended session."""
        self.sessions.discard(session)
        if self.closing and not self.sessions:
            self.idle.set()

    def start_receiving(self, envelope: Envelope, raw: bytes) -> asyncio.Task[SmtpReply]:
        """Pass a message to the handler, in a task independent of the connection that always returns a reply.

        RFC 5321 section 4.2.5 and RFC 1047: a lost connection must not cancel the work.
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
            # The handler catches the errors it can deal with; all others are answered with 451.
            log_exception("handler", envelope.client_ip, error)
            return LOCAL_ERROR


def log_exception(where: LiteralString, ip: str, error: Exception) -> None:
    """Log an unexpected exception in one line; text that may come from outside is escaped and truncated."""
    # The last steps suffice, and a recursion has a thousand.
    steps = traceback.extract_tb(error.__traceback__, -MAX_STEPS)
    path = " < ".join(f"{PurePath(step.filename).name}:{step.lineno}" for step in reversed(steps))
    listener_events.handler_failed(where, ip, error, path)


def encode_reply(answer: SmtpReply) -> bytes:
    """Encode a reply with CRLF."""
    return f"{answer}\r\n".encode("ascii")
