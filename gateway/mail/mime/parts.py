"""Finds the parts of a message (RFC 2045, 2046, 2183, 2231), in one pass per level and within limits.

The standard library's parser takes seconds for ten megabytes of empty lines, and is quadratic in parameters.
Here lines are never split, and parameters are truncated before they are parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from gateway.mail.encoding import charset
from gateway.mail.encoding.transfer import normalize_encoding
from gateway.mail.header.fields import decode_text
from gateway.mail.message import MAX_FIELDS, MAX_HEADER_BYTES, Caps, MalformedMessageError, Message, unfold
from gateway.mail.text import printable
from gateway.memoize import memoize

MAX_BOUNDARY = 70  # RFC 2046 section 5.1.1
MAX_PARAMETERS_BYTES = 2_048
MAX_REMEMBERED_BYTES = 256
MAX_NAME = 200
_MAX_CONTINUATIONS = 10

_TYPE = re.compile(rb"[ \t]*([!#$%&'*+.^_`|~A-Za-z0-9-]+)[ \t]*(?:/[ \t]*([!#$%&'*+.^_`|~A-Za-z0-9-]+))?")
_PARAMETER = re.compile(
    rb";[ \t]*([!#$%&'*+.^_`|~A-Za-z0-9-]{1,60})[ \t]*=[ \t]*(?:\"((?:[^\"\\]|\\.)*)\"|([^;\"]*))"
)
_FIELD_START = re.compile(rb"\r\n(?![ \t])")

Parameters = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Part:
    """A part without parts of its own; `body` is its octets as sent, still in the transfer encoding.

    `content_type` is `type/subtype` in lower case. `disposition`, the file's `name`, and `report_type` of the
    enclosing multipart/report (RFC 6522) are empty if there is none. `start` is the offset of the body in the
    message.
    """

    content_type: str
    parameters: Parameters
    disposition: str
    encoding: str
    name: str
    report_type: str
    body: memoryview
    start: int

    def parameter(self, name: str) -> str:
        """Return a parameter of Content-Type as ASCII text; empty if there is none."""
        return self.parameters.get(name, b"").decode("ascii", "replace").strip()


@dataclass(slots=True)
class _PartWalker:
    """The state of one walk through a message: its octets, and the number of parts so far."""

    raw: bytes
    caps: Caps
    count: int = 0
    report_type: str = ""
    boundaries: dict[bytes, re.Pattern[bytes]] = field(default_factory=dict)

    def parts(self, head: Parameters, start: int, end: int, depth: int, default: str) -> Iterator[Part]:
        """Yield the leaves of the entity with the fields `head` and its body at `start`."""
        self.count += 1
        if self.count > self.caps.parts:
            raise MalformedMessageError(f"the message has more than {self.caps.parts} parts")
        if depth > self.caps.depth:
            raise MalformedMessageError(f"parts are nested deeper than {self.caps.depth}")
        content_type, parameters = parse_content_type(head.get("content-type", b""), default)
        if not content_type.startswith("multipart/"):
            yield self._build_part(head, content_type, parameters, start, end)
            return
        boundary = parameters.get("boundary", b"").rstrip()
        if len(boundary) > MAX_BOUNDARY:
            raise MalformedMessageError(f"a boundary is longer than {MAX_BOUNDARY} octets")
        if content_type == "multipart/report" and depth == 0:
            self.report_type = parameters.get("report-type", b"").decode("ascii", "replace").lower()
        # RFC 2046 section 5.1.5: the parts of a digest are messages by default.
        inner = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
        for first, last in self._find_entities(boundary, start, end) if boundary else ():
            fields, body = self._parse_head(first, last)
            yield from self.parts(fields, body, last, depth + 1, inner)

    def _find_entities(self, boundary: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield start and end of each part between the delimiter lines, without preamble and epilogue."""
        pattern = self.boundaries.get(boundary)
        if pattern is None:
            pattern = re.compile(rb"\r\n--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r\n|\Z)")
            self.boundaries[boundary] = pattern
        begun = -1
        # The CRLF before the body is part of its first delimiter line.
        for delimiter in pattern.finditer(self.raw, max(0, start - 2), end):
            if begun >= 0:
                yield begun, max(begun, delimiter.start())
            if delimiter.group(1):
                return
            begun = min(delimiter.end() + 2, end)
        if begun >= 0:
            yield begun, end

    def _parse_head(self, start: int, end: int) -> tuple[Parameters, int]:
        """Return the Content-* fields of a part, and the offset of its body."""
        if self.raw.startswith(b"\r\n", start, end):
            return {}, start + 2
        blank = self.raw.find(b"\r\n\r\n", start, end)
        last, body = (blank, blank + 4) if blank >= 0 else (end, end)
        if last - start > MAX_HEADER_BYTES:
            raise MalformedMessageError(f"the header of a part is longer than {MAX_HEADER_BYTES} octets")
        lines = _FIELD_START.split(self.raw[start:last])
        if len(lines) > MAX_FIELDS:
            raise MalformedMessageError(f"a part has more than {MAX_FIELDS} fields")
        return _parse_content_fields(lines), body

    def _build_part(
        self, head: Parameters, content_type: str, parameters: Parameters, start: int, end: int
    ) -> Part:
        disposition, about = _parse_disposition(head.get("content-disposition", b""))
        encoding = head.get("content-transfer-encoding", b"").strip().lower()
        return Part(
            content_type=content_type,
            parameters=parameters,
            disposition=disposition,
            encoding=normalize_encoding(encoding[:200].decode("ascii", "replace"))[:40],
            name=_decode_name(about.get("filename", b"")) or _decode_name(parameters.get("name", b"")),
            report_type=self.report_type,
            body=memoryview(self.raw)[start:end],
            start=start,
        )


