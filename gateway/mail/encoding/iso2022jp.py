"""Decodes ISO-2022-JP and EUC-JP as Japanese programs really write them, including vendor characters.

The standard library's codecs fail on ①, ㈱, 髙 and half-width kana. Here each pair of JIS X 0208 is mapped to
its Shift_JIS position and decoded as code page 932, which has them (RFC 1468; JIS X 0201, 0208, 0212;
CP50221).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from gateway.memoize import memoize

_Pair = Callable[[int, int], str]
REPLACEMENT_CHARACTER = "\ufffd"

# ESC, then intermediate octets and a final octet (ISO/IEC 2022). Line ends and shifts are marks as well.
_MARK = re.compile(rb"\x1b[\x20-\x2f]{1,3}[\x30-\x7e]|\x1b\$[@AB]|\x1b&@|\r\n|[\r\n\x0e\x0f]")
_ESCAPE = b"\x1b"
_DESIGNATION = re.compile(rb"\x1b(?:\$[@AB]|\$\([@BCDOPQ]|\([IJ])")

# Escape sequence -> (codec, octet before each pair) for the sets other than JIS X 0208.
_OTHER_SETS = {
    b"\x1b$(D": ("euc_jp", b"\x8f"),  # JIS X 0212
    b"\x1b$(O": ("euc_jis_2004", b""),  # JIS X 0213 plane 1
    b"\x1b$(Q": ("euc_jis_2004", b""),
    b"\x1b$(P": ("euc_jis_2004", b"\x8f"),  # JIS X 0213 plane 2
    b"\x1b$A": ("gb2312", b""),  # RFC 1554
    b"\x1b$(C": ("euc_kr", b""),
}
_KANJI = frozenset({b"\x1b$@", b"\x1b$B", b"\x1b$(@", b"\x1b$(B"})
_ROMAN = str.maketrans({"\\": "¥", "~": "‾"})


def has_designation(data: bytes) -> bool:
    """Return whether the octets contain an escape sequence that only the ISO-2022-JP family has."""
    return _ESCAPE in data and _DESIGNATION.search(data) is not None


def decode(data: bytes) -> str:
    """Decode ISO-2022-JP and its variants. Never raises: octets that cannot be decoded become U+FFFD.

    RFC 1468: a line begins and ends in ASCII. So each line end resets the state, even if the sender forgot
    the escape sequence, or omitted it to hide the following text.
    """
    out: list[str] = []
    charset = b""
    shifted = False
    at = 0
    for mark in _MARK.finditer(data):
        out.append(_decode_run(data[at : mark.start()], charset, shifted))
        at = mark.end()
        found = mark.group()
        if found[0] in b"\r\n":
            out.append(found.decode("ascii"))
            charset, shifted = b"", False
        elif found in {b"\x0e", b"\x0f"}:
            shifted = found == b"\x0e"
        elif found != b"\x1b&@":  # this one only announces JIS X 0208-1990
            charset, shifted = found, False
    out.append(_decode_run(data[at:], charset, shifted))
    return "".join(out)


def _decode_run(run: bytes, charset: bytes, shifted: bool) -> str:
    """Decode the octets between two marks."""
    if not run:
        return ""
    if shifted or charset == b"\x1b(I":
        return "".join(_decode_katakana(octet | 0x80) for octet in run)
    if charset in _KANJI:
        return _decode_pairs(run, _decode_kanji)
    if charset in _OTHER_SETS:
        codec, prefix = _OTHER_SETS[charset]
        return _decode_pairs(run, lambda first, second: _decode_other_set(codec, prefix, first, second))
    text = "".join(chr(octet) if octet < 0x80 else _decode_katakana(octet) for octet in run)
    return text.translate(_ROMAN) if charset == b"\x1b(J" else text


def _decode_pairs(run: bytes, character: _Pair) -> str:
    out: list[str] = []
    at = 0
    while at < len(run):
        first = run[at]
        if first <= 0x20:  # a space or tab in double-octet mode: invalid, but meant as a space
            out.append(chr(first))
            at += 1
        elif at + 1 < len(run):
            out.append(character(first, run[at + 1]))
            at += 2
        else:
            out.append(REPLACEMENT_CHARACTER)
            at += 1
    return "".join(out)


def _decode_kanji(first: int, second: int) -> str:
    return _table().get((first & 0x7F) << 8 | second & 0x7F, REPLACEMENT_CHARACTER)


def _decode_other_set(codec: str, prefix: bytes, first: int, second: int) -> str:
    return _other_table(codec, prefix)[(first & 0x7F) << 8 | second & 0x7F]


@memoize(maxsize=8, why="computed once per character set: 16,384 pairs take 9 ms")
def _other_table(codec: str, prefix: bytes) -> dict[int, str]:
    """Return all pairs of one of the other sets, as the codec decodes them."""
    return {
        first << 8 | second: (prefix + bytes((first | 0x80, second | 0x80))).decode(codec, "replace")
        for first in range(0x80)
        for second in range(0x80)
    }


def _decode_katakana(octet: int) -> str:
    """Decode JIS X 0201 katakana in 8-bit form."""
    return chr(octet - 0xA1 + 0xFF61) if 0xA1 <= octet <= 0xDF else REPLACEMENT_CHARACTER


@memoize(maxsize=1, why="computed once: 8,836 pairs take 5 ms")
def _table() -> dict[int, str]:
    """Return all JIS X 0208 pairs that code page 932 has, including vendor rows 13 and 89 to 92."""
    table: dict[int, str] = {}
    for first in range(0x21, 0x7F):
        for second in range(0x21, 0x7F):
            try:
                table[first << 8 | second] = _to_shift_jis(first, second).decode("cp932")
            except UnicodeDecodeError:
                continue
    return table


def _to_shift_jis(first: int, second: int) -> bytes:
    """Convert a JIS pair to Shift_JIS octets (JIS X 0208 annex 1)."""
    lead = ((first - 0x21) >> 1) + 0x81
    if lead > 0x9F:
        lead += 0x40
    if first & 1:
        return bytes((lead, second + (0x1F if second < 0x60 else 0x20)))
    return bytes((lead, second + 0x7E))


_EUC = re.compile(
    rb"[\x00-\x7f]+|(?:[\xa1-\xfe][\xa1-\xfe])+|(?:\x8e[\xa1-\xdf])+|\x8f[\xa1-\xfe][\xa1-\xfe]|.", re.DOTALL
)

_EUC_RUN = re.compile(
    rb"[\x00-\x7f]+|(?:[\xa1-\xfe][\xa1-\xfe])+|(?:\x8e[\xa1-\xdf])+|\x8f[\xa1-\xfe][\xa1-\xfe]"
)


def is_euc(data: bytes) -> bool:
    """Return whether the octets are well-formed EUC-JP, assigned or not. Cheap, unlike decoding."""
    at = 0
    while run := _EUC_RUN.match(data, at):
        at = run.end()
    return at == len(data)


def decode_euc(data: bytes) -> str:
    """Decode EUC-JP with the vendor characters of CP51932. Octets that cannot be decoded become U+FFFD."""
    return "".join(_decode_euc_run(match.group()) for match in _EUC.finditer(data))


def _decode_euc_run(run: bytes) -> str:
    first = run[0]
    if first < 0x80:
        return run.decode("ascii")
    if len(run) == 1:
        return REPLACEMENT_CHARACTER
    if first == 0x8E:
        return "".join(map(_decode_katakana, run[1::2]))
    if first == 0x8F:
        return _decode_other_set("euc_jp", b"\x8f", run[1], run[2])
    return _decode_pairs(run, _decode_kanji)
