"""Parses answers of outsiders sentence by sentence: all of it is understood, or nothing counts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gateway.admission.replies.context import ReplyContext, Slots, build_slots
from gateway.admission.replies.grammar.names.signature import has_strangers_name
from gateway.admission.replies.grammar.parsing.units import DecidingMatch, Unit, read_units
from gateway.admission.replies.grammar.vocabulary import CONFIRMATION, WITHDRAWAL, build_stem_pattern
from gateway.admission.replies.text import own_words
from gateway.admission.replies.text.other_parts import shows_the_same
from gateway.admission.replies.text.own_words import OwnWords
from gateway.admission.replies.text.sentences import (
    Sentence,
    fold_compact,
    has_balanced_brackets,
    strip_decoration,
)
from gateway.patterns import compile_later

MAX_SENTENCE = 200
# The sentences of an answer by its name: Japanese without white space, English with single spaces.
Grammar = tuple[dict[str, re.Pattern[str]], dict[str, re.Pattern[str]]]
ANSWER_STEMS = build_stem_pattern(frozenset((*CONFIRMATION, *WITHDRAWAL)))


def read_answer(
    own: OwnWords, context: ReplyContext, grammar: Grammar, *, decided: bool = False
) -> list[Unit]:
    """Parse the own text into units (`decided`: an answer precedes it); empty for a text that is too long."""
    if not own.is_whole():
        return []
    slots = build_slots(context)
    return read_units(own, slots, lambda sentence: match_sentence(sentence, grammar), decided=decided)


def is_shown(
    units: Sequence[Unit],
    own: OwnWords,
    html_text: str,
    context: ReplyContext,
    grammar: Grammar,
    *,
    coded: bool = False,
) -> bool:
    """Return whether the HTML part, if any, says the same."""
    if not html_text:
        return True
    shown = own_words.split(html_text, context.letter_lines, context.known_lines)
    if not shown.is_whole():
        return False
    return shows_the_same(units, read_answer(shown, context, grammar), own, shown, ANSWER_STEMS, coded=coded)


def match_sentence(sentence: Sentence, grammar: Grammar) -> DecidingMatch | None:
    """Return the answer that one whole sentence is; None if it is none, or is doubtful."""
    if sentence.is_question or sentence.is_hesitant or len(sentence.bare) > MAX_SENTENCE:
        return None
    if not has_balanced_brackets(sentence.bare):
        return None
    for patterns, said in zip(grammar, (sentence.bare, sentence.spaced), strict=True):
        for name, pattern in patterns.items():
            if pattern.fullmatch(strip_decoration(said)):
                return DecidingMatch(name)
    return None


def is_all_understood(units: Sequence[Unit], context: ReplyContext) -> bool:
    """Return whether every unit is an answer, harmless, or the name of the author, whom we do not know."""
    slots = build_slots(context)
    for at, unit in enumerate(units):
        if unit.match is not None and (unit.line.wrapped or unit.line.label == "old"):
            return False
        if contradicts_claim(unit.sentence, context):
            return False
        if unit.is_unknown and (
            ANSWER_STEMS.search(unit.sentence.bare)
            or unit.sentence.mark.strip("。.")
            or not has_strangers_name(unit.sentence, slots, beside=_is_beside_signature(units, at, slots))
        ):
            return False
    return True


_LABELLED = compile_later(
    r"[^\w(（]*(?:ご)?(?P<what>所属|勤務先|団体名?|組織名?|部署名?|部課名|課名|配属先?|氏名|お?名前|申請者)(?:名)?\s*[:：]\s*(?P<value>\S.*)"
)
_NAMES = frozenset({"氏名", "名前", "お名前", "申請者"})


def contradicts_claim(sentence: Sentence, context: ReplyContext) -> bool:
    """Return whether a labelled line has another name, body or section than the claim.

    Written like that it is about the applicant, and is no signature.
    """
    labelled = _LABELLED.fullmatch(sentence.raw)
    if labelled is None:
        return False
    said = fold_compact(labelled["value"])
    if labelled["what"] in _NAMES:
        return fold_compact(context.applicant_name) not in said
    claimed = [fold_compact(each) for each in (context.department, context.organisation) if each]
    return not any(said.endswith(each) or each.endswith(said) for each in claimed)


def _is_beside_signature(units: Sequence[Unit], at: int, slots: Slots) -> bool:
    """Return whether a unit is where people sign: below a mark, next to a signature line, or at the end."""
    if at == len(units) - 1 and at and units[at - 1].sentence.line + 1 < units[at].sentence.line:
        return True
    return bool(units[at].line.label) or any(
        unit.is_signature or (unit.is_unknown and has_strangers_name(unit.sentence, slots, beside=False))
        for unit in (*units[max(0, at - 1) : at], *units[at + 1 : at + 2])
    )
