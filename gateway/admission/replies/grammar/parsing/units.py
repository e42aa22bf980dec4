"""A reply as units that are each understood or not: deciding, harmless, or neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from gateway.admission.replies.context import Slots
from gateway.admission.replies.grammar import harmless
from gateway.admission.replies.grammar.names.signature import is_signature_line, names_body
from gateway.admission.replies.grammar.phrases import Kind
from gateway.admission.replies.grammar.vocabulary import STEMS
from gateway.admission.replies.text.own_words import OwnLine, OwnWords
from gateway.admission.replies.text.sentences import (
    Sentence,
    fold_phrase,
    join_sentences,
    split_sentences,
    whole_line,
)
from gateway.memoize import memoize
from gateway.printing.statement import Statement

_JOINED = 4  # lines that a mail program may have made of one sentence


@dataclass(frozen=True, slots=True)
class DecidingMatch:
    """The decision in a sentence.

    `beside` is the text next to the word that is passed on, `labelled` whether it follows a colon, `until`
    the date as written.
    """

    decision: str
    beside: str = ""
    labelled: bool = False
    until: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence and how it was understood; it was not if both `match` and `kind` are None."""

    sentence: Sentence
    line: OwnLine
    match: DecidingMatch | None = None
    kind: Kind | None = None
    is_signature: bool = False

    @property
    def is_unknown(self) -> bool:
        """Return whether the grammar does not know the sentence."""
        return self.match is None and self.kind is None

    @property
    def has_stem(self) -> bool:
        """Return whether it contains a decision word, with or without spaces inside."""
        return any(STEMS.search(text) for text in (self.sentence.bare, self.sentence.spaced))


def show_words(text: str) -> str:
    """Return the author's words for use in an answer: one line, truncated."""
    return "".join(c if c.isprintable() else " " for c in text.strip())[:200]


def tell_near_miss(unit: Unit) -> Statement:
    """Return a statement that these words are close to a decision, but are none."""
    return Statement("nearly_read", said=show_words(unit.sentence.raw))


Matcher = Callable[[Sentence], DecidingMatch | None]
_SIGNATURE = Kind("")


@dataclass(slots=True)
class _Above:
    """The context above a sentence: a decision, a signature line, the name of a body in one."""

    decided: bool = False
    signed: bool = False
    placed: bool = False


def read_units(own: OwnWords, slots: Slots, match: Matcher, *, decided: bool = False) -> list[Unit]:
    """Parse the own text into units; a kind in the wrong place is not understood.

    `decided`: the decision precedes the text.
    """
    found: list[Unit] = []
    above = _Above(decided)
    sentences = list(_split(own, slots))
    at = 0
    while at < len(sentences):
        unit, reach = _read_unit(sentences, at, own, slots, match, above)
        found.append(unit)
        above.decided = above.decided or unit.match is not None
        above.signed = above.signed or unit.is_signature
        above.placed = above.placed or (unit.is_signature and names_body(unit.sentence.spaced))
        at += reach
    return _hold_notices_to_place(found, own)


def _hold_notices_to_place(units: Sequence[Unit], own: OwnWords) -> list[Unit]:
    """Accept notices of mail systems only apart from the author's text.

    They must be in a separate block, with a signature at most, or at the top of the mail. A tag may be
    anywhere.
    """
    begins = find_blocks(own)
    apart: dict[int, bool] = {}
    for unit in units:
        block = begins[unit.sentence.line]
        apart[block] = apart.get(block, True) and _is_system(unit)
    first, is_top = next(iter(apart), -1), True
    kept = []
    for at, unit in enumerate(units):
        block = begins[unit.sentence.line]
        beside = any(_is_beside(unit, other) for other in units[max(0, at - 1) : at + 2])
        is_top = is_top and block == first and _is_footer(unit) and not beside
        in_place = apart[block] or is_top or harmless.is_tag(unit.kind)
        kept.append(unit if in_place or not _is_footer(unit) else replace(unit, kind=None))
    return kept


def find_blocks(own: OwnWords) -> list[int]:
    """Return for each line the index of the first line of its block; a removed line ends a block."""
    begins = [0]
    for at, above in enumerate(own.lines, start=1):
        begins.append(begins[-1] if above.text.strip() or above.signs else at)
    return begins


def _is_footer(unit: Unit) -> bool:
    return unit.kind is not None and unit.kind.where == "footer"


