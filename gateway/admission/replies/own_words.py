"""The writer's own words in a reply: without quoted lines and lines of our letters, nothing else left out.

Rules, `-- `, device lines, attributions and header blocks hide nothing: they only label what follows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from gateway.admission.replies.context import Slots
from gateway.admission.replies.grammar.beside.old_mails import may_be_meant
from gateway.admission.replies.grammar.beside.signatures import find_signed
from gateway.admission.replies.grammar.vocabulary import STEMS
from gateway.admission.replies.sentences import fold_phrase
from gateway.mail.lines import Mark, find_head, find_mark, fold_line, has_sentence_end, is_quoted, split_lines

Label = Mark | Literal["old"]
_LETTER_REACH = 3  # lines of a letter that a mail program may have joined
_REPLY_REACH = 4  # lines of a reply that may be one line of a letter, wrapped
_OLD_MAIL_LINES = 3  # fewer lines than these below a head are words, not a mail
_EMBEDDED_LINES = 2  # as many lines of a letter without marks show that it came back whole
_MARKS = re.compile(r"\A\s*(?:(?:[>＞|｜]|&gt;|[A-Za-z]{1,4}>)[\s　]?){1,20}")
_INITIALS = re.compile(r"\A\s*[A-Za-z]{1,4}>")  # of whoever is quoted, in front of a whole line of ours
_LETTER_MARKS = re.compile(r"\A[\s|｜]{1,8}")


# Whom a letter addresses.
_ADDRESS = re.compile(r"[^\s。、].{0,24}(?:様|さん|殿)")
# Somebody is called with a mark in front: ＞事務局様 招待は…
_CALLS = re.compile(r"\s*[>＞]\s*[^\s>＞。、]{0,12}(?:様|さん|殿|事務局|窓口|各位)[ 　、,。:：](?=.*\S)")


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A line as written; empty for a blank one and for one that was taken out. `label`: what a line above
    announced. `wrapped`: it may be the rest of a quoted line."""

    text: str
    label: Label = ""
    wrapped: bool = False


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The lines that remain. `text` is all of them, with the same line numbers."""

    lines: tuple[OwnLine, ...]

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(line.text for line in self.lines)

    @property
    def is_empty(self) -> bool:
        """Whether nothing remains."""
        return not any(line.text.strip() for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the mail with what was found out about it."""

    text: str
    quoted: bool
    ours: bool
    label: Label = ""
    head: bool = False  # a rule, a mark or a head of an old mail: it says nothing itself


def _compact(line: str) -> str:
    return "".join(fold_line(line).casefold().split())


_SIGNS = str.maketrans("", "", ":・|-*[]")


def _bare(line: str) -> str:
    """Without the signs that a table or a list puts around label and value."""
    return _compact(line).translate(_SIGNS)


def split(
    text: str,
    letter_lines: Collection[str] = (),
    known_lines: Collection[str] = (),
    slots: Slots | None = None,
) -> OwnWords:
    """The own words of a text. `letter_lines` are the lines of letters to this member in their order,
    `known_lines` those of the member's signature; one that holds a word of decision counts for nothing, nor
    does one without another line of a signature beside it (`slots` know the writer's names)."""
    letters = build_letter_forms(letter_lines)
    written = split_lines(text)
    foreign = _build_foreign_forms(letter_lines)
    ours = _find_ours(written, letters, foreign=foreign) | _find_known(written, known_lines, slots)
    lines = [_Line(line, _is_quotation(written, at, ours), at in ours) for at, line in enumerate(written)]
    labelled = _label(lines)
    kept = tuple(_keep(labelled, letters))
    if any(line.text.strip() for line in kept):
        return OwnWords(kept)
    # Known lines that are all there is are what the writer said.
    return OwnWords(tuple(_keep([replace(line, ours=False) for line in labelled], letters)))


def _is_quotation(written: Sequence[str], at: int, ours: Collection[int]) -> bool:
    """Whether a line is marked; one that stands alone and calls somebody in words of no letter is none."""
    if not is_quoted(written[at]):
        return False
    beside = [*written[max(0, at - 1) : at], *written[at + 1 : at + 2]]
    return at in ours or not _CALLS.match(written[at]) or any(map(is_quoted, beside))


def fold_known(line: str) -> str:
    """A line of a signature as it is kept: folded, with single spaces, so that words stay apart."""
    return fold_line(line).casefold()


def has_stem(line: str) -> bool:
    """Whether a line holds a word of decision, with spaces inside or without."""
    folded = fold_phrase(line)
    return STEMS.search("".join(folded.split())) is not None or STEMS.search(folded) is not None


def _find_known(written: Sequence[str], known_lines: Collection[str], slots: Slots | None) -> set[int]:
    """Numbers of the lines of the writer's signature."""
    known = frozenset(_compact(line) for line in known_lines if not has_stem(line)) - {""}
    return find_signed(written, [_compact(line) in known for line in written], slots) if known else set()


def remove_echo(text: str, letter_lines: Collection[str], values: Collection[str]) -> str:
    """The text, quotations and all, without the `values` that letters to this person hold: lines of
    `letter_lines` that come back with the letter are nobody's answer. Typed anew they are.
    """
    written = split_lines(text)
    echo = _find_ours(written, build_letter_forms(values, _bare), _bare)
    if not echo:
        return text
    labelled = _label([_Line(line, is_quoted(line), at in echo) for at, line in enumerate(written)])
    others = _find_ours(written, build_letter_forms(letter_lines)) - echo
    is_embedded = sum(not labelled[at].quoted for at in others) >= _EMBEDDED_LINES
    gone = {at for at in echo if is_embedded or labelled[at].quoted or labelled[at].label == "old"}
    return "\n".join(line for at, line in enumerate(written) if at not in gone)


