"""Decisions that all staff are notified of at once: a case with 注意, a new program or domain, the web."""

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
from gateway.mail.address import Address
from gateway.printing.fields import ours

APPROVALS = frozenset({"decision.approve", "decision.first_approval"})
# Journal entries of decisions that were carried out.
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


# Journal entries of mails that change the outcome of a case, whoever sent them.
EVIDENT = CARRIED_OUT | {
    *("affiliation", "withdrawal", "desk.stop", "desk.resume"),
    *("move.asked", "move.followed", "look.asked", "invitation.again"),
}


def is_evidence(transition: Transition) -> bool:
    """Return whether the mail is kept as evidence: it decided, confirmed, withdrew or stopped."""
    return any(entry.name in EVIDENT for entry in transition.journal)


def is_carried_out(transition: Transition) -> bool:
    """Return whether a staff decision changed something or queued a letter to anybody outside the office."""
    writes_out = any(one.letter not in STAFF_LETTERS for one in transition.letters)
    return writes_out or _is_decision(transition)


def _is_decision(transition: Transition) -> bool:
    return any(entry.name in CARRIED_OUT for entry in transition.journal)


def count_approvals(transition: Transition) -> int:
    """Return the number of approvals."""
    return sum(entry.name in APPROVALS for entry in transition.journal)


def add_alarm(transition: Transition, before: Case, event: Decide, desk: Desk) -> Transition:
    """Add a notice to all staff if the decision is unusual.

    Reasons are 注意 of the case, a new program or domain of the mail, authentication by a shared provider
    only, or a decision in the console.
    """
    unusual = event.conduct.new_program or event.conduct.new_domain or event.weak or event.by_web
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
        "by_web": event.by_web,
    }
    told = letters.notices(transition.case, desk, "decision_watched", **facts)
    return replace(transition, letters=(*transition.letters, *told))


def mark_web(transition: Transition, by: Address) -> Transition:
    """Mark each journal entry of this member as made in the console."""
    lines = (
        replace(line, detail={**line.detail, "via": ours("web")}) if line.actor == by else line
        for line in transition.journal
    )
    return replace(transition, journal=tuple(lines))
