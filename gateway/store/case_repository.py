"""Between a transaction and the rules: what a decision needs to know, and carrying out its step.

The same for mail in, for deliveries out and for housekeeping.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from gateway.admission.case.digest import MAX_LINES
from gateway.admission.case.digest_reply import DigestCase
from gateway.admission.case.events import DigestReply
from gateway.admission.case.model import RECALLABLE_LETTERS, Case, Transition
from gateway.admission.intake.mail_facts import TokenHolder
from gateway.store.protocol import TokenRow, Transaction

MAX_NUMBERS = 20


def load_token_holder(
    tx: Transaction, held: TokenRow | None, case: Case | None, now: datetime
) -> TokenHolder | None:
    """Whom a token was given to, with what was said in its letter; None without a token."""
    if held is None:
        return None
    return TokenHolder(
        purpose=held.purpose,
        addressee=held.addressee,
        letter=held.letter,
        revision=held.revision,
        expired=held.expires_at <= now,
        own_lines=frozenset(line.strip() for line in held.own_text.splitlines() if line.strip()),
        recallable=case is not None and tx.can_recall(case.id, RECALLABLE_LETTERS),
        shown_revisions=held.shown,
    )


def load_cases(tx: Transaction, batch: DigestReply) -> dict[str, DigestCase]:
    """The cases that the lines of a reply name."""
    found = (tx.case_by_number(entry.number) for entry in batch.entries)
    return {
        case.number: DigestCase(case, tx.can_recall(case.id, RECALLABLE_LETTERS)) for case in found if case
    }


def load_open_cases(tx: Transaction) -> tuple[tuple[Case, ...], int]:
    """The open cases that one letter can tell of, those due first, and how many more there are."""
    found = tx.open_cases(MAX_LINES + 1)
    return found, tx.count_open() - len(found)


def save(tx: Transaction, before: Case | None, step: Transition) -> Case | None:
    """Keep the case if it changed and take back what must not leave; gives the case with its id."""
    if step.case is None:
        return None
    after = step.case if step.case == before else tx.save(step.case)
    tx.recall(after.id, step.recalled)
    return after


def free_number(tx: Transaction, number: str, make: Callable[[], str]) -> str:
    """`number`, or another one if a case has it: of a thousand million, two are the same now and then."""
    for _ in range(MAX_NUMBERS):
        if tx.case_by_number(number) is None:
            break
        number = make()
    return number


def enqueue(
    tx: Transaction, after: Case | None, step: Transition, now: datetime, mail_id: int | None
) -> None:
    """Put the step's letters into the outbox and its events into the journal."""
    tx.enqueue(after, step.letters, now, mail_id)
    tx.journal(step.journal, now, after.id if after else None, mail_id)
