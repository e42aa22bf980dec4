"""Carries out a reply to a digest, one line per case: `K7QM-4T 承認 4F7K` or `K7QM-4T 却下 4F7K 理由`.

A line that cannot be parsed or carried out does not affect the others; the answer reports the result of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.admission.case import letters
from gateway.admission.case.digest import together
from gateway.admission.case.events import Decide, DigestReply, DigestReplyLine
from gateway.admission.case.model import Case, Desk, JournalEntry, Letter, OutgoingLetter, Staff, Transition
from gateway.admission.case.transitions.office import staff, watching
from gateway.admission.replies.reading import CHANGING, Decision
from gateway.mail.address import Address
from gateway.printing.statement import Statement, from_stored

_TWICE = Statement("line_twice")
_CROSSED = Statement("crossed")
_NOT_SHOWN = Statement("line_not_shown")
_CHANGED = Statement("line_changed")
_NOT_UNDONE = Statement("nothing_to_undo")


@dataclass(frozen=True, slots=True)
class DigestCase:
    """A case that a line may name, and whether the letter of its last decision can be recalled."""

    case: Case
    recallable: bool


def decide(
    reply: DigestReply, known: Mapping[str, DigestCase], now: datetime, desk: Desk
) -> tuple[tuple[Case | None, Transition], ...]:
    """Return a transition for each line, and finally the answer that lists all of them."""
    done: list[tuple[Case | None, Transition]] = []
    approvals = reply.conduct.approvals
    told: list[dict[str, object]] = []
    counts = _counts(reply.entries)
    for entry in reply.entries:
        found = known.get(entry.number)
        refusal = _refusal(entry, reply, counts, known) if found is not None else _NOT_SHOWN
        if refusal or found is None:
            told.append(_result_row(entry, None, refusal))
            continue
        if unfit := together.find_refusal(entry, found.case):
            told.append(_result_row(entry, found.case, unfit))
            continue
        paced = replace(reply, conduct=replace(reply.conduct, approvals=approvals))
        transition = _decide_line(entry, paced, found, now, desk)
        approvals += watching.count_approvals(transition)
        why = _failure_reason(found.case, transition)
        row = _result_row(entry, transition.case or found.case, why)
        told.append(row | _find_outcome(transition, reply.by))
        done.append((found.case, _drop_told_letters(transition, reply.by)))
    member = desk.member(reply.by)
    answer = (_transcript(member, told, reply.why),) if member else ()
    return (*done, (None, Transition(None, answer, (JournalEntry("digest.answered", reply.by),))))


def _decide_line(
    entry: DigestReplyLine, reply: DigestReply, found: DigestCase, now: datetime, desk: Desk
) -> Transition:
    event = Decide(
        reply.by,
        entry.reply,
        reply.shown_revisions[entry.number],
        found.recallable,
        weak=reply.weak,
        conduct=reply.conduct,
    )
    return staff.decide(found.case, event, now, desk)


def _refusal(
    entry: DigestReplyLine,
    reply: DigestReply,
    counts: Mapping[str, int],
    known: Mapping[str, DigestCase],
) -> Statement | None:
    if counts[entry.number] > 1:
        return _TWICE
    if any(other in known for other in entry.others) and entry.reply.decision in CHANGING:
        return _CROSSED
    return None if entry.number in reply.shown_revisions else _NOT_SHOWN


def _counts(entries: Iterable[DigestReplyLine]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry.number] = counts.get(entry.number, 0) + 1
    return counts


def _failure_reason(before: Case, transition: Transition) -> Statement | None:
    """Return why a line was not carried out, according to the transition's letter; None if it was."""
    for outgoing in transition.letters:
        if outgoing.letter is Letter.UNCLEAR_DECISION:
            return from_stored(outgoing.facts["why"])
        if outgoing.letter is Letter.REVIEW_REQUEST and transition.case == before:
            return _CHANGED
    return None


_TOLD = frozenset({Letter.UNCLEAR_DECISION, Letter.DECISION_RECEIPT})
_OUTCOME = ("what", "leaves_at", "held_until", "left")


def _drop_told_letters(transition: Transition, by: Address) -> Transition:
    """Drop the letters about a single line to its author, because the answer to all lines reports it."""
    outgoing = tuple(one for one in transition.letters if one.letter not in _TOLD or one.to.key != by.key)
    return replace(transition, letters=outgoing)


def _find_outcome(transition: Transition, by: Address) -> dict[str, object]:
    """Return the contents of the receipt for one line, and the revision that can be undone."""
    own = (
        one for one in transition.letters if one.letter is Letter.DECISION_RECEIPT and one.to.key == by.key
    )
    facts = next((one.facts for one in own), {})
    after = transition.case
    return {name: facts.get(name, "") for name in _OUTCOME} | {"revision": after.revision if after else 0}


def _result_row(entry: DigestReplyLine, case: Case | None, why: Statement | None) -> dict[str, object]:
    named = {"organisation": case.form.organisation, "name": case.form.name} if case else {}
    return {**_row(entry.number, entry.reply.decision, why, case), **named}


def _row(number: str, word: Decision, why: Statement | None, case: Case | None) -> dict[str, object]:
    """Return a transcript's facts about one case. `who` is empty, for templates of 0.1; 0.3 removes it."""
    bare = {"number": number, "organisation": "", "name": "", "who": "", "word": word.value, "why": why}
    outcome = {**dict.fromkeys(_OUTCOME, ""), "revision": 0}
    return {**bare, **outcome, "call": letters.call_facts(case) if case else {}}


def _transcript(member: Staff, told: list[dict[str, object]], why: Statement | None) -> OutgoingLetter:
    undoable = [{name: one[name] for name in ("number", "revision")} for one in told if one["what"]]
    facts = {
        "to_name": member.name,
        "role": member.role.value,
        "lines": told,
        "why": why,
        "cases": undoable,
    }
    return OutgoingLetter(Letter.TRANSCRIPT, member.address, facts)


def list_undone(
    done: Iterable[tuple[str, bool, Case | None]], by: str, desk: Desk
) -> tuple[OutgoingLetter, ...]:
    """Report to each member of staff which cases an operator `by` undid at once.

    `done` contains the number, whether it was undone, and the current case.
    """
    lines = [
        _row(number, Decision.UNDO, None if undone else _NOT_UNDONE, case) for number, undone, case in done
    ]
    return tuple(
        OutgoingLetter(
            Letter.TRANSCRIPT,
            member.address,
            {
                "to_name": member.name,
                "role": member.role.value,
                "lines": lines,
                "why": None,
                "by": by,
                "cases": [],
            },
        )
        for member in desk.staff
    )
