"""An application that names an earlier case: made anew from the organisation's address, or a new address.

Only the case number in the subject and the same name connect the two, and neither is a secret: the address of
the earlier case is asked, and its withdrawal alone ends it. Who was admitted stays so until staff act.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.admission.case import letters
from gateway.admission.case.events import Apply
from gateway.admission.case.model import (
    ADMITTED,
    APPLIED_BEFORE,
    Case,
    JournalEntry,
    Letter,
    State,
    Transition,
)
from gateway.admission.organisations.domains import Standing
from gateway.mail.text import fold
from gateway.printing.fields import slug


def is_reapplication(new: Apply, old: Case) -> bool:
    """Whether `new` is by the person of `old`, who now writes from an organisation's own address."""
    return (
        (old.state is State.AWAITING_AFFILIATION or old.state in ADMITTED)
        and old.applicant.person != new.applicant.person
        and new.background.standing is Standing.OWN
        and fold(new.form.name) == fold(old.form.name) != ""
    )


def link_earlier_case(new: Apply, old: Case) -> Apply:
    """The application with the number of the earlier one, for the staff to see."""
    return replace(new, background=replace(new.background, earlier=old.number))


def flag_erased_case(new: Apply) -> Apply:
    """The application of somebody whose earlier case was erased: nothing else is known of it."""
    return replace(new, background=replace(new.background, flags=(*new.background.flags, APPLIED_BEFORE)))


def ask_earlier_applicant(old: Case, new: Apply) -> Transition:
    """The earlier case stays as it is: its address is asked to withdraw it, or it is noted as one to look
    after."""
    detail = {"to": slug(new.number)}
    if old.state in ADMITTED:
        return Transition(old, journal=(JournalEntry("address_change", new.applicant, detail),))
    asked = letters.to_applicant(old, Letter.REPLACEMENT_CHECK, new_address=str(new.applicant))
    return Transition(old, (asked,), (JournalEntry("replacement.asked", new.applicant, detail),))
