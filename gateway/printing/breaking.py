"""No letter can say yes: words of decision inside outside text are broken by a slash (承/認, ap/proved).

A mail program may fold, wrap, convert and quote a letter as it likes, and the reader folds again. So a word
is looked for in what is left of the whole letter after all that: NFKC, small letters, letters and digits
alone, with and without what JIS X 0208 lacks, across line ends and across the borders between values. A
slash is ASCII: every charset that keeps the letters keeps it, and no reader folds it away.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from gateway.memoize import memoize
from gateway.printing.forms import BEGIN, END, EXACT_BEGIN, EXACT_END, remove_signs

SLASH = "/"
_SPANS = re.compile(f"({BEGIN}[^{END}]*{END})")
_NEAR = 120  # many times the longest word, for the spaces between its signs
# More than a line of twenty columns holds, where each letter is a wide one.
_LONG_RUN = re.compile(r"[a-z0-9]{11,}")
_TAG_OR_TEXT = re.compile(r"<[^>]*>|&[#0-9A-Za-z]{1,32};|[^<&]|[<&]")


@dataclass(frozen=True, slots=True)
class Stems:
    """The words to break: Japanese ones wherever they are, Latin ones as whole words; `anywhere` finds those
    in a run of letters so long that a mail program may end a line inside it."""

    japanese: tuple[str, ...]
    latin: re.Pattern[str]
    anywhere: re.Pattern[str]


def build_stems(words: Iterable[str]) -> Stems:
    """From the terminals of a reader's grammar, in any case and width; at least two signs each."""
    folded = {"".join(_fold(sign)[0] for sign in word if not sign.isspace()) for word in words}
    latin = sorted(word for word in folded if word.isascii())
    pattern = "|".join(map(re.escape, latin)) or r"(?!)"
    japanese = sorted(word for word in folded if not word.isascii())
    whole = re.compile(rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])")
    return Stems(tuple(japanese), whole, re.compile(rf"(?=({pattern}))"))


@dataclass(frozen=True, slots=True)
class _Sign:
    """A character of a letter: as written, as it may arrive, and whether it may be touched.

    `seen` are the ways a reader may fold it: without marks, with them, where a conversion drops what JIS X
    0208 lacks, where what is neither letter nor digit parts words (terms<b> of use), and where a conversion
    leaves ASCII alone (a wide blank inside a word is gone then).
    """

    written: str
    seen: tuple[str, str, str, str, str]
    is_outside: bool


def finish(text: str, stems: Stems) -> str:
    """A rendered text with the words in its outside parts broken, and without the signs of the forms."""
    if BEGIN not in text:
        return remove_signs(text)
    return "".join(_broken(list(_read_text(text)), stems))


def finish_html(page: str, stems: Stems) -> str:
    """The same for HTML; tags are nothing to a reader, entities are what they stand for."""
    if BEGIN not in page:
        return remove_signs(page)
    return "".join(_broken(list(_read_html(page)), stems))


def _read_text(text: str) -> Iterator[_Sign]:
    yield from _mark(_skip_far(text), plain=True)


def _skip_far(text: str) -> Iterator[str]:
    """Single signs near outside text; what is far from any, in one piece (no word reaches across it)."""
    for chunk in _SPANS.split(text):
        if chunk[:1] == BEGIN or len(chunk) <= 3 * _NEAR:
            yield from chunk
        else:
            yield from chunk[:_NEAR]
            yield chunk[_NEAR:-_NEAR]
            yield from chunk[-_NEAR:]


def _read_html(page: str) -> Iterator[_Sign]:
    yield from _mark((found.group() for found in _TAG_OR_TEXT.finditer(page)), plain=False)


def _mark(units: Iterator[str], *, plain: bool) -> Iterator[_Sign]:
    outside = exact = False
    for unit in units:
        if unit in (BEGIN, END):
            outside = unit == BEGIN
        elif unit in (EXACT_BEGIN, EXACT_END):
            exact = unit == EXACT_BEGIN
        elif plain and len(unit) > 1:
            exact = False
            yield _Sign(remove_signs(unit), _WALL, is_outside=False)
        elif not plain and len(unit) > 1 and unit[0] == "<":
            yield _Sign(unit, _NOTHING, is_outside=False)
        elif exact:
            yield _Sign(unit, _LINE_END, is_outside=False)
        else:
            shown = unit if plain else unescape(unit)
            yield _Sign(unit, _fold(shown), outside)


_NOTHING = ("",) * 5
_LINE_END = ("\n",) * 5
_WALL = ("/",) * 5


@memoize(maxsize=8192, why="every character of a letter is looked at")
def _fold(sign: str) -> tuple[str, str, str, str, str]:
    """Letters and digits, a slash, a space, a line end, in each way of `_Sign.seen`; else nothing."""
    marked = unicodedata.normalize("NFKC", sign).casefold()
    plain = _keep_letters(unicodedata.normalize("NFKD", marked))
    kept = plain if sign.isascii() or _is_in_jis(sign) else ""
    return plain, _keep_letters(marked), kept, plain or " ", plain if sign.isascii() else ""


def _keep_letters(text: str) -> str:
    return "".join(one for one in text if one in " \n/" or one.isalnum())


def _is_in_jis(sign: str) -> bool:
    try:
        return bool(sign.encode("shift_jis"))
    except UnicodeEncodeError:
        return False


def _broken(signs: Sequence[_Sign], stems: Stems) -> Iterator[str]:
    """The written text with a slash before each sign that `_cuts` names."""
    cuts = _cuts(signs, stems)
    for at, sign in enumerate(signs):
        if at in cuts:
            yield SLASH
        yield sign.written


def _cuts(signs: Sequence[_Sign], stems: Stems) -> set[int]:
    """The numbers of the signs in front of which a slash goes."""
    found: set[int] = set()
    for way in range(len(_NOTHING)):
        for dropped in ("\n ", "\n", ""):
            text, places = _join(signs, dropped, way)
            spans = _find_japanese(text, stems) if " " in dropped else _find_latin(text, stems)
            for start, stop in spans:
                _cut(places[start:stop], signs, found)
    return found


def _join(signs: Sequence[_Sign], dropped: str, way: int) -> tuple[str, list[int]]:
    """What a reader may see when these are dropped, and from which sign each of its characters came."""
    text: list[str] = []
    places: list[int] = []
    for at, sign in enumerate(signs):
        for one in sign.seen[way]:
            if one not in dropped:
                text.append(one)
                places.append(at)
    return "".join(text), places


def _find_japanese(text: str, stems: Stems) -> Iterator[tuple[int, int]]:
    for stem in stems.japanese:
        at = text.find(stem)
        while at >= 0:
            yield at, at + len(stem)
            at = text.find(stem, at + 1)


def _find_latin(text: str, stems: Stems) -> Iterator[tuple[int, int]]:
    for found in stems.latin.finditer(text):
        yield found.span()
    for run in _LONG_RUN.finditer(text):
        for found in stems.anywhere.finditer(text, run.start(), run.end()):
            yield found.span(1)


def _cut(places: Sequence[int], signs: Sequence[_Sign], found: set[int]) -> None:
    """Break one word behind its first sign, or before its first outside sign where that is later."""
    outside = [at for at in places if signs[at].is_outside]
    if not outside or any(at in found for at in places[1:]):
        return
    behind = next((at for at in places if at > places[0]), None)
    cut = behind if signs[places[0]].is_outside and behind is not None else outside[0]
    if cut != places[0]:
        found.add(cut)
