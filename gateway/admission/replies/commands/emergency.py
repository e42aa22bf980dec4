"""The emergency stop in a reply: 停止 or 再開 as the author's entire text.

It is stricter than a decision: besides the word only a signature is permitted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from gateway.admission.replies.context import Slots
from gateway.admission.replies.grammar.parsing.matching import require_name
from gateway.admission.replies.grammar.parsing.units import DecidingMatch, read_units
from gateway.admission.replies.grammar.vocabulary import EMERGENCY, build_stem_pattern
from gateway.admission.replies.text.own_words import OwnWords
from gateway.admission.replies.text.sentences import Sentence, fold_phrase, strip_decoration
from gateway.patterns import compile_later

_DO = r"(?:を?(?:する|(?:いた|致)?します|して(?:ください|下さい)|お願い(?:いた|致)?します))?"
_WHOLE: Mapping[str, re.Pattern[str]] = {
    "stop": compile_later(rf"(?:緊急)?停止{_DO}|stop"),
    "resume": compile_later(rf"再開{_DO}|resume"),
}
_WHOLE_WORDS = compile_later("停止|再開|stop|resume")
_STOP = build_stem_pattern(frozenset(EMERGENCY["stop"]))


def read_emergency(own: OwnWords, slots: Slots) -> str:
    """Return `stop` or `resume` if the own text is nothing else; otherwise an empty string."""
    if not any(_WHOLE_WORDS.search(fold_phrase(line.text)) for line in own.lines):
        return ""
    units = require_name(read_units(own, slots, _match), slots, own)
    said = [unit for unit in units if unit.match is not None]
    misplaced = any(unit.line.label or unit.line.wrapped for unit in said)
    beside = all(unit.is_signature or unit.line.label for unit in units if unit.match is None)
    known = not any(unit.is_unknown for unit in units)
    if len(said) != 1 or misplaced or not beside or not known or said[0].match is None:
        return ""
    return said[0].match.decision


def names_stop(text: str) -> bool:
    """Return whether a text contains a word of the stop at all; its author is then asked."""
    folded = fold_phrase(text)
    return _STOP.search("".join(folded.split())) is not None or _STOP.search(folded) is not None


def _match(sentence: Sentence) -> DecidingMatch | None:
    if sentence.is_question or sentence.is_hesitant:
        return None
    said = strip_decoration(sentence.bare)
    name = next((name for name, pattern in _WHOLE.items() if pattern.fullmatch(said)), "")
    return DecidingMatch(name) if name else None
