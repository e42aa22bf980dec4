"""Reads the octets after 354 up to the end of data, in whole buffers and within limits.

Only CRLF.CRLF ends the data (RFC 5321 section 4.1.1.4). A message with a bare CR, a bare LF or a NUL is
rejected, because programs interpret them differently (SMTP smuggling).
"""

from __future__ import annotations

from gateway.mail.smtp.smtp_reply import BAD_BYTES, LINE_TOO_LONG, TOO_BIG, SmtpReply

END_OF_DATA = b"\r\n.\r\n"
STUFFED = b"\r\n."
# Long messages are checked in steps, so that the final check does not delay other sessions.
CHECK_STEP_BYTES = 65_536


class DataReader:
    """One incoming message: feed it until it returns the rest, then call `result()`."""

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
        # A dot may start the first line: the CRLF of the DATA command precedes it.
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
        """Add received octets; return None until the end of data, then the octets that follow it."""
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
        """Discard the message and look only for its end, where it is answered with `reply`."""
        if self._refusal is None:
            self._refusal = reply
        self._drop()

    def result(self) -> bytes | SmtpReply:
        """Return the message with dot-stuffing removed, or the reply that rejects it."""
        buffer = self._buffer
        self._check(len(buffer))
        if self._bad_bytes:
            return BAD_BYTES
        if self._refusal is not None:
            return self._refusal
        raw = bytes(memoryview(buffer)[2:])
        buffer.clear()
        # RFC 5321 section 4.5.2: the first dot of a line that starts with one is deleted.
        if raw.startswith(b"."):
            raw = raw[1:]
        if STUFFED in raw:
            raw = raw.replace(STUFFED, b"\r\n")
        if len(raw) > self._message_bytes:
            return TOO_BIG
        return LINE_TOO_LONG if _has_long_line(raw, self._line_bytes) else raw

    def _drop(self) -> None:
        """Discard everything that cannot be the start of the end of data."""
        cut = self._safe_cut()
        self._check(cut)
        del self._buffer[:cut]
        self._checked = 0

    def _safe_cut(self) -> int:
        """Return where the data can be cut: before a possible end of data, and not between CR and LF."""
        cut = max(len(self._buffer) - len(END_OF_DATA) + 1, 0)
        return cut - 1 if cut and self._buffer[cut - 1] == ord("\r") else cut

    def _check(self, end: int) -> None:
        """Check that up to `end` every CR and LF is part of a CRLF, and that there is no NUL."""
        buffer, start = self._buffer, self._checked
        pairs = buffer.count(b"\r\n", start, end)
        if not buffer.count(b"\n", start, end) == pairs == buffer.count(b"\r", start, end):
            self._bad_bytes = True
        if buffer.find(b"\0", start, end) >= 0:
            self._bad_bytes = True
        self._checked = end

    def _is_over_limit(self) -> bool:
        """Return whether the message is certainly too big; RFC 1870 section 5 does not count stuffed dots."""
        size = len(self._buffer) - len(END_OF_DATA)
        if size <= self._message_bytes:
            return False
        self._stuffed += self._buffer.count(STUFFED, self._stuffed_to)
        self._stuffed_to = max(len(self._buffer) - len(STUFFED) + 1, self._stuffed_to)
        return size - self._stuffed > self._message_bytes


def _has_long_line(raw: bytes, line_bytes: int) -> bool:
    """Return whether a line has more than `line_bytes` octets before its CRLF.

    Jumps from the last line ending in reach to the next, so two steps cover at least one full window.
    """
    window = line_bytes + 2
    start, size = 0, len(raw)
    while size - start > window:
        end = raw.rfind(b"\n", start, start + window)
        if end < 0:
            return True
        start = end + 1
    return False
