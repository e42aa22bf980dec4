"""An application that names an earlier case: made anew from the organisation's address, or a new address.

Only the case number in the subject and the same name connect the two, and neither is a secret: the address of
the earlier case is asked, and its word alone ends it: a withdrawal, or the new address named before. Who was
admitted stays so until staff act.
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
    """Whether `new` is by the person of `old`, who now writes from an organisation's own address, or from one
    that the old address named."""
    return has_agreed(new, old) or (
        (old.state is State.AWAITING_AFFILIATION or old.state in ADMITTED)
        and old.applicant.person != new.applicant.person
        and new.background.standing is Standing.OWN
        and fold(new.form.name) == fold(old.form.name) != ""
    )


def has_agreed(new: Apply, old: Case) -> bool:
    """Whether the address of `old` named the one that `new` comes from, for the same person."""
    goes_on = old.state in OPEN or old.state in ADMITTED
    named = parse(old.moves_to) if old.moves_to else None
    return (
        goes_on
        and named is not None
        and named.person == new.applicant.person
        and fold(new.form.name) == fold(old.form.name) != ""
    )


def link_earlier_case(new: Apply, old: Case) -> Apply:
    """The application with the number of the earlier one, for the staff to see."""
    agreed = has_agreed(new, old)
    return replace(new, background=replace(new.background, earlier=old.number, agreed=agreed))


def flag_erased_case(new: Apply) -> Apply:
    """The application of somebody whose earlier case was erased: nothing else is known of it."""
    return replace(new, background=replace(new.background, flags=(*new.background.flags, APPLIED_BEFORE)))


def ask_earlier_applicant(old: Case, new: Apply) -> Transition:
    """The earlier case stays as it is: its address is asked to withdraw it, or it is noted as one to look
    after. Where its address has agreed, it ends."""
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
