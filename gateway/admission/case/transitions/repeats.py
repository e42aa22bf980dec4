"""Mails that must not act: copies of one that did, and mails that may be about two cases."""

from __future__ import annotations

from gateway.admission.case import letters
from gateway.admission.case.events import CrossedCases, FormerLetter, Renew, Repeat
from gateway.admission.case.model import (
    DECIDABLE,
    OPEN,
    Case,
    Desk,
    JournalEntry,
    Letter,
    OutgoingLetter,
    State,
    Transition,
)
from gateway.admission.case.transitions import deadline
from gateway.admission.replies.reading import Decision
from gateway.printing.fields import ours
from gateway.printing.statement import Statement

_CROSSED = Statement("crossed")


def answer_repeat(case: Case | None, event: Repeat, desk: Desk) -> Transition:
    """Send a member the status of the case, once; all others know it from their first mail."""
    journal = (JournalEntry("mail.repeated", event.by),)
    member = desk.member(event.by)
    if case is None or member is None or not event.answer:
        return Transition(case, journal=journal)
    shown = letters.to_staff(case, Letter.CASE_STATUS, [member], asked="repeat")
    return Transition(case, shown, journal)


def show_again(case: Case, event: CrossedCases, desk: Desk) -> Transition:
    """Do nothing, but show the request of this case to its reader again."""
    journal = (JournalEntry("decision.unclear", event.by, {"why": _CROSSED, "kind": ours("unbound")}),)
    answer = (letters.unclear_decision(case, event.by, _CROSSED, desk),)
    return Transition(case, answer, journal)


def ask_again(case: Case, event: Renew, desk: Desk) -> Transition:
    """Ask all open questions of a case again, except those that are still queued."""
    asked = letters.review_requests(case, desk, "restored") if case.state in DECIDABLE else ()
    if case.state in {State.NEEDS_INFORMATION, State.AWAITING_AFFILIATION}:
        asked = (*asked, deadline.ask_applicant(case, None, desk), *_checks(case))
    missing = tuple(one for one in asked if one.letter not in event.waiting)
    journal = (JournalEntry("case.renewed", detail={"letters": len(missing)}),) if missing else ()
    return Transition(case, missing, journal)


def _checks(case: Case) -> tuple[OutgoingLetter, ...]:
    """Build the unanswered questions to possible confirmers again."""
    known = case.affiliation
    waiting = (check.address for check in known.checks if not check.answer)
    return tuple(
        letters.affiliation_check(case, address, "reminder")
        for address in waiting
        if not known.is_stopped(address.domain)
    )


def answer_former_letter(case: Case, event: FormerLetter, desk: Desk) -> Transition:
    """Ask the question of an earlier release's letter again; the case does not change."""
    member, journal = desk.member(event.by), (JournalEntry("letter.former", event.by),)
    if member is not None and case.applicant.person != event.by.person:
        decidable = case.state in DECIDABLE
        letter = Letter.REVIEW_REQUEST if decidable else Letter.CASE_STATUS
        why = {"occasion": "reissued"} if decidable else {"asked": Decision.STATUS.value}
        return Transition(case, letters.to_staff(case, letter, [member], **why), journal)
    if case.state in {State.NEEDS_INFORMATION, State.AWAITING_AFFILIATION}:
        return Transition(case, (deadline.ask_applicant(case, None, desk),), journal)
    own = case.applicant.key == event.by.key and case.state in OPEN
    return Transition(case, (letters.to_applicant(case, Letter.ACKNOWLEDGMENT),) if own else (), journal)


def request_again(case: Case, event: CrossedCases, desk: Desk) -> Transition:
    """Show the other case that the mail may be about again, if its reader may decide it."""
    member = desk.member(event.by)
    own = case.applicant.person == event.by.person
    asked = [member] if member and case.state in DECIDABLE and not own else []
    return Transition(case, letters.to_staff(case, Letter.REVIEW_REQUEST, asked, occasion="renewed"))
