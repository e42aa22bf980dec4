"""What applicants and their colleagues can cause: apply, complete, confirm, withdraw."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.admission import business_days
from gateway.admission.application.form import merge, missing_items
from gateway.admission.application.labels import Item
from gateway.admission.case import deadlines, letters
from gateway.admission.case.events import Apply, Confirm, Supplement
from gateway.admission.case.model import (
    ADMITTED,
    OPEN,
    Case,
    Desk,
    JournalEntry,
    Letter,
    OutgoingLetter,
    State,
    Transition,
    awaiting_applicant,
    awaiting_review,
    with_state,
)
from gateway.admission.organisations.domains import Standing
from gateway.admission.replies.confirmation import Confirmation
from gateway.admission.replies.sentences import split_sentences

MAX_TEXT = 4_000
RECALLED_WHEN_WITHDRAWN = frozenset({Letter.INVITATION, Letter.ACKNOWLEDGMENT, Letter.QUESTION})

# The category that a domain class shows by itself, so that nobody is asked for what we know.
CATEGORY_BY_DOMAIN = {
    "local_gov_lg": "local",
    "local_gov_regional": "local",
    "national_gov": "national",
}


def apply(case: Case | None, intent: Apply, now: datetime, desk: Desk) -> Transition:
    """Open a case, or go on with the one that this applicant already has."""
    if case is not None and case.state in OPEN:
        return supplement(case, Supplement(intent.form, ""), now, desk)
    if case is not None and case.state in ADMITTED:
        outgoing = (letters.to_applicant(case, Letter.ALREADY_ADMITTED),)
        return Transition(case, outgoing, (JournalEntry("application.repeated", str(intent.applicant)),))
    due_on = business_days.due_date(now, desk.open_days, desk.closings)
    opened = Case(intent.number, intent.applicant, intent.form, intent.background, now, due_on)
    accepted = {"rules_version": intent.form.version or desk.rules_version}
    return _advance(opened, now, desk, JournalEntry("application", str(intent.applicant), accepted))


def supplement(case: Case, intent: Supplement, now: datetime, desk: Desk) -> Transition:
    """Take over what is new in a form and the answer to a question; other text goes to the staff."""
    event = JournalEntry("supplement", str(case.applicant))
    lost = case.state is State.UNDELIVERABLE  # whoever writes can be reached, it seems
    if case.state not in OPEN or (intent.form.is_empty and not case.question and not lost):
        return Transition(case, _forward_to_staff(case, intent, desk), (event,))
    form = merge(case.form, intent.form)
    if case.question:
        return _answer_question(case, replace(case, form=form), intent, now, desk)
    asked = _forward_to_staff(case, intent, desk) if _has_question(intent.text) else ()
    if form == case.form and case.state is not State.NEEDS_INFORMATION and not lost:
        return Transition(case, (letters.to_applicant(case, Letter.ACKNOWLEDGMENT), *asked), (event,))
    changed = replace(case, form=form, revision=case.revision + 1, first_approval="")
    if asked and items_to_request(changed):
        step = _advance(changed, now, desk, event)
        return replace(step, letters=(*step.letters, *asked))
    return _advance(changed, now, desk, event, text=intent.text[:MAX_TEXT])


def withdraw(case: Case, desk: Desk) -> Transition:
    """The applicant takes the application back; what was admitted is for the staff to undo."""
    event = JournalEntry("withdrawal", str(case.applicant))
    if case.state not in OPEN and case.state is not State.APPROVED:
        return Transition(case, letters.notices(case, desk, "wrote", text="取り下げの申し出"), (event,))
    gone = with_state(case, State.WITHDRAWN)
    outgoing = (
        letters.to_applicant(gone, Letter.WITHDRAWAL_RECEIPT),
        *letters.notices(gone, desk, "withdrawn"),
    )
    return Transition(gone, outgoing, (event,), recalled=RECALLED_WHEN_WITHDRAWN)


def confirm(case: Case, intent: Confirm, now: datetime, desk: Desk) -> Transition:
    """A colleague's answer counts from an own-class domain; the rest is passed on to the staff."""
    detail = {"answer": intent.answer.value, "domain": intent.background.organisation}
    event = JournalEntry("affiliation", str(intent.by), detail)
    if case.state is not State.AWAITING_AFFILIATION:
        return Transition(case, letters.notices(case, desk, "third_party", by=str(intent.by)), (event,))
    if intent.background.standing is not Standing.OWN or intent.answer is Confirmation.NONE:
        return Transition(
            case, letters.notices(case, desk, "confirmation_unusable", by=str(intent.by)), (event,)
        )
    if intent.answer is Confirmation.DENY:
        return Transition(case, letters.review_requests(case, desk, "denied"), (event,))
    due_on = deadlines.renewed_due_date(case, now, desk)
    confirmed = with_state(case, State.UNDER_REVIEW, confirmed_by=str(intent.by), due_on=due_on)
    return Transition(
        confirmed,
        letters.acknowledge_and_request_review(confirmed, Letter.ACKNOWLEDGMENT, desk, "confirmed"),
        (event,),
    )


