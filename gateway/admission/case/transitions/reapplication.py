"""An application that names an earlier case: made anew from the organisation's address, or a new address.

Only the case number in the subject and the same name connect the two. A case that still waits for its
affiliation ends; who was admitted stays so until staff act: a number is a name, and no secret.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.admission.case.events import Apply
from gateway.admission.case.model import (
    ADMITTED,
    APPLIED_BEFORE,
    Case,
    JournalEntry,
    State,
    Transition,
    with_state,
)
from gateway.admission.organisations.domains import Standing
from gateway.mail.text import fold


def is_reapplication(new: Apply, old: Case) -> bool:
    """Whether `new` is by the person of `old`, who now writes from an organisation's own address."""
    return (
        (old.state is State.AWAITING_AFFILIATION or old.state in ADMITTED)
        and old.applicant.key != new.applicant.key
        and new.background.standing is Standing.OWN
        and fold(new.form.name) == fold(old.form.name) != ""
    )


def link_earlier_case(new: Apply, old: Case) -> Apply:
    """The application with the number of the earlier one, for the staff to see."""
    return replace(new, background=replace(new.background, earlier=old.number))


def flag_erased_case(new: Apply) -> Apply:
    """The application of somebody whose earlier case was erased: nothing else is known of it."""
    return replace(new, background=replace(new.background, flags=(*new.background.flags, APPLIED_BEFORE)))


def end_earlier_case(old: Case, new: Apply) -> Transition:
    """What becomes of the earlier case: it ends without a letter, or is noted as one to look after."""
    if old.state in ADMITTED:
        entry = JournalEntry("address_change", str(new.applicant), {"to": new.number})
        return Transition(old, journal=(entry,))
    entry = JournalEntry("superseded", str(new.applicant), {"by": new.number})
    return Transition(with_state(old, State.WITHDRAWN), journal=(entry,))
