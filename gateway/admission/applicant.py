"""What applicants and their colleagues can cause: apply, complete, confirm, withdraw."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.admission import calendar, letters
from gateway.admission.confirmation import Confirmation
from gateway.admission.domains import Decision as Standing
from gateway.admission.form import merge, missing
from gateway.admission.intent import Apply, Confirm, Supplement
from gateway.admission.labels import Item
from gateway.admission.model import ADMITTED, OPEN, Case, Desk, Event, Letter, Owed, State, Step, moved

# The category that a domain class shows by itself, so that nobody is asked for what we know.
CATEGORY_OF_DOMAIN = {
    "local_gov_lg": "local",
    "local_gov_regional": "local",
    "national_gov": "national",
}


def apply(case: Case | None, intent: Apply, now: datetime, desk: Desk) -> Step:
    """Open a case, or go on with the one that this applicant already has."""
    if case is not None and case.state in OPEN:
        return supplement(case, Supplement(intent.form, ""), desk)
    if case is not None and case.state in ADMITTED:
        owed = (letters.to_applicant(case, Letter.ALREADY_ADMITTED),)
        return Step(case, owed, (Event("application.repeated", str(intent.applicant)),))
    due_on = calendar.due_date(now, desk.open_days, desk.closings)
    opened = Case(intent.number, intent.applicant, intent.form, intent.background, now, due_on)
    return _advance(opened, desk, Event("application", str(intent.applicant)))


def supplement(case: Case, intent: Supplement, desk: Desk) -> Step:
    """Take over what is new in a form; a text without a form goes to the staff as it is."""
    event = Event("supplement", str(case.applicant))
    if case.state not in OPEN:
        return Step(case, _passed_on(case, intent, desk), (event,))
    form = merge(case.form, intent.form)
    if intent.form.empty:
        return Step(case, _passed_on(case, intent, desk), (event,))
    if form == case.form and case.state is not State.NEEDS_INFORMATION:
        return Step(case, (letters.to_applicant(case, Letter.ACKNOWLEDGMENT),), (event,))
    return _advance(replace(case, form=form, revision=case.revision + 1), desk, event)


def withdraw(case: Case, desk: Desk) -> Step:
    """The applicant takes the application back; what was admitted is for the staff to undo."""
    event = Event("withdrawal", str(case.applicant))
    if case.state not in OPEN and case.state is not State.APPROVED:
        return Step(case, letters.notices(case, desk, "wrote", text="取り下げの申し出"), (event,))
    gone = moved(case, State.WITHDRAWN)
    owed = (letters.to_applicant(gone, Letter.WITHDRAWAL_RECEIPT), *letters.notices(gone, desk, "withdrawn"))
    return Step(gone, owed, (event,), recalled=frozenset({Letter.INVITATION, Letter.ACKNOWLEDGMENT}))


def confirm(case: Case, intent: Confirm, desk: Desk) -> Step:
    """A colleague's answer counts from an own-class domain; the rest is passed on to the staff."""
    detail = {"answer": intent.answer.value, "domain": intent.background.organisation}
    event = Event("affiliation", str(intent.by), detail)
    if case.state is not State.AWAITING_AFFILIATION:
        return Step(case, letters.notices(case, desk, "third_party", by=str(intent.by)), (event,))
    if intent.background.standing is not Standing.OWN or intent.answer is Confirmation.NONE:
        return Step(case, letters.notices(case, desk, "confirmation_unusable", by=str(intent.by)), (event,))
    if intent.answer is Confirmation.DENY:
        return Step(case, letters.review_requests(case, desk, "denied"), (event,))
    confirmed = replace(case, state=State.UNDER_REVIEW, confirmed_by=str(intent.by))
    owed = (
        letters.to_applicant(confirmed, Letter.ACKNOWLEDGMENT),
        *letters.review_requests(confirmed, desk, "confirmed"),
    )
    return Step(confirmed, owed, (event,))


def asked_for(case: Case) -> tuple[Item, ...]:
    """The items that the applicant still has to give; the code is asked for once."""
    category = CATEGORY_OF_DOMAIN.get(case.background.domain_kind, "")
    return missing(case.form, category=category, code_asked=case.state is State.NEEDS_INFORMATION)


def _advance(case: Case, desk: Desk, event: Event) -> Step:
    """From the form and the domain to the state that follows, with its letters."""
    case = replace(case, background=desk.review(case))
    items = asked_for(case)
    if items:
        waiting = moved(case, State.NEEDS_INFORMATION)
        detail = Event("information.missing", detail={"items": [item.value for item in items]})
        return Step(waiting, (letters.missing_fields(waiting, items),), (event, detail))
    occasion = "new" if case.revision == 1 else "changed"
    if case.background.standing is Standing.OWN or case.confirmed_by:
        review = moved(case, State.UNDER_REVIEW)
        answer = letters.to_applicant(review, Letter.ACKNOWLEDGMENT)
    else:
        review = moved(case, State.AWAITING_AFFILIATION)
        answer = letters.to_applicant(review, Letter.AFFILIATION_REQUEST)
    return Step(review, (answer, *letters.review_requests(review, desk, occasion)), (event,))


def _passed_on(case: Case, intent: Supplement, desk: Desk) -> tuple[Owed, ...]:
    return letters.notices(case, desk, "wrote", text=intent.text[:4000])
