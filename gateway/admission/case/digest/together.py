"""The single line of a reply to a digest that approves many cases: 「注意のない12件を承認 4F7K」.

It stands for exactly the cases that this digest listed without 注意, and states their number. Each of them
is decided separately, and only if nothing about it has changed since.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from gateway.admission.case.events import DigestReplyLine
from gateway.admission.case.model import Case, Level, State, find_attention
from gateway.admission.replies.commands.word_and_code import fold_code
from gateway.admission.replies.reading import Decision, ParsedReply
from gateway.mail.text import fold
from gateway.patterns import compile_later
from gateway.printing.statement import Statement

_LINE = compile_later(r"注意のない([0-9]{1,3})件を承認[ \t]+([0-9a-z]{4})", re.IGNORECASE)
_LONGEST = 60
# Next to the decision word of a case with 注意, to confirm that its author has checked it.
_CHECKED = compile_later(r"(?:(?<=\s)|(?<=[、,，]))注意確認(?=[\s、,，。]|$)")
_APPROVE = ParsedReply(Decision.APPROVE, "", Statement("read_as", word="approve"), by_code=True)
_OTHER_COUNT = ParsedReply(Decision.NONE, "", Statement("line_other_count"))
_NOT_WAITING = Statement("line_not_waiting")
_ATTENTION_SINCE = Statement("line_attention_since")
_ATTENTION = Statement("line_attention")


def is_listed_together(case: Case) -> bool:
    """Return whether a digest lists the case among those that one line approves."""
    clear = find_attention(case).level is Level.CLEAR
    return clear and case.state is State.UNDER_REVIEW and not case.first_approval


def split_at_line(text: str, code: str) -> tuple[str, int | None, str]:
    """Split at the first line that approves many cases with this code.

    Return the text above, the number that the line states (None: no such line), and the text below.
    """
    lines = text.split("\n")
    for at, line in enumerate(lines):
        found = _LINE.fullmatch(fold(line).strip()) if len(line) <= _LONGEST else None
        if found is not None and code and fold_code(found[2]) == fold_code(code):
            return "\n".join(lines[:at]), int(found[1]), "\n".join(lines[at + 1 :])
    return text, None, ""


def expand(count: int | None, listed: Sequence[str], named: Collection[str]) -> tuple[DigestReplyLine, ...]:
    """Return a line for each listed case that is not named separately; none counts if `count` is wrong."""
    if count is None:
        return ()
    reading = _APPROVE if count == len(listed) else _OTHER_COUNT
    return tuple(DigestReplyLine(number, reading, together=True) for number in listed if number not in named)


def take_check(said: str) -> tuple[str, bool]:
    """Return a line without 注意確認, and whether that was next to its word."""
    rest, found = _CHECKED.subn("", said, count=1)
    return (rest.strip(), True) if found else (said, False)


def find_refusal(entry: DigestReplyLine, case: Case) -> Statement | None:
    """Return why a line does not approve this case although it says so; None if it may."""
    if entry.reply.decision is not Decision.APPROVE:
        return None
    level = find_attention(case).level
    if not entry.together:
        return _ATTENTION if level is Level.ATTENTION and not entry.checked else None
    if case.state is not State.UNDER_REVIEW:
        return _NOT_WAITING
    return None if level is Level.CLEAR else _ATTENTION_SINCE
