"""Explains how a reply was understood, sentence by sentence, for the answer to a practice reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.admission.replies.commands.word_and_code import find_code
from gateway.admission.replies.context import ReplyContext, Slots, build_slots
from gateway.admission.replies.grammar import harmless
from gateway.admission.replies.grammar.parsing.matching import read_decisions
from gateway.admission.replies.grammar.parsing.units import Unit
from gateway.admission.replies.text import own_words
from gateway.admission.replies.text.own_words import fold_known

MAX_TOLD = 40
_MAX_SIGNS = 200
# The names of grammar kinds in a letter; any other is a harmless sentence.
_NAMES: Mapping[str, str] = {
    "greeting": "greeting",
    "greeting in English": "greeting",
    "address": "address",
    "address of a body": "address",
    "thanks": "thanks",
    "thanks in English": "thanks",
    "self": "signature",
    "away": "signature",
}
_PLACES: Mapping[str, str] = {"footer": "footer", "approve": "support"}


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence as written, and how it was understood.

    Code, word, greeting, address, thanks, courtesy, support, signature, footer, known, remembered, quotation
    or unread.
    """

    said: str
    what: str


def explain(text: str, context: ReplyContext, learned: frozenset[str]) -> tuple[ReadSentence, ...]:
    """Return the sentences of a plain text in order, without quotations.

    `learned` are the lines that this reply adds to the known ones.
    """
    own = own_words.split(text, context.letter_lines)
    coded = find_code(own, context.code) if context.code else None
    known = frozenset(map(fold_known, context.known_lines))
    slots = build_slots(context)
    told = []
    # Next to a notice, lines of the author's signature are not part of the text.
    signed = own_words.split(text, context.letter_lines, context.known_lines)
    placed = {
        (each.sentence.line, each.sentence.raw): each for each in read_decisions(signed, slots) if each.kind
    }
    for read in read_decisions(own, slots):
        unit = placed.get((read.sentence.line, read.sentence.raw), read) if read.is_unknown else read
        line = fold_known(own.lines[unit.sentence.line].text)
        if coded is not None and unit.sentence.line == coded.line:
            what = "code" if coded.is_right else "unread"
        elif unit.is_unknown and line in known:
            what = "remembered" if line in learned else "known"
        else:
            what = _name(unit, slots)
        said = (unit.sentence.raw + unit.sentence.mark).strip()
        told.append(ReadSentence(said[:_MAX_SIGNS], what))
    return tuple(told[:MAX_TOLD])


def _name(unit: Unit, slots: Slots) -> str:
    if unit.match is not None:
        return "word"
    if unit.kind is None:
        return "quotation" if unit.line.label == "old" or unit.line.wrapped else "unread"
    if unit.is_signature:
        return "signature"
    kinds = harmless.build_grammar(slots).kinds
    name = next((name for name, (kind, _) in kinds.items() if kind is unit.kind), "")
    return _NAMES.get(name) or _PLACES.get(unit.kind.where, "courtesy")
