"""The figures of a week, as a letter to whoever the desk reports to: counts alone, nothing about persons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from gateway.admission.case.model import OPEN, Case, Desk, JournalEntry, Letter, OutgoingLetter, Transition

# Lines of the journal that are counted, and what a letter calls them.
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
    """The Monday of the week before this one."""
    return today - timedelta(days=today.weekday() + 7)


def build_figures(names: Iterable[str], waiting: Iterable[Case], today: date, desk: Desk) -> Transition:
    """The letter about the last whole week: `names` are its lines of the journal, `waiting` open cases."""
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
