"""An application that names an earlier case: from the organisation's own address, or a new address.

Only the case number in the subject and the same name connect the two, and neither is a secret. Therefore the
earlier address is asked, and only its answer ends the earlier case: a withdrawal, or the new address named
before. An admitted applicant remains so until staff act.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.admission.case import letters
from gateway.admission.case.events import Apply
from gateway.admission.case.model import (
    ADMITTED,
    APPLIED_BEFORE,
    OPEN,
    Case,
    JournalEntry,
    Letter,
    State,
    Transition,
    with_state,
)
from gateway.admission.case.transitions.applicant import RECALLED_WHEN_WITHDRAWN
from gateway.admission.organisations.domains import Standing
from gateway.mail.address import parse
from gateway.mail.text import fold
from gateway.printing.fields import slug


def is_reapplication(new: Apply, old: Case) -> bool:
    """Return whether `new` is by the same person as `old`, from an own domain or an announced address."""
    return has_agreed(new, old) or (
        (old.state is State.AWAITING_AFFILIATION or old.state in ADMITTED)
        and old.applicant.person != new.applicant.person
        and new.background.standing is Standing.OWN
        and fold(new.form.name) == fold(old.form.name) != ""
    )


def has_agreed(new: Apply, old: Case) -> bool:
    """Return whether the address of `old` announced the address of `new`, for the same person."""
    goes_on = old.state in OPEN or old.state in ADMITTED
    named = parse(old.moves_to) if old.moves_to else None
    return (
        goes_on
        and named is not None
        and named.person == new.applicant.person
        and fold(new.form.name) == fold(old.form.name) != ""
    )


def link_earlier_case(new: Apply, old: Case) -> Apply:
    """Return the application with the number of the earlier one, for the staff."""
    agreed = has_agreed(new, old)
    return replace(new, background=replace(new.background, earlier=old.number, agreed=agreed))


def flag_erased_case(new: Apply) -> Apply:
    """Flag the application of somebody whose earlier case was erased: nothing else is known of it."""
    return replace(new, background=replace(new.background, flags=(*new.background.flags, APPLIED_BEFORE)))


def ask_earlier_applicant(old: Case, new: Apply) -> Transition:
    """Ask the address of the earlier case to withdraw it, or record the change for an admitted applicant.

    If the earlier address has agreed, the earlier case ends.
    """
    detail = {"to": slug(new.number)}
    if has_agreed(new, old) and (old.state in OPEN or old.state is State.APPROVED):
        gone = with_state(old, State.WITHDRAWN, moves_to="")
        told = letters.to_applicant(gone, Letter.WITHDRAWAL_RECEIPT, occasion="moved")
        journal = (JournalEntry("move.followed", new.applicant, detail),)
        return Transition(gone, (told,), journal, recalled=RECALLED_WHEN_WITHDRAWN)
    if old.state in ADMITTED:
        return Transition(old, journal=(JournalEntry("address_change", new.applicant, detail),))
    asked = letters.to_applicant(old, Letter.REPLACEMENT_CHECK, new_address=str(new.applicant))
    return Transition(old, (asked,), (JournalEntry("replacement.asked", new.applicant, detail),))
