"""Breaks decision words in outside text by a slash (承/認, ap/proved), so that no letter is a valid reply.

A mail program may fold, wrap, convert and quote a letter in any way, and the parser of replies folds again.
So words are searched for in what remains of the whole letter after all that: NFKC, lower case, letters and
digits only, with and without characters that JIS X 0208 lacks, across line ends and across the borders
between values. A slash is ASCII: every charset that keeps the letters keeps it, and the parser does not fold
it away.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import groupby

from gateway.memoize import memoize
from gateway.printing.forms import BEGIN, END, EXACT_BEGIN, EXACT_END, SIGNS, remove_signs

SLASH = "/"
_SPANS = re.compile(f"({BEGIN}[^{END}]*{END})")
_OUTSIDE = "\0"  # no letter has it
_NO_BLANK = re.compile("[^\n ]")
_NEAR = 120  # many times the longest word, to allow for spaces between its characters
# Longer than a line of twenty columns if each letter is a wide one.
_LONG_RUN = re.compile(r"[a-z0-9]{11,}")
_TAG_OR_TEXT = re.compile(r"<[^>]*>|&[#0-9A-Za-z]{1,32};|[^<&]+|[<&]")
_FORM_SIGNS = re.compile(f"({SIGNS.pattern})")


@dataclass(frozen=True, slots=True)
class Stems:
    """The words to break: Japanese words anywhere, Latin ones as whole words.

    `anywhere` also finds Latin words within a run of letters that is so long that a mail program may break
    it.
    """

    japanese: tuple[str, ...]
    latin: re.Pattern[str]
    anywhere: re.Pattern[str]


def build_stems(words: Iterable[str]) -> Stems:
    """Build the stems from a grammar's terminals, of two or more characters, in any case and width."""
    folded = {"".join(_fold(sign)[0] for sign in word if not sign.isspace()) for word in words}
    latin = sorted(word for word in folded if word.isascii())
    pattern = "|".join(map(re.escape, latin)) or r"(?!)"
    japanese = sorted(word for word in folded if not word.isascii())
    # Begins with letters, and looks back from the first one: otherwise the search is many times as slow.
    begun = "|".join(map(_begin_with_letter, latin)) or r"(?!)"
    whole = re.compile(rf"(?:{begun})(?![a-z0-9])")
    return Stems(tuple(japanese), whole, re.compile(rf"(?=({pattern}))"))


def _begin_with_letter(word: str) -> str:
    """Return a pattern for a word with no letter or digit in front of it."""
    first, rest = re.escape(word[:1]), re.escape(word[1:])
    return f"{first}(?<![a-z0-9]{first}){rest}"


Seen = tuple[str, str, str, str, str]


class _Signs:
    """The characters of a letter: as written, as a parser may see each, and whether it is outside text.

    `seen` are the ways in which a parser may fold a character:

    - without diacritics
    - with diacritics
    - after a conversion that drops characters that JIS X 0208 lacks
    - with characters other than letters and digits as word separators (terms<b> of use)
    - after a conversion that keeps only ASCII (a wide space inside a word is lost)
    """

    def __init__(self) -> None:
        self.written: list[str] = []
        self.seen: list[Seen] = []
        self.outside: list[bool] = []
        self._is_outside = self._is_exact = False

    def add_text(self, text: str) -> None:
        """Add characters and signs of the forms, which are not written."""
        for piece in _FORM_SIGNS.split(text):
            if piece in (BEGIN, END):
                self._is_outside = piece == BEGIN
            elif piece in (EXACT_BEGIN, EXACT_END):
                self._is_exact = piece == EXACT_BEGIN
            else:
                self._add_characters(piece)

    def _add_characters(self, text: str) -> None:
        self.written += text
        self.seen += [_LINE_END] * len(text) if self._is_exact else map(_fold, text)
        self.outside += [self._is_outside and not self._is_exact] * len(text)

    def add_entity(self, entity: str) -> None:
        """Add an entity of HTML as the character that it stands for."""
        self.written.append(entity)
        self.seen.append(_LINE_END if self._is_exact else _fold(unescape(entity)))
        self.outside.append(self._is_outside and not self._is_exact)

    def add_far_text(self, text: str) -> None:
        """Add text far from any outside text; no word reaches across it."""
        self._is_exact = False
        self._add_whole(remove_signs(text), _WALL)

    def add_tag(self, tag: str) -> None:
        """Add a tag of HTML, which is ignored."""
        self._add_whole(tag, _NOTHING)

    def _add_whole(self, written: str, seen: Seen) -> None:
        self.written.append(written)
        self.seen.append(seen)
        self.outside.append(False)


def finish(text: str, stems: Stems) -> str:
    """Return a rendered text with the words in its outside parts broken, without the signs of the forms."""
    if BEGIN not in text:
        return remove_signs(text)
    return _break_words(_read_text(text), stems)


