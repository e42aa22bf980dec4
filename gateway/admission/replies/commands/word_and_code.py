"""Word and code on the first line of a reply: 承認 4F7K. They stand together in no letter of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from gateway.admission.replies.commands.below_code import CODED_ONLY
from gateway.admission.replies.grammar.vocabulary import EMERGENCY, TERMINALS
from gateway.admission.replies.text.own_words import OwnLine, OwnWords
from gateway.admission.replies.text.sentences import fold_compact, fold_phrase, strip_decoration

# 承認 4F7K, 承認します 4F7K, 承認：4F7K, 承認 確認符号: 4F7K
_CODED = re.compile(
    r"(?P<word>[^\s:]{2,10}?)(?:(?:(?:し|いたし|致し)ます|です|でお願いします)(?=[ :]))?[ :]{0,3}"
    r"(?:(?:確認)?符号[ :]{0,2})?[\[(【]?(?P<code>[0-9a-z]{4})[\])】]?"
)
# 4F7K 承認
_CODE_FIRST = re.compile(r"(?P<code>[0-9a-z]{4}) (?P<word>[^\s:]{2,10})")
# 却下 4F7K 対象外の団体のため: what stands behind the code is said below it. A code has a digit here, so that
# each wrong one is counted.
_LEADING = re.compile(r"\s*(?P<head>\S{2,10}[ \t\u3000:：]{1,2}(?P<code>\S{4,6}))[ \t\u3000]+(?P<rest>\S.*)")
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
    """A word of decision with a code, the number of its line, whether the code is the right one, and what
    stands behind it on the line."""

    decision: str
    line: int
    is_right: bool
    rest: str = ""

    def is_apart(self, own: OwnWords) -> bool:
        """Whether the line below is blank: what touches word and code may belong to them."""
        below = own.lines[self.line + 1 : self.line + 2]
        return not below or not below[0].text.strip()

    def drop_from(self, own: OwnWords) -> OwnWords:
        """The own words without word and code."""
        return OwnWords((*own.lines[: self.line], OwnLine(self.rest), *own.lines[self.line + 1 :]))


def find_code(own: OwnWords, code: str, words: Mapping[str, str] = _WORDS) -> CodedWord | None:
    """Word and code on the first line of the own words; None when they do not stand there."""
    at = next((number for number, line in enumerate(own.lines) if line.text.strip()), None)
    if at is None or own.lines[at].label or own.lines[at].wrapped:
        return None
    return _read_line(own.lines[at].text, at, code, words) or _read_leading(
        own.lines[at].text, at, code, words
    )


def _read_line(text: str, at: int, code: str, words: Mapping[str, str]) -> CodedWord | None:
    said = strip_decoration(" ".join(fold_phrase(text).split()))
    coded = _CODED.fullmatch(said)
    if coded is None or coded["word"] not in words:
        coded = _CODE_FIRST.fullmatch(said)
    decision = words.get(coded["word"]) if coded else None
    if coded is None or decision is None:
        return None
    is_right = fold_code(coded["code"]) == fold_code(code)
    # "approve this" holds no code: a wrong one has a digit, or stands behind a Japanese word.
    is_meant = not coded["word"].isascii() or any(sign.isdigit() for sign in coded["code"])
    return CodedWord(decision, at, is_right) if is_right or is_meant else None


def _read_leading(text: str, at: int, code: str, words: Mapping[str, str]) -> CodedWord | None:
    """Word and code with a text behind them."""
    leading = _LEADING.fullmatch(text)
    if leading is None or not any(sign.isdigit() for sign in fold_code(leading["code"])):
        return None
    coded = _read_line(leading["head"], at, code, words)
    return replace(coded, rest=leading["rest"]) if coded else None


def fold_code(code: str) -> str:
    """A code as compared: width and case folded, with one sign for those that look alike."""
    return fold_compact(code).translate(_ALIKE)
