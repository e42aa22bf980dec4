"""The words that count beside the code alone, and what stands below them: a text, a correction, a name.

None of them decides a case. Whatever in the mail decides something by itself, is not the member's own, or
turns what is said makes the whole reply unclear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from gateway.admission.replies.context import ReplyContext, Slots, build_slots
from gateway.admission.replies.grammar.beside.reasons import find_turned, has_second_thought
from gateway.admission.replies.grammar.matching import read_decisions
from gateway.admission.replies.grammar.units import DecidingMatch, Unit
from gateway.admission.replies.grammar.vocabulary import find_stems
from gateway.admission.replies.notes import correction
from gateway.admission.replies.text import own_words
from gateway.admission.replies.text.own_words import OwnLine, OwnWords
from gateway.admission.replies.text.sentences import fold_compact, fold_phrase, strip_decoration

# As written before the code; 再開 is the end of a stop, and of a closed case where nothing is stopped.
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
    """The text as passed on, empty where none is; what was not understood makes the reply unclear."""

    note: str = ""
    unread: tuple[Unit, ...] = ()


def names_coded_word(text: str, context: ReplyContext) -> bool:
    """Whether the first own line is one of these words without its code, or the word with a colon."""
    own = own_words.split(text, context.letter_lines, context.known_lines)
    first = next((line.text for line in own.lines if line.text.strip()), "")
    said = strip_decoration(fold_compact(re.split("[:：]", first, maxsplit=1)[0]))
    return said in CODED_ONLY


def drop_shown(below: OwnWords, context: ReplyContext, decision: str) -> OwnWords:
    """The lines below word and code, blank where our last answer showed them as not understood; one with a
    word of another decision stays."""
    shown = fold_shown(context, decision)
    return OwnWords(
        tuple(replace(line, text="") if fold_compact(line.text) in shown else line for line in below.lines)
    )


def leave_out(
    below: OwnWords, doubtful: Sequence[Unit], context: ReplyContext, decision: str
) -> tuple[OwnWords, tuple[str, ...]]:
    """The lines below without those whose doubtful sentences were all shown as not understood, and these."""
    shown = fold_shown(context, decision)
    lines = {
        at
        for at in {unit.sentence.line for unit in doubtful}
        if fold_compact(below.lines[at].text) in shown
        or all(_is_shown(unit, shown) for unit in doubtful if unit.sentence.line == at)
    }
    kept = (replace(line, text="") if at in lines else line for at, line in enumerate(below.lines))
    return OwnWords(tuple(kept)), tuple(below.lines[at].text.strip()[:100] for at in sorted(lines))


def _is_shown(unit: Unit, shown: frozenset[str]) -> bool:
    return fold_compact(unit.sentence.raw + unit.sentence.mark) in shown


def fold_shown(context: ReplyContext, decision: str) -> frozenset[str]:
    """What our last answer showed as not understood, as compared, without words of another decision."""
    shown = map(fold_compact, context.shown_unread)
    return frozenset(said for said in shown if {decision}.issuperset(find_stems(said)))


def find_new(units: Sequence[Unit], context: ReplyContext, decision: str) -> list[Unit]:
    """The units that are of no harmless kind, and were not shown as not understood before."""
    shown = fold_shown(context, decision)
    return [unit for unit in units if unit.kind is None and not _is_shown(unit, shown)]


def read_below(word: str, below: OwnWords, context: ReplyContext) -> Below:
    """Read what stands below `word` and code (their own line is blank in `below`)."""
    slots = build_slots(context)
    units = read_decisions(below, slots, decided=True)
    stray = [unit for unit in units if unit.match is not None or _is_not_own(unit)]
    return Below(unread=tuple(stray)) if stray else _READERS[word](units, below, slots)


def _is_not_own(unit: Unit) -> bool:
    """Whether it may be the rest of a quotation."""
    return unit.is_unknown and (unit.line.wrapped or unit.line.label == "old")


def _read_reply(units: Sequence[Unit], below: OwnWords, slots: Slots) -> Below:
    turned = find_turned(units, DecidingMatch("ask"), slots)
    return Below(unread=tuple(turned)) if turned else _read_memo(units, below, slots)


def _read_memo(units: Sequence[Unit], below: OwnWords, _: Slots) -> Below:
    """All up to the signature; what is not understood behind it might belong to the text."""
    end = _find_end(units, below)
    behind = tuple(unit for unit in units if unit.sentence.line >= end and unit.is_unknown)
    if any(not unit.line.label for unit in behind):
        return Below(unread=behind)
    return Below("\n".join(line.text for line in below.lines[:end]).strip())


def _find_end(units: Sequence[Unit], below: OwnWords) -> int:
    """The number of the line on which the signature begins."""
    ends = (unit.sentence.line for unit in units if unit.is_signature or unit.line.label)
    return next(ends, len(below.lines))


def _read_correction(units: Sequence[Unit], below: OwnWords, _: Slots) -> Below:
    """Lines with a label; every other line must be known, and no value may be in doubt."""
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


def _read_name(units: Sequence[Unit], below: OwnWords, slots: Slots) -> Below:
    """One colleague on the first line, as the settings know them."""
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


_READERS: Mapping[str, Callable[[Sequence[Unit], OwnWords, Slots], Below]] = {
    "reply": _read_reply,
    "memo": _read_memo,
    "correct": _read_correction,
    "handover": _read_name,
}
WITH_TEXT = frozenset(_READERS)
