"""The weekly figures, a letter to the escalation address: counts only, nothing about persons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from gateway.admission.case.model import OPEN, Case, Desk, JournalEntry, Letter, OutgoingLetter, Transition

# Journal entries that are counted, and their names in the letter.
COUNTED: Mapping[str, str] = {
    "application": "applied",
    "decision.approve": "approved",
    "decision.decline": "declined",
    "decision.ask": "asked",
    "decision.undo": "undone",
    "withdrawal": "withdrawn",
    "invitation.handed": "invited",
    "invitation.joined": "joined",
}


def find_week(today: date) -> date:
    """Return the Monday of the previous week."""
    return today - timedelta(days=today.weekday() + 7)


def build_figures(names: Iterable[str], waiting: Iterable[Case], today: date, desk: Desk) -> Transition:
    """Build the letter about the previous week; `names` are its journal entries, `waiting` the open cases."""
    if desk.escalation is None:
        return Transition(None)
    counts = dict.fromkeys(COUNTED.values(), 0)
    for name in names:
        counts[COUNTED[name]] += 1
    still = [case for case in waiting if case.state in OPEN]
    facts = {
        "number": "",
        "to_name": "責任者",
        "kind": "figures",
        "day": find_week(today).isoformat(),
        "last_day": (find_week(today) + timedelta(days=6)).isoformat(),
        "counts": {**counts, "waiting": len(still), "late": sum(case.due_on < today for case in still)},
    }
    entry = JournalEntry("figures", detail={"day": find_week(today)})
    return Transition(None, (OutgoingLetter(Letter.CASE_NOTICE, desk.escalation, facts),), (entry,))