def items_to_request(case: Case) -> tuple[Item, ...]:
    """The items that the applicant still has to give; the code is asked for once."""
    category = CATEGORY_BY_DOMAIN.get(case.background.domain_kind, "")
    return missing_items(case.form, category=category, code_asked=case.state is State.NEEDS_INFORMATION)


def _answer_question(case: Case, answered: Case, intent: Supplement, now: datetime, desk: Desk) -> Transition:
    """The answer to the staff's question brings the case back to them; what they saw before is outdated."""
    back = awaiting_review(
        answered,
        background=desk.review(answered),
        revision=case.revision + 1,
        first_approval="",
        waits_since=now,
        due_on=deadlines.renewed_due_date(case, now, desk),
    )
    shown = {"asked": case.question, "text": intent.text[:MAX_TEXT]}
    outgoing = letters.acknowledge_and_request_review(back, Letter.ACKNOWLEDGMENT, desk, "answered", **shown)
    event = JournalEntry("question.answered", str(case.applicant), {"question": case.question})
    return Transition(back, outgoing, (event,), recalled=frozenset({Letter.QUESTION}))


def _advance(case: Case, now: datetime, desk: Desk, event: JournalEntry, text: str = "") -> Transition:
    """From the form and the domain to the state that follows, with its letters."""
    background = desk.review(case)
    items = items_to_request(case)
    if items:
        incomplete = awaiting_applicant(case, State.NEEDS_INFORMATION, now, background=background)
        detail = JournalEntry("information.missing", detail={"items": [item.value for item in items]})
        return Transition(incomplete, (letters.missing_fields(incomplete, items),), (event, detail))
    # Nobody was shown an application that lacked items: completed, it is a new one.
    occasion = "new" if case.revision == 1 or case.state is State.NEEDS_INFORMATION else "changed"
    again = case.state in {State.NEEDS_INFORMATION, State.UNDELIVERABLE}
    due_on = deadlines.renewed_due_date(case, now, desk) if again else case.due_on
    review = awaiting_review(case, background=background, waits_since=now, due_on=due_on)
    own = review.state is State.UNDER_REVIEW
    letter = Letter.ACKNOWLEDGMENT if own else Letter.AFFILIATION_REQUEST
    return Transition(
        review, letters.acknowledge_and_request_review(review, letter, desk, occasion, text=text), (event,)
    )


def _has_question(text: str) -> bool:
    """Whether a text beside a form holds a question, which no form answers."""
    return any(one.is_question or one.bare.endswith("か") for one in split_sentences(text[:MAX_TEXT]))


def _forward_to_staff(case: Case, intent: Supplement, desk: Desk) -> tuple[OutgoingLetter, ...]:
    return letters.notices(case, desk, "wrote", text=intent.text[:MAX_TEXT])
