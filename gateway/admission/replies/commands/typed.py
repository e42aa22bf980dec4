"""Parses a decision word and its text entered in one of our forms like a reply by word and code.

There is one grammar. A reason, question, message or note that it does not understand is what its field says:
it is passed on as written, unless it contains a word of decision, since the wrong field may have been chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from gateway.admission.authority import tokens
from gateway.admission.replies.commands.word_and_code import fold_code
from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.decision import parse
from gateway.admission.replies.grammar.vocabulary import STEMS
from gateway.admission.replies.notes.note import MAX_NOTE
from gateway.admission.replies.reading import Decision, ParsedReply, decided_on, unclear_instead
from gateway.mail.text import fold
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
# What is sent or kept as written.
_TEXTS = frozenset({Decision.DECLINE, Decision.ASK, Decision.REPLY, Decision.MEMO})
_TRIES = 100


def read_typed(wanted: Decision, text: str, until: date | None, context: ReplyContext) -> ParsedReply:
    """Return the reading of a form that says `wanted`, with its text and the date on which a hold ends.

    It is never a decision other than `wanted`; otherwise it decides nothing, and says why. Raises KeyError
    for a word that no form has.
    """
    code = _make_code(text)
    whole = f"{WORDS[wanted]} {code}\n\n{text}" if text.strip() else f"{WORDS[wanted]} {code}"
    reading = parse(whole, "", replace(context, code=code))
    is_read = reading.decision is wanted and reading.by_code and not reading.left_out
    if not is_read and wanted in _TEXTS and _is_only_text(text):
        return replace(decided_on(wanted), note=text.strip(), by_code=True)
    if reading.decision is Decision.NONE:
        return reading
    if not is_read:
        return unclear_instead(reading, Statement("doubt"), "sentence")
    if until is None or reading.until in {None, until}:
        return replace(reading, until=until or reading.until)
    return unclear_instead(reading, Statement("no_day", said=text), "date")


def _is_only_text(text: str) -> bool:
    """Return whether a text says something, is not too long, and contains no word of decision."""
    folded = fold(text)
    is_said = any(map(str.isalnum, text)) and len(text) <= MAX_NOTE
    return is_said and not any(STEMS.search(one) for one in (folded, "".join(folded.split())))


def _make_code(text: str) -> str:
    """Return a code that the text does not contain."""
    codes = (tokens.make_code("", attempt) for attempt in range(_TRIES))
    return next(code for code in codes if fold_code(code) not in fold_code(text))
