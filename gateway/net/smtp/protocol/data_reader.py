"""Reads the octets after 354 up to the end of data, in whole buffers and within bounds.

Only CRLF.CRLF ends the data (RFC 5321 section 4.1.1.4). A bare CR, a bare LF or NUL anywhere makes
the message refused, because programs disagree about what they mean (SMTP smuggling).
"""

from __future__ import annotations

from gateway.mail.smtp.smtp_reply import BAD_BYTES, LINE_TOO_LONG, TOO_BIG, SmtpReply

END_OF_DATA = b"\r\n.\r\n"
STUFFED = b"\r\n."
# Long messages are checked on the way, so that their end does not hold up the other sessions.
CHECK_STEP_BYTES = 65_536


class DataReader:
    """One message on its way in: feed it until it gives the rest, then take `result()`."""

    __slots__ = (
        "_bad_bytes",
        "_buffer",
        "_checked",
        "_line_bytes",
        "_message_bytes",
        "_refusal",
        "_stuffed",
        "_stuffed_to",
    )

    def __init__(self, message_bytes: int, line_bytes: int) -> None:
        # A dot may stand in the first line: the CRLF of the DATA command stands before it.
        self._buffer = bytearray(b"\r\n")
        self._message_bytes = message_bytes
        self._line_bytes = line_bytes
        self._refusal: SmtpReply | None = None
        self._bad_bytes = False
        self._checked = 0
        self._stuffed = 0
        self._stuffed_to = 0

    @property
    def held_bytes(self) -> int:
        """The octets in memory now."""
        return len(self._buffer)

    def feed(self, chunk: bytes) -> bytes | None:
        """Take octets as they come; None until the end of data, then the octets behind it."""
        buffer = self._buffer
        scanned = max(len(buffer) - len(END_OF_DATA) + 1, 0)
        buffer += chunk
        end = buffer.find(END_OF_DATA, scanned)
        if end < 0:
            if self._refusal is not None:
                self._drop()
            elif self._is_over_limit():
                self.reject(TOO_BIG)
            elif len(buffer) - self._checked > CHECK_STEP_BYTES:
                self._check(self._safe_cut())
            return None
        rest = bytes(buffer[end + len(END_OF_DATA) :])
        del buffer[end + 2 :]
        return rest

    def reject(self, reply: SmtpReply) -> None:
        """Keep nothing of the message any more, only look for its end and answer `reply` there."""
        if self._refusal is None:
            self._refusal = reply
        self._drop()

    def result(self) -> bytes | SmtpReply:
        """The message with CRLF line ends and the stuffed dots removed, or why it is refused."""
        buffer = self._buffer
        self._check(len(buffer))
        if self._bad_bytes:
            return BAD_BYTES
        if self._refusal is not None:
            return self._refusal
        raw = bytes(memoryview(buffer)[2:])
        buffer.clear()
        # RFC 5321 section 4.5.2: of a line that begins with a dot the first dot is deleted.
        if raw.startswith(b"."):
            raw = raw[1:]
        if STUFFED in raw:
            raw = raw.replace(STUFFED, b"\r\n")
        if len(raw) > self._message_bytes:
            return TOO_BIG
        return LINE_TOO_LONG if _has_long_line(raw, self._line_bytes) else raw

    def _drop(self) -> None:
        """Forget all but what the end of data may begin with."""
        cut = self._safe_cut()
        self._check(cut)
        del self._buffer[:cut]
        self._checked = 0

    def _safe_cut(self) -> int:
        """How far the octets can be judged by themselves: before a possible end, not between CR and LF."""
        cut = max(len(self._buffer) - len(END_OF_DATA) + 1, 0)
        return cut - 1 if cut and self._buffer[cut - 1] == ord("\r") else cut

    def _check(self, end: int) -> None:
        """Whether up to `end` every CR and LF is half of a CRLF, and no NUL is there."""
        buffer, start = self._buffer, self._checked
        pairs = buffer.count(b"\r\n", start, end)
        if not buffer.count(b"\n", start, end) == pairs == buffer.count(b"\r", start, end):
            self._bad_bytes = True
        if buffer.find(b"\0", start, end) >= 0:
            self._bad_bytes = True
        self._checked = end

    def _is_over_limit(self) -> bool:
        """Whether the message is surely too big: RFC 1870 section 5 counts it without stuffed dots."""
        size = len(self._buffer) - len(END_OF_DATA)
        if size <= self._message_bytes:
            return False
        self._stuffed += self._buffer.count(STUFFED, self._stuffed_to)
        self._stuffed_to = max(len(self._buffer) - len(STUFFED) + 1, self._stuffed_to)
        return size - self._stuffed > self._message_bytes


def _has_long_line(raw: bytes, line_bytes: int) -> bool:
    """Whether a line has more than `line_bytes` octets before its CRLF.

    Jumps from the last line end in reach to the next: two steps pass at least one full window.
    """
    window = line_bytes + 2
    start, size = 0, len(raw)
    while size - start > window:
        end = raw.rfind(b"\n", start, start + window)
        if end < 0:
            return True
        start = end + 1
    return False
