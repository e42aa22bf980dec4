"""Which lines of a reply are lines of our letters, alone or joined with their neighbours."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence

from gateway.mail.lines import fold_line, is_quoted

_LETTER_REACH = 3  # lines of a letter that a mail program may have joined
_REPLY_REACH = 4  # lines of a reply that may be one line of a letter, wrapped
QUOTE_MARKS = re.compile(r"\A\s*(?:(?:[>＞|｜]|&gt;|[A-Za-z]{1,4}>)[\s　]?){1,20}")
_INITIALS = re.compile(r"\A\s*[A-Za-z]{1,4}>")  # of whoever is quoted, in front of a whole line of ours
_LETTER_MARKS = re.compile(r"\A[\s|｜]{1,8}")
# Whom a letter addresses.
_ADDRESS = re.compile(r"[^\s。、].{0,24}(?:様|さん|殿)")


def compact_line(line: str) -> str:
    """A line as it is compared: folded, in small letters, without white space."""
    return "".join(fold_line(line).casefold().split())


def keep_comparable(forms: Iterable[str]) -> frozenset[str]:
    """The forms that another line may equal: those that say something, and were read to their end."""
    return frozenset(form for form in forms if form and "\0" not in form)


_SIGNS = str.maketrans("", "", ":・|-*[]")


def bare_line(line: str) -> str:
    """Without the signs that a table or a list puts around label and value."""
    return compact_line(line).translate(_SIGNS)


def build_letter_forms(
    letter_lines: Collection[str], compact: Callable[[str], str] = compact_line
) -> frozenset[str]:
    """The lines of letters as they are compared, each alone and joined with up to two that follow."""
    plain = [compact(line) for line in letter_lines]
    bare = [compact(_LETTER_MARKS.sub("", line)) for line in letter_lines]
    forms: set[str] = set()
    for lines in (plain, bare):
        for at in range(len(lines)):
            for reach in range(1, _LETTER_REACH + 1):
                forms.add("".join(lines[at : at + reach]))
    return keep_comparable(forms)


def build_foreign_forms(letter_lines: Collection[str]) -> frozenset[str]:
    """What letters print as somebody else's, with a bar in front, alone and joined; and whom they address."""
    forms = {compact_line(line) for line in letter_lines if _ADDRESS.fullmatch(line.strip())}
    run: list[str] = []
    for line in (*letter_lines, ""):
        if is_quoted(line):
            run.append(line)
            continue
        forms |= build_letter_forms(run)
        run = []
    return frozenset(forms)


def find_ours(
    written: Sequence[str],
    letters: frozenset[str],
    compact: Callable[[str], str] = compact_line,
    *,
    foreign: frozenset[str] = frozenset(),
) -> set[int]:
    """Numbers of the lines that are lines of our letters, alone or joined with their neighbours. What a
    letter prints as somebody else's (`foreign`) must carry a mark, or stand beside a line of ours."""
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
    """Numbers of the lines of these spans that stand between unmarked lines of ours, or of one another; whom
    a letter addresses, above or below one."""
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
    """Numbers of the lines of these spans that touch a sure line, or one another up to one, on one side."""
    taken: set[int] = set()
    for span in spans:
        if beside(span) in sure or beside(span) in taken:
            taken.update(span)
    return taken
