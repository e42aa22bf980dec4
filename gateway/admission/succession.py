"""An application made anew from the organisation's own address takes the place of the earlier one.

Only the case number in the subject and the same name connect the two, and only for a case that still waits
for its affiliation: nobody loses a case because a stranger knows its number.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.admission.domains import Decision as Standing
from gateway.admission.intent import Apply
from gateway.admission.model import Case, Event, State, Step, moved
from gateway.mail.text import fold


def replaces(new: Apply, old: Case) -> bool:
    """Whether `new` is the application of `old` again, from an address of the organisation's own."""
    return (
        old.state is State.AWAITING_AFFILIATION
        and old.applicant.key != new.applicant.key
        and new.background.standing is Standing.OWN
        and fold(new.form.name) == fold(old.form.name) != ""
    )


def marked(new: Apply, old: Case) -> Apply:
    """The application with the number of the earlier one, for the staff to see."""
    return replace(new, background=replace(new.background, earlier=old.number))


def closed(old: Case, new: Apply) -> Step:
    """The earlier case ends without a letter: its applicant hears of the new one."""
    event = Event("superseded", str(new.applicant), {"by": new.number})
    return Step(moved(old, State.WITHDRAWN), journal=(event,))
