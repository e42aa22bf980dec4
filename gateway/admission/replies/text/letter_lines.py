"""Finds the lines of a reply that are lines of our letters, alone or joined with adjacent ones."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from gateway.mail.lines import fold_line, is_quoted
from gateway.memoize import memoize
from gateway.patterns import compile_later

_LETTER_REACH = 3  # lines of a letter that a mail program may have joined
_REPLY_REACH = 4  # lines of a reply that may be one wrapped line of a letter
QUOTE_MARKS = compile_later(r"\A\s*(?:(?:[>＞|｜]|&gt;|[A-Za-z]{1,4}>)[\s　]?){1,20}")
_INITIALS = compile_later(
    r"\A\s*[A-Za-z]{1,4}>"
)  # initials of the quoted person, before a whole line of ours
_LETTER_MARKS = compile_later(r"\A[\s|｜]{1,8}")
# The addressee of a letter.
_ADDRESS = compile_later(r"[^\s。、].{0,24}(?:様|さん|殿)")


def compact_line(line: str) -> str:
    """Return a line for comparison: folded, in lower case, without white space."""
    return "".join(fold_line(line).casefold().split())


def keep_comparable(forms: Iterable[str]) -> frozenset[str]:
    """Return the forms that another line may equal: those with content, and read completely."""
    return frozenset(form for form in forms if form and "\0" not in form)


_SIGNS = str.maketrans("", "", ":・|-*[]")


def bare_line(line: str) -> str:
    """Return a line for comparison without the characters that tables or lists put around label and value."""
    return compact_line(line).translate(_SIGNS)


def build_letter_forms(
    letter_lines: Collection[str], compact: Callable[[str], str] = compact_line
) -> frozenset[str]:
    """Return the lines of letters for comparison, each alone and joined with up to two that follow."""
    plain = [compact(line) for line in letter_lines]
    bare = [compact(_LETTER_MARKS.sub("", line)) for line in letter_lines]
    forms: set[str] = set()
    for lines in (plain, bare):
        for at in range(len(lines)):
            for reach in range(1, _LETTER_REACH + 1):
                forms.add("".join(lines[at : at + reach]))
    return keep_comparable(forms)


def build_foreign_forms(letter_lines: Collection[str]) -> frozenset[str]:
    """Return the lines that letters print as somebody else's, with a bar in front, and the addressees."""
    forms = {compact_line(line) for line in letter_lines if _ADDRESS.fullmatch(line.strip())}
    run: list[str] = []
    for line in (*letter_lines, ""):
        if is_quoted(line):
            run.append(line)
            continue
        forms |= build_letter_forms(run)
        run = []
    return frozenset(forms)


@memoize(maxsize=4, why="each parser compares each part of a reply with the same letters")
def build_both_forms(letter_lines: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the forms of all lines of letters, and of those that letters print as somebody else's."""
    return build_letter_forms(letter_lines), build_foreign_forms(letter_lines)


def find_ours(
    written: Sequence[str],
    letters: frozenset[str],
    compact: Callable[[str], str] = compact_line,
    *,
    foreign: frozenset[str] = frozenset(),
) -> set[int]:
    """Return the indexes of lines that are lines of our letters, alone or joined with adjacent ones.

    Lines that a letter prints as somebody else's (`foreign`) need a quotation mark, or an adjacent line of
    ours.
    """
    if not letters:
        return set()
    marked = [is_quoted(line) or _INITIALS.match(line) is not None for line in written]
    plain = [
        compact(QUOTE_MARKS.sub("", line) if has_mark else line)
        for line, has_mark in zip(written, marked, strict=True)
    ]
    ours: set[int] = set()
    doubtful: list[range] = []
    for at, line in enumerate(plain):
        joined = ""
        for stop in range(at, min(at + _REPLY_REACH, len(plain))) if line else ():
            if not plain[stop]:
                break
            joined += plain[stop]
            if joined not in letters:
                continue
            if joined in foreign and not marked[at]:
                doubtful.append(range(at, stop + 1))
            else:
                ours.update(range(at, stop + 1))
    return ours | _find_beside(doubtful, ours, marked, plain)


def _find_beside(
    doubtful: Sequence[range], ours: set[int], marked: Sequence[bool], plain: Sequence[str]
) -> set[int]:
    """Return the indexes of the lines of these spans that are between unmarked lines of ours.

    The lines of an addressee need one such line above or below.
    """
    sure = {at for at in ours if not marked[at]}
    called = [span for span in doubtful if _ADDRESS.fullmatch(plain[span.start])]
    for span in called:
        beside = {span.start - 1, span.stop}
        if not any(plain[span.stop : span.stop + 1]):
            beside.add(span.stop + 1)
        if not sure.isdisjoint(beside):
            sure.update(span)
    rest = [span for span in doubtful if span not in called]
    below = _reach(rest, sure, lambda span: span.start - 1)
    above = _reach(rest[::-1], sure, lambda span: span.stop)
    return (sure & {at for span in called for at in span}) | (below & above)


def _reach(spans: Sequence[range], sure: set[int], beside: Callable[[range], int]) -> set[int]:
    """Return the indexes of the lines of spans that are connected to a sure line on one side."""
    taken: set[int] = set()
    for span in spans:
        if beside(span) in sure or beside(span) in taken:
            taken.update(span)
    return taken
