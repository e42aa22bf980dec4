"""Decodes and encodes encoded words of header fields (RFC 2047), in one pass over arbitrary octets.

Japanese programs split characters across words and omit the spaces, so consecutive words of one charset are
joined as octets before they are decoded. The words that we write never split a character.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64encode
from collections.abc import Iterator
from typing import NamedTuple

from gateway.mail.encoding import charset, iso2022jp, transfer

# RFC 2231 section 5: an asterisk and a language may follow the charset.
_START = re.compile(rb"=\?([!-)+->@-~]{1,40})(?:\*[A-Za-z0-9-]{0,20})?\?([BbQq])\?")
_SPACE = b" \t\r\n"

MAX_WORD = 75  # RFC 2047 section 2
MAX_LINE = 76
_HEAD, _TAIL = "=?UTF-8?B?", "?="
_FEWEST = 6  # octets in a word: always enough for a whole character


class _Word(NamedTuple):
    label: str
    encoding: str
    text: bytes


_Piece = bytes | _Word


def decode(value: bytes) -> str:
    """Decode an unstructured value with encoded words and raw octets in any charset. Never raises."""
    if iso2022jp.has_designation(value):
        # A raw header in ISO-2022-JP; its octets can look like the delimiters of an encoded word.
        return charset.decode(value, "iso-2022-jp")
    return "".join(_decode_pieces(_split_pieces(value)))


def _decode_pieces(pieces: Iterator[_Piece]) -> Iterator[str]:
    group: list[_Word] = []
    for piece in pieces:
        if group and (isinstance(piece, bytes) or piece.label != group[0].label):
            yield charset.decode(_join_octets(group), group[0].label)
            group = []
        if isinstance(piece, bytes):
            yield charset.decode(piece, "")
        else:
            group.append(piece)
    if group:
        yield charset.decode(_join_octets(group), group[0].label)


def _join_octets(words: list[_Word]) -> bytes:
    """Return the octets of adjacent words; base64 can be split anywhere."""
    out: list[bytes] = []
    carried = b""
    for word in words:
        if word.encoding == "q":
            out += (transfer.decode_unpadded_base64(carried), binascii.a2b_qp(word.text, header=True))
            carried = b""
            continue
        data = carried + word.text.translate(None, transfer.NOT_BASE64)
        whole = len(data) if b"=" in word.text else len(data) - len(data) % 4
        out.append(transfer.decode_unpadded_base64(data[:whole]))
        carried = data[whole:]
    return b"".join((*out, transfer.decode_unpadded_base64(carried)))


def _split_pieces(value: bytes) -> Iterator[_Piece]:
    """Split the value into raw octets and encoded words, in one pass.

    RFC 2047 section 6.2: white space between two encoded words is not displayed.
    """
    at = 0
    end = -1
    for start in _START.finditer(value):
        if start.start() < at:
            continue
        if end < start.end():
            end = value.find(b"?=", start.end())
        if end < 0:
            break
        text = value[start.end() : end]
        if b"=?" in text:  # this word is not terminated
            continue
        between = value[at : start.start()]
        if between.strip(_SPACE) or (between and not at):
            yield between
        label, encoding = start.group(1).decode("ascii").lower(), start.group(2).decode("ascii").lower()
        yield _Word(label, encoding, text)
        at = end + 2
    if at < len(value):
        yield value[at:]


def encode(text: str, column: int) -> str:
    """Encode `text` as encoded words in UTF-8, folded so that no line is longer than 76 characters.

    `column` is where the first word begins. Printable ASCII text that fits is left unchanged.
    """
    if text.isascii() and text.isprintable() and "=?" not in text and column + len(text) <= MAX_LINE:
        return text
    return encode_all(text, column)


def encode_all(text: str, column: int) -> str:
    """Do the same as `encode`, but encode text of any kind."""
    octets = text.encode("utf-8", "replace")
    words: list[str] = []
    at = 0
    while at < len(octets):
        room = MAX_WORD if words else min(MAX_WORD, MAX_LINE - column)
        end = _character_boundary(octets, at + max(_FEWEST, (room - len(_HEAD) - len(_TAIL)) // 4 * 3))
        words.append(f"{_HEAD}{b64encode(octets[at:end]).decode('ascii')}{_TAIL}")
        at = end
    return "\r\n ".join(words)


def _character_boundary(octets: bytes, at: int) -> int:
    """Return the end of the last whole character before `at` (RFC 3629: continuation octets are 10xxxxxx)."""
    while at < len(octets) and octets[at] & 0xC0 == 0x80:
        at -= 1
    return at
