"""Text for display and comparison: columns, wrapping, folding, and sanitizing hostile text.

Not for storage: names are stored as received, because normalization loses information for some. Sources: UAX
#11 for widths, JIS X 4051 for line breaks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

# C0, DEL, C1, BOM, bidi marks, embeddings, overrides and isolates (UAX #9), line and paragraph separators.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
# The characters of nearly all texts, none of them removed by cleaning and folding: ASCII, kana, kanji,
# symbols.
_USUAL = re.compile(
    "[\t\n -~\u2010-\u2027\u2030-\u205e\u2190-\u27bf\u3000-\u30ff\u3200-\u33ff\u4e00-\u9fff\uff01-\uff9f]*+"
)
REMOTE_TEXT_LENGTH = 500
_BREAK = re.compile("\r\n|[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")


def printable(text: str, limit: int) -> str:
    """Return the text on one line without control, bidi and surrogate characters, truncated to `limit`."""
    return _UNSAFE.sub("", _BREAK.sub(" ", text)).strip()[:limit].rstrip()


def remote_text(text: str) -> str:
    """Return another system's text for storage: printable, on one line, at most 500 characters."""
    return printable(text, REMOTE_TEXT_LENGTH)


def is_common_text(text: str) -> bool:
    """Return whether the text has only LF, tab and usual characters, so nothing invisible.

    It saves most texts the slower search of `charset.strip_every_control` and `values.remove_harmful`. Each
    search takes up to one hundredth of the time of a mail.
    """
    return _USUAL.fullmatch(text) is not None


# The format characters of Unicode (category Cf), written out because a look-up of each character's category
# costs more than all other folding.
FORMAT_CHARACTERS = (
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001"
    "\U000e0020-\U000e007f"
)
# Characters that NFKC does not unify (JIS and code page 932), and the many hyphens.
_SAME = {"〜": "~", "‖": "∥", **dict.fromkeys("−‐‑‒–—―⁃﹘", "-")}
_DIFFERENT = re.compile(f"[{''.join(_SAME)}]")
# Characters that neither NFKC nor lower-casing changes, as in most names: ASCII except capitals, kana and
# kanji.
_FOLDED = re.compile(r"[ !-@\[-~、-】ぁ-ゖァ-ー一-鿿]*")
_LONG_MARK = re.compile("(?<=[0-9A-Za-z])ー(?=[0-9A-Za-z])")
_INVISIBLE = re.compile(
    f"[\u034f\u115f\u1160\u180b-\u180e\u3164\ud800-\udfff\ufe00-\ufe0f\U000e0100-\U000e01ef{FORMAT_CHARACTERS}]"
)


def fold(text: str) -> str:
    """Return the text in the form for comparison.

    That is NFKC, one kind of dash and wave dash, no invisible characters, lower case, single spaces. A long
    vowel mark between ASCII letters or digits becomes a dash.
    """
    if _FOLDED.fullmatch(text) is None:
        return fold_every_character(text)
    return " ".join((_LONG_MARK.sub("-", text) if "ー" in text else text).split())


def fold_every_character(text: str) -> str:
    """Do the same as `fold`, without the fast path for text that folding does not change."""
    # Lower-casing can undo NFKC, and removing invisible characters can bring new neighbours together.
    shown = _fold_visible(_fold_visible(text).lower())
    return " ".join(_LONG_MARK.sub("-", shown).split())


def _fold_visible(text: str) -> str:
    shown = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return _DIFFERENT.sub(lambda match: _SAME[match.group()], shown)


_JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]")


def is_english(*texts: str) -> bool:
    """Return whether the texts contain Latin words and no Japanese letters."""
    text = " ".join(texts)
    return _JAPANESE.search(text) is None and re.search("[A-Za-z]{2}", text) is not None


def display_width(text: str) -> int:
    """Return the width in terminal columns: two for wide East Asian characters, none for combining marks."""
    if text.isascii():
        return len(text)
    return sum(map(_WIDTHS.__getitem__, text))


class _Widths(dict[str, int]):
    """Columns by character, worked out when first seen; at most 8,192 are kept."""

    def __missing__(self, character: str) -> int:
        width = _width(character)
        if len(self) < 8192:
            self[character] = width
        return width


_WIDTHS = _Widths()


