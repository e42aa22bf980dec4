"""The command that changes a case without a mail: taking back an admission whose letter has left.

It comes through `gateway.store.spool`, so what it holds is checked here as text from outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from gateway.admission import case as cases
from gateway.admission.intent import Revoke
from gateway.admission.model import ADMITTED, STATE_WORDS, Desk
from gateway.mail.text import printable
from gateway.store import steps
from gateway.store.port import Transaction
from gateway.store.spool import Handler, RefusedError, Request

REVOKE = "case.revoke"
MAX_REASON = 1_000


def handlers(desk: Desk) -> Mapping[str, Handler]:
    """The commands of `gateway case` that write, by name."""

    def revoke(tx: Transaction, request: Request, now: datetime) -> Mapping[str, object]:
        return _revoke(tx, request, now, desk)

    return {REVOKE: revoke}


def _revoke(tx: Transaction, request: Request, now: datetime, desk: Desk) -> Mapping[str, object]:
    number = str(request.arguments.get("number", "")).upper()
    reason = printable(str(request.arguments.get("reason", "")), MAX_REASON)
    case = tx.case_by_number(number)
    if case is None:
        raise RefusedError(f"no case has the number {number!r}; gateway case list shows them")
    if case.state not in ADMITTED:
        raise RefusedError(f"{number} is {case.state.value} ({STATE_WORDS[case.state]}): nothing to revoke")
    if not reason:
        raise RefusedError("reason = '': allowed is a text that says why")
    step = cases.decide(case, Revoke(request.by, reason), now, desk)
    steps.owe(tx, steps.save(tx, case, step), step, now, None)
    return {"number": number, "was": case.state.value, "reason": reason}
