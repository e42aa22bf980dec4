"""The octets that a DKIM signature covers: canonicalization and selection of fields (RFC 6376 section 3.4).

All functions use operations on whole buffers, so that hostile input costs linear time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gateway.auth.dkim.tag_list import TagError
from gateway.mail.message import Field, Message, unfold

CRLF = b"\r\n"
# One slice takes about a millisecond, so that a large body never blocks the event loop for long.
SLICE_BYTES = 262_144


# RFC 5322 section 3.6: at most one of each. From is checked more strictly.
_SINGLE = (
    *("subject", "date", "to", "cc", "sender", "reply-to", "message-id", "in-reply-to", "references"),
    *("mime-version", "content-type", "content-transfer-encoding"),
)


def find_unsigned_duplicate(message: Message, names: Sequence[str]) -> str:
    """Return the name of a repeated field that the signature covers fewer times; empty if there is none.

    RFC 6376 section 8.15: fields are signed from the bottom up, and programs show the one that was added on
    top. Identical copies are harmless.
    """
    twins = [name for name in _SINGLE if message.count(name) > 1 and not _are_equal(message.all(name))]
    return next((name for name in twins if message.count(name) > names.count(name)), "")


_METHODS = ("simple", "relaxed")


def parse_methods(text: str) -> tuple[bool, bool]:
    """Parse `c=`: whether the header and the body are relaxed. Raises TagError."""
    # RFC 6376 section 3.5: `relaxed` alone means relaxed/simple.
    header, slash, body = text.lower().partition("/")
    if header not in _METHODS or (slash and body not in _METHODS):
        raise TagError("the canonicalisation (c=) is unknown")
    return header == "relaxed", body == "relaxed"


def _are_equal(fields: Sequence[Field]) -> bool:
    return len({relaxed_field(field.name, field.value) for field in fields}) == 1


def iter_canonical_body(body: bytes, relaxed: bool, size: int = SLICE_BYTES) -> Iterator[bytes]:
    """Yield the canonical body in pieces; joined, they equal `relaxed_body` or `simple_body`.

    Each piece takes about the same time, whatever runs of white space or empty lines the body contains.
    Octets that may be part of a line end are carried to the next slice, and empty lines are held until text
    follows.
    """
    if len(body) <= size:
        yield relaxed_body(body) if relaxed else simple_body(body)
        return
    rest, held, any_text = b"", list[bytes](), False
    for start in range(0, len(body), size):
        data, rest = _split_stable_part(rest + body[start : start + size], relaxed)
        end = _text_end(data)
        if end:
            yield from held
            held, any_text = [], True
        yield data[:end]
        held.append(data[end:])
    if last := rest.removesuffix(b" "):
        yield from held
        yield last + CRLF
    elif any_text or not relaxed:
        yield CRLF


def relaxed_body(body: bytes) -> bytes:
    """Return the relaxed body (RFC 6376 section 3.4.4): runs of white space become one space.

    White space at line ends and empty lines at the end of the body are removed.
    """
    if b" " in body or b"\t" in body:  # base64 has none
        body = _collapse(body).replace(b" \r\n", CRLF).removesuffix(b" ")
    return _trim_empty_lines(body)


def simple_body(body: bytes) -> bytes:
    """Return the simple body (RFC 6376 section 3.4.3): exactly one CRLF at the end, even if empty."""
    return _trim_empty_lines(body) or CRLF


def relaxed_field(name: str, value: bytes) -> bytes:
    """Return the relaxed field (RFC 6376 section 3.4.2) without the final CRLF."""
    return name.lower().encode("ascii") + b":" + _collapse(unfold(value)).strip(b" ")


def signed_header(message: Message, names: Sequence[str], signature: Field, relaxed: bool) -> bytes:
    """Return the header octets to hash: the named fields, then the signature with an empty `b=`.

    `names` are in lower case. RFC 6376 section 5.4.2: fields of the same name are taken from the bottom up,
    and a name without a remaining field adds nothing.
    """
    return canonical_fields(message, names, relaxed) + unsigned_field(signature, relaxed)


def canonical_fields(message: Message, names: Sequence[str], relaxed: bool) -> bytes:
    """Return the first part of `signed_header`, which several signatures can share."""
    left = {name: message.all(name) for name in set(names)}
    fields = [left[name].pop() for name in names if left[name]]
    # RFC 6376 section 3.4.1: the simple form changes nothing.
    return b"".join(
        [(relaxed_field(field.name, field.value) if relaxed else field.raw) + CRLF for field in fields]
    )


def unsigned_field(signature: Field, relaxed: bool) -> bytes:
    """Return the last part of `signed_header`."""
    value = strip_signature(signature.value)
    return relaxed_field(signature.name, value) if relaxed else signature.name.encode("ascii") + b":" + value


def strip_signature(value: bytes) -> bytes:
    """Remove the value of the `b=` tag from a DKIM-Signature value (RFC 6376 section 3.5)."""
    parts = value.split(b";")
    for index, part in enumerate(parts):
        name, equals, _ = part.partition(b"=")
        if equals and name.strip() == b"b":
            parts[index] = name + equals
    return b";".join(parts)


def _collapse(data: bytes) -> bytes:
    data = data.replace(b"\t", b" ")
    # Each pass halves the longest run: at most 24 passes over the largest message, and only if it has runs.
    while b"  " in data:
        data = data.replace(b"  ", b" ")
    return data


def _split_stable_part(data: bytes, relaxed: bool) -> tuple[bytes, bytes]:
    """Split canonical `data` before the octets that the next slice could still change."""
    if relaxed:
        data = _collapse(data)
    whole = data.removesuffix(b"\r")
    if relaxed:
        whole = whole.removesuffix(b" ")
    rest = data[len(whole) :]
    return (whole.replace(b" \r\n", CRLF) if relaxed else whole), rest


def _trim_empty_lines(body: bytes) -> bytes:
    """Reduce CRLFs at the end to one; add one to a non-empty body without any."""
    kept = body[: _text_end(body)]
    return kept + CRLF if kept else b""


def _text_end(data: bytes) -> int:
    """Return the offset at which the trailing CRLFs begin."""
    end = len(data.rstrip(CRLF))
    tail = data[end:]
    # Only complete CRLF pairs are empty lines; a single CR or LF before them is part of the text.
    pairs_from = max(tail.rfind(b"\r\r"), tail.rfind(b"\n\n")) + 1
    if tail[pairs_from:].startswith(b"\n"):
        pairs_from += 1
    return end + pairs_from if tail.endswith(CRLF) else len(data)
