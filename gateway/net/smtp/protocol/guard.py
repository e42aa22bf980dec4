"""Decides which octets reach aiosmtpd's reader: octets from the client in, verdicts out. No I/O, no clock.

One clean command line at a time, and only in the right order (RFC 5321 sections 2.1, 2.3.8 and 3.1).
The guard rejects everything else itself, and reads DATA itself up to its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.net.smtp.limits.resource_usage import Limits
from gateway.net.smtp.protocol.data_reader import DataReader
from gateway.net.smtp.protocol.patience import Patience
from gateway.net.smtp.protocol.syntax import is_foreign
from gateway.net.smtp.relays.proxy_protocol import ProxyHeaderError, read_header

VERBS = frozenset(
    b"EHLO HELO MAIL RCPT DATA RSET NOOP VRFY BDAT EXPN AUTH HELP STARTTLS XCLIENT QUIT".split()
)
# aiosmtpd strips blanks and control characters at both ends before a hook sees the argument.
_PLAIN_OCTETS = b"\t" + bytes(range(0x20, 0x7F))
_BLANKS = b" \t"
_UNCLEAN: Mapping[bytes, SmtpReply] = {
    b"EHLO": smtp_reply.BAD_HELO,
    b"HELO": smtp_reply.BAD_HELO,
    b"MAIL": smtp_reply.BAD_SENDER,
    b"RCPT": smtp_reply.BAD_RECIPIENT,
}
_MISPLACED_BLANK: Mapping[bytes, SmtpReply] = {b"EHLO": smtp_reply.BAD_HELO, b"HELO": smtp_reply.BAD_HELO}
_WITH_PATH = frozenset({b"MAIL", b"RCPT"})
_WITHOUT_ARGUMENT = frozenset({b"RSET", b"QUIT"})
_QUIT = b"QUIT\r\n"


class Phase(Enum):
    """The phases of a session, by what it is waiting for."""

    HEADER = "the PROXY header"
    GREETING = "our greeting"
    COMMAND = "a command"
    ANSWERING = "our reply to a command"
    HANDSHAKE = "TLS"
    DATA = "the end of data"
    BUSY = "the handler"
    CLOSED = "nothing"


@dataclass(frozen=True, slots=True)
class Line:
    """Verdict: pass these octets to the reader."""

    octets: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """Verdict: the end of data, with the message or the reply that rejects it."""

    result: bytes | SmtpReply


@dataclass(frozen=True, slots=True)
class Refusal:
    """Verdict: send this reply, and continue."""

    reply: SmtpReply


@dataclass(frozen=True, slots=True)
class Close:
    """Verdict: send this reply, and close; `cause` is for the log."""

    reply: SmtpReply
    cause: str = ""


Verdict = Line | Message | Refusal | Close
_OUT_OF_STEP = Close(smtp_reply.SYNC_ERROR)


class Guard:
    """The octets of one connection and its phase: `take` received octets, then ask for the `next` verdict."""

    def __init__(self, limits: Limits, *, wants_header: bool = False) -> None:
        self.phase = Phase.HEADER if wants_header else Phase.GREETING
        self.patience = Patience(limits)
        self.verb = b""
        self.buffer = bytearray()
        self.data_bytes = 0
        self.is_out_of_step = False
        self._limits = limits
        self._overlong = False
        self._data: DataReader | None = None
        self._rest: bytes | None = None

    def take(self, octets: bytes) -> None:
        """Add octets from the client, split at any position."""
        if self.phase is Phase.DATA:
            self._feed(octets)
        elif self.phase is not Phase.CLOSED:
            self.buffer += octets
        if self.phase is Phase.BUSY and not _QUIT.startswith(self.buffer.upper()):
            # Only QUIT may precede the reply to the message.
            self.is_out_of_step = True
            self.buffer.clear()

    def next(self) -> Verdict | None:
        """Return the next verdict; None while more octets or our reply must come first."""
        match self.phase:
            case Phase.COMMAND:
                return self._next_line()
            case Phase.DATA:
                return self._end_data()
            case Phase.GREETING:
                return _OUT_OF_STEP if self.buffer else None
            case Phase.HEADER:
                return self._read_header()
            case _:
                return None

    @property
    def is_full(self) -> bool:
        """Return whether the client has sent more than is reasonable before our reply."""
        is_our_turn = self.phase is Phase.ANSWERING or self.phase is Phase.BUSY
        return is_our_turn and (self.is_out_of_step or len(self.buffer) > self._limits.path_command_bytes)

    @property
    def held_bytes(self) -> int:
        """The octets of the unfinished message in memory."""
        return 0 if self._data is None else self._data.held_bytes

    def begin_data(self) -> None:
        """Treat everything from here on as the message."""
        self.phase = Phase.DATA
        self.data_bytes = 0
        self._data = DataReader(self._limits.message_bytes, self._limits.line_bytes)
        held = bytes(self.buffer)
        self.buffer.clear()
        self._feed(held)

    def reject_message(self, reply: SmtpReply) -> None:
        """Discard the message, and send `reply` at its end."""
        if self._data is not None:
            self._data.reject(reply)

    def close(self) -> None:
        """Let nothing more through."""
        self.phase = Phase.CLOSED
        self.buffer.clear()
        self._data = None

    # -- command lines

    def _next_line(self) -> Verdict | None:
        buffer = self.buffer
        end = buffer.find(b"\n") + 1
        if not end:
            if len(buffer) > self._limits.path_command_bytes:
                self._overlong = True
                buffer.clear()
            return None
        line = bytes(buffer[:end])
        del buffer[:end]
        verb, _, argument = line[:-2].partition(b" ")
        self.verb = verb.upper()
        verdict = self._judge(line) or self._judge_argument(argument.rstrip(_BLANKS))
        if verdict is not None:
            return verdict
        self.phase = Phase.ANSWERING
        return Line(line)

    def _judge(self, line: bytes) -> Verdict | None:
        """Return a verdict on a malformed or misplaced line; None if the line may be parsed."""
        if self._is_too_long(line):
            self._overlong = False
            return Refusal(smtp_reply.COMMAND_TOO_LONG)
        if not line.endswith(b"\r\n") or line.endswith(b"\r\r\n"):
            # RFC 5321 section 2.3.8: only CRLF ends a line.
            return Close(smtp_reply.BAD_LINE_END)
        if self.verb not in VERBS:
            return self._judge_unknown()
        if self.buffer and self.verb != b"QUIT":
            # PIPELINING is not offered, so the client must wait for each reply (RFC 5321 section 2.1).
            return _OUT_OF_STEP
        return None

    def _is_too_long(self, line: bytes) -> bool:
        limits = self._limits
        limit = limits.path_command_bytes if self.verb in _WITH_PATH else limits.command_bytes
        return self._overlong or len(line) > limit

    def _judge_unknown(self) -> Verdict:
        if not self.verb:
            return Refusal(smtp_reply.EMPTY_COMMAND)
        is_too_many = self.patience.count_unknown()
        if is_foreign(self.verb):
            return Close(smtp_reply.NOT_SMTP)
        return Close(smtp_reply.TOO_MANY_UNKNOWN) if is_too_many else Refusal(smtp_reply.UNKNOWN_COMMAND)

    def _judge_argument(self, argument: bytes) -> Verdict | None:
        """Reject an argument that aiosmtpd would strip, or reject with its own reply."""
        if argument[:1] in {b" ", b"\t"}:
            return Refusal(_MISPLACED_BLANK.get(self.verb, smtp_reply.BAD_SYNTAX))
        unclean = argument.translate(None, _PLAIN_OCTETS)
        if not unclean.isascii() and self.verb in _WITH_PATH:
            return Refusal(smtp_reply.NO_SMTPUTF8)
        if unclean:
            return Refusal(_UNCLEAN.get(self.verb, smtp_reply.BAD_SYNTAX))
        if argument and self.verb in _WITHOUT_ARGUMENT:
            return Refusal(smtp_reply.BAD_SYNTAX)
        return None

    # -- PROXY header, and DATA

    def _read_header(self) -> Verdict | None:
        """Convert a header of either version to a line that aiosmtpd parses alike; nothing may follow it."""
        try:
            header = read_header(self.buffer)
        except ProxyHeaderError as error:
            return Close(smtp_reply.BAD_PROXY_HEADER, str(error))
        if header is None:
            return None
        del self.buffer[: header.size_bytes]
        self.phase = Phase.GREETING
        return _OUT_OF_STEP if self.buffer else Line(header.to_line())

    def _feed(self, octets: bytes) -> None:
        if self._data is not None and self._rest is None:
            self._rest = self._data.feed(octets)
            self.data_bytes += len(octets)

    def _end_data(self) -> Verdict | None:
        reader, rest = self._data, self._rest
        if reader is None or rest is None:
            return None
        self._data = self._rest = None
        result = reader.result()
        if result is smtp_reply.BAD_BYTES:
            return Close(smtp_reply.BAD_BYTES)
        if not _QUIT.startswith(rest.upper()):
            # A client that sends more before our reply may be smuggling: all of it is discarded.
            return _OUT_OF_STEP
        self.buffer += rest
        self.phase = Phase.ANSWERING if isinstance(result, SmtpReply) else Phase.BUSY
        return Message(result)
