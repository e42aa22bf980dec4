"""Builds the digest for one member of staff, sent every business day or on request.

It records the revision of each case that it shows; a reply can decide only these revisions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from gateway.admission import business_days
from gateway.admission.case import deadlines, letters
from gateway.admission.case.digest import together
from gateway.admission.case.events import DigestRequest
from gateway.admission.case.model import (
    OPEN,
    STATE_WORDS,
    Case,
    Desk,
    JournalEntry,
    Letter,
    Level,
    OutgoingLetter,
    Staff,
    State,
    Transition,
    find_attention,
)

MAX_LINES = 200
# States in which the office can decide now.
WAITING = frozenset({State.UNDER_REVIEW, State.AWAITING_AFFILIATION})


def answer_request(case: Case | None, event: DigestRequest, now: datetime, desk: Desk) -> Transition:
    """Answer the word 一覧."""
    member = desk.member(event.by)
    if member is None:
        return Transition(case)
    why = "stop_asked" if event.stop_asked else "asked"
    today = business_days.tokyo_date(now)
    outgoing = build_digest(member, event.cases, today, desk, occasion=why, unseen=event.unseen)
    return Transition(case, (outgoing,), (JournalEntry("digest.asked", event.by),))


def build_digest(
    person: Staff,
    cases: Iterable[Case],
    today: date,
    desk: Desk,
    *,
    occasion: str = "daily",
    unseen: int = 0,
    refused: Sequence[object] = (),
    more_refused: int = 0,
    failed: Sequence[object] = (),
    more_failed: int = 0,
    erased: Mapping[str, int] | None = None,
    capped: Sequence[object] = (),
    unheard: int = 0,
    marked: Sequence[object] = (),
) -> OutgoingLetter:
    """Build the digest for one person: cases waiting for the office by due date, without the person's own.

    Other open cases are only counted; `unseen` are further ones that were not loaded. `refused` are domains
    that could not be authenticated (`author`, `count` of mails), `failed` undelivered letters, `more_failed`
    the number of further ones. `erased` counts the expired `cases` and `mails` that were erased. `capped` are
    letters not sent because of a limit: `letter`, `of` (a case number or a domain) and `count`. `unheard`
    counts mails without effect or letter; `marked` are those that contain something: `id`, `author` and
    `holds`.
    """
    able = [case for case in cases if case.state in OPEN and case.applicant.person != person.address.person]
    shown = [case for case in able if case.state in WAITING]
    shown.sort(key=lambda case: (case.state is State.AWAITING_AFFILIATION, case.due_on, case.number))
    told = [_case_row(case, today, desk) for case in shown[:MAX_LINES]]
    facts = {
        "occasion": occasion,
        "day": today.isoformat(),
        "to_name": person.name,
        "role": person.role.value,
        "cases": told,
        "together": sum(bool(row["together"]) for row in told),
        "to_check": sum(find_attention(case).level is Level.ATTENTION for case in shown[:MAX_LINES]),
        "rest": _count_rest(able),
        "more": max(0, len(shown) - MAX_LINES) + unseen,
        "refused": list(refused),
        "more_refused": more_refused,
        "failed": list(failed),
        "more_failed": more_failed,
        "erased": dict(erased or {}),
        "capped": list(capped),
        "unheard": unheard,
        "marked": list(marked),
    }
    return OutgoingLetter(Letter.DIGEST, person.address, facts)


def _count_rest(cases: Iterable[Case]) -> list[dict[str, object]]:
    """Count the open cases that wait for somebody else, by state."""
    counts = Counter(case.state for case in cases if case.state not in WAITING)
    return [{"state_words": STATE_WORDS[state], "count": counts[state]} for state in State if counts[state]]


def _case_row(case: Case, today: date, desk: Desk) -> dict[str, object]:
    following = deadlines.next_action_date(case, today, desk)
    return {
        "number": case.number,
        "revision": case.revision,
        "register_name": case.background.register_name,
        "attention": letters.attention_facts(case),
        "together": together.is_listed_together(case),
        # Templates of 0.1 print these; 0.3 removes them.
        "organisation": case.form.organisation,
        "name": case.form.name,
        "applicant": str(case.applicant),
        "kind": case.background.domain_kind,
        "due_on": case.due_on.isoformat(),
        "late": case.due_on < today,
        "state_words": STATE_WORDS[case.state],
        "handler": case.handler,
        "call": letters.call_facts(case),
        "next": following.isoformat() if following else "",
    }
