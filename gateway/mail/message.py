"""A message as a list of header fields and a body (RFC 5322 section 2), parsed strictly and within limits.

Nothing is repaired here. A header that two programs could interpret differently is rejected, because sender
authentication and the reader of the mail must see the same fields.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_HEADER_BYTES = 65_536
MAX_FIELD_BYTES = 16_384
MAX_FIELDS = 200
# MIME (RFC 2045): number of parts, and depth of nesting.
MAX_PARTS = 100
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Caps:
    """Limits on how much of a message is read; readers rely on the defaults as upper bounds."""

    header_bytes: int = MAX_HEADER_BYTES
    field_bytes: int = MAX_FIELD_BYTES
    fields: int = MAX_FIELDS
    parts: int = MAX_PARTS
    depth: int = MAX_DEPTH


DEFAULT_CAPS = Caps()

# RFC 5322 section 2.2: a field name is printable US-ASCII except colon. Section 4.5: receivers accept white
# space before the colon, which is obsolete.
_FIELD = re.compile(rb"([!-9;-~]+)([ \t]*):")
# Fields that identify the author, the recipients or the content, or vouch for them, must not have it, because
# programs do not agree that `From :` is a From.
_STRICT = frozenset(
    (
        *("from", "sender", "reply-to", "to", "cc", "bcc", "subject", "date", "message-id", "in-reply-to"),
        *("references", "return-path", "mime-version", "dkim-signature", "authentication-results"),
        *("received-spf", "apparently-to"),
    )
)
_STRICT_STARTS = ("content-", "arc-", "resent-")
# A line that does not begin with white space begins a new field.
_FIELD_START = re.compile(rb"\r\n(?![ \t])")


class MalformedMessageError(ValueError):
    """Raised if the octets cannot be interpreted in exactly one way; the message gives the reason."""


@dataclass(frozen=True, slots=True)
class Field:
    """A header field: `name` as received, `raw` all its octets without the final CRLF.

    White space between the name and the colon is part of neither the name nor the value.
    """

    name: str
    raw: bytes

    @property
    def value(self) -> bytes:
        """The octets after the colon, including folding."""
        return self.raw.partition(b":")[2]

    @property
    def key(self) -> str:
        """The name in lower case."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Message:
    """A parsed message: `fields` as received, `body` the octets after the empty line, `raw` all octets.

    `caps` apply to later readers as well.
    """

    fields: tuple[Field, ...]
    body: bytes
    raw: bytes
    caps: Caps = DEFAULT_CAPS
    _by_key: dict[str, list[Field]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        by_key: dict[str, list[Field]] = {}
        for each in self.fields:
            by_key.setdefault(each.key, []).append(each)
        object.__setattr__(self, "_by_key", by_key)

    def count(self, name: str) -> int:
        """Return the number of fields with this name."""
        return len(self._by_key.get(name.lower(), ()))

    def all(self, name: str) -> list[Field]:
        """Return all fields with this name, in the order received."""
        return list(self._by_key.get(name.lower(), ()))

    def first(self, name: str) -> bytes:
        """Return the value of the first field with this name, unfolded and stripped; empty if missing."""
        found = self._by_key.get(name.lower())
        return unfold(found[0].value).strip() if found else b""


def unfold(value: bytes) -> bytes:
    """Remove the line breaks of folding (RFC 5322 section 2.2.3)."""
    return value.replace(b"\r\n", b"")


def parse(raw: bytes, caps: Caps = DEFAULT_CAPS) -> Message:
    """Parse a message with CRLF line ends.

    Raises MalformedMessageError for bare CR, bare LF or NUL in the header, for lines that are not fields, and
    if a limit of `caps` is exceeded.
    """
    header, body = _split_header(raw)
    if len(header) > caps.header_bytes:
        raise MalformedMessageError(f"the header is longer than {caps.header_bytes} octets")
    rest = header.replace(b"\r\n", b"")
    if b"\r" in rest or b"\n" in rest or b"\0" in rest:
        raise MalformedMessageError("the header contains a bare CR, a bare LF or NUL")
    lines = _FIELD_START.split(header) if header else []
    if len(lines) > caps.fields:
        raise MalformedMessageError(f"the header has more than {caps.fields} fields")
    return Message(tuple(_parse_field(line, caps.field_bytes) for line in lines), body, raw, caps)


def _split_header(raw: bytes) -> tuple[bytes, bytes]:
    if raw.startswith(b"\r\n"):
        return b"", raw[2:]
    header, _, body = raw.partition(b"\r\n\r\n")
    return header.removesuffix(b"\r\n"), body


def _parse_field(line: bytes, most_bytes: int) -> Field:
    match = _FIELD.match(line)
    if match is None:
        raise MalformedMessageError("the header contains a line that is not a field")
    if len(line) > most_bytes:
        raise MalformedMessageError(f"a header field is longer than {most_bytes} octets")
    name = match.group(1).decode("ascii")
    if match.group(2) and _is_strict(name.lower()):
        raise MalformedMessageError(f"there is white space between {name} and its colon")
    return Field(name, line)


def _is_strict(name: str) -> bool:
    return name in _STRICT or name.startswith(_STRICT_STARTS)
