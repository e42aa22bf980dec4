"""A reply as units that are each understood or not: what decides, what is harmless, and what is neither."""

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
from gateway.printing.statement import Statement

_JOINED = 4  # lines that a mail program may have made of one sentence


@dataclass(frozen=True, slots=True)
class DecidingMatch:
    """What a sentence decides. `beside` is the text at the word that is passed on, `labelled` that it stands
    behind a colon, `until` the day as written."""

    decision: str
    beside: str = ""
    labelled: bool = False
    until: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence and how it was understood; neither `match` nor `kind`: not at all."""

    sentence: Sentence
    line: OwnLine
    match: DecidingMatch | None = None
    kind: Kind | None = None
    is_signature: bool = False

    @property
    def is_unknown(self) -> bool:
        """Whether nothing in the grammar says what it means."""
        return self.match is None and self.kind is None

    @property
    def has_stem(self) -> bool:
        """Whether it holds a word of decision, with spaces inside or without."""
        return any(STEMS.search(text) for text in (self.sentence.bare, self.sentence.spaced))


def show_words(text: str) -> str:
    """A writer's words as an answer may hold them: one line, cut."""
    return "".join(c if c.isprintable() else " " for c in text.strip())[:200]


def tell_near_miss(unit: Unit) -> Statement:
    """That these words are near a decision, and are none."""
    return Statement("nearly_read", said=show_words(unit.sentence.raw))


Matcher = Callable[[Sentence], DecidingMatch | None]
_SIGNATURE = Kind("")


@dataclass(slots=True)
class _Above:
    """What stands above a sentence: a decision, a line of a signature, the name of a body in one."""

    decided: bool = False
    signed: bool = False
    placed: bool = False


def read_units(own: OwnWords, slots: Slots, match: Matcher, *, decided: bool = False) -> list[Unit]:
    """The own words unit by unit; what is of a kind but stands in the wrong place is not understood.
    `decided`: the decision stands above them."""
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
    """The units, with a notice of a mail system understood only apart from the writer's words: in a block of
    its own, with a signature at most, or at the top of the mail. A tag may stand anywhere."""
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
    """For each line the number of the first of its block; a line that was taken out ends one."""
    begins = [0]
    for at, above in enumerate(own.lines, start=1):
        begins.append(begins[-1] if above.text.strip() or above.signs else at)
    return begins


def _is_footer(unit: Unit) -> bool:
    return unit.kind is not None and unit.kind.where == "footer"


def _is_system(unit: Unit) -> bool:
    """Whether mail programs write it below a mail: a notice, a line of a signature, a mark without words."""
    return unit.is_signature or _is_footer(unit) or not any(map(str.isalnum, unit.sentence.bare))


def _is_beside(unit: Unit, other: Unit) -> bool:
    """Whether another unit that is no notice stands on the same line."""
    return other.sentence.line == unit.sentence.line and not _is_footer(other)


def _read_unit(
    sentences: Sequence[Sentence],
    at: int,
    own: OwnWords,
    slots: Slots,
    match: Matcher,
    above: _Above,
) -> tuple[Unit, int]:
    """The unit that begins here and how many sentences it takes: a mail program may have wrapped one."""
    for reach in range(1, _JOINED + 1):
        joined = _join(sentences, at, reach)
        if joined is None:
            break
        unit = _understand(joined, own, slots, match, above, alone=reach == 1)
        if not unit.is_unknown:
            return unit, reach
    return _understand(sentences[at], own, slots, match, above), 1


def _split(own: OwnWords, slots: Slots) -> Iterator[Sentence]:
    """The sentences; a line of a signature or of a footer is one, whatever stops it holds."""
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
    """The sentences of one line as one."""
    start, stop = sentences[0].start, sentences[-1].stop
    whole = whole_line(text[start:stop], sentences[0].line)
    return Sentence(whole.raw, "", whole.line, start, stop, True, True, whole.bare, whole.spaced)


def _join(sentences: Sequence[Sentence], at: int, reach: int) -> Sentence | None:
    """This sentence and those below it as one, when each goes on in the next line."""
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
    """What a sentence is; it signs only where it is a line by itself (`alone`), since nobody wraps a name."""
    line = own.lines[sentence.line]
    decided = match(sentence)
    if decided is not None:
        return Unit(sentence, line, match=decided)
    is_open = sentence.is_question or sentence.is_hesitant
    if alone and not is_open and _is_signature(sentence, slots, of_body=above.placed):
        return Unit(sentence, line, kind=_SIGNATURE, is_signature=True)
    kind = harmless.build_grammar(slots).find_kind(sentence, of_body=above.placed)
    if kind is not None and not _fits(kind, line, above):
        kind = None
    return Unit(sentence, line, kind=kind)


def _is_signature(sentence: Sentence, slots: Slots, *, of_body: bool = False) -> bool:
    return is_signature_line(" ".join(fold_phrase(sentence.raw).split()), slots, of_body=of_body)


def _fits(kind: Kind, line: OwnLine, above: _Above) -> bool:
    """Whether a kind may stand here: an address before the decision, an absence below the name."""
    if kind.where == "before":
        return not above.decided
    if kind.where == "signature":
        return line.label == "signature" or above.signed
    return True
