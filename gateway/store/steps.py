"""Carrying out a step of a case inside a transaction: the same for mail in and for deliveries out."""

from __future__ import annotations

from datetime import datetime

from gateway.admission.model import Case, Step
from gateway.store.port import Transaction


def save(tx: Transaction, before: Case | None, step: Step) -> Case | None:
    """Keep the case if it changed and take back what must not leave; gives the case with its id."""
    if step.case is None:
        return None
    after = step.case if step.case == before else tx.save(step.case)
    tx.recall(after.id, step.recalled)
    return after


def owe(tx: Transaction, after: Case | None, step: Step, now: datetime, mail_id: int | None) -> None:
    """Put the step's letters into the outbox and its events into the journal."""
    tx.owe(after, step.owed, now, mail_id)
    tx.journal(step.journal, now, after.id if after else None, mail_id)