def build_letter_forms(
    letter_lines: Collection[str], compact: Callable[[str], str] = _compact
) -> frozenset[str]:
    """The lines of letters as they are compared, each alone and joined with up to two that follow."""
    plain = [compact(line) for line in letter_lines]
    bare = [compact(_LETTER_MARKS.sub("", line)) for line in letter_lines]
    forms: set[str] = set()
    for lines in (plain, bare):
        for at in range(len(lines)):
            for reach in range(1, _LETTER_REACH + 1):
                forms.add("".join(lines[at : at + reach]))
    return frozenset(forms - {""})


def _build_foreign_forms(letter_lines: Collection[str]) -> frozenset[str]:
    """What letters print as somebody else's, with a bar in front, alone and joined; and whom they address."""
    forms = {_compact(line) for line in letter_lines if _ADDRESS.fullmatch(line.strip())}
    run: list[str] = []
    for line in (*letter_lines, ""):
        if is_quoted(line):
            run.append(line)
            continue
        forms |= build_letter_forms(run)
        run = []
    return frozenset(forms)


def _find_ours(
    written: Sequence[str],
    letters: frozenset[str],
    compact: Callable[[str], str] = _compact,
    *,
    foreign: frozenset[str] = frozenset(),
) -> set[int]:
    """Numbers of the lines that are lines of our letters, alone or joined with their neighbours. What a
    letter prints as somebody else's (`foreign`) must carry a mark, or stand beside a line of ours."""
    if not letters:
        return set()
    marked = [is_quoted(line) or _INITIALS.match(line) is not None for line in written]
    plain = [
        compact(_MARKS.sub("", line) if has_mark else line)
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
    """Numbers of the lines of these spans that touch an unmarked line of ours, or one another down to one."""
    sure = {at for at in ours if not marked[at]}
    taken: set[int] = set()
    for spans in (doubtful, doubtful[::-1]):
        for span in spans:
            beside = {span.start - 1, span.stop}
            if _ADDRESS.fullmatch(plain[span.start]) and not any(plain[span.stop : span.stop + 1]):
                beside.add(span.stop + 1)
            if not (sure | taken).isdisjoint(beside):
                taken.update(span)
    return taken


def _label(lines: Sequence[_Line]) -> list[_Line]:
    """The lines with what the rules, marks and heads above them announce."""
    found: list[_Line] = []
    folded = [fold_line(line.text) for line in lines]
    label: Label = ""
    quoting = False  # a quotation stands below the head: own words may follow it
    at = 0
    while at < len(lines):
        line = lines[at]
        reach = 0 if line.quoted or line.ours else find_head(folded, at)
        if reach:
            label, quoting = "old", False
            found += [replace(each, label=label, head=True) for each in lines[at : at + reach]]
            at += reach
            continue
        if label == "old" and line.quoted:
            quoting = True
        elif label == "old" and quoting and line.text.strip() and not line.ours:
            label = ""
        mark = "" if line.quoted else find_mark(line.text)
        if mark and label != "old":
            label = mark
        found.append(replace(line, label=label, head=bool(mark)) if label or mark else line)
        at += 1
    return found


def _is_said(line: _Line) -> bool:
    return bool(line.text.strip()) and not (line.quoted or line.ours or line.head)


def _keep(lines: Sequence[_Line], letters: frozenset[str]) -> Iterator[OwnLine]:
    """What is left of the lines, one for one."""
    old = _find_old_mail(lines)
    above = ""
    for at, (line, below) in enumerate(pairwise([*lines, _Line("", quoted=False, ours=False)])):
        if line.quoted or line.ours or line.head or at in old:
            yield OwnLine("", line.label)
            above = line.text if line.quoted and not _is_whole(line.text, letters) else ""
            continue
        wrapped = bool(line.text.strip()) and bool(above) and _is_wrapped_rest(above, line.text, below)
        yield OwnLine(line.text, line.label, wrapped)
        above = line.text if wrapped else ""


def _is_whole(quoted: str, letters: frozenset[str]) -> bool:
    """Whether a quoted line is a whole line of a letter, or has no words: then nothing of it stands below."""
    words = _compact(_MARKS.sub("", quoted))
    return not words or words in letters


def _is_wrapped_rest(above: str, line: str, below: _Line) -> bool:
    """Whether a line may be the tail of a quoted line that was wrapped on the way."""
    return not has_sentence_end(above) or (below.quoted and not has_sentence_end(line))


def _find_old_mail(lines: Sequence[_Line]) -> frozenset[int]:
    """Numbers of the unmarked lines of an old mail that is not ours: below a complete head, long enough to be
    a mail, without any line of ours, a word of decision, a second thought, a request or what is not done yet.
    Below a head that names the desk stands a letter of ours: what is in none is the writer's."""
    heads = [at for at, line in enumerate(lines) if line.label == "old" and line.head]
    if not heads:
        return frozenset()
    below = [at for at in range(heads[0], len(lines)) if lines[at].label == "old" and not lines[at].head]
    said = [at for at in below if _is_said(lines[at])]
    mixed = any(lines[at].ours or lines[at].quoted for at in below)
    head = "".join(_compact(line.text) for line in lines if line.head and line.label == "old")
    if len(said) < _OLD_MAIL_LINES or mixed or may_be_meant(head, [lines[at].text for at in said]):
        return frozenset()
    return frozenset(said)
