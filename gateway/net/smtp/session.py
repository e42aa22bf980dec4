"""What is said over one SMTP connection: command lines, DATA and the hand-over to reception.

RFC 5321 sections 2.3.8 and 4.1. What MAIL and RCPT mean is in `smtp.protocol.state`, who the client is and
STARTTLS in `smtp.peer`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar

from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.net.smtp.connection import Phase
from gateway.net.smtp.peer import SmtpPeer
from gateway.net.smtp.protocol.data_reader import DataReader
from gateway.net.smtp.protocol.state import Transaction
from gateway.net.smtp.protocol.syntax import is_foreign
from gateway.net.smtp.server_state import ServerState, log_exception

_QUIT = b"QUIT\r\n"


class SmtpSession(SmtpPeer):
    """One session. A command in `_ACTIONS` is answered by the method that stands there."""

    def __init__(self, service: ServerState) -> None:
        super().__init__(service)
        self._overlong = self._out_of_step = False
        self._unknown = self._junk = 0
        self._work: asyncio.Task[SmtpReply] | None = None

    def feed(self, data: bytes) -> None:
        """Octets from a client that may speak."""
        if self._phase is Phase.DATA:
            self._take_data(data)
        elif self._phase is Phase.BUSY:
            self._note_early_talker(data)
        elif self._phase is Phase.HEADER:
            self._take_header(data)
        else:
            self._buffer += data
            # In a handshake: deciphered octets that came along with its end; they wait for it.
            self._answer_lines()

    # -- command lines

    def _answer_lines(self) -> None:
        buffer = self._buffer
        while self._phase is Phase.COMMAND:
            end = buffer.find(b"\n") + 1
            if not end:
                if len(buffer) > self._limits.path_command_bytes:
                    self._overlong = True
                    buffer.clear()
                return
            line = bytes(buffer[:end])
            del buffer[:end]
            self._answer_line(line)

    def _answer_line(self, line: bytes) -> None:
        verb, _, argument = line[:-2].partition(b" ")
        verb = verb.upper()
        limits = self._limits
        if self._overlong or len(line) > limits.command_bytes:
            long_path = verb in {b"MAIL", b"RCPT"} and len(line) <= limits.path_command_bytes
            if self._overlong or not long_path:
                self._overlong = False
                self._respond(smtp_reply.COMMAND_TOO_LONG)
                return
        action = self._ACTIONS.get(verb)
        if not line.endswith(b"\r\n") or line.endswith(b"\r\r\n"):
            # RFC 5321 section 2.3.8: only CRLF ends a line.
            self._close_with(smtp_reply.BAD_LINE_END)
        elif action is None:
            self._answer_unknown(verb)
        elif self._buffer and verb != b"QUIT":
            # PIPELINING is not offered, so the client waits for each reply (RFC 5321 section 2.1).
            self._close_with(smtp_reply.SYNC_ERROR)
        else:
            action(self, argument.rstrip(b" \t"))

    def _answer_unknown(self, verb: bytes) -> None:
        if not verb:
            self._respond(smtp_reply.EMPTY_COMMAND)
            return
        self._unknown += 1
        if is_foreign(verb):
            self._close_with(smtp_reply.NOT_SMTP)
        elif self._unknown >= self._limits.unknown_commands:
            self._close_with(smtp_reply.TOO_MANY_UNKNOWN)
        else:
            self._respond(smtp_reply.UNKNOWN_COMMAND)

    def _respond_to_junk(self, answer: SmtpReply, lines: bytes = b"") -> None:
        """Answer a command that brings no mail nearer; a flood of them ends the session."""
        self._junk += 1
        if self._junk > self._limits.junk_commands:
            self._close_with(smtp_reply.TOO_MANY_ERRORS)
        else:
            self._respond(answer, lines)

    def _helo(self, argument: bytes) -> None:
        greeted = self._dialog.greet(argument, extended=False)
        self._respond_to_junk(self._service.helo if greeted else smtp_reply.BAD_HELO)

    def _ehlo(self, argument: bytes) -> None:
        if self._dialog.greet(argument, extended=True):
            lines = self._service.ehlo(tls=self._tls, relay=self._relay)
            self._respond_to_junk(self._service.helo, lines)
        else:
            self._respond_to_junk(smtp_reply.BAD_HELO)

    def _mail(self, argument: bytes) -> None:
        answer = self._dialog.mail(argument)
        if answer.is_success and not self._is_paced():
            self._dialog.transaction = Transaction()
            answer = smtp_reply.CLIENT_RATE_LIMITED
        if answer.is_temporary:
            # A client that does not take no for an answer brings no mail nearer either.
            self._respond_to_junk(answer)
        else:
            self._respond(answer)

    def _rcpt(self, argument: bytes) -> None:
        try:
            answer = self._dialog.rcpt(argument)
        except Exception as error:
            # The handler's trouble is 451 here as it is with the message.
            log_exception("handler", self._ip, error)
            answer = smtp_reply.LOCAL_ERROR
        self._respond(answer)

    def _rset(self, argument: bytes) -> None:
        if not argument:
            self._dialog.transaction = Transaction()
        self._respond_to_junk(smtp_reply.BAD_SYNTAX if argument else smtp_reply.DONE)

    def _noop(self, _: bytes) -> None:
        self._respond_to_junk(smtp_reply.DONE)

    def _vrfy(self, argument: bytes) -> None:
        self._respond_to_junk(smtp_reply.CANNOT_VERIFY if argument else smtp_reply.BAD_SYNTAX)

    def _help(self, _: bytes) -> None:
        self._respond_to_junk(smtp_reply.HELP)

    def _bdat(self, _: bytes) -> None:
        # RFC 3030: octets would follow, and be read as commands.
        self._close_with(smtp_reply.NOT_IMPLEMENTED)

    def _not_implemented(self, _: bytes) -> None:
        self._respond(smtp_reply.NOT_IMPLEMENTED)

    def _quit(self, argument: bytes) -> None:
        if argument:
            self._respond(smtp_reply.BAD_SYNTAX)
            return
        self._write(smtp_reply.CLOSING)
        self._hang_up()

    # -- DATA

    def _data_command(self, argument: bytes) -> None:
        answer = self._dialog.data(argument)
        if answer is not smtp_reply.START_DATA:
            self._respond(answer)
            return
        self._data = DataReader(self._limits.message_bytes, self._limits.line_bytes)
        self._data_bytes = 0
        self._write(answer)
        self._wait_for(Phase.DATA, self._limits.data_s)

    def _take_data(self, chunk: bytes) -> None:
        reader = self._data
        assert reader is not None  # noqa: S101 - set with the phase
        rest = reader.feed(chunk)
        self._data_bytes += len(chunk)
        self._hold(reader.held_bytes)
        if not self._service.occupancy.has_room(0):
            reader.reject(smtp_reply.INSUFFICIENT_STORAGE)
            self._hold(reader.held_bytes)
        if rest is not None:
            self._data = None
            self._hold(0)
            self._end_data(reader.result(), rest)

    def _end_data(self, result: bytes | SmtpReply, rest: bytes) -> None:
        if result is smtp_reply.BAD_BYTES:
            self._close_with(smtp_reply.BAD_BYTES)
        elif not _QUIT.startswith(rest.upper()):
            # Whoever sends on before our answer may be smuggling: nothing of it is taken.
            self._close_with(smtp_reply.SYNC_ERROR)
        elif isinstance(result, SmtpReply) or not self._has_room_for(result):
            self._dialog.transaction = Transaction()
            answer = result if isinstance(result, SmtpReply) else smtp_reply.INSUFFICIENT_STORAGE
            self._buffer += rest
            self._respond(answer)
            self._answer_lines()
        else:
            self._buffer += rest
            self._hand_over(result)

    def _has_room_for(self, raw: bytes) -> bool:
        return self._service.occupancy.has_room(len(raw) * self._service.limits.handled_times)

    def _hand_over(self, raw: bytes) -> None:
        dialog, transaction = self._dialog, self._dialog.transaction
        envelope = Envelope(
            client_ip=self._ip,
            helo=self._helo_of_client(),
            reverse_path=transaction.reverse_path,
            forward_paths=tuple(transaction.forward_paths),
            received_at=self._service.now(),
            tls=self._tls,
        )
        dialog.transaction = Transaction()
        self._wait_for(Phase.BUSY, self._limits.handler_s)
        self._work = self._service.start_receiving(envelope, raw)
        self._work.add_done_callback(self._worked)

    def _worked(self, work: asyncio.Task[SmtpReply]) -> None:
        if work is self._work:
            self._work = None
            if self._phase is Phase.BUSY:
                self.finish(smtp_reply.LOCAL_ERROR if work.cancelled() else work.result())

    def _note_early_talker(self, data: bytes) -> None:
        """Only QUIT may come before the answer to the message."""
        self._buffer += data
        if not _QUIT.startswith(self._buffer.upper()):
            self._out_of_step = True
            self._buffer.clear()
            self.transport.pause_reading()

    def finish(self, answer: SmtpReply) -> None:
        """Answer the message that was handed over, and go on."""
        self._work = None
        if answer.is_success:
            self._errors = self._unknown = self._junk = 0
        elif not answer.is_temporary:
            self._errors += 1
        self._write(answer)
        self._wait_for(Phase.COMMAND, self._limits.command_s)
        if self._out_of_step:
            self.transport.resume_reading()
            self._close_with(smtp_reply.SYNC_ERROR)
            return
        self._answer_lines()
        if self._phase is Phase.COMMAND and self._service.closing:
            self._close_with(smtp_reply.SHUTTING_DOWN)
        elif self._phase is Phase.COMMAND and self._errors >= self._limits.errors:
            self._close_with(smtp_reply.TOO_MANY_ERRORS)
        elif self._phase is Phase.COMMAND and (self._half_closed or answer.code == 421):
            self._hang_up()

    def _xclient(self, argument: bytes) -> None:
        answer = self._apply_xclient(argument)
        if answer.is_success:
            self._respond_to_junk(answer)
        else:
            self._respond(answer)

    _ACTIONS: ClassVar[dict[bytes, Callable[[SmtpSession, bytes], None]]] = {
        b"EHLO": _ehlo,
        b"HELO": _helo,
        b"MAIL": _mail,
        b"RCPT": _rcpt,
        b"DATA": _data_command,
        b"RSET": _rset,
        b"NOOP": _noop,
        b"VRFY": _vrfy,
        b"BDAT": _bdat,
        b"EXPN": _not_implemented,
        b"AUTH": _not_implemented,
        b"HELP": _help,
        b"STARTTLS": SmtpPeer.starttls,
        b"XCLIENT": _xclient,
        b"QUIT": _quit,
    }
