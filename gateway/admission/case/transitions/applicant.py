"""Events caused by applicants: apply, supplement, answer, withdraw."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from functools import partial

from gateway.admission import business_days
from gateway.admission.application.items.fields import AGREED, Consent, Form, merge, missing_items
from gateway.admission.application.items.labels import Item
from gateway.admission.case import deadlines, letters
from gateway.admission.case.events import Apply, NameColleague, SeveralPeople, Supplement, Unknown
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
from gateway.admission.case.transitions import affiliation
from gateway.admission.replies.text.sentences import QUESTIONS, split_sentences
from gateway.mail.text import fold
from gateway.patterns import compile_later
from gateway.printing.fields import Fact
from gateway.printing.outside import Outside

MAX_TEXT = 4_000
RECALLED_WHEN_WITHDRAWN = frozenset(
    {Letter.INVITATION, Letter.ACKNOWLEDGMENT, Letter.QUESTION, Letter.REVIEW_REQUEST}
)

# The category that a domain class implies, so that nobody is asked for known facts.
CATEGORY_BY_DOMAIN = {
    "local_gov_lg": "local",
    "local_gov_regional": "local",
    "national_gov": "national",
}


def apply(case: Case | None, event: Apply, now: datetime, desk: Desk) -> Transition:
    """Open a case, or continue the open case of this applicant."""
    known = case is not None and (case.state in OPEN or case.state in ADMITTED)
    if case is not None and known and case.applicant.key != event.applicant.key:
        return _point_to_own_address(case, event, desk)
    if case is not None and case.state in OPEN:
        return supplement(case, Supplement(event.form, event.words, event.words), now, desk)
    if case is not None and case.state in ADMITTED:
        outgoing = (letters.to_applicant(case, Letter.ALREADY_ADMITTED),)
        return Transition(case, outgoing, (JournalEntry("application.repeated", event.applicant),))
    due_on = business_days.due_date(now, desk.open_days, desk.closings)
    opened = Case(event.number, event.applicant, event.form, event.background, now, due_on)
    accepted = {"rules_version": Outside(event.form.version or desk.rules_version)}
    entry = JournalEntry("application", event.applicant, accepted)
    opening = _record_consent(Form(), _advance(opened, now, desk, entry, text=event.words), desk)
    if not event.words or opening.case is None or opening.case.state is not State.NEEDS_INFORMATION:
        return opening
    # There is no review request yet that could show the text.
    said = _forward_to_staff(opening.case, Supplement(event.form, event.words), desk)
    return replace(opening, letters=(*opening.letters, *said))


def _record_consent(before: Form, transition: Transition, desk: Desk) -> Transition:
    """Add a new consent to the journal, with the version of the rules and where they are published.

    One beside statements not understood has a name of its own: who approves has judged it.
    """
    case = transition.case
    if case is None or case.form.consent not in AGREED:
        return transition
    if (before.consent, before.version) == (case.form.consent, case.form.version):
        return transition
    is_plain = case.form.consent is Consent.YES
    version = Outside(case.form.version or desk.rules_version)
    detail: dict[str, Fact] = {"rules_version": version, "rules_link": Outside(desk.rules_link)}
    entry = JournalEntry("consent" if is_plain else "consent.unsure", case.applicant, detail)
    return replace(transition, journal=(*transition.journal, entry))


def _point_to_own_address(case: Case, event: Apply, desk: Desk) -> Transition:
    """Handle an application from the same mailbox with another tag, which changes nothing.

    Some systems deliver tagged addresses to other mailboxes. The answer goes to the address that applied, and
    the staff are notified.
    """
    entry = JournalEntry("application.other_address", event.applicant)
    items = items_to_request(case) if case.state is State.NEEDS_INFORMATION and not case.question else ()
    answer = Letter.ALREADY_ADMITTED if case.state in ADMITTED else Letter.ACKNOWLEDGMENT
    told = letters.missing_fields(case, items, desk) if items else letters.to_applicant(case, answer)
    return Transition(
        case, (told, *letters.notices(case, desk, "other_address", by=str(event.applicant))), (entry,)
    )


def supplement(case: Case, event: Supplement, now: datetime, desk: Desk) -> Transition:
    """Merge new values of a form and the answer to a question; pass other text to the staff."""
    return _record_consent(case.form, _supplement(case, event, now, desk), desk)


def _supplement(case: Case, event: Supplement, now: datetime, desk: Desk) -> Transition:
    entry = JournalEntry("supplement", case.applicant)
    lost = case.state is State.UNDELIVERABLE  # an applicant who writes can apparently be reached
    says_nothing = event.form.is_empty and not case.question and not lost
    if event.unbound or case.state not in OPEN or says_nothing:
        return Transition(case, (*_forward_to_staff(case, event, desk), _pass_on(case)), (entry,))
    form = merge(case.form, event.form)
    if case.question:
        return _answer_question(case, replace(case, form=form), event, now, desk)
    # There is no review request to show the text if the form adds nothing new, or is incomplete.
    told = _forward_to_staff(case, event, desk) if event.beside or find_questions(event.text) else ()
    if form == case.form and case.state is not State.NEEDS_INFORMATION and not lost:
        return Transition(case, (letters.to_applicant(case, Letter.ACKNOWLEDGMENT), *told), (entry,))
    changed = replace(case, form=form, revision=case.revision + 1, first_approval="")
    if told and items_to_request(changed):
        transition = _advance(changed, now, desk, entry)
        return replace(transition, letters=(*transition.letters, *told))
    return _advance(changed, now, desk, entry, text=event.text[:MAX_TEXT], before=case.form)


def find_changes(old: Form, new: Form) -> tuple[dict[str, str], ...]:
    """Return the items with a changed value, in form order: item, old and new value."""
    said = ((name, str(getattr(old, name)), str(getattr(new, name))) for name in Form.__slots__)
    return tuple(
        {"item": name, "old": before, "new": after}
        for name, before, after in said
        if before not in {"", Consent.ABSENT, after}
    )


def find_additions(old: Form, new: Form) -> tuple[dict[str, str], ...]:
    """Return the items that were empty before, in form order: item and value."""
    said = ((name, str(getattr(old, name)), str(getattr(new, name))) for name in Form.__slots__)
    return tuple(
        {"item": name, "new": after}
        for name, before, after in said
        if before in {"", Consent.ABSENT} and after not in {"", Consent.ABSENT}
    )


def tell_differences(old: Form, new: Form) -> dict[str, list[dict[str, str]]]:
    """Return the facts for a review request about a form shown before: changed and new items."""
    return {"changes": list(find_changes(old, new)), "additions": list(find_additions(old, new))}


def answer_unknown(event: Unknown, desk: Desk) -> Transition:
    """Answer with how to apply, prefilled from the mail; a second such mail in a day goes to the staff."""
    journal = (JournalEntry("unknown", event.by),)
    if event.again:
        told = {
            "by": str(event.by),
            "text": event.words[:MAX_TEXT],
            "by_member": desk.member(event.by) is not None,
        }
        return Transition(None, letters.general_notices(desk, "unreadable", **told), journal)
    found = event.found
    code = desk.find_code(found.organisation) if found.organisation else ""
    facts = {"english_first": event.english, "form": letters.form_facts(replace(found, code=code))}
    return Transition(None, (OutgoingLetter(Letter.HOW_TO_APPLY, event.by, facts),), journal)


def ask_each(case: Case | None, event: SeveralPeople, desk: Desk) -> Transition:
    """Accept no application: ask each person to write separately, and show the text to the staff."""
    told = {"by": str(event.by), "text": event.words[:MAX_TEXT]}
    make = partial(letters.notices, case) if case is not None else letters.general_notices
    asked = OutgoingLetter(Letter.ONE_BY_ONE, event.by, {})
    return Transition(
        case, (asked, *make(desk, "several_people", **told)), (JournalEntry("people.several", event.by),)
    )


def name_colleague(case: Case, event: NameColleague, now: datetime, desk: Desk) -> Transition:
    """Merge new values of the form, then ask the named colleague if that is still needed."""
    first = Transition(case)
    if not event.form.is_empty:
        first = supplement(case, Supplement(event.form, ""), now, desk)
    if first.case is None or first.case.state is not State.AWAITING_AFFILIATION:
        return first
    second = affiliation.name_colleague(first.case, event, now, desk)
    # The letter about the colleague repeats what the letter about the form says.
    kept = tuple(one for one in first.letters if one.letter is not Letter.AFFILIATION_REQUEST)
    return replace(second, letters=(*kept, *second.letters), journal=(*first.journal, *second.journal))


def withdraw(case: Case, desk: Desk) -> Transition:
    """Withdraw the application; an admission can only be undone by the staff."""
    entry = JournalEntry("withdrawal", case.applicant)
    if case.state not in OPEN and case.state is not State.APPROVED:
        return Transition(case, letters.notices(case, desk, "wrote", text="取り下げの申し出"), (entry,))
    gone = with_state(case, State.WITHDRAWN)
    outgoing = (
        letters.to_applicant(gone, Letter.WITHDRAWAL_RECEIPT),
        *letters.notices(gone, desk, "withdrawn"),
    )
    return Transition(gone, outgoing, (entry,), recalled=RECALLED_WHEN_WITHDRAWN)


def items_to_request(case: Case) -> tuple[Item, ...]:
    """Return the items that the applicant still has to provide.

    The code is requested once, and only while name and domain do not determine it.
    """
    category = CATEGORY_BY_DOMAIN.get(case.background.domain_kind, "")
    asked = case.state is State.NEEDS_INFORMATION
    return missing_items(case.form, category=category, code_asked=_has_one_body(case) or asked)


def _has_one_body(case: Case) -> bool:
    """Return whether name and domain agree on one body of the register, so that the code adds nothing."""
    name, title = fold(case.form.organisation), fold(case.background.register_name)
    return bool(name) and title.endswith(name)


def _answer_question(case: Case, answered: Case, event: Supplement, now: datetime, desk: Desk) -> Transition:
    """Return the case to the staff with the answer to their question; what they saw before is outdated."""
    answered = affiliation.renew_claim(answered, desk)
    back = awaiting_review(
        answered,
        background=desk.review(answered),
        revision=case.revision + 1,
        first_approval="",
        waits_since=now,
        due_on=deadlines.renewed_due_date(case, now, desk),
    )
    shown: dict[str, object] = {"asked": case.question, "text": event.text[:MAX_TEXT]}
    shown |= tell_differences(case.form, back.form)
    outgoing = letters.acknowledge_and_request_review(back, Letter.ACKNOWLEDGMENT, desk, "answered", **shown)
    entry = JournalEntry("question.answered", case.applicant, {"question": Outside(case.question)})
    return Transition(back, outgoing, (entry,), recalled=frozenset({Letter.QUESTION}))


def _advance(
    case: Case,
    now: datetime,
    desk: Desk,
    entry: JournalEntry,
    text: str = "",
    before: Form | None = None,
) -> Transition:
    """Determine the next state from form and domain, with its letters.

    `before` is the form that was shown to the office.
    """
    case = affiliation.renew_claim(case, desk)
    background = desk.review(case)
    items = items_to_request(replace(case, background=background))
    if items:
        incomplete = awaiting_applicant(case, State.NEEDS_INFORMATION, now, background=background)
        detail = JournalEntry("information.missing", detail={"items": tuple(items)})
        return Transition(incomplete, (letters.missing_fields(incomplete, items, desk),), (entry, detail))
    # Nobody was shown an incomplete application: once completed, it is a new one.
    occasion = "new" if case.revision == 1 or case.state is State.NEEDS_INFORMATION else "changed"
    again = case.state in {State.NEEDS_INFORMATION, State.UNDELIVERABLE}
    due_on = deadlines.renewed_due_date(case, now, desk) if again else case.due_on
    review = awaiting_review(case, background=background, waits_since=now, due_on=due_on)
    own = review.state is State.UNDER_REVIEW
    letter = Letter.ACKNOWLEDGMENT if own else Letter.AFFILIATION_REQUEST
    besides: dict[str, object] = {"text": text, "questions": find_questions(text)}
    if before is not None:
        told = tell_differences(before, case.form)
        besides |= told if occasion == "changed" else {"changes": told["changes"]}
    outgoing = letters.acknowledge_and_request_review(review, letter, desk, occasion, **besides)
    return Transition(review, outgoing, (entry,))


def _pass_on(case: Case) -> OutgoingLetter:
    """Build the answer to text that is no form; items still requested were not found in it."""
    items = items_to_request(case) if case.state is State.NEEDS_INFORMATION else ()
    return letters.to_applicant(case, Letter.PASSED_ON, missing=[item.value for item in items])


MAX_QUESTIONS = 10
_MAY_ASK = compile_later(f"[か\N{SQUARE HIRAGANA HOKA}{re.escape(''.join(sorted(QUESTIONS)))}]")


def find_questions(text: str) -> list[str]:
    """Return the questions in a text besides a form, which the form does not answer."""
    lines = filter(_MAY_ASK.search, text[:MAX_TEXT].split("\n"))
    asked = (one for one in split_sentences("\n".join(lines)) if one.is_question or one.bare.endswith("か"))
    return [one.raw.strip() for one in asked][:MAX_QUESTIONS]


def _forward_to_staff(case: Case, event: Supplement, desk: Desk) -> tuple[OutgoingLetter, ...]:
    return letters.notices(case, desk, "wrote", text=event.text[:MAX_TEXT])
