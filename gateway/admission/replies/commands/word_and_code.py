"""Word and code on the first line of a reply: 承認 4F7K. They stand together in no letter of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gateway.admission.replies.commands.below_code import CODED_ONLY
from gateway.admission.replies.grammar.vocabulary import EMERGENCY, TERMINALS
from gateway.admission.replies.text.own_words import OwnWords
from gateway.admission.replies.text.sentences import fold_compact, fold_phrase, strip_decoration

_CODED = re.compile(r"(?P<word>\S{2,10}?) ?[\[(【]?(?P<code>[0-9a-z]{4})[\])】]?")
# Signs of Crockford's alphabet that look alike.
_ALIKE = str.maketrans("oil", "011")
_WORDS = {word: name for name, terminals in {**TERMINALS, **EMERGENCY}.items() for word in terminals} | {
    "取り消し": "undo",
    "取消し": "undo",
    "差し戻し": "ask",
    "差戻し": "ask",
    "担当": "take",
    "take": "take",
    **CODED_ONLY,
}


@dataclass(frozen=True, slots=True)
class CodedWord:
    """A word of decision with a code, the number of its line, and whether the code is the right one."""

    decision: str
    line: int
    is_right: bool


def find_code(own: OwnWords, code: str, words: Mapping[str, str] = _WORDS) -> CodedWord | None:
    """Word and code on the first line of the own words; None when they do not stand there."""
    at = next((number for number, line in enumerate(own.lines) if line.text.strip()), None)
    if at is None or own.lines[at].label or own.lines[at].wrapped:
        return None
    coded = _CODED.fullmatch(strip_decoration(" ".join(fold_phrase(own.lines[at].text).split())))
    decision = words.get(coded["word"]) if coded else None
    if coded is None or decision is None:
        return None
    is_right = fold_code(coded["code"]) == fold_code(code)
    # "approve this" holds no code: a wrong one has a digit, or stands behind a Japanese word.
    is_meant = not coded["word"].isascii() or any(sign.isdigit() for sign in coded["code"])
    return CodedWord(decision, at, is_right) if is_right or is_meant else None


def fold_code(code: str) -> str:
    """A code as compared: width and case folded, with one sign for those that look alike."""
    return fold_compact(code).translate(_ALIKE)
