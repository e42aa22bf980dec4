"""Records the result of an attempt: for the letter, for its case, and for the staff."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.admission.case import letters
from gateway.admission.case.decide import decide
from gateway.admission.case.events import CaseEvent, InvitationSent, Joined, Undelivered
from gateway.admission.case.model import Desk, JournalEntry, Letter, Transition
from gateway.log import events
from gateway.outbound.message import ComposedMessage
from gateway.outbound.protocols import Delivery, Outcome
from gateway.outbound.retry import Schedule
from gateway.printing.fields import Fact
from gateway.printing.outside import Outside
from gateway.store.protocol import LetterRow, LetterState, Transaction
from gateway.store.repositories import case_repository

AUTH_FAILED_EVENT = "invitation.barred"
NOTIFY_AGAIN_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class CompletedDelivery:
    """A completed attempt: delivered or not, or the letter could not be built (`failure`)."""

    row: LetterRow
    delivery: Delivery
    written: ComposedMessage | None = None
    failure: str = ""


class OutcomeRecorder:
    """Records results within a store transaction; calls `wake` when further letters are queued."""

    def __init__(self, desk: Desk, schedule: Schedule, wake: Callable[[], None]) -> None:
        self._desk = desk
        self._schedule = schedule
        self._wake = wake

    def record_outcome(self, tx: Transaction, done: CompletedDelivery, now: datetime) -> None:
        """Record the result of an attempt, and pass it to the case."""
        row, delivery = done.row, done.delivery
        if not tx.holds_lease(row):  # recorded by a COMMIT of unknown result, or claimed by another
            events.letter_late(row.id, row.letter, row.number, delivery.reply)
            return
        if done.written is not None:
            tx.keep_sent_text(row.id, done.written.subject, done.written.text)
        if done.failure and row.failures + 1 >= self._schedule.max_failures:
            self.hold(tx, row, done.failure, now)
        elif delivery.outcome is Outcome.SENT:
            tx.record_outcome(row.id, LetterState.SENT, now, delivery.reply, row.not_before)
            events.letter_sent(row.id, row.letter, row.number, delivery.reply)
            if row.letter is Letter.INVITATION:
                self._decide(tx, row, InvitationSent(), now)
                if delivery.joined:
                    self._decide(tx, row, Joined("invitation sender"), now)
        elif self._is_final(row, done, now):
            tx.record_outcome(row.id, LetterState.REFUSED, now, delivery.reply, row.not_before)
            self._decide(tx, row, Undelivered(row.letter, row.to, delivery.reply), now)
            events.letter_not_sent(row.id, row.letter, row.number, "refused", delivery.reply, row.attempts)
        else:
            retry_at = self._schedule.next_attempt(row.attempts, now)
            if delivery.auth_failed:
                retry_at = now + self._schedule.auth_retry_wait
                self._notify_staff(tx, delivery.reply, now)
            elif delivery.retry_at:
                retry_at = max(retry_at, delivery.retry_at)
            tx.record_outcome(
                row.id, LetterState.DEFERRED, now, delivery.reply, retry_at, failed=bool(done.failure)
            )
            events.letter_not_sent(row.id, row.letter, row.number, "deferred", delivery.reply, row.attempts)

    def _is_final(self, row: LetterRow, done: CompletedDelivery, now: datetime) -> bool:
        """Return whether delivery ends: only the other side ends it, our own faults wait for an operator."""
        if done.failure or done.delivery.auth_failed:
            return False
        return done.delivery.outcome is Outcome.REFUSED or now - row.queued_at > self._schedule.give_up_after

    def hold(self, tx: Transaction, row: LetterRow, why: str, now: datetime) -> None:
        """Hold a letter until an operator releases it; the digest reports it."""
        tx.record_outcome(row.id, LetterState.HELD, now, why, now)
        detail: dict[str, Fact] = {"id": row.id, "letter": row.letter, "to": row.to, "cause": Outside(why)}
        tx.journal((JournalEntry("letter.held", detail=detail),), now, row.case_id, None)
        events.letter_not_sent(row.id, row.letter, row.number, "held", why, row.attempts)

    def _decide(self, tx: Transaction, row: LetterRow, event: CaseEvent, now: datetime) -> None:
        case = tx.case(row.case_id) if row.case_id is not None else None
        transition = decide(case, event, now, self._desk)
        case_repository.enqueue(
            tx, case_repository.save(tx, case, transition), transition, now, None, self._desk.caps
        )
        self._wake()

    def _notify_staff(self, tx: Transaction, why: str, now: datetime) -> None:
        """Notify the staff that no invitation can be sent.

        Done once, until one is sent or a week has passed.
        """
        last = tx.journal_since(now - NOTIFY_AGAIN_AFTER, (AUTH_FAILED_EVENT, "invitation.handed"), 1)
        if last and last[0].event == AUTH_FAILED_EVENT and last[0].detail.get("cause") == why:
            return
        outgoing = letters.general_notices(self._desk, "barred", cause=why)
        case_repository.enqueue(
            tx,
            None,
            Transition(None, outgoing, (JournalEntry(AUTH_FAILED_EVENT, detail={"cause": Outside(why)}),)),
            now,
            None,
            self._desk.caps,
        )
        events.invitation_auth_failed(why)
        self._wake()
