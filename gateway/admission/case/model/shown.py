"""A mark for what a member was shown of a case: a decision in the console counts for this state only."""

from __future__ import annotations

import hashlib

from gateway.admission.case.model import Case

MARK_LENGTH = 32


def make_mark(case: Case) -> str:
    """Return a mark of everything that a decision rests on.

    It changes with the content, the state, earlier decisions and confirmations.
    """
    shown = (
        case.number,
        case.revision,
        case.state.value,
        case.decided_by,
        case.decided_at,
        case.first_approval,
        case.held_until,
        case.question,
        case.confirmed_by,
        case.second_look,
        case.affiliation.call,
    )
    return hashlib.sha256(repr(shown).encode("utf-8", "replace")).hexdigest()[:MARK_LENGTH]
