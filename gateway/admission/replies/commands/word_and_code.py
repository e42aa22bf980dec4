"""Word and code on the first line of a reply: 承認 4F7K. No letter of ours contains them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gateway.admission.replies.commands.below_code import CODED_ONLY
from gateway.admission.replies.grammar.vocabulary import EMERGENCY, TERMINALS
from gateway.admission.replies.text.own_words import OwnLine, OwnWords
from gateway.admission.replies.text.sentences import fold_compact, fold_phrase, strip_decoration
from gateway.patterns import compile_later

# 承認 4F7K, 承認します 4F7K, 承認：4F7K, 承認 確認符号: 4F7K
_CODED = compile_later(
    r"(?P<word>[^\s:]{2,10}?)(?:(?:(?:し|いたし|致し)ます|です|でお願いします)(?=[ :]))?[ :]{0,3}"
    r"(?:(?:確認)?符号[ :]{0,2})?[\[(【]?(?P<code>[0-9a-z]{4})[\])】]?"
)
# 4F7K 承認
_CODE_FIRST = compile_later(r"(?P<code>[0-9a-z]{4}) (?P<word>[^\s:]{2,10})")
# 却下 4F7K 対象外の団体のため: the text after the code belongs below it. Here a code must contain a digit, so
# that each wrong one is counted.
_LEADING = compile_later(
    r"\s*(?P<head>\S{2,10}[ \t\u3000:：]{1,2}(?P<code>\S{4,6}))[ \t\u3000]+(?P<rest>\S.*)"
)
# Characters of Crockford's alphabet that look alike.
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
    """A decision word with a code on the first own line.

    `line` is the index of the line, `is_right` whether the code is correct, `rest` the text after it on the
    line, `lines` how many lines word and code take.
    """

    decision: str
    line: int
    is_right: bool
    rest: str = ""
    lines: int = 1

    def is_apart(self, own: OwnWords) -> bool:
        """Return whether the next line is blank; otherwise it may belong to word and code."""
        below = own.lines[self.line + self.lines : self.line + self.lines + 1]
        return not below or not below[0].text.strip()

    def drop_from(self, own: OwnWords) -> OwnWords:
        """Return the own text without word and code."""
        said = (OwnLine(self.rest), *(OwnLine("") for _ in range(1, self.lines)))
        return OwnWords((*own.lines[: self.line], *said, *own.lines[self.line + self.lines :]))


def find_code(own: OwnWords, code: str, words: Mapping[str, str] = _WORDS) -> CodedWord | None:
    """Return word and code on the first line of the own text, or None."""
    at = next((number for number, line in enumerate(own.lines) if line.text.strip()), None)
    if at is None or own.lines[at].label or own.lines[at].wrapped:
        return None
    first = own.lines[at].text
    return (
        _read_line(first, at, code, words)
        or _read_leading(first, at, code, words)
        or _read_broken(own, at, code, words)
    )


def _read_broken(own: OwnWords, at: int, code: str, words: Mapping[str, str]) -> CodedWord | None:
    """Read the word, with the correct code alone on the next line: letters have the code after its label."""
    below = own.lines[at + 1 : at + 2] if words is _WORDS else ()  # outsiders must write both on one line
    if not below or below[0].label or below[0].wrapped or fold_code(below[0].text) != fold_code(code):
        return None
    coded = _read_line(" ".join((own.lines[at].text, below[0].text)), at, code, words)
    return replace(coded, lines=2) if coded is not None and coded.is_right else None


def _read_line(text: str, at: int, code: str, words: Mapping[str, str]) -> CodedWord | None:
    said = strip_decoration(" ".join(fold_phrase(text).split()))
    coded = _CODED.fullmatch(said)
    if coded is None or coded["word"] not in words:
        coded = _CODE_FIRST.fullmatch(said)
    decision = words.get(coded["word"]) if coded else None
    if coded is None or decision is None:
        return None
    is_right = fold_code(coded["code"]) == fold_code(code)
    # "approve this" contains no code: a wrong code has a digit, or follows a Japanese word.
    is_meant = not coded["word"].isascii() or any(sign.isdigit() for sign in coded["code"])
    return CodedWord(decision, at, is_right) if is_right or is_meant else None


def _read_leading(text: str, at: int, code: str, words: Mapping[str, str]) -> CodedWord | None:
    """Read word and code that are followed by a text."""
    leading = _LEADING.fullmatch(text)
    if leading is None or not any(sign.isdigit() for sign in fold_code(leading["code"])):
        return None
    coded = _read_line(leading["head"], at, code, words)
    return replace(coded, rest=leading["rest"]) if coded else None


def fold_code(code: str) -> str:
    """Fold a code for comparison: width, case and similar characters."""
    return fold_compact(code).translate(_ALIKE)
