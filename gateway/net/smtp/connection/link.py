"""The transport of one SMTP session: its deadlines, its closing replies, and its share of message memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.net.smtp.protocol.guard import Guard, Phase
from gateway.net.smtp.server_state import ServerState, encode_reply

# The client has to send the next octets, and no part of a message is in memory.
_WAITING = frozenset({Phase.HEADER, Phase.GREETING, Phase.COMMAND, Phase.ANSWERING})
_OUR_TURN = frozenset({Phase.ANSWERING, Phase.BUSY})


class Link:
    """Registered with the service as the session; `on_lost` handles an end the TLS layer does not report.

    `ip` is the client's address for the log.
    """

    def __init__(
        self, service: ServerState, guard: Guard, transport: asyncio.Transport, on_lost: Callable[[], object]
    ) -> None:
        self.transport = transport
        self.ip = ""
        self.is_half_closed = False
        self._service = service
        self._guard = guard
        self._on_lost = on_lost
        self._loop = asyncio.get_running_loop()
        self._is_deaf = False
        self._held_bytes = 0
        self._deadline = 0.0
        self._answer: asyncio.Future[SmtpReply] | None = None

    # -- input

    @property
    def is_awaited(self) -> bool:
        """Return whether a client that has closed its side may still receive a reply."""
        return self._guard.phase in _OUR_TURN

    def account(self) -> None:
        """Count the octets of the incoming message; discard it if the limit of all messages is exceeded."""
        self.hold(self._guard.held_bytes)
        if not self._service.occupancy.has_room(0):
            self._guard.reject_message(smtp_reply.INSUFFICIENT_STORAGE)
            self.hold(self._guard.held_bytes)

    def hold(self, size_bytes: int) -> None:
        """Set the number of message octets held for this session."""
        self._service.occupancy.held_bytes += size_bytes - self._held_bytes
        self._held_bytes = size_bytes

    def listen(self, *, on: bool) -> None:
        """Resume or pause reading; paused while we reply to a client that keeps sending."""
        if on is self._is_deaf and self._guard.phase is not Phase.CLOSED:
            self._is_deaf = not on
            (self.transport.resume_reading if on else self.transport.pause_reading)()

    async def wait_for(self, work: asyncio.Task[SmtpReply]) -> SmtpReply:
        """Return the result of a task that is not tied to the connection, or the reply for a timeout."""
        answer: asyncio.Future[SmtpReply] = self._loop.create_future()
        self._answer = answer
        work.add_done_callback(
            lambda done: _settle(answer, smtp_reply.LOCAL_ERROR if done.cancelled() else done.result())
        )
        return await answer

    # -- deadlines

    def wait(self, seconds: float) -> None:
        """Set the deadline, in seconds from now."""
        self._deadline = self._loop.time() + seconds

    def expire(self, now_s: float, hurry_s: float = 0.0) -> None:
        """Act on a deadline that has passed; `now_s` is the time of the event loop.

        `hurry_s` shortens the deadline of a command while other clients wait for a place.
        """
        phase = self._guard.phase
        earned_s = -hurry_s if phase in _WAITING else 0.0
        if phase is Phase.DATA:
            earned_s = self._guard.data_bytes / self._service.limits.data_bytes_per_s
        if now_s <= self._deadline + earned_s:
            return
        if phase is not Phase.BUSY:
            self.end_with(smtp_reply.SESSION_TIMEOUT)
        elif self._answer is not None:
            _settle(self._answer, smtp_reply.CHECKS_TOO_SLOW)

    def end_with(self, answer: SmtpReply) -> None:
        """Send `answer` and close; drop the connection if no reply is possible."""
        if self._guard.phase in {Phase.CLOSED, Phase.HANDSHAKE}:
            self.abort()
        else:
            self.close_with(answer)

    def shut_down(self) -> None:
        """Send 421 and close, unless a message is being handled."""
        if self._guard.phase is Phase.HANDSHAKE:
            self.abort()
        elif self._guard.phase is not Phase.BUSY:
            self.close_with(smtp_reply.SHUTTING_DOWN)

    def abort(self) -> None:
        """Drop the connection at once."""
        self.transport.abort()
        if self._guard.phase is Phase.HANDSHAKE:
            self._on_lost()

    # -- replies

    def is_last(self, reply: SmtpReply | str | bytes, code: int) -> bool:
        """Count a reply; return True if this reply, or another in its place, has closed the session."""
        guard = self._guard
        if guard.phase is Phase.BUSY:
            guard.patience.count_message(code)
            return False
        if guard.patience.count(guard.verb, code):
            self.close_with(smtp_reply.TOO_MANY_ERRORS)
        elif code == 421 and isinstance(reply, SmtpReply):
            self.close_with(reply)
        return guard.phase is Phase.CLOSED

    def refuse(self, reply: SmtpReply) -> None:
        """Reply to a line that is not passed to aiosmtpd."""
        if self._guard.patience.count(self._guard.verb, reply.code):
            self.close_with(smtp_reply.TOO_MANY_ERRORS)
        else:
            self._say(reply)
            self.wait(self._service.limits.command_s)

    def close_with(self, answer: SmtpReply, cause: str = "") -> None:
        """Log and send the closing reply, and close."""
        if self._guard.phase is not Phase.CLOSED:
            self._service.log_closed(self.ip, answer, cause)
            self._say(answer)
            self.hang_up(linger=not self.is_half_closed)

    def turn_away(self) -> None:
        """Reject a session for which there is no room."""
        closing = self._service.closing
        answer = smtp_reply.SHUTTING_DOWN if closing else smtp_reply.TOO_MANY_CONNECTIONS
        self._say(answer)
        self.hang_up()

    def _say(self, answer: SmtpReply) -> None:
        raw = encode_reply(answer)
        self._service.note_reply(self.ip, raw)
        self.transport.write(raw)

    def hang_up(self, *, linger: bool = False) -> None:
        """Close the connection, or close our side and wait for the client's.

        RFC 1122 section 4.2.2.13: closing with unread octets sends a reset, which may discard the reply.
        """
        self.listen(on=True)
        self._guard.close()
        if not (linger and self.transport.can_write_eof()):
            self.wait(self._service.limits.command_s)
            self.transport.close()
            return
        self.wait(self._service.limits.lingering_close_s)
        try:
            self.transport.write_eof()
        except OSError:  # the client has already disconnected
            self.transport.abort()

    def take_leave(self, code: int) -> None:
        """After the reply `code`, when it is the client's turn: close if there is a reason to."""
        if self._guard.phase is not Phase.COMMAND:
            return
        if self._service.closing:
            self.close_with(smtp_reply.SHUTTING_DOWN)
        elif self._guard.patience.has_too_many_errors:
            self.close_with(smtp_reply.TOO_MANY_ERRORS)
        elif self.is_half_closed or code == 421:
            self.hang_up()


def _settle(future: asyncio.Future[SmtpReply], answer: SmtpReply) -> None:
    """Set the result, unless it is set or the waiter was cancelled."""
    if not future.done():
        future.set_result(answer)
