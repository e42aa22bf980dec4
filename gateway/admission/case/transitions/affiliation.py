"""The affiliation check: the applicant names a colleague, we ask the colleague, the answer confirms.

An answer confirms only as far as `_refusal` permits. Any other answer is shown to the staff, who may
telephone, and changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.admission.case import deadlines, letters, own_person
from gateway.admission.case.deadlines import Deadline
from gateway.admission.case.events import Confirm, NameColleague
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
    with_state,
)
from gateway.admission.case.model.affiliation import (
    AffiliationCheck,
    Confirmer,
    ConfirmerLoad,
    Place,
    claim_of,
)
from gateway.admission.case.transitions import telephone
from gateway.admission.replies.outsiders.confirmation import Confirmation
from gateway.mail.address import Address
from gateway.printing.fields import Fact, slug
from gateway.printing.outside import Outside

# Outcomes of naming a colleague; templates/affiliation_request.txt.j2 has the text of each.
SENT = "sent"
SEVERAL = "several"


def has_confirming_proof(event: Confirm) -> bool:
    """Return whether a mail is authenticated well enough to confirm: the only place that checks it."""
    return event.is_vouched and not event.background.anybody


def renew_claim(case: Case, desk: Desk) -> Case:
    """Return the case with its current claim: earlier confirmations are void, and the lists of now apply."""
    claim = claim_of(case.form)
    known = case.affiliation
    if claim == known.claim:
        return case
    checks = tuple(replace(check, counts=False) for check in known.checks)
    domains = desk.claimed_domains(case.form)
    renewed = replace(known, claim=claim, domains=domains, checks=checks, call=None)
    return replace(case, affiliation=renewed, confirmed_by="", confirmed_formerly=False)


def name_colleague(case: Case, event: NameColleague, now: datetime, desk: Desk) -> Transition:
    """Ask the colleague named by the applicant."""
    asked, address = _with_claim(case, desk), event.addresses[0]
    written: tuple[OutgoingLetter, ...] = ()
    outcome = SEVERAL
    if len(event.addresses) == 1:
        asked, written, outcome = _ask(asked, address, event.load, now, desk)
    entry = JournalEntry("affiliation.named", case.applicant, {"to": address, "outcome": slug(outcome)})
    # We disclose to nobody who is a member of staff or has applied.
    shown = "busy" if outcome == "barred" else outcome
    told = letters.to_applicant(
        asked, Letter.AFFILIATION_REQUEST, outcome=shown, named=str(address), most=desk.checks_per_case
    )
    outgoing: tuple[OutgoingLetter, ...] = (*written, told)
    if outcome not in {SENT, SEVERAL, "asked"}:
        outgoing += letters.notices(asked, desk, "colleague_not_asked", by=str(address), because=outcome)
    if event.rest:
        outgoing += letters.notices(asked, desk, "wrote", text=event.rest)
    return Transition(asked, outgoing, (entry,))


def take_answer(case: Case, event: Confirm, now: datetime, desk: Desk) -> Transition:
    """Handle a mail of somebody other than the applicant to the address of one of our letters."""
    case = _with_claim(case, desk)
    detail: dict[str, Fact] = {"answer": event.answer, "domain": Outside(event.background.organisation)}
    journal = (JournalEntry("affiliation", event.by, detail),)
    if case.state not in OPEN:
        return Transition(case, letters.notices(case, desk, "third_party", by=str(event.by)), journal)
    check = case.affiliation.find(event.by) if event.asked == event.by else None
    if check is None:
        return _answer_who_wrote_first(case, event, now, desk, journal)
    if event.answer is Confirmation.NONE:
        return _ask_again(case, check, event, desk, journal)
    return _record_answer(case, check, event, now, desk, journal)


def remind(case: Case, deadline: Deadline, desk: Desk, journal: tuple[JournalEntry, ...]) -> Transition:
    """Send the unanswered checks again."""
    outgoing: list[OutgoingLetter] = []
    known = case.affiliation
    for check in deadlines.unanswered_checks(case, deadline.anchor):
        known = known.with_check(replace(check, reminded=True))
        if not _why_not_written(case, check, desk):
            outgoing.append(letters.affiliation_check(case, check.address, "reminder"))
    return Transition(replace(case, affiliation=known), tuple(outgoing), journal)


def _with_claim(case: Case, desk: Desk) -> Case:
    """Add the claim to a case from before release 0.2 when somebody is first asked."""
    return case if case.affiliation.claim or case.confirmed_by else renew_claim(case, desk)


# --- asking somebody ----------------------------------------------------------------------------


def _ask(
    case: Case, address: Address, load: ConfirmerLoad, now: datetime, desk: Desk
) -> tuple[Case, tuple[OutgoingLetter, ...], str]:
    """Build the letter to a possible confirmer, or return in one word why none is sent."""
    found = desk.confirmer(case, address)
    outcome = _why_not_asked(case, address, found, load, desk)
    if outcome:
        return case, (), outcome
    known = case.affiliation
    check = AffiliationCheck(address, now, known.claim, found.organisation, found.flags)
    asked = replace(case, affiliation=known.with_check(check))
    return asked, (letters.affiliation_check(asked, address, "first"),), SENT


def _why_not_asked(  # noqa: PLR0911 - one line a rule
    case: Case, address: Address, found: Confirmer, load: ConfirmerLoad, desk: Desk
) -> str:
    if own_person.is_own_mailbox(case.applicant, address):
        return "own"
    if found.place is Place.ELSEWHERE:
        return "elsewhere"
    if _is_staff(address, desk) or load.is_waiting:
        return "barred"
    if case.affiliation.is_stopped(address.domain):
        return "stopped"
    if any(check.address.person == address.person for check in case.affiliation.checks):
        return "asked"
    if len(case.affiliation.checks) >= desk.checks_per_case:
        return "many"
    full = load.letters >= desk.caps.checks_per_address or load.open_checks >= desk.open_checks_per_domain
    return "busy" if full else ""


def _is_staff(address: Address, desk: Desk) -> bool:
    """Return whether the address belongs to a member of staff, revoked or not."""
    return any(member.address.person == address.person for member in (*desk.staff, *desk.revoked))


def _is_own(case: Case, event: Confirm) -> bool:
    """Return whether an answer comes from the applicant's own mailbox, or under the applicant's name."""
    own_name = own_person.is_own_name(case.form.name, event.name)
    return own_name or own_person.is_own_mailbox(case.applicant, event.by)


def _answer_who_wrote_first(
    case: Case, event: Confirm, now: datetime, desk: Desk, journal: tuple[JournalEntry, ...]
) -> Transition:
    """Send the check to a colleague who writes first; do not answer a stranger, but notify the staff."""
    because = "mark" if event.mark else "confirmed" if case.state is not State.AWAITING_AFFILIATION else ""
    if not because:
        asked, written, because = _ask(case, event.by, event.load, now, desk)
        if written:
            return Transition(asked, written, journal)
    told = letters.notices(case, desk, "confirmation_unusable", by=str(event.by), because=because)
    return Transition(case, told, journal)


def _ask_again(
    case: Case, check: AffiliationCheck, event: Confirm, desk: Desk, journal: tuple[JournalEntry, ...]
) -> Transition:
    """Ask again, with instructions, if an answer was not understood; do not answer automatic mail."""
    because = "unread" if event.mark or check.answer else _why_not_written(case, check, desk)
    if because:
        told = letters.notices(case, desk, "confirmation_unusable", by=str(event.by), because=because)
        return Transition(case, told, journal)
    return Transition(case, (letters.affiliation_check(case, check.address, "unread"),), journal)


def _why_not_written(case: Case, check: AffiliationCheck, desk: Desk) -> str:
    """Return in one word why a person asked before gets no more letters; empty if they may."""
    if check.claim != claim_of(case.form):
        return "changed"
    if desk.confirmer(case, check.address).place is Place.ELSEWHERE:
        return "elsewhere"
    return "stopped" if case.affiliation.is_stopped(check.address.domain) else ""


# --- the answer -------------------------------------------------------------------------------


def _record_answer(
    case: Case,
    check: AffiliationCheck,
    event: Confirm,
    now: datetime,
    desk: Desk,
    journal: tuple[JournalEntry, ...],
) -> Transition:
    found = desk.confirmer(case, event.by)
    because = _refusal(case, check, event, found, desk)
    is_yes = event.answer is Confirmation.CONFIRM
    # A forged No does not stop letters, and a Yes that counts is not replaced by a weaker one.
    idle = because if is_yes and check.counts else "" if is_yes or event.is_vouched else "proof"
    if idle:
        told = letters.notices(case, desk, "confirmation_unusable", by=str(event.by), because=idle)
        return Transition(case, told, journal)
    answered = replace(
        check,
        answer=check.answer if because == "contradiction" else event.answer.value,
        grade=event.background.grade,
        flags=found.flags,
        words=event.words,
        counts=is_yes and not because,
    )
    case = replace(case, affiliation=case.affiliation.with_check(answered))
    if not is_yes:
        case = telephone.doubt(telephone.rest_on_what_counts(case), now)
        occasion = "denied" if event.answer is Confirmation.DENY else "unknown"
        return Transition(case, _tell(case, occasion, event, desk), journal)
    if because:
        told = letters.notices(case, desk, "confirmation_unusable", by=str(event.by), because=because)
        return Transition(case, told, journal)
    return _confirm(case, event, now, desk, journal)


def _confirm(
    case: Case, event: Confirm, now: datetime, desk: Desk, journal: tuple[JournalEntry, ...]
) -> Transition:
    """Confirm the affiliation; the first confirmer remains recorded."""
    by = str(event.by) if case.confirmed_formerly else case.confirmed_by or str(event.by)
    confirmed = replace(case, confirmed_by=by, confirmed_formerly=False)
    if case.state is not State.AWAITING_AFFILIATION:
        return Transition(confirmed, _tell(confirmed, "confirmed", event, desk), journal)
    due_on = deadlines.renewed_due_date(case, now, desk)
    confirmed = with_state(confirmed, State.UNDER_REVIEW, due_on=due_on)
    told = letters.acknowledge_and_request_review(confirmed, Letter.ACKNOWLEDGMENT, desk, "confirmed")
    return Transition(confirmed, told, journal)


def _tell(case: Case, occasion: str, event: Confirm, desk: Desk) -> tuple[OutgoingLetter, ...]:
    """Notify the staff of an answer: by the review request if they can decide, otherwise by a notice."""
    if case.state in DECIDABLE:
        return letters.review_requests(case, desk, occasion)
    return letters.notices(case, desk, "third_party", by=str(event.by))


def _refusal(  # noqa: PLR0911 - one line a rule
    case: Case, check: AffiliationCheck, event: Confirm, found: Confirmer, desk: Desk
) -> str:
    """Return in one word why a yes does not confirm; empty if it does."""
    if check.answer in {"deny", "unknown"}:
        return "contradiction"
    if event.mark:
        return "mark"
    if not has_confirming_proof(event):
        return "proof"
    if _is_own(case, event):
        return "own"
    if _is_staff(event.by, desk) or event.load.is_waiting:
        return "barred"
    if check.claim != claim_of(case.form):
        return "changed"
    if found.place is Place.ELSEWHERE:
        return "elsewhere"
    if found.place is Place.WITH_CALL and case.affiliation.call is None:
        return "with_call"
    return ""
