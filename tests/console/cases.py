"""Cases for a console beside a running gateway, which reminds of every case that is overdue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gateway.admission.case.model import Case, State
from tests.support import factories


def case(state: State = State.UNDER_REVIEW, **changes: object) -> Case:
    """A case of the made-up applicant, due a week from today."""
    due_on = (datetime.now(UTC) + timedelta(days=7)).date()
    return factories.case(state, **({"due_on": due_on} | changes))
