"""Words of a member that mean what the case or the desk makes of them: 再開, and those without their code."""

from __future__ import annotations

from dataclasses import replace

from gateway.admission.authority.brakes import Brake
from gateway.admission.case.model import Case, Desk
from gateway.admission.case.transitions.office.handling import CLOSED
from gateway.admission.replies import decision
from gateway.admission.replies.below_code import names_coded_word
from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.decision import Decision, ParsedReply
from gateway.printing.statement import Statement


def settle(
    reading: ParsedReply, text: str, context: ReplyContext, case: Case | None, desk: Desk
) -> ParsedReply:
    """The reading; 再開 and the code bring a closed case back where nobody stopped the desk, and who wrote a
    word without the code that it needs is told so."""
    if reading.decision is Decision.RESUME and reading.by_code and _is_closed(case, desk):
        return replace(reading, decision=Decision.REOPEN, why=Statement("read_as", word="reopen"))
    unread = reading.decision is Decision.NONE and reading.why != decision.STOP_ASKED
    if unread and reading.kind in {"", "sentence"} and names_coded_word(text, context):
        return replace(reading, why=Statement("code_word_wanted"))
    return reading


def _is_closed(case: Case | None, desk: Desk) -> bool:
    return case is not None and case.state in CLOSED and Brake.STOP not in desk.brakes
