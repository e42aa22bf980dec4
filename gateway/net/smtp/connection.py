"""One SMTP connection: its life, its deadlines and its replies (RFC 5321 sections 3.1, 3.8 and 4.5.3.2).

A protocol of aiosmtpd's kind that answers within `data_received`: no task and no stream per
connection, one write per reply. What is said over it is in `gateway.net.smtp.session`.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from enum import Enum
from typing import cast

from aiosmtpd.smtp import SMTP

from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.net.smtp.limits.resource_usage import client_ip, client_key
from gateway.net.smtp.protocol.data_reader import DataReader
from gateway.net.smtp.relays.trusted import RelayProtocol
from gateway.net.smtp.server_state import ServerState, encode_reply, log_exception


class Phase(Enum):
    """What the session waits for."""

    HEADER = "the header of a proxy"
    GREETING = "our greeting"
    COMMAND = "a command"
    HANDSHAKE = "TLS"
    DATA = "the end of data"
    BUSY = "the handler"
    CLOSED = "nothing"


# Where the client has the word, and nothing of a message is here.
_WAITING = frozenset({Phase.HEADER, Phase.GREETING, Phase.COMMAND})


class SmtpConnection(SMTP, ABC):
    """Made by the event loop for each client, known to the service until it is lost."""

    transport: asyncio.Transport

    def __init__(self, service: ServerState) -> None:
        # The stock __init__ is left out on purpose: for every connection it walks all attributes of
        # the protocol and of the handler, and makes a stream reader, which is not used here.
        self._service = service
        self._limits = service.limits
        self._loop = asyncio.get_running_loop()
        self._phase = Phase.GREETING
        self._ip = self._peer = self._key = ""
        self._relay = False
        self._joined = self._half_closed = self._tls = False
        self._errors = 0
        self._buffer = bytearray()
        self._data: DataReader | None = None
        self._data_bytes = self._held_bytes = 0
        self._started_at = self._deadline = self._loop.time()

    @abstractmethod
    def feed(self, data: bytes) -> None:
        """Octets from a client that may speak."""

    @abstractmethod
    def finish(self, answer: SmtpReply) -> None:
        """Answer the message that was handed over, and go on."""

    # -- the connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet a client that there is room for; a proxy must say first who it is."""
        service = self._service
        self.transport = cast("asyncio.Transport", transport)
        self._ip = self._peer = client_ip(transport.get_extra_info("peername"))
        self._key = client_key(self._ip)
        self._relay = service.relays.is_relay(self._ip)
        if service.closing or not service.occupancy.acquire(self._key, shared=self._relay):
            self._write(smtp_reply.SHUTTING_DOWN if service.closing else smtp_reply.TOO_MANY_CONNECTIONS)
            self._hang_up()
            return
        self._joined = True
        service.register(self)
        if self._relay and service.relays.protocol is RelayProtocol.PROXY:
            self._wait_for(Phase.HEADER, self._limits.command_s)
        else:
            self._greet_soon()

    def connection_lost(self, error: Exception | None) -> None:
        """Leave; a handler at work goes on. Comes twice when a handshake fails."""
        self._phase = Phase.CLOSED
        self._buffer.clear()
        self._data = None
        self._hold(0)
        if self._joined:
            self._joined = False
            self._service.occupancy.release(self._key)
            self._service.unregister(self)

    def eof_received(self) -> bool:
        """The client has said its last word; it may still wait for the answer to its message."""
        self._half_closed = True
        return self._phase is Phase.BUSY and not self._tls

    def pause_writing(self) -> None:
        """A client that does not read its replies is not listened to."""
        if self._phase is not Phase.CLOSED:
            self.transport.pause_reading()

    def resume_writing(self) -> None:
        """The replies have gone."""
        if self._phase is not Phase.CLOSED:
            self.transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        """Octets from the client, cut anywhere."""
        if self._phase is Phase.GREETING:
            # RFC 5321 section 3.1: the client waits for the greeting.
            self._close_with(smtp_reply.SYNC_ERROR)
        elif self._phase is not Phase.CLOSED:
            try:
                self.feed(data)
            except Exception as error:
                # The last line of defence: own trouble is 451, whatever it is.
                log_exception("session", self._ip, error)
                self._close_with(smtp_reply.LOCAL_ERROR)

    def _hold(self, size_bytes: int) -> None:
        """Account for the octets of the unfinished message."""
        self._service.occupancy.held_bytes += size_bytes - self._held_bytes
        self._held_bytes = size_bytes

    # -- deadlines

    def expire(self, now_s: float, hurry_s: float = 0.0) -> None:
        """Act on a deadline that has passed; `now_s` is the time of the event loop.

        `hurry_s` is how much earlier the deadline of a command is when others wait for a place.
        """
        phase = self._phase
        old = phase is not Phase.BUSY and now_s > self._started_at + self._limits.session_s
        earned_s = self._data_bytes / self._limits.data_bytes_per_s if phase is Phase.DATA else 0.0
        if phase in _WAITING:
            earned_s = -hurry_s
        if not old and now_s <= self._deadline + earned_s:
            return
        if phase is Phase.BUSY:
            self.finish(smtp_reply.CHECKS_TOO_SLOW)
        elif phase in {Phase.CLOSED, Phase.HANDSHAKE}:
            self.abort()
        else:
            self._close_with(smtp_reply.SESSION_TIMEOUT)

    def shut_down(self) -> None:
        """Take leave, unless a message is being received."""
        if self._phase is Phase.HANDSHAKE:
            self.abort()
        elif self._phase is not Phase.BUSY:
            self._close_with(smtp_reply.SHUTTING_DOWN)

    def abort(self) -> None:
        """Drop the connection at once."""
        self.transport.abort()

    def _wait_for(self, phase: Phase, seconds: float) -> None:
        self._phase = phase
        self._deadline = self._loop.time() + seconds

    # -- replies

    def _greet_soon(self) -> None:
        """Two turns of the loop later: what was sent before the greeting has been read by then."""
        self._wait_for(Phase.GREETING, self._limits.command_s)
        self._loop.call_soon(self._loop.call_soon, self._greet)

    def _greet(self) -> None:
        if self._phase is Phase.GREETING:
            self._respond(self._service.greeting)

    def _respond(self, answer: SmtpReply, lines: bytes = b"") -> None:
        """Answer a command, in `lines` if it takes several; too many refusals end the session."""
        if answer.code >= 500:
            self._errors += 1
            if self._errors >= self._limits.errors:
                answer = smtp_reply.TOO_MANY_ERRORS
        if answer.code == 421:
            self._close_with(answer)
            return
        self.transport.write(lines or encode_reply(answer))
        self._wait_for(Phase.COMMAND, self._limits.command_s)

    def _write(self, answer: SmtpReply) -> None:
        self.transport.write(encode_reply(answer))

    def _close_with(self, answer: SmtpReply, cause: str = "") -> None:
        if self._phase is not Phase.CLOSED:
            self._service.log_closed(self._ip, answer, cause)
            self._write(answer)
            self._hang_up(linger=not self._half_closed)

    def _hang_up(self, *, linger: bool = False) -> None:
        """Close; or close our side and wait for the client's.

        RFC 1122 section 4.2.2.13: closing with octets unread sends a reset, which may undo the reply.
        """
        linger = linger and self.transport.can_write_eof()
        self._wait_for(Phase.CLOSED, self._limits.lingering_close_s if linger else self._limits.command_s)
        if not linger:
            self.transport.close()
            return
        try:
            self.transport.write_eof()
        except OSError:  # the client has gone already
            self.transport.abort()
