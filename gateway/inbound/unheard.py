"""No silence after 250: every mail changes a case, queues a letter, or is marked for the office."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gateway.admission.authority import tokens
from gateway.admission.case.events import CaseEvent, DigestReply, Note, Undelivered, UnreadReport
from gateway.admission.case.model import Case, Transition
from gateway.admission.intake.mail_facts import MailFacts
from gateway.mail.smtp.mailboxes import Purpose
from gateway.store.protocol import Transaction

NOTHING = "mail"
Pair = tuple[Case | None, Transition]


def has_changed(pairs: Iterable[Pair]) -> bool:
    """Return whether one of the transitions changes its case."""
    return any(transition.case != before for before, transition in pairs)


def silence_second_answer(
    tx: Transaction, mail: MailFacts, token: str | None, pairs: Iterable[Pair], now: datetime
) -> Note | None:
    """Return a note to suppress a second answer to automatic mail that changes nothing.

    If a mail to the same letter was answered before, two programs could answer each other endlessly.
    """
    found = list(pairs)
    if not mail.machine_mark or has_changed(found) or not any(one.letters for _, one in found):
        return None
    first, _ = found[0]
    if tx.record_once(f"machine {tokens.token_hash(token or '').hex()}", now, first):
        return None
    return Note("automatic", mail.machine_mark, "decision" if mail.purpose is Purpose.DECIDE else "words")


def silence_second_report(
    tx: Transaction, event: CaseEvent | DigestReply, token: str | None, pairs: Iterable[Pair], now: datetime
) -> Note | None:
    """Return a note in place of an unreadable report if one about the same letter was reported before."""
    if not isinstance(event, UnreadReport):
        return None
    first, _ = next(iter(pairs))
    if tx.record_once(f"unread report {tokens.token_hash(token or '').hex()}", now, first):
        return None
    return Note("unread_report", event.words, "words")


def mark(
    tx: Transaction, mail_id: int, event: CaseEvent | DigestReply, pairs: Iterable[Pair], put: int
) -> None:
    """Mark a mail that changed no case and queued no letter (`put`: the number queued).

    A letter that was not delivered is listed in the digest separately.
    """
    if put or has_changed(pairs) or isinstance(event, Undelivered):
        return
    tx.mark_unheard(mail_id, _find_held(event) or NOTHING)


def _find_held(event: CaseEvent | DigestReply) -> str:
    if isinstance(event, UnreadReport):
        return "words"
    return event.holds if isinstance(event, Note) else ""