def _width(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in {"Mn", "Me", "Cf"} or "\ufdd0" <= character <= "\ufdef":
        return 0  # marks, format characters, and the noncharacters that printing.forms inserts
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


# Characters that must not begin a line, or must not end one (JIS X 4051, the usual short list).
_CLOSING = frozenset(
    "、。，．,.・:;：；?!？！)]}）］｝〕〉》」』】〙〗’”ーっゃゅょぁぃぅぇぉッャュョァィゥェォ々％%"
)
_OPENING = frozenset("([{（［｛〔〈《「『【〘〖‘“")
_UNIT = re.compile(r"[!-~]+|[ \t\u3000]+|[^!-~ \t\u3000]")
_MOVED = 4


Split = Callable[[str], Sequence[str]]


def wrap(text: str, columns: int = 70, phrases: Split | None = None) -> str:
    """Wrap lines longer than `columns` between words or Japanese characters, never inside a word that fits.

    With `phrases`, break only between the phrases that it splits a line into, unless a phrase is wider than a
    line. Every resulting line fits, whatever the text. White space at a break is dropped.
    """
    return "\n".join(line for given in text.splitlines() for line in _wrap_line(given, columns, phrases))


def _wrap_line(line: str, limit: int, phrases: Split | None) -> Iterator[str]:
    if display_width(line) <= limit:  # true for nearly all lines, and splitting costs thirty times as much
        yield line.rstrip()
        return
    held: list[str] = []
    width = 0
    units = _split_units(line, limit)
    for unit in units if phrases is None else _join_phrases(list(units), phrases, limit):
        own = display_width(unit)
        if held and width + own > limit:
            down = [] if unit.isspace() else _carry_down(held, unit, limit - own)
            yield "".join(held[: len(held) - len(down)]).rstrip()
            held = down
            width = sum(map(display_width, held))
            if unit.isspace():
                continue
        held.append(unit)
        width += own
    if held or not line:
        yield "".join(held).rstrip()


def _carry_down(held: list[str], unit: str, room: int) -> list[str]:
    """Return the last units of a full line that must move down with `unit` (JIS X 4051)."""
    moved: list[str] = []
    while len(moved) < min(_MOVED, len(held) - 1):
        last = held[-1 - len(moved)]
        first = moved[0] if moved else unit
        if not (first[0] in _CLOSING or last[-1] in _OPENING):
            break
        moved.insert(0, last)
    if not moved or moved[0].isspace() or sum(map(display_width, moved)) > room:
        return []
    return moved


def _split_units(line: str, limit: int) -> Iterator[str]:
    """Yield words, white space, and single characters with their marks, none wider than `limit`."""
    held = ""
    for match in _UNIT.finditer(line):
        unit = match.group()
        if held and _WIDTHS[unit[0]] == 0:
            held += unit
            continue
        if held:
            yield held
        most = limit if unit.isascii() else max(1, limit // 2)  # full-width spaces are two columns wide
        *whole, held = (unit[at : at + most] for at in range(0, len(unit), most))
        yield from whole
    if held:
        yield held


def _join_phrases(units: list[str], phrases: Split, limit: int) -> Iterator[str]:
    """Join the units of each phrase, except white space and phrases that are wider than a line."""
    visible = ["".join(sign for sign in unit if _width(sign)) for unit in units]
    ends = set(accumulate(map(len, phrases("".join(visible)))))
    held: list[str] = []
    at = 0
    for unit, seen in zip(units, visible, strict=True):
        at += len(seen)
        if unit.isspace():
            yield from (*_join(held, limit), unit)
            held = []
            continue
        held.append(unit)
        if at in ends:
            yield from _join(held, limit)
            held = []
    yield from _join(held, limit)


def _join(held: list[str], limit: int) -> list[str]:
    phrase = "".join(held)
    return [phrase] if phrase and display_width(phrase) <= limit else held


_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30})(://)|\b(www)(\.)|\b(mailto)(:)", re.IGNORECASE)


def defang(text: str) -> str:
    """Defang URLs for a letter: `http` becomes `hxxp`, so that no program makes a link of it."""
    if ":" not in text and "www." not in text.lower():
        return text  # as most texts; the search costs more than all else that is done to them
    return _SCHEME.sub(_defang_match, text)


def _defang_match(match: re.Match[str]) -> str:
    scheme, mark = (part for part in match.groups() if part is not None)
    tail = re.search(r"http(s?)$", scheme, re.IGNORECASE)
    if mark == "://" and scheme.lower().endswith(("hxxp", "hxxps")):
        return match.group()  # already defanged
    if mark == "://" and tail is not None:
        at = tail.start()
        swap = "XX" if scheme[at + 1].isupper() else "xx"
        return scheme[: at + 1] + swap + scheme[at + 3 :] + mark
    return f"{scheme}[{mark[0]}]{mark[1:]}"
