"""Parses a decision word and its text entered in one of our forms like a reply by word and code.

There is one grammar: text that a reply may not contain below its code is not accepted from a form either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from gateway.admission.authority import tokens
from gateway.admission.replies.commands.word_and_code import fold_code
from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.decision import parse
from gateway.admission.replies.reading import Decision, ParsedReply, unclear_instead
from gateway.printing.statement import Statement

# What a form can say about a case, as in a reply.
WORDS: Mapping[Decision, str] = {
    Decision.APPROVE: "承認",
    Decision.DECLINE: "却下",
    Decision.ASK: "照会",
    Decision.HOLD: "保留",
    Decision.UNDO: "取消",
    Decision.TAKE: "担当",
    Decision.REPLY: "返信",
    Decision.MEMO: "メモ",
}
_TRIES = 100


def read_typed(wanted: Decision, text: str, until: date | None, context: ReplyContext) -> ParsedReply:
    """Return the reading of a form that says `wanted`, with its text and the date on which a hold ends.

    It is never a decision other than `wanted`; otherwise it decides nothing, and says why. Raises KeyError
    for a word that no form has.
    """
    code = _make_code(text)
    whole = f"{WORDS[wanted]} {code}\n\n{text}" if text.strip() else f"{WORDS[wanted]} {code}"
    reading = parse(whole, "", replace(context, code=code))
    if reading.decision is Decision.NONE:
        return reading
    if reading.decision is not wanted or not reading.by_code or reading.left_out:
        return unclear_instead(reading, Statement("doubt"), "sentence")
    if until is None or reading.until in {None, until}:
        return replace(reading, until=until or reading.until)
    return unclear_instead(reading, Statement("no_day", said=text), "date")


def _make_code(text: str) -> str:
    """Return a code that the text does not contain."""
    codes = (tokens.make_code("", attempt) for attempt in range(_TRIES))
    return next(code for code in codes if fold_code(code) not in fold_code(text))
