"""The result of parsing a staff reply: its decision, its text, or why it is unclear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Literal

from gateway.admission.replies.grammar.parsing.units import Unit, show_words
from gateway.admission.replies.text.own_words import OwnLine
from gateway.printing.statement import Statement

MAX_UNREAD = 3


NOTHING_SAID = Statement("no_decision")


class Decision(StrEnum):
    """The words of a reply.

    `stop` and `resume` are about the desk, those from `reply` to `handover` count only with the code, and the
    last four decide nothing about a case.
    """

    APPROVE = "approve"
    DECLINE = "decline"
    ASK = "ask"
    HOLD = "hold"
    UNDO = "undo"
    TAKE = "take"
    JOINED = "joined"
    RESEND = "resend"
    AFFILIATED = "affiliated"
    STOP = "stop"
    RESUME = "resume"
    REPLY = "reply"
    MEMO = "memo"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    CORRECT = "correct"
    HANDOVER = "handover"
    LIST = "list"
    STATUS = "status"
    HELP = "help"
    NONE = "none"


# Words that change something; the others are queries.
CHANGING = frozenset(Decision) - {Decision.NONE, Decision.LIST, Decision.STATUS, Decision.HELP}
ReplyKind = Literal[
    "", "footer", "quotation", "sentence", "date", "unbound", "html", "subject", "code", "automatic"
]


@dataclass(frozen=True, slots=True)
class ParsedReply:
    """A parsed reply.

    `note` is the reason, the question or the date as written (at most 1,000 characters, may be empty); `why`
    tells the author how the mail was understood. For an unclear mail, `unread` are up to three sentences that
    were not understood, and `kind` is where they are (`code`: a wrong code). `by_code`: word and code
    decided. `left_out` is what of a clear mail is not passed on, `until` the date on which a hold ends.
    `takes_back`: an unclear mail contains words of an undo; `meant` is its decision that does not count.
    """

    decision: Decision
    note: str
    why: Statement
    unread: tuple[str, ...] = ()
    kind: ReplyKind = ""
    by_code: bool = False
    left_out: tuple[str, ...] = ()
    until: date | None = None
    takes_back: bool = False
    meant: Decision = Decision.NONE

    @property
    def says_nothing(self) -> bool:
        """Return whether the mail contains only thanks, courtesies or a signature."""
        is_silent = self.decision is Decision.NONE and self.why == NOTHING_SAID
        return is_silent and not (self.unread or self.takes_back)


def unclear_instead(reading: ParsedReply, why: Statement, kind: ReplyKind) -> ParsedReply:
    """Return an unclear reading in place of one that must not count; its intention is kept."""
    undoes = reading.takes_back or reading.decision is Decision.UNDO
    return replace(unclear(why, kind), takes_back=undoes, meant=reading.decision)


def decided_on(decision: Decision) -> ParsedReply:
    """Return a reading of this decision without a text."""
    return ParsedReply(decision, "", Statement("read_as", word=decision.value))


def unclear(why: Statement, kind: ReplyKind, units: Sequence[Unit] = ()) -> ParsedReply:
    """Return a reading that decides nothing, with what was not understood."""
    unread = tuple(show_words(unit.sentence.raw + unit.sentence.mark) for unit in units[:MAX_UNREAD])
    return ParsedReply(Decision.NONE, "", why, unread, kind)


def not_understood(units: Sequence[Unit], why: Statement) -> ParsedReply:
    """Return an unclear reading because of these sentences; `kind` is where the first of them is."""
    first = units[0].line if units else OwnLine("")
    quoted = first.label == "old" or first.wrapped
    kind: ReplyKind = "quotation" if quoted else "footer" if first.label else "sentence"
    return unclear(why, kind, units)
