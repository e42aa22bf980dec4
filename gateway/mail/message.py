"""A message as a list of header fields and a body (RFC 5322 section 2), split strictly and under caps.

Nothing is repaired here: a header that two programs could read differently is refused, because
the checks of the sender and the reader of the mail must see the same fields.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_HEADER_BYTES = 65_536
MAX_FIELD_BYTES = 16_384
MAX_FIELDS = 200
# MIME (RFC 2045): parts in all, and how deep they lie in each other.
MAX_PARTS = 100
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Caps:
    """How much of a message is read. What reads it relies on the defaults: lower is possible, higher not."""

    header_bytes: int = MAX_HEADER_BYTES
    field_bytes: int = MAX_FIELD_BYTES
    fields: int = MAX_FIELDS
    parts: int = MAX_PARTS
    depth: int = MAX_DEPTH


DEFAULT_CAPS = Caps()

# RFC 5322 section 2.2: a field name is printable US-ASCII except colon. Section 4.5: receivers read white
# space in front of the colon, which nobody may write any more.
_FIELD = re.compile(rb"([!-9;-~]+)([ \t]*):")
# Not where the name says who wrote, to whom, what, or who vouches for it: programs do not agree that
# `From :` is a From.
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
    """The bytes are not a message that can be read in one way only; the text says why."""


@dataclass(frozen=True, slots=True)
class Field:
    """One header field: `name` as received, `raw` all its octets without the final CRLF.

    White space between the name and the colon belongs to neither name nor value.
    """

    name: str
    raw: bytes

    @property
    def value(self) -> bytes:
        """The octets behind the colon, folding included."""
        return self.raw.partition(b":")[2]

    @property
    def key(self) -> str:
        """The name in lower case."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Message:
    """`fields` in the order received, `body` the octets after the empty line, `raw` the whole.

    `caps` go with it to whoever reads on.
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
        """How many fields are called `name`."""
        return len(self._by_key.get(name.lower(), ()))

    def all(self, name: str) -> list[Field]:
        """Every field called `name`, in the order received."""
        return list(self._by_key.get(name.lower(), ()))

    def first(self, name: str) -> bytes:
        """The value of the first field called `name`, unfolded and stripped; empty when there is none."""
        found = self._by_key.get(name.lower())
        return unfold(found[0].value).strip() if found else b""


def unfold(value: bytes) -> bytes:
    """Take the line breaks of folding out (RFC 5322 section 2.2.3)."""
    return value.replace(b"\r\n", b"")


def parse(raw: bytes, caps: Caps = DEFAULT_CAPS) -> Message:
    """Split a message with CRLF line ends.

    Raises MalformedMessageError for bare CR, bare LF or NUL in the header, lines that are no
    fields, and anything over the caps.
    """
    header, body = _split_header(raw)
    if len(header) > caps.header_bytes:
        raise MalformedMessageError(f"the header is longer than {caps.header_bytes} octets")
    rest = header.replace(b"\r\n", b"")
    if b"\r" in rest or b"\n" in rest or b"\0" in rest:
        raise MalformedMessageError("the header holds a bare CR, a bare LF or NUL")
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
        raise MalformedMessageError("the header holds a line that is no field")
    if len(line) > most_bytes:
        raise MalformedMessageError(f"a header field is longer than {most_bytes} octets")
    name = match.group(1).decode("ascii")
    if match.group(2) and _is_strict(name.lower()):
        raise MalformedMessageError(f"white space stands between {name} and its colon")
    return Field(name, line)


def _is_strict(name: str) -> bool:
    return name in _STRICT or name.startswith(_STRICT_STARTS)
