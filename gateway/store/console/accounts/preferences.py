"""What members set about themselves in the console, without a code, by the same rules as by mail.

They are told of each change by mail, so that nobody else can make it unnoticed.
"""

from __future__ import annotations

from datetime import date, datetime

from gateway.admission.case.events import StaffQuery
from gateway.admission.case.model import Desk, MailChoice
from gateway.admission.case.transitions.office import looking
from gateway.store.console.outcome import Member, Outcome, What
from gateway.store.protocol import Transaction
from gateway.store.repositories import case_repository


def choose_mail(
    tx: Transaction, member: Member, choice: MailChoice | None, now: datetime, desk: Desk
) -> Outcome:
    """Record which letters the member receives; None: those of the settings."""
    return _carry_out(tx, StaffQuery(member.staff.address, "mail", by_web=True, mail=choice), now, desk)


def note_absence(
    tx: Transaction, member: Member, days: tuple[date, date] | None, now: datetime, desk: Desk
) -> Outcome:
    """Record the first and last day of an absence, replacing an earlier one; None ends it."""
    event = StaffQuery(member.staff.address, "away" if days else "back", days=days, by_web=True)
    return _carry_out(tx, event, now, desk)


def _carry_out(tx: Transaction, event: StaffQuery, now: datetime, desk: Desk) -> Outcome:
    ((_, planned),) = looking.answer(event, now, desk)
    if planned.absence is None and planned.mail_wish is None:
        return Outcome(What.REFUSED)
    case_repository.enqueue(tx, None, planned, now, None, desk.caps)
    return Outcome(What.DONE)
