"""Counters of replies that were not understood: wrong codes per letter, and all of them by kind.

A reply counts only if it comes from a member of staff, is authenticated and uses the member's own token, so
nobody else can invalidate a letter.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.admission.authority import tokens
from gateway.admission.case.events import CaseEvent, Decide, DigestReply
from gateway.admission.case.model import Case, Transition
from gateway.store.protocol import Transaction

MOST_WRONG_CODES = 3
UNCLEAR = "decision.unclear"


def count_wrong_code(
    tx: Transaction, token: str, case: Case | None, event: CaseEvent | DigestReply, now: datetime
) -> Decide | None:
    """Count a wrong code for the letter of `token`; return the final event if that invalidates the token."""
    if not isinstance(event, Decide) or event.reply.kind != "code":
        return None
    digest = tokens.token_hash(token)
    names = (f"wrong code {digest.hex()} {n}" for n in range(1, MOST_WRONG_CODES))
    if any(tx.record_once(name, now, case) for name in names):
        return None
    tx.revoke_token(digest, now)
    return replace(event, code_void=True)


def count_by_kind(tx: Transaction, transition: Transition, now: datetime) -> None:
    """Count replies that were not understood, by the part that was not."""
    for entry in transition.journal:
        if entry.name == UNCLEAR:
            tx.tally("unclear", str(entry.detail.get("kind") or "other"), now)
