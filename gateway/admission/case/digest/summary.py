"""Receipts collected into one letter: what colleagues decided; each line can be undone.

The first receipt for a member's own decision is sent at once. Further ones in quick succession, and
colleagues' decisions, wait for a summary, which is sent before the undo window of its oldest line ends.
Alarms are not receipts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from gateway.admission.case import letters
from gateway.admission.case.model import Case, Letter, LetterCaps, OutgoingLetter

MAX_LINES = 200
# Receipts that say more than that a decision was recorded, or that something is wrong, are sent at once.
_AT_ONCE = frozenset({"undo", "first", "affiliated", "joined", "resend"})
_SHOWN = ("number", "register_name", "what", "by", "leaves_at", "held_until")


def is_gathered(outgoing: OutgoingLetter, last: datetime | None, now: datetime, caps: LetterCaps) -> bool:
    """Return whether a receipt waits for a summary; never if decisions are sent at once.

    `last` is when the last receipt or summary to this person was or will be sent.
    """
    by = outgoing.facts.get("by")
    if outgoing.letter is not Letter.DECISION_RECEIPT or not caps.receipt_spacing or by is None:
        return False
    if str(by) != str(outgoing.to):
        return True
    recent = last is not None and now - last < caps.receipt_spacing
    return recent and outgoing.facts.get("what") not in _AT_ONCE


def summarise(receipt: OutgoingLetter, case: Case, now: datetime, caps: LetterCaps) -> OutgoingLetter:
    """Build a summary with this receipt as its only line."""
    line = {name: receipt.facts.get(name, "") for name in _SHOWN} | {
        "revision": case.revision,
        "call": letters.call_facts(case),
    }
    shown = {name: receipt.facts.get(name, "") for name in ("to_name", "role")}
    return OutgoingLetter(
        Letter.DECISION_SUMMARY, receipt.to, {**shown, "cases": [line]}, now + caps.receipt_spacing
    )


def join(waiting: Mapping[str, object], new: OutgoingLetter) -> OutgoingLetter | None:
    """Append the lines of another summary to a queued one; None if it is full."""
    lines = [*_lines(waiting), *_lines(new.facts)]
    return replace(new, facts={**new.facts, "cases": lines}) if len(lines) <= MAX_LINES else None


def _lines(facts: Mapping[str, object]) -> list[object]:
    found = facts.get("cases", ())
    return list(found) if isinstance(found, list | tuple) else []
