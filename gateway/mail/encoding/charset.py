"""Decodes octets to text for Japanese mail, where the charset label is often wrong or missing. Never raises.

Only the charsets listed here are used. Other Python codecs, such as utf-7, idna, rot13 and zlib, are not text
charsets (RFC 2978 registers the names; the vendor names are those that Japanese programs write).
"""

from __future__ import annotations

import re

from gateway.mail.encoding import iso2022jp
from gateway.mail.text import is_common_text

# C0 except tab and newline, DEL, C1. Surrogates cannot be stored (sqlite3 raises UnicodeEncodeError).
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_KANA = re.compile("[\u3041-\u30ff]")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")
_NO_SHIFT_JIS = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
_C1 = re.compile(rb"[\x80-\x9f]")

_JIS = "jis"
_EUC = "euc"
_UNKNOWN = ""
_FAMILIES: dict[str, tuple[str, ...]] = {
    "utf-8": ("utf8", "unicode11utf8", "utf8sig", "cp65001"),
    "ascii": ("usascii", "ascii", "ansix3.41968", "iso646us", "646", "us"),
    _JIS: (
        *(
            "iso2022jp",
            "iso2022jp1",
            "iso2022jp2",
            "iso2022jp3",
            "iso2022jp2004",
            "iso2022jpext",
            "iso2022jpms",
        ),
        *(
            "csiso2022jp",
            "csiso2022jp2",
            "cp50220",
            "cp50221",
            "cp50222",
            "xwindowsiso2022jp",
            "xwindows50220",
        ),
        *("xwindows50221", "jis", "jis7", "jis8"),
    ),
    "cp932": (
        *("shiftjis", "sjis", "xsjis", "xshiftjis", "mskanji", "csshiftjis", "windows31j", "cswindows31j"),
        *("cp932", "ms932", "windows932", "xmscp932", "xms932", "sjiswin", "cp943", "ibm943"),
    ),
    "shift_jis_2004": ("shiftjis2004", "sjis2004", "shiftjisx0213", "sjisx0213"),
    _EUC: (
        *("eucjp", "xeucjp", "cp51932", "eucjpwin", "eucjpms", "ujis", "cseucpkdfmtjapanese", "eucjis2004"),
        *("eucjisx0213", "eucjisx2004", "xeuc", "euc"),
    ),
    "utf-16": ("utf16", "unicode", "csunicode"),
    "utf-16-be": ("utf16be",),
    "utf-16-le": ("utf16le",),
    "utf-32": ("utf32",),
    "gb18030": ("gb2312", "gbk", "gb18030", "cp936", "euccn", "xgbk", "csgb2312"),
    "big5hkscs": ("big5", "big5hkscs", "cp950", "csbig5", "xbig5"),
    "cp949": ("euckr", "ksc56011987", "ksc5601", "cp949", "uhc", "windows949"),
    "iso2022_kr": ("iso2022kr",),
    # WHATWG Encoding: the label ISO 8859-1 means windows-1252, which assigns characters to the C1 octets.
    "cp1252": ("iso88591", "latin1", "l1", "windows1252", "cp1252", "isolatin1"),
    "koi8_r": ("koi8r",),
    "koi8_u": ("koi8u",),
    **{f"iso8859-{n}": (f"iso8859{n}",) for n in (*range(2, 12), *range(13, 17))},
    **{f"cp{n}": (f"windows{n}", f"cp{n}") for n in (1250, 1251, *range(1253, 1259), 874)},
}
_CODECS = {label: codec for codec, labels in _FAMILIES.items() for label in labels}
# These decode any octets at all, so that success proves nothing.
_SINGLE_OCTET = frozenset({"cp1252", "koi8_r", "koi8_u"})
MAX_LABEL = 40
_IN_LABELS = re.compile(r"[\s\"'_-]")


