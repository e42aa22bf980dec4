"""What the end of a hand-over means: for the letter, for its case, and for the staff."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.admission.case import decide as cases
from gateway.admission.case import letters
from gateway.admission.case.events import Handed, Intent, Joined, Undelivered
from gateway.admission.case.model import Desk, Event, Letter, Step
from gateway.log import events
from gateway.outbound.message import Written
from gateway.outbound.protocols import Delivery, Outcome
from gateway.outbound.retry import Schedule
from gateway.store import case_repository
from gateway.store.protocol import LetterRow, LetterState, Transaction

BARRED = "invitation.barred"
TOLD_AGAIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Done:
    """A hand-over that came to an end: delivered or not, or (`failure`) the letter could not be made."""

    row: LetterRow
    delivery: Delivery
    written: Written | None = None
    failure: str = ""


class Settling:
    """Works inside a store transaction. `wake` is called when further letters are owed."""

    def __init__(self, desk: Desk, schedule: Schedule, wake: Callable[[], None]) -> None:
        self._desk = desk
        self._schedule = schedule
        self._wake = wake

    def settle(self, tx: Transaction, done: Done, now: datetime) -> None:
        """Write down what became of a hand-over, and let the case hear of it."""
        row, delivery = done.row, done.delivery
        if done.written is not None:
            tx.keep_sent_text(row.id, done.written.subject, done.written.text)
        if done.failure and row.failures + 1 >= self._schedule.max_failures:
            self.hold(tx, row, done.failure, now)
        elif delivery.outcome is Outcome.SENT:
            tx.settle(row.id, LetterState.SENT, now, delivery.reply, row.not_before)
            events.delivered(row.id, row.letter, row.number, delivery.reply)
            if row.letter is Letter.INVITATION:
                self._decide(tx, row, Handed(), now)
                if delivery.joined:
                    self._decide(tx, row, Joined("invitation sender"), now)
        elif self._is_final(row, done, now):
            tx.settle(row.id, LetterState.REFUSED, now, delivery.reply, row.not_before)
            self._decide(tx, row, Undelivered(row.letter, row.to, delivery.reply), now)
            events.not_delivered(row.id, row.letter, row.number, "refused", delivery.reply, row.attempts)
        else:
            retry_at = self._schedule.next_attempt(row.attempts, now)
            if delivery.barred:
                retry_at = now + self._schedule.barred_wait
                self._tell(tx, delivery.reply, now)
            elif delivery.retry_at:
                retry_at = max(retry_at, delivery.retry_at)
            tx.settle(row.id, LetterState.DEFERRED, now, delivery.reply, retry_at, failed=bool(done.failure))
            events.not_delivered(row.id, row.letter, row.number, "deferred", delivery.reply, row.attempts)

    def _is_final(self, row: LetterRow, done: Done, now: datetime) -> bool:
        """Only the other side ends a delivery; what is wrong with us waits for an operator."""
        if done.failure or done.delivery.barred:
            return False
        return done.delivery.outcome is Outcome.REFUSED or now - row.owed_at > self._schedule.give_up_after

    def hold(self, tx: Transaction, row: LetterRow, why: str, now: datetime) -> None:
        """Keep a letter until an operator releases it; the digest tells of it."""
        tx.settle(row.id, LetterState.HELD, now, why, now)
        detail = {"id": row.id, "letter": row.letter.value, "to": str(row.to), "cause": why}
        tx.journal((Event("letter.held", detail=detail),), now, row.case_id, None)
        events.not_delivered(row.id, row.letter, row.number, "held", why, row.attempts)

    def _decide(self, tx: Transaction, row: LetterRow, intent: Intent, now: datetime) -> None:
        case = tx.case(row.case_id) if row.case_id is not None else None
        step = cases.decide(case, intent, now, self._desk)
        case_repository.owe(tx, case_repository.save(tx, case, step), step, now, None)
        self._wake()

    def _tell(self, tx: Transaction, why: str, now: datetime) -> None:
        """The staff hear that no invitation leaves: once, until one was handed over or a week is over."""
        last = tx.journal_since(now - TOLD_AGAIN, (BARRED, "invitation.handed"), 1)
        if last and last[0].event == BARRED and last[0].detail.get("cause") == why:
            return
        owed = letters.notices_about_none(self._desk, "barred", cause=why)
        case_repository.owe(tx, None, Step(None, owed, (Event(BARRED, detail={"cause": why}),)), now, None)
        events.barred(why)
        self._wake()