def finish_html(page: str, stems: Stems) -> str:
    """Do the same for HTML; tags are ignored, entities are decoded for the search."""
    if BEGIN not in page:
        return remove_signs(page)
    return _break_words(_read_html(page), stems)


def _read_text(text: str) -> _Signs:
    """Read the characters near outside text; other text in one piece, as no word reaches across it."""
    signs = _Signs()
    for chunk in _SPANS.split(text):
        if chunk[:1] == BEGIN or len(chunk) <= 3 * _NEAR:
            signs.add_text(chunk)
        else:
            signs.add_text(chunk[:_NEAR])
            signs.add_far_text(chunk[_NEAR:-_NEAR])
            signs.add_text(chunk[-_NEAR:])
    return signs


def _read_html(page: str) -> _Signs:
    signs = _Signs()
    for unit in _TAG_OR_TEXT.findall(page):
        if len(unit) > 1 and unit[0] == "<":
            signs.add_tag(unit)
        elif len(unit) > 1 and unit[0] == "&":
            signs.add_entity(unit)
        else:
            signs.add_text(unit)
    return signs


_NOTHING: Seen = ("",) * 5
_LINE_END: Seen = ("\n",) * 5
_WALL: Seen = ("/",) * 5


@memoize(maxsize=8192, why="every character of a letter is checked")
def _fold(sign: str) -> Seen:
    """Return letters and digits, slash, space and line end, in each way of `_Signs`; else nothing."""
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


def _break_words(signs: _Signs, stems: Stems) -> str:
    """Return the written text with a slash before each character in `_find_cuts`."""
    written = signs.written
    for at in _find_cuts(signs, stems):
        written[at] = SLASH + written[at]
    return "".join(written)


def _find_cuts(signs: _Signs, stems: Stems) -> set[int]:
    """Return the indices of the characters that get a slash before them."""
    found: set[int] = set()
    runs = _list_runs(signs.outside)
    ways = list(zip(*signs.seen, strict=True))
    for seen in dict.fromkeys(ways):  # most letters have four different ways of five
        text, masked = "".join(seen), ""
        # Without blanks, the way with word separators is the first one again.
        in_words = seen is ways[_WITH_SEPARATORS] or text.isascii()
        for search, dropped in _SEARCHES[in_words:]:
            spans = list(search(_drop(text, dropped), stems))
            if not spans:
                continue
            masked = masked or _mask(seen, runs)
            hidden = _drop(masked, dropped)
            if any(_OUTSIDE in hidden[start:stop] for start, stop in spans):
                places = _find_places(seen, dropped, is_one_each=len(seen) - seen.count("") == len(text))
                for start, stop in spans:
                    _cut(places[start:stop], signs.outside, found)
    return found


def _list_runs(outside: Sequence[bool]) -> list[tuple[int, int, bool]]:
    """Return where each run of characters from one side begins and ends, and whether it is outside text."""
    runs, begun = list[tuple[int, int, bool]](), 0
    for is_outside, run in groupby(outside):
        end = begun + len(list(run))
        runs.append((begun, end, is_outside))
        begun = end
    return runs


def _find_places(seen: Sequence[str], dropped: str, *, is_one_each: bool) -> list[int]:
    """Return the index of each letter that is not dropped; `is_one_each`: none is seen as two."""
    if is_one_each:
        return [at for at, one in enumerate(seen) if one not in dropped]  # an empty text is in any
    return [at for at, one in enumerate(seen) for each in one if each not in dropped]


def _mask(seen: Sequence[str], runs: Sequence[tuple[int, int, bool]]) -> str:
    """Return the text with a sign for each letter and digit from outside."""
    pieces = ("".join(seen[begun:end]) for begun, end, _ in runs)
    return "".join(
        _NO_BLANK.sub(_OUTSIDE, piece) if is_outside else piece
        for piece, (_, _, is_outside) in zip(pieces, runs, strict=True)
    )


def _drop(text: str, dropped: str) -> str:
    for sign in dropped:
        text = text.replace(sign, "")
    return text


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


_WITH_SEPARATORS = 3  # in `_Signs.seen`
_SEARCHES = (  # the first one is for words that are not ASCII
    (_find_japanese, "\n "),
    (_find_latin, "\n"),
    (_find_latin, ""),
)


def _cut(places: Sequence[int], outside: Sequence[bool], found: set[int]) -> None:
    """Break a word after its first character, or before its first outside character if that comes later."""
    first = next((at for at in places if outside[at]), None)
    if first is None or any(at in found for at in places[1:]):
        return
    behind = next((at for at in places if at > places[0]), None)
    cut = behind if outside[places[0]] and behind is not None else first
    if cut != places[0]:
        found.add(cut)
