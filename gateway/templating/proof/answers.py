"""Finds lines of a letter that would count as a reply if a mail program left them without a quote mark.

A quotation may lose its marks and be wrapped at any width. So each line, broken at each width, alone or with
two neighbours, is parsed as if a person who may reply to this letter had written it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent
from gateway.admission.case.digest import lines as digest_lines
from gateway.admission.case.model import GENERAL_LETTERS, Letter
from gateway.admission.replies import decision
from gateway.admission.replies.context import NO_CONTEXT, ReplyContext, build_slots
from gateway.admission.replies.grammar.parsing.matching import match_decision
from gateway.admission.replies.grammar.parsing.units import find_candidates
from gateway.admission.replies.grammar.vocabulary import Reader, reader_stems
from gateway.admission.replies.outsiders.confirmation import Confirmation, parse_confirmation
from gateway.admission.replies.outsiders.withdrawal import is_withdrawal
from gateway.admission.replies.reading import CHANGING, Decision
from gateway.admission.replies.text.own_words import OwnLine, OwnWords
from gateway.admission.replies.text.sentences import Sentence
from gateway.mail.address import Address
from gateway.mail.text import display_width, wrap
from gateway.memoize import memoize
from gateway.templating.renderer import find_readers

WIDTHS = range(24, 101)
NEIGHBOURS = 2
_UNBROKEN = 0  # in place of a width
_DECIDING = CHANGING - {Decision.TAKE}
_MARK = re.compile(r"(?m)^\| ?")
_NOBODY = Address("nobody", "example.jp")


@dataclass(frozen=True, slots=True)
class Answer:
    """A line of the letter, what a quotation may leave of it, and what its `reader` parses from that."""

    line: str
    left: str
    reader: Reader
    says: str


class AnswerFinder:
    """Finds such lines letter by letter, and parses no line twice; `code` is the code of the letters."""

    def __init__(self, code: str) -> None:
        self._context = ReplyContext(code=code)
        self._code = code.casefold()
        self._read: set[tuple[bool, Reader, str]] = set()

    def find(self, letter: Letter, text: str) -> Iterator[Answer]:
        """Yield each line in this text of a letter that would count as a reply to it."""
        for near in _neighbourhoods(text):
            for reader in find_readers(letter):
                yield from self._find_in(letter, reader, near)

    def _find_in(self, letter: Letter, reader: Reader, near: str) -> Iterator[Answer]:
        if self._is_new(letter, reader, near + "\n"):  # no line ends so: a key for the unbroken text
            for left in sorted(_break(near)):
                says = self._says(letter, reader, left) if self._is_new(letter, reader, left) else ""
                if says:
                    yield Answer(_find_line(near, left, reader), left, reader, says)

    def _is_new(self, letter: Letter, reader: Reader, text: str) -> bool:
        """Return whether a text could be a reply at all and has not been parsed before."""
        key = (letter in GENERAL_LETTERS, reader, text)
        if key in self._read or not _may_answer(text, reader):
            return False
        self._read.add(key)
        return True

    def _says(self, letter: Letter, reader: Reader, left: str) -> str:
        """Return what the text alone would say as a reply; empty if nothing that counts."""
        coded = reader == "staff" and self._code in left.casefold()
        if coded and decision.parse(left, "", self._context).by_code:
            return "code"
        if reader == "confirmer":
            answer = parse_confirmation(left, self._context)
            return "" if answer is Confirmation.NONE else answer.value
        general = reader == "staff" and letter in GENERAL_LETTERS
        return (self._read_digest_reply(left) if general else "") or _READ[reader](left)

    def _read_digest_reply(self, left: str) -> str:
        """Return what one of its lines would do as a digest reply; empty if nothing."""
        entries = [
            *digest_lines.parse(_NOBODY, left, NO_CONTEXT, {}).entries,
            *digest_lines.parse(_NOBODY, left, self._context, {}, ("AB12-CD",)).entries,
        ]
        said = (
            one.reply.decision.value for one in entries if one.reply.decision in _DECIDING or one.together
        )
        return next(said, "")


def _neighbourhoods(text: str) -> Iterator[str]:
    """Yield each line of a letter with the two below it, without the marks of outside text."""
    lines = [line.strip() for line in _MARK.sub("", text).split("\n")]
    for at, line in enumerate(lines):
        if line:
            yield "\n".join(lines[at : at + NEIGHBOURS + 1])


def _find_line(near: str, left: str, reader: Reader) -> str:
    """Return the line that most of a reply comes from: the one with a word of the grammar."""
    said = next((piece for piece in left.split("\n") if _may_answer(piece, reader)), left)
    bare = "".join(said.split())
    lines = near.split("\n")
    return next((line for line in lines if bare in "".join(line.split())), lines[0])


def _break(near: str) -> set[str]:
    """Return the first line, and all three, broken in all possible ways, alone and with two neighbours."""
    found: set[str] = set()
    given = near.split("\n")
    widest = max(map(display_width, given))
    broken = [_break_line(line) for line in given]
    for columns in (*(width for width in WIDTHS if width < widest), WIDTHS[-1]):
        for way in (0, 1):
            lines = [piece for each in broken for piece in each.get(columns, each[_UNBROKEN])[way]]
            for at in range(len(lines)):
                found.add(lines[at].strip())
                found.add("\n".join(lines[at : at + NEIGHBOURS + 1]).strip())
    return found - {""}


@memoize(maxsize=16, max_key=170, why="each line of a letter is broken with the two above it as well")
def _break_line(line: str) -> Mapping[int, tuple[list[str], list[str]]]:
    """Return the pieces of a line, wrapped and cut, by each width that it exceeds, and unbroken."""
    width = display_width(line)
    return {
        _UNBROKEN: (wrap(line, width).split("\n"), [line]),
        **{
            columns: (wrap(line, columns).split("\n"), [*_cut_line(line, columns)])
            for columns in WIDTHS
            if columns < width
        },
    }


def cut(text: str, columns: int) -> str:
    """Cut each line at this width, as programs do that ignore word boundaries."""
    return "\n".join(piece for line in text.split("\n") for piece in _cut_line(line, columns))


def _cut_line(line: str, columns: int) -> Iterator[str]:
    held, width = "", 0
    for sign in line:
        own = display_width(sign)
        if held and width + own > columns:
            yield held
            held, width = "", 0
        held += sign
        width += own
    yield held


@memoize(maxsize=6000, max_key=170, why="most lines of a letter have already been checked")
def _read_decision(left: str) -> str:
    if not may_decide(left):  # a tenth of the work
        return ""
    said = decision.parse_fresh(left).decision
    return said.value if said in _DECIDING else ""


def may_decide(left: str) -> bool:
    """Return whether any sentence is a decision; without one, a text is none whatever else it says."""
    own = OwnWords(tuple(map(OwnLine, left.split("\n"))))
    found = find_candidates(own, build_slots(NO_CONTEXT))
    return any(_decides(one.raw, one.mark, one.bare, one.spaced) for one in found)


@memoize(maxsize=2000, max_key=170, why="a letter is wrapped at each width, mostly into the same sentences")
def _decides(raw: str, mark: str, bare: str, spaced: str) -> bool:
    sentence = Sentence(raw, mark, 0, 0, 0, first=True, last=True, bare=bare, spaced=spaced)
    return match_decision(sentence, build_slots(NO_CONTEXT)) is not None


@memoize(maxsize=6000, max_key=170, why="most lines of a letter have already been checked")
def _read_applicant(left: str) -> str:
    if is_withdrawal(left):
        return "withdrawal"
    return "consent" if parse_form(left).consent is Consent.YES else ""


_READ: Mapping[str, Callable[[str], str]] = {
    "staff": _read_decision,
    "applicant": _read_applicant,
}


def _may_answer(text: str, reader: Reader) -> bool:
    """Return whether the text contains any word of the reader's grammar; each of its sentences has one."""
    bare = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return any(stem in bare for stem in reader_stems(reader))