def iter_parts(message: Message) -> Iterator[Part]:
    """Yield the leaves of a message in order. Raises MalformedMessageError if its limits are exceeded."""
    lines = [field.raw for field in message.fields if field.key.startswith("content-")]
    start = len(message.raw) - len(message.body)
    return _PartWalker(message.raw, message.caps).parts(
        _parse_content_fields(lines), start, len(message.raw), 0, "text/plain"
    )


def _parse_content_fields(lines: list[bytes]) -> Parameters:
    """Parse Content-* fields by name in lower case, unfolded; if a name is repeated, the first counts."""
    found: dict[str, bytes] = {}
    for line in lines:
        name, _, value = line.partition(b":")
        key = name.strip().lower()
        if key.startswith(b"content-"):
            found.setdefault(key.decode("ascii", "replace"), unfold(value)[:MAX_PARAMETERS_BYTES])
    return found


def parse_content_type(value: bytes, default: str = "text/plain") -> tuple[str, Parameters]:
    """Return `type/subtype` and the parameters of a Content-Type; `default` if it is missing or unusable."""
    content_type, parameters = _parse_content_type(value)
    return content_type or default, parameters


@memoize(
    maxsize=64, max_key=MAX_REMEMBERED_BYTES, why="most mails have one of few, and ask for it three times"
)
def _parse_content_type(value: bytes) -> tuple[str, Parameters]:
    value = unfold(value[:MAX_PARAMETERS_BYTES])
    match = _TYPE.match(value)
    if match is None or match.group(2) is None:
        # RFC 2045 section 5.2: a part without a usable Content-Type is plain text.
        return ("text/plain" if value.strip() else ""), {}
    kind = b"/".join(match.groups()).decode("ascii").lower()
    return kind, _parse_parameters(value[match.end() :])


def _parse_disposition(value: bytes) -> tuple[str, Parameters]:
    match = _TYPE.match(value)
    if match is None:
        return "", {}
    return match.group(1).decode("ascii").lower(), _parse_parameters(value[match.end() :])


def _parse_parameters(text: bytes) -> Parameters:
    """Parse parameters by name in lower case; the first of a name counts. RFC 2231 pieces are joined."""
    found: dict[str, bytes] = {}
    for match in _PARAMETER.finditer(text):
        name, quoted, plain = match.groups()
        value = re.sub(rb"\\(.)", rb"\1", quoted) if quoted is not None else plain.strip()
        found.setdefault(name.decode("ascii").lower(), value)
    if b"*" not in text:
        return found
    for name in ("filename", "name", "boundary", "charset", "report-type"):
        extended = _decode_extended(found, name)
        if extended:
            found[name] = extended
    return found


def _decode_extended(found: Parameters, name: str) -> bytes:
    """Decode RFC 2231 `name*`, or its pieces `name*0`, `name*1*` and so on, to UTF-8; empty if none."""
    if f"{name}*" in found:
        pieces = [(True, found[f"{name}*"])]
    else:
        pieces = []
        for number in range(_MAX_CONTINUATIONS):
            piece = f"{name}*{number}"
            if f"{piece}*" in found:
                pieces.append((True, found[f"{piece}*"]))
            elif piece in found:
                pieces.append((False, found[piece]))
            else:
                break
    if not pieces:
        return b""
    label = b""
    if pieces[0][0] and pieces[0][1].count(b"'") >= 2:
        label, _, rest = pieces[0][1].split(b"'", 2)
        pieces[0] = (True, rest)
    octets = b"".join(unquote_to_bytes(value) if encoded else value for encoded, value in pieces)
    return charset.decode(octets, label.decode("ascii", "replace")).encode("utf-8")


def _decode_name(value: bytes) -> str:
    """Decode a file name; Japanese programs write encoded words and raw octets here."""
    return printable(decode_text(value), MAX_NAME) if value else ""