def _is_system(unit: Unit) -> bool:
    """Return whether mail programs add it: a notice, a signature line, a mark without words."""
    return unit.is_signature or _is_footer(unit) or not any(map(str.isalnum, unit.sentence.bare))


def _is_beside(unit: Unit, other: Unit) -> bool:
    """Return whether another unit that is not a notice is on the same line."""
    return other.sentence.line == unit.sentence.line and not _is_footer(other)


def _read_unit(
    sentences: Sequence[Sentence],
    at: int,
    own: OwnWords,
    slots: Slots,
    match: Matcher,
    above: _Above,
) -> tuple[Unit, int]:
    """Return the unit that starts here, and how many sentences it takes: a program may have wrapped it."""
    for reach, joined in enumerate(_join_below(sentences, at), start=1):
        unit = _understand(joined, own, slots, match, above, alone=reach == 1)
        if not unit.is_unknown:
            return unit, reach
    return _understand(sentences[at], own, slots, match, above), 1


def find_candidates(own: OwnWords, slots: Slots) -> Iterator[Sentence]:
    """Yield each sentence that `read_units` may ask a matcher about: alone, and with those below it."""
    sentences = list(_split(own, slots))
    for at in range(len(sentences)):
        yield from _join_below(sentences, at)


def _split(own: OwnWords, slots: Slots) -> Iterator[Sentence]:
    """Yield the sentences; a signature or footer line is one, whatever full stops it contains."""
    by_line: dict[int, list[Sentence]] = {}
    text = own.text
    for sentence in split_sentences(text):
        by_line.setdefault(sentence.line, []).append(sentence)
    for sentences in by_line.values():
        whole = join_line(sentences, text)
        if len(sentences) > 1 and _is_signature(whole, slots):
            yield whole
        else:
            yield from sentences


def join_line(sentences: Sequence[Sentence], text: str) -> Sentence:
    """Join the sentences of one line into one."""
    start, stop = sentences[0].start, sentences[-1].stop
    whole = whole_line(text[start:stop], sentences[0].line)
    return Sentence(whole.raw, "", whole.line, start, stop, True, True, whole.bare, whole.spaced)


def _join_below(sentences: Sequence[Sentence], at: int) -> Iterator[Sentence]:
    """Yield a sentence alone, then joined with those below it, as far as a program may have wrapped it."""
    for reach in range(1, _JOINED + 1):
        joined = _join(sentences, at, reach)
        if joined is None:
            return
        yield joined


def _join(sentences: Sequence[Sentence], at: int, reach: int) -> Sentence | None:
    """Join this sentence and those below it if each continues on the next line; otherwise None."""
    parts = sentences[at : at + reach]
    if len(parts) < reach:
        return None
    for above, below in pairwise(parts):
        if (
            above.mark
            or len(above.bare) < 2
            or not above.last
            or not below.first
            or below.line != above.line + 1
        ):
            return None
    return parts[0] if reach == 1 else join_sentences(parts)


def _understand(
    sentence: Sentence, own: OwnWords, slots: Slots, match: Matcher, above: _Above, *, alone: bool = True
) -> Unit:
    """Classify a sentence; a signature must be on a line of its own (`alone`), as names are not wrapped."""
    line = own.lines[sentence.line]
    decided = match(sentence)
    if decided is not None:
        return Unit(sentence, line, match=decided)
    is_open = sentence.is_question or sentence.is_hesitant
    if alone and not is_open and _is_signature(sentence, slots, of_body=above.placed):
        return Unit(sentence, line, kind=_SIGNATURE, is_signature=True)
    said = (sentence.raw, sentence.mark, sentence.bare, sentence.spaced)
    kind = harmless.find_kind(*said, slots, above.placed)
    if kind is not None and not _fits(kind, line, above):
        kind = None
    return Unit(sentence, line, kind=kind)


def _is_signature(sentence: Sentence, slots: Slots, *, of_body: bool = False) -> bool:
    return _signs(sentence.raw, slots, of_body)


@memoize(maxsize=4096, max_key=170, why="several readers parse a mail, and the proof a letter at each width")
def _signs(raw: str, slots: Slots, of_body: bool) -> bool:
    return is_signature_line(" ".join(fold_phrase(raw).split()), slots, of_body=of_body)


def _fits(kind: Kind, line: OwnLine, above: _Above) -> bool:
    """Return whether a kind is permitted here: an address before the decision, an absence below the name."""
    if kind.where == "before":
        return not above.decided
    if kind.where == "signature":
        return line.label == "signature" or above.signed
    return True
