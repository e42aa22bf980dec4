"""Text as it is shown, measured and compared: columns, wrapping, folding, and making hostile text harmless.

Nothing here is for storing: names are kept as received, since normalising changes some for good.
UAX #11 for widths, JIS X 4051 for where a line may break.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

# C0, DEL, C1, BOM, bidi marks, embeddings, overrides and isolates (UAX #9), line and paragraph separators.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
# What nearly every text consists of, none of it taken out by cleaning and folding: ASCII, kana, kanji, signs.
_USUAL = re.compile(
    "[\t\n -~\u2010-\u2027\u2030-\u205e\u2190-\u27bf\u3000-\u30ff\u3200-\u33ff\u4e00-\u9fff\uff01-\uff9f]*+"
)
REMOTE_TEXT_LENGTH = 500
_BREAK = re.compile("\r\n|[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")


def printable(text: str, limit: int) -> str:
    """The text on one line without control, bidi and surrogate characters, at most `limit` characters."""
    return _UNSAFE.sub("", _BREAK.sub(" ", text)).strip()[:limit].rstrip()


def remote_text(text: str) -> str:
    """What another system said, as it is kept: printable, on one line, at most 500 characters."""
    return printable(text, REMOTE_TEXT_LENGTH)


def is_common_text(text: str) -> bool:
    """Whether the text holds LF, tab and usual characters alone, so nothing that is invisible or controls.

    It spares most texts the slower search of `charset.strip_every_control` and `values.remove_harmful`: each
    as much as one hundredth of the work for a mail.
    """
    return _USUAL.fullmatch(text) is not None


# The format characters of Unicode (category Cf), written down because asking for the category of each
# character costs more than all other folding.
FORMAT_CHARACTERS = (
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001"
    "\U000e0020-\U000e007f"
)
# What NFKC leaves apart (JIS against code page 932), and the many hyphens.
_SAME = {"〜": "~", "‖": "∥", **dict.fromkeys("−‐‑‒–—―⁃﹘", "-")}
_DIFFERENT = re.compile(f"[{''.join(_SAME)}]")
# What neither NFKC nor lower case changes, as in most names: ASCII but capitals, kana and kanji.
_FOLDED = re.compile(r"[ !-@\[-~、-】ぁ-ゖァ-ー一-鿿]*")
_LONG_MARK = re.compile("(?<=[0-9A-Za-z])ー(?=[0-9A-Za-z])")
_INVISIBLE = re.compile(
    f"[\u034f\u115f\u1160\u180b-\u180e\u3164\ud800-\udfff\ufe00-\ufe0f\U000e0100-\U000e01ef{FORMAT_CHARACTERS}]"
)


def fold(text: str) -> str:
    """The text as compared with another: NFKC, one kind of dash and wave dash, nothing invisible, lower case,
    white space as one space. A long vowel mark between ASCII letters or digits is a dash."""
    if _FOLDED.fullmatch(text) is None:
        return fold_every_character(text)
    return " ".join((_LONG_MARK.sub("-", text) if "ー" in text else text).split())


def fold_every_character(text: str) -> str:
    """The same without a look whether the text consists of what folding leaves as it is."""
    # Lower-casing can undo NFKC, and dropping what is invisible can bring new neighbours together.
    shown = _fold_visible(_fold_visible(text).lower())
    return " ".join(_LONG_MARK.sub("-", shown).split())


def _fold_visible(text: str) -> str:
    shown = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return _DIFFERENT.sub(lambda match: _SAME[match.group()], shown)


_JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]")


def is_english(*texts: str) -> bool:
    """Whether texts have Latin words and nothing in Japanese letters."""
    text = " ".join(texts)
    return _JAPANESE.search(text) is None and re.search("[A-Za-z]{2}", text) is not None


def display_width(text: str) -> int:
    """Columns of a terminal or a fixed-width letter: wide East Asian characters take two, marks none."""
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


def _width(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in {"Mn", "Me", "Cf"} or "\ufdd0" <= character <= "\ufdef":
        return 0  # marks, format characters, and the noncharacters that printing.forms puts in
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


# Must not begin a line, must not end one (JIS X 4051, the usual short list).
_CLOSING = frozenset(
    "、。，．,.・:;：；?!？！)]}）］｝〕〉》」』】〙〗’”ーっゃゅょぁぃぅぇぉッャュョァィゥェォ々％%"
)
_OPENING = frozenset("([{（［｛〔〈《「『【〘〖‘“")
_UNIT = re.compile(r"[!-~]+|[ \t\u3000]+|[^!-~ \t\u3000]")
_MOVED = 4


Split = Callable[[str], Sequence[str]]


def wrap(text: str, columns: int = 70, phrases: Split | None = None) -> str:
    """Break lines longer than `columns` between words or Japanese characters, never inside a word that fits;
    with `phrases` between those that it splits a line into, where one is not wider than a line.

    Every result line fits, whatever the text; white space at a break is dropped.
    """
    return "\n".join(line for given in text.splitlines() for line in _wrap_line(given, columns, phrases))


def _wrap_line(line: str, limit: int, phrases: Split | None) -> Iterator[str]:
    if display_width(line) <= limit:  # nearly always, and taking it apart costs thirty times as much
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
    """The last units of a full line that go with `unit`: it cannot begin a line, or they cannot end one."""
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
    """Words, runs of white space and single characters with the marks on them; no unit wider than `limit`."""
    held = ""
    for match in _UNIT.finditer(line):
        unit = match.group()
        if held and _width(unit[0]) == 0:
            held += unit
            continue
        if held:
            yield held
        most = limit if unit.isascii() else max(1, limit // 2)  # full-width blanks are two columns
        *whole, held = (unit[at : at + most] for at in range(0, len(unit), most))
        yield from whole
    if held:
        yield held


def _join_phrases(units: list[str], phrases: Split, limit: int) -> Iterator[str]:
    """The units of each phrase as one, but for white space and for phrases that no line has room for."""
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
    """URLs made harmless for a letter: `http` becomes `hxxp`, so that no program makes a link of it."""
    return _SCHEME.sub(_defang_match, text)


def _defang_match(match: re.Match[str]) -> str:
    scheme, mark = (part for part in match.groups() if part is not None)
    tail = re.search(r"http(s?)$", scheme, re.IGNORECASE)
    if mark == "://" and scheme.lower().endswith(("hxxp", "hxxps")):
        return match.group()  # harmless already
    if mark == "://" and tail is not None:
        at = tail.start()
        swap = "XX" if scheme[at + 1].isupper() else "xx"
        return scheme[: at + 1] + swap + scheme[at + 3 :] + mark
    return f"{scheme}[{mark[0]}]{mark[1:]}"