def decode(data: bytes, label: str) -> str:
    """Decode `data` with the charset `label` (empty if there is none) to text with LF line ends.

    Tries the label, UTF-8, ISO-2022-JP if there are escape sequences, code page 932 and EUC-JP, in this
    order. As a last resort, octets that cannot be decoded become U+FFFD. The result contains no NUL, control
    characters or surrogates.
    """
    return strip_controls(_decode_labelled(data, _codec(label[:MAX_LABEL])))


def _codec(label: str) -> str:
    """Return the codec for a label; empty if the label is missing, unknown or not one that we use."""
    return _CODECS.get(_IN_LABELS.sub("", label).lower(), _UNKNOWN)


def _decode_labelled(data: bytes, codec: str) -> str:
    if not codec.startswith(("utf-16", "utf-32", "iso2022_kr")) and iso2022jp.has_designation(data):
        # Seven-bit Japanese, whatever the label says. Gateways add lines of their own in other charsets.
        return iso2022jp.decode(data) if data.isascii() else _decode_by_line(data)
    declared = _decode_strictly(data, codec)
    if declared is not None:
        return declared
    return decode_unlabelled(data, codec)


def _decode_by_line(data: bytes) -> str:
    return "\n".join(
        iso2022jp.decode(line)
        if line.isascii() or iso2022jp.has_designation(line)
        else decode_unlabelled(line)
        for line in re.split(rb"\r\n|\r|\n", data)
    )


def _decode_strictly(data: bytes, codec: str) -> str | None:
    """Return the text if all octets are valid in this charset, else None."""
    if codec == _UNKNOWN:
        return None
    if codec == _JIS:
        return iso2022jp.decode(data) if data.isascii() else None
    if codec == _EUC:
        return _decode_euc(data)
    if codec in _SINGLE_OCTET and not data.isascii() and _is_japanese(data):
        return None
    return _try_codec(data, codec)


def _try_codec(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _is_japanese(data: bytes) -> bool:
    """Return whether octets with a Western label are UTF-8, or Shift_JIS or EUC-JP that contains kana."""
    if _try_codec(data, "utf-8") is not None:
        return True
    text = _decode_cp932(data) if _C1.search(data) else _decode_euc(data)
    return text is not None and _KANA.search(text) is not None


def _decode_cp932(data: bytes) -> str | None:
    """Decode code page 932, but reject the octets 80, A0 and FD to FF, which no text uses."""
    text = _try_codec(data, "cp932")
    return None if text is None or _NO_SHIFT_JIS.search(text) else text


def _decode_euc(data: bytes) -> str | None:
    if not iso2022jp.is_euc(data):
        return None
    text = iso2022jp.decode_euc(data)
    return text if iso2022jp.REPLACEMENT_CHARACTER not in text else _try_codec(data, "euc_jis_2004")


def decode_unlabelled(data: bytes, codec: str = _UNKNOWN) -> str:
    """Decode octets whose label does not help, without removing anything. `codec` is the last resort."""
    text = _try_codec(data, "utf-8")
    if text is not None:
        return text
    shifted = _decode_cp932(data)
    # EUC-JP also decodes as code page 932, to a row of half-width kana. If EUC-JP yields real kana, it is
    # EUC-JP.
    if shifted is None or _HALF_WIDTH.search(shifted):
        packed = _decode_euc(data)
        if packed is not None and (shifted is None or _KANA.search(packed)):
            return packed
    if shifted is not None:
        return shifted
    return _decode_lossy(data, codec)


def _decode_lossy(data: bytes, codec: str) -> str:
    if codec == _EUC:
        return iso2022jp.decode_euc(data)
    if codec == _JIS:
        return iso2022jp.decode(data)
    return data.decode(codec or "utf-8", "replace")


def strip_controls(text: str) -> str:
    """Return the text with LF line ends, without controls (except tab), byte order mark and surrogates."""
    lines = text.replace("\r\n", "\n")
    return lines if is_common_text(lines) else strip_every_control(text)


def strip_every_control(text: str) -> str:
    """Do the same as `strip_controls`, without the fast path for common text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))
