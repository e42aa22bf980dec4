"""Words that count only with the code, and the text below them: a message, a correction, a name.

None of them decides a case. The whole reply is unclear if it contains another decision, text that is not the
member's own, or text that contradicts the word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gateway.admission.replies.context import ReplyContext, Slots, build_slots
from gateway.admission.replies.grammar.beside.questions import is_among_colleagues, names_colleague
from gateway.admission.replies.grammar.beside.reasons import find_turned, has_second_thought
from gateway.admission.replies.grammar.parsing.matching import read_decisions
from gateway.admission.replies.grammar.parsing.units import DecidingMatch, Unit
from gateway.admission.replies.grammar.vocabulary import find_stems
from gateway.admission.replies.notes import correction, elsewhere
from gateway.admission.replies.text import own_words
from gateway.admission.replies.text.own_words import OwnLine, OwnWords
from gateway.admission.replies.text.sentences import fold_compact, fold_phrase, strip_decoration
from gateway.patterns import compile_later

# As written before the code; 再開 ends a stop, or reopens a closed case if nothing is stopped.
CODED_ONLY: Mapping[str, str] = {
    "返信": "reply",
    "reply": "reply",
    "メモ": "memo",
    "memo": "memo",
    "取り下げ": "withdraw",
    "取下げ": "withdraw",
    "withdraw": "withdraw",
    "審査再開": "reopen",
    "reopen": "reopen",
    "訂正": "correct",
    "correct": "correct",
    "引継": "handover",
    "引き継ぎ": "handover",
    "引継ぎ": "handover",
    "handover": "handover",
}


@dataclass(frozen=True, slots=True)
class Below:
    """The text to pass on, or an empty string; sentences in `unread` make the reply unclear."""

    note: str = ""
    unread: tuple[Unit, ...] = ()


def names_coded_word(text: str, context: ReplyContext) -> bool:
    """Return whether the first own line is one of these words without its code, or the word and a colon."""
    own = own_words.split(text, context.letter_lines, context.known_lines)
    first = next((line.text for line in own.lines if line.text.strip()), "")
    said = strip_decoration(fold_compact(re.split("[:：]", first, maxsplit=1)[0]))
    return said in CODED_ONLY


def drop_shown(below: OwnWords, context: ReplyContext, decision: str) -> OwnWords:
    """Blank the lines below word and code that our last answer showed as not understood.

    A line with another decision word is kept.
    """
    shown = fold_shown(context, decision)
    return OwnWords(
        tuple(line._replace(text="") if fold_compact(line.text) in shown else line for line in below.lines)
    )


def leave_out(
    below: OwnWords, doubtful: Sequence[Unit], context: ReplyContext, decision: str
) -> tuple[OwnWords, tuple[str, ...]]:
    """Remove the lines whose doubtful sentences were all shown as not understood, and return both."""
    shown = fold_shown(context, decision)
    lines = {
        at
        for at in {unit.sentence.line for unit in doubtful}
        if fold_compact(below.lines[at].text) in shown
        or all(_is_shown(unit, shown) for unit in doubtful if unit.sentence.line == at)
    }
    kept = (line._replace(text="") if at in lines else line for at, line in enumerate(below.lines))
    return OwnWords(tuple(kept)), tuple(below.lines[at].text.strip()[:100] for at in sorted(lines))


def _is_shown(unit: Unit, shown: frozenset[str]) -> bool:
    return fold_compact(unit.sentence.raw + unit.sentence.mark) in shown


def fold_shown(context: ReplyContext, decision: str) -> frozenset[str]:
    """Return what our last answer showed as not understood, folded, without other decision words."""
    shown = map(fold_compact, context.shown_unread)
    return frozenset(said for said in shown if {decision}.issuperset(find_stems(said)))


def find_new(units: Sequence[Unit], context: ReplyContext, decision: str) -> list[Unit]:
    """Return the units that are neither harmless nor were shown as not understood before."""
    shown = fold_shown(context, decision)
    return [unit for unit in units if unit.kind is None and not _is_shown(unit, shown)]


def read_below(word: str, below: OwnWords, context: ReplyContext) -> Below:
    """Parse the text below `word` and code (whose line is blank in `below`)."""
    units = read_decisions(below, build_slots(context), decided=True)
    stray = [unit for unit in units if unit.match is not None or _is_not_own(unit)]
    return Below(unread=tuple(stray)) if stray else _READERS[word](units, below, context)


def _is_not_own(unit: Unit) -> bool:
    """Return whether the unit may be the rest of a quotation."""
    return unit.is_unknown and (unit.line.wrapped or unit.line.label == "old")


def _read_reply(units: Sequence[Unit], below: OwnWords, context: ReplyContext) -> Below:
    """Parse a message to the applicant.

    Text that leads elsewhere or is meant for colleagues is shown once and needs the code again.
    """
    slots, shown = build_slots(context), fold_shown(context, "reply")
    strange = find_turned(units, DecidingMatch("ask"), slots) or [
        *elsewhere.find_leading(units, shown),
        *elsewhere.drop_shown([unit for unit in units if _is_for_colleagues(unit, slots)], shown),
    ]
    return Below(unread=tuple(strange)) if strange else _read_memo(units, below, context)


def _is_for_colleagues(unit: Unit, slots: Slots) -> bool:
    said = unit.sentence.raw + unit.sentence.mark
    is_placeholder = _PLACEHOLDER.fullmatch(said.strip()) is not None
    return unit.kind is None and (
        is_placeholder or is_among_colleagues(said, slots) or names_colleague(said, slots)
    )


# A text in brackets, or characters that stand for a text.
_PLACEHOLDER = compile_later(r"[(（\[［<＜【〈][^\n]*[)）\]］>＞】〉]|[\W_xXｘＸ○◯●]+")


def _read_memo(units: Sequence[Unit], below: OwnWords, _: ReplyContext) -> Below:
    """Take everything up to the signature; text after it that is not understood may belong to the message."""
    end = _find_end(units, below)
    behind = tuple(unit for unit in units if unit.sentence.line >= end and unit.is_unknown)
    if any(not unit.line.label for unit in behind):
        return Below(unread=behind)
    return Below("\n".join(line.text for line in below.lines[:end]).strip())


def _find_end(units: Sequence[Unit], below: OwnWords) -> int:
    """Return the index of the line on which the signature starts."""
    ends = (unit.sentence.line for unit in units if unit.is_signature or unit.line.label)
    return next(ends, len(below.lines))


def _read_correction(units: Sequence[Unit], below: OwnWords, _: ReplyContext) -> Below:
    """Parse labelled lines; every other line must be understood, and no value may be doubtful."""
    labelled = {
        at for at, line in enumerate(below.lines) if not line.label and correction.is_labelled(line.text)
    }
    strange = [unit for unit in units if _is_doubtful(unit, labelled)]
    if strange:
        return Below(unread=tuple(strange))
    said = "\n".join(below.lines[at].text.strip() for at in sorted(labelled))
    return Below(said if correction.read_correction(said) is not None else "")


def _is_doubtful(unit: Unit, labelled: set[int]) -> bool:
    if unit.sentence.line not in labelled:
        return unit.is_unknown
    asks = unit.sentence.is_question or unit.sentence.is_hesitant
    return asks or has_second_thought(fold_phrase(unit.sentence.raw))


def _read_name(units: Sequence[Unit], below: OwnWords, context: ReplyContext) -> Below:
    """Parse a colleague's name on the first line, as in the settings."""
    slots = build_slots(context)
    at = next((at for at, line in enumerate(below.lines) if line.text.strip()), -1)
    first = below.lines[at] if at >= 0 else OwnLine("")
    named = re.fullmatch(
        rf"(?P<who>{slots.others}|\S+@\S+?)(?:さん|様|氏)?(?:の(?:件|分|担当分))?。?",
        " ".join(fold_phrase(first.text).split()),
    )
    rest = tuple(unit for unit in units if unit.sentence.line != at and unit.is_unknown)
    if named is None or first.label or rest:
        strange = tuple(unit for unit in units if unit.sentence.line == at)
        return Below(unread=rest or strange)
    return Below(named["who"])


_READERS: Mapping[str, Callable[[Sequence[Unit], OwnWords, ReplyContext], Below]] = {
    "reply": _read_reply,
    "memo": _read_memo,
    "correct": _read_correction,
    "handover": _read_name,
}
WITH_TEXT = frozenset(_READERS)
