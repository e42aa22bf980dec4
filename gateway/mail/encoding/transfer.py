"""Decodes Content-Transfer-Encoding (RFC 2045 section 6), ignoring errors: it is often wrong."""

from __future__ import annotations

import binascii
import re
from contextlib import suppress

NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
_NOT_BASE64_NOR_PAD = bytes(set(NOT_BASE64) - {ord("=")})
_MAX_RUNS = 1_000


_COMMENT = re.compile(r"\([^()]*\)")
_MECHANISM = re.compile(r"\s*([a-z0-9!#$%&'*+.^_`|~-]+)")
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/=\s]*")
# RFC 2045 section 6.7 rule 3: white space at the end of an encoded line was added in transport.
_TRAILING_SPACE = re.compile(rb"[ \t]+(?=\r?\n|\Z)")


def normalize_encoding(value: str) -> str:
    """Return the mechanism of a Content-Transfer-Encoding in lower case, without comments and parameters."""
    match = _MECHANISM.match(_COMMENT.sub(" ", value.lower()))
    return match.group(1) if match else ""


def decode(data: bytes, encoding: str) -> bytes:
    """Decode `data`; an unknown encoding (x-uuencode, nonsense) leaves it unchanged."""
    if encoding == "base64":
        return data if _is_plain(data) else _decode_base64(data.rstrip(b"\r\n"))
    if encoding == "quoted-printable":
        return binascii.a2b_qp(_TRAILING_SPACE.sub(b"", data))
    return data


def _is_plain(data: bytes) -> bool:
    """Return whether data labelled base64 was never encoded.

    It was not if the first line has octets beyond ASCII, an escape sequence, or words. Other characters alone
    are ignored (RFC 2045 section 6.8).
    """
    first = data.lstrip(b"\r\n").partition(b"\n")[0].strip()
    return (
        not first.isascii() or b"\x1b" in first or (b" " in first and _BASE64_LINE.fullmatch(first) is None)
    )


def _decode_base64(data: bytes) -> bytes:
    if data.find(b"=", 0, -2) < 0:
        with suppress(binascii.Error):  # missing padding
            return binascii.a2b_base64(data)
    # Padding in the middle: two encoded texts were concatenated.
    runs = data.translate(None, _NOT_BASE64_NOR_PAD).split(b"=", _MAX_RUNS)
    return b"".join(decode_unpadded_base64(run.replace(b"=", b"")) for run in runs)


def decode_unpadded_base64(data: bytes) -> bytes:
    """Decode base64 without padding; an incomplete last sextet is dropped."""
    if len(data) % 4 == 1:
        data = data[:-1]
    return binascii.a2b_base64(data + b"=" * (-len(data) % 4))


def decoded_size(data: bytes, encoding: str) -> int:
    """Return the size in octets of the result of `decode`, without building it for base64."""
    if encoding == "base64":
        return len(data.translate(None, NOT_BASE64)) * 3 // 4
    return len(decode(data, encoding))
