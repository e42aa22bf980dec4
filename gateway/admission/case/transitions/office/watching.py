"""Decisions that all of the office hear of at once: with something to look at, or from a new place."""

from __future__ import annotations

from dataclasses import replace

from gateway.admission.case import letters
from gateway.admission.case.events import Decide
from gateway.admission.case.model import (
    STAFF_LETTERS,
    Case,
    Desk,
    Level,
    Transition,
    find_attention,
)

APPROVALS = frozenset({"decision.approve", "decision.first_approval"})
# Lines of the journal that tell of a word that was carried out.
CARRIED_OUT = APPROVALS | {
    "decision.decline",
    "decision.ask",
    "decision.hold",
    "decision.undo",
    "decision.confirmed",
    "affiliation.telephone",
    "case.reopened",
    "case.corrected",
}


# Mails that change what becomes of a case, by whomever.
EVIDENT = CARRIED_OUT | {
    *("affiliation", "withdrawal", "desk.stop", "desk.resume"),
    *("move.asked", "move.followed", "look.asked", "invitation.again"),
}


def is_evidence(transition: Transition) -> bool:
    """Whether the mail that brought it is kept with its case: it decided, confirmed, withdrew or stopped."""
    return any(entry.name in EVIDENT for entry in transition.journal)


def is_carried_out(transition: Transition) -> bool:
    """Whether a word of the staff changed something, or wrote to somebody outside of the office."""
    writes_out = any(one.letter not in STAFF_LETTERS for one in transition.letters)
    return writes_out or _is_decision(transition)


def _is_decision(transition: Transition) -> bool:
    return any(entry.name in CARRIED_OUT for entry in transition.journal)


def count_approvals(transition: Transition) -> int:
    """How many approvals these are."""
    return sum(entry.name in APPROVALS for entry in transition.journal)


def add_alarm(transition: Transition, before: Case, event: Decide, desk: Desk) -> Transition:
    """The transition, with a notice to all where there is something to look at: in the case, its 注意; in the
    mail, something new, or that it is proven by a shared provider alone."""
    unusual = event.conduct.new_program or event.conduct.new_domain or event.weak
    has_flags = _is_decision(transition) and find_attention(before).level is Level.ATTENTION
    if not is_carried_out(transition) or transition.case is None or not (unusual or has_flags):
        return transition
    facts = {
        "by": str(event.by),
        "word": event.reply.decision.value,
        "has_flags": has_flags,
        "new_program": event.conduct.new_program,
        "new_domain": event.conduct.new_domain,
        "weak": event.weak,
    }
    told = letters.notices(transition.case, desk, "decision_watched", **facts)
    return replace(transition, letters=(*transition.letters, *told))
