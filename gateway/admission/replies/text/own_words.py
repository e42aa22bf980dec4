"""Extracts the author's own text of a reply: everything except quotations and lines of our letters.

Rules, `-- `, device lines, attributions and header blocks hide nothing: they only label what follows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from gateway.admission.replies.context import Slots
from gateway.admission.replies.grammar.beside.old_mails import may_be_meant
from gateway.admission.replies.grammar.beside.signatures import find_signed
from gateway.admission.replies.grammar.names.signature import names_writer
from gateway.admission.replies.grammar.vocabulary import STEMS
from gateway.admission.replies.text.letter_lines import (
    QUOTE_MARKS,
    bare_line,
    build_both_forms,
    build_letter_forms,
    compact_line,
    find_ours,
    keep_comparable,
)
from gateway.admission.replies.text.sentences import fold_phrase, has_too_many
from gateway.mail.lines import (
    Mark,
    find_head,
    find_mark,
    fold_line,
    has_sentence_end,
    is_cut,
    is_plain,
    is_quoted,
    split_lines,
)
from gateway.patterns import compile_later

Label = Mark | Literal["old"]
MAX_OWN = 10_000  # maximum characters of a reply
_OLD_MAIL_LINES = 3  # fewer lines below a header are a remark, not a mail
_EMBEDDED_LINES = 2  # this many unmarked lines of a letter show that the whole letter was returned
# Somebody is addressed with a mark in front: ＞事務局様 招待は…
_CALLS = compile_later(r"\s*[>＞]\s*[^\s>＞。、]{0,12}(?:様|さん|殿|事務局|窓口|各位)[ 　、,。:：](?=.*\S)")


class OwnLine(NamedTuple):
    """A line as written; empty if it is blank or was removed.

    `label`: what a line above announced. `wrapped`: it may be the rest of a quoted line. `signs`: a known
    line with the author's name was removed here.
    """

    text: str
    label: Label = ""
    wrapped: bool = False
    signs: bool = False


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The remaining lines; `text` joins them, with the same line numbers.

    `is_cut`: the original text continues beyond the part that was read.
    """

    lines: tuple[OwnLine, ...]
    is_cut: bool = False

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(line.text for line in self.lines)

    def is_whole(self, most: int = MAX_OWN) -> bool:
        """Return whether the whole text was read and at most `most` characters are own.

        Only then it may count, because its end can revoke its beginning.
        """
        return not self.is_cut and len(self.text) <= most and not has_too_many(self.text)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing remains."""
        return not any(line.text.strip() for line in self.lines)


class _Line(NamedTuple):
    """A line of the mail with its classification."""

    text: str
    quoted: bool
    ours: bool
    label: Label = ""
    head: bool = False  # a rule, a mark or a header line of an old mail: it says nothing itself


def split(
    text: str,
    letter_lines: Collection[str] = (),
    known_lines: Collection[str] = (),
    slots: Slots | None = None,
) -> OwnWords:
    """Return the own text.

    `letter_lines` are the lines of letters to this member in order, `known_lines` those of the member's
    signature. A known line with a decision word is ignored, and so is one without another signature line next
    to it (`slots` contain the author's names).
    """
    if not letter_lines and not known_lines and is_plain(text):
        return OwnWords(tuple(map(OwnLine, split_lines(text))), is_cut(text))
    return split_every_line(text, letter_lines, known_lines, slots)


def split_every_line(
    text: str,
    letter_lines: Collection[str] = (),
    known_lines: Collection[str] = (),
    slots: Slots | None = None,
) -> OwnWords:
    """Return the same without the fast path for plain text."""
    letters, foreign = build_both_forms(tuple(letter_lines))
    written = split_lines(text)
    known = _find_known(written, known_lines, slots)
    ours = find_ours(written, letters, foreign=foreign) | known
    lines = [_Line(line, _is_quotation(written, at, ours), at in ours) for at, line in enumerate(written)]
    labelled = _label(lines)
    kept = tuple(_keep(labelled, letters))
    if any(line.text.strip() for line in kept):
        signed = {at for at in known if slots and names_writer(fold_phrase(written[at]), slots)}
        kept = tuple(line._replace(signs=at in signed) for at, line in enumerate(kept))
    else:  # if there are only known lines, they are what the author says
        kept = tuple(_keep([line._replace(ours=False) for line in labelled], letters))
    return OwnWords(kept, is_cut(text))


def _is_quotation(written: Sequence[str], at: int, ours: Collection[int]) -> bool:
    """Return whether a line is quoted; a single marked line that addresses somebody is not."""
    if not is_quoted(written[at]):
        return False
    beside = [*written[max(0, at - 1) : at], *written[at + 1 : at + 2]]
    return at in ours or not _CALLS.match(written[at]) or any(map(is_quoted, beside))


def fold_known(line: str) -> str:
    """Return a signature line as it is stored: folded, with single spaces that keep words apart."""
    return fold_line(line).casefold()


def has_stem(line: str) -> bool:
    """Return whether a line contains a decision word, with or without spaces inside."""
    folded = fold_phrase(line)
    return STEMS.search("".join(folded.split())) is not None or STEMS.search(folded) is not None


def _find_known(written: Sequence[str], known_lines: Collection[str], slots: Slots | None) -> set[int]:
    """Return the indexes of the lines of the author's signature."""
    known = keep_comparable(compact_line(line) for line in known_lines if not has_stem(line))
    return find_signed(written, [compact_line(line) in known for line in written], slots) if known else set()


def remove_echo(text: str, letter_lines: Collection[str], values: Collection[str]) -> str:
    """Return the text with quotations, but without the `values` quoted from letters to this person.

    Lines of `letter_lines` that come back with the letter are no answer; if typed again, they are.
    """
    written = split_lines(text)
    echo = find_ours(written, build_letter_forms(values, bare_line), bare_line)
    if not echo:
        return text
    labelled = _label([_Line(line, is_quoted(line), at in echo) for at, line in enumerate(written)])
    others = find_ours(written, build_both_forms(tuple(letter_lines))[0]) - echo
    is_embedded = sum(not labelled[at].quoted for at in others) >= _EMBEDDED_LINES
    gone = {at for at in echo if is_embedded or labelled[at].quoted or labelled[at].label == "old"}
    return "\n".join(line for at, line in enumerate(written) if at not in gone)


def _label(lines: Sequence[_Line]) -> list[_Line]:
    """Label the lines with what the rules, marks and headers above them announce."""
    found: list[_Line] = []
    folded = [fold_line(line.text) for line in lines]
    label: Label = ""
    quoting = False  # a quotation follows the header: own text may follow it
    at = 0
    while at < len(lines):
        line = lines[at]
        reach = 0 if line.quoted or line.ours else find_head(folded, at)
        if reach:
            label, quoting = "old", False
            found += [each._replace(label=label, head=True) for each in lines[at : at + reach]]
            at += reach
            continue
        if label == "old" and line.quoted:
            quoting = True
        elif label == "old" and quoting and line.text.strip() and not line.ours:
            label = ""
        mark = "" if line.quoted else find_mark(line.text, folded[at])
        if mark and label != "old":
            label = mark
        found.append(line._replace(label=label, head=bool(mark)) if label or mark else line)
        at += 1
    return found


def _is_said(line: _Line) -> bool:
    return bool(line.text.strip()) and not (line.quoted or line.ours or line.head)


def _keep(lines: Sequence[_Line], letters: frozenset[str]) -> Iterator[OwnLine]:
    """Yield what remains of the lines, one for one."""
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
    """Return whether a quoted line is a whole line of a letter, or empty, so that no rest of it follows."""
    words = compact_line(QUOTE_MARKS.sub("", quoted))
    return not words or words in letters


def _is_wrapped_rest(above: str, line: str, below: _Line) -> bool:
    """Return whether a line may be the end of a quoted line that was wrapped in transit."""
    return not has_sentence_end(above) or (below.quoted and not has_sentence_end(line))


def _find_old_mail(lines: Sequence[_Line]) -> frozenset[int]:
    """Return the indexes of the unmarked lines of an old mail that is not ours.

    They must be below a complete header, long enough to be a mail, without any line of ours, decision word,
    second thought, request or open matter. Below a header that names the desk there is a letter of ours:
    lines that are in no letter are the author's.
    """
    heads = [at for at, line in enumerate(lines) if line.label == "old" and line.head]
    if not heads:
        return frozenset()
    below = [at for at in range(heads[0], len(lines)) if lines[at].label == "old" and not lines[at].head]
    said = [at for at in below if _is_said(lines[at])]
    mixed = any(lines[at].ours or lines[at].quoted for at in below)
    head = "".join(compact_line(line.text) for line in lines if line.head and line.label == "old")
    if len(said) < _OLD_MAIL_LINES or mixed or may_be_meant(head, [lines[at].text for at in said]):
        return frozenset()
    return frozenset(said)
