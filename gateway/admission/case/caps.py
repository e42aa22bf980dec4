"""Limits on outgoing letters, counted by cause: a case, a sender's domain, an addressee, the day.

A flood from one cause does not use up the limit of another. Alarms caused from outside the office have a
separate limit, and the first alarm of each cause is always sent (per case, or per domain whose mails caused
the lost letter). Alarms about the office's own actions are not limited. Letters over a limit are counted and
reported in the digest. Pure: counts are arguments.

Source: RFC 3834 section 2 asks responders to limit what they send, so that two responders stop answering
each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.admission.case.model import Case, Letter, LetterCaps, OutgoingLetter, State
from gateway.auth.dmarc.organizational_domain import organizational_domain

# Notices of everyday events. Any other kind is an alarm, so that a new kind is sent rather than capped.
ROUTINE_NOTICES = frozenset(
    {
        "wrote", "withdrawn", "third_party", "confirmation_unusable", "colleague_not_asked",
        "other_address", "several_people", "unreadable", "figures", "overdue", "expired",
        "invitation_expired",
        "not_resumed", "help", "found", "away", "away_unread", "back", "handed_over", "not_handed_over",
        "mail_chosen", "corrected",
    }
)  # fmt: skip
# Alarms that somebody outside the office, or a service, can cause repeatedly. All others report one act of a
# member or an operator that everybody must hear of: stopping, restarting, deciding, revoking.
_COUNTED_ALARMS = frozenset({"misuse", "undelivered", "unread_report", "barred"})
# These count for the author's domain; the clock and the staff cause the others.
_WRITTEN_NOTICES = frozenset(
    {"wrote", "third_party", "confirmation_unusable", "other_address", "several_people", "unreadable"}
)
_STRANGERS_LETTERS = frozenset({Letter.HOW_TO_APPLY, Letter.ONE_BY_ONE, Letter.NOT_KEPT})
# Letters caused by an applicant's own mails, counted by case and never by domain.
_CASE_LETTERS = frozenset(
    {
        Letter.ACKNOWLEDGMENT,
        Letter.MISSING_FIELDS,
        Letter.AFFILIATION_REQUEST,
        Letter.QUESTION,
        Letter.REPLACEMENT_CHECK,
    }
)
_ANSWERS = _STRANGERS_LETTERS | {
    Letter.ALREADY_ADMITTED,
    Letter.WITHDRAWAL_RECEIPT,
    Letter.OWN_STATUS,
    Letter.HELD_DATA,
    Letter.EXPIRED,
    Letter.INVITATION_NOTICE,
    Letter.INVITATION_REMINDER,
}
# Letters that strangers can cause without limit; if one is lost, it counts for the domain.
_UNASKED = (_CASE_LETTERS - {Letter.QUESTION}) | (
    _ANSWERS - {Letter.INVITATION_NOTICE, Letter.INVITATION_REMINDER} | {Letter.AFFILIATION_CHECK}
)
# Daily limits on letters that a member of staff requests by mail, and on the answer to an applicant's text
# that is no form.
_FIXED: Mapping[Letter, int] = {
    Letter.PASSED_ON: 1,
    Letter.UNCLEAR_DECISION: 50,
    Letter.CASE_STATUS: 50,
    Letter.DIGEST: 20,
    Letter.TRANSCRIPT: 50,
    Letter.PRACTICE_REQUEST: 20,
    Letter.PRACTICE_RESULT: 50,
    Letter.CONSOLE_CODE: 50,
    Letter.CONSOLE_CONFIRMATION: 20,
}
# Occasions of a review request that are caused from outside the office.
_OUTSIDE_OCCASIONS = frozenset({"new", "changed", "confirmed", "denied", "unknown"})


class Scope(StrEnum):
    """The scope of a count: the whole day, an addressee, a case or a domain, each per day."""

    DAY = "day"
    ADDRESS = "address"
    CASE = "case"
    DOMAIN = "domain"


@dataclass(frozen=True, slots=True)
class Bound:
    """At most `most` letters called `name` per day for `of`: a case number, a domain, an address."""

    name: str
    scope: Scope
    of: str
    most: int


@dataclass(frozen=True, slots=True)
class Counting:
    """The bounds that one letter counts for: it is sent while each of `bounds` has room.

    While `first` has room, the bound of the day is ignored. If `once` was counted before, no room is needed.
    """

    bounds: tuple[Bound, ...] = ()
    first: Bound | None = None
    once: Bound | None = None


@dataclass(frozen=True, slots=True)
class Admission:
    """The decision about one letter: if sent, it counts for `counted`; if not, the bound `full` caps it."""

    counted: tuple[Bound, ...] = ()
    full: Bound | None = None


def find_counting(outgoing: OutgoingLetter, case: Case | None, caps: LetterCaps) -> Counting:
    """Return what this letter counts for; without bounds it is always sent."""
    letter, number = outgoing.letter, case.number if case else ""
    if is_alarm(outgoing):
        return _count_alarm(outgoing, case, caps)
    if letter is Letter.CASE_NOTICE:
        return _count_notice(outgoing, number, caps)
    if letter is Letter.REVIEW_REQUEST and case is not None and case.state is State.AWAITING_AFFILIATION:
        unit = unit_of(case.applicant.domain)
        domain = Bound("unconfirmed", Scope.DOMAIN, unit, caps.unconfirmed_cases)
        return Counting((domain,), once=Bound("unconfirmed", Scope.CASE, number, 1))
    if letter in _CASE_LETTERS and case is not None:
        return Counting((Bound(letter.value, Scope.CASE, number, caps.per_case),))
    return Counting(_count_answer(outgoing, caps))


def is_alarm(outgoing: OutgoingLetter) -> bool:
    """Return whether a letter reports a problem to the staff."""
    return outgoing.letter is Letter.CASE_NOTICE and outgoing.facts.get("kind") not in ROUTINE_NOTICES


def unit_of(domain: str) -> str:
    """Return the organisation unit by which a domain is counted; its subdomains are one cause."""
    return organizational_domain(domain) or domain


def admit(counting: Counting, count: Callable[[Bound], int]) -> Admission:
    """Return whether the letter is sent; `count` returns how many were counted for a bound."""
    if counting.once is not None and count(counting.once):
        return Admission()
    first = counting.first
    is_first = first is not None and count(first) < first.most
    asked = (bound for bound in counting.bounds if not (is_first and bound.scope is Scope.DAY))
    full = next((bound for bound in asked if count(bound) >= bound.most), None)
    if full is not None:
        of_domain = full.scope is Scope.DAY and first is not None and first.scope is Scope.DOMAIN
        return Admission(full=first if of_domain else full)
    own = tuple(one for one in (first, counting.once) if one is not None)
    return Admission(tuple(dict.fromkeys((*counting.bounds, *own))))


def is_spaced(outgoing: OutgoingLetter) -> bool:
    """Return whether a review request must keep its distance from the last one about its case."""
    return outgoing.letter is Letter.REVIEW_REQUEST and outgoing.facts.get("occasion") in _OUTSIDE_OCCASIONS


def earliest(last: datetime | None, now: datetime, caps: LetterCaps) -> datetime:
    """Return when the next review request may be sent, if the last one about its case was sent at `last`."""
    return now if last is None else max(now, last + caps.review_spacing)


def merge_request(waiting: Mapping[str, object], new: Mapping[str, object]) -> dict[str, object]:
    """Merge a new review request into one that is still queued.

    The result has the newest content, plus the answers and texts of the replaced request. Nobody has seen an
    application whose first request is still queued, so it remains a new one.
    """
    text = "\n".join(str(facts["text"]) for facts in (waiting, new) if facts.get("text"))
    merged = {**new, "text": text} if text else dict(new)
    for name in ("questions", "changes", "additions"):
        told = [*_list(waiting, name), *_list(new, name)]
        merged |= {name: told} if told else {}
    merged |= _join_differences(merged)
    if waiting.get("asked") and not new.get("asked"):
        merged |= {"asked": waiting["asked"], "occasion": "answered"}
    if waiting.get("occasion") == "new":
        merged["occasion"] = "new"
    return merged


def _join_differences(facts: Mapping[str, object]) -> dict[str, object]:
    """Merge the changes so that each item occurs once: as first shown to the office, and as it is now."""
    changes: dict[str, dict[str, object]] = {}
    additions = {one["item"]: one for one in _list(facts, "additions") if isinstance(one, dict)}
    for one in _list(facts, "changes"):
        if isinstance(one, dict) and one["item"] in additions:
            additions[one["item"]] = {"item": one["item"], "new": one["new"]}
        elif isinstance(one, dict):
            first = changes.get(one["item"], one)
            changes[one["item"]] = {**one, "old": first["old"]}
    kept = [one for one in changes.values() if one["old"] != one["new"]]
    told = {"changes": kept, "additions": list(additions.values())}
    return {name: held for name, held in told.items() if name in facts}


def _list(facts: Mapping[str, object], name: str) -> list[object]:
    held = facts.get(name)
    return held if isinstance(held, list) else []


def _count_alarm(outgoing: OutgoingLetter, case: Case | None, caps: LetterCaps) -> Counting:
    kind, by = str(outgoing.facts.get("kind", "")), str(outgoing.facts.get("by", ""))
    if kind not in _COUNTED_ALARMS:
        return Counting()
    about, number = str(outgoing.facts.get("about", "")), case.number if case else ""
    unit = unit_of(by.rpartition("@")[2]) if by else ""
    # A lost invitation is separate news from a lost receipt.
    of_case = Bound("alarm", Scope.CASE, f"{kind} {number} {about} {unit}".strip(), 1)
    day = Bound("alarm", Scope.DAY, "", caps.alarms)
    if case is None or about not in _UNASKED:
        return Counting((day,), first=of_case)
    of_domain = Bound(f"alarm {kind}", Scope.DOMAIN, unit_of(case.applicant.domain), caps.alarms_per_domain)
    # Several unreachable colleagues at one domain are one reason to telephone.
    is_of_colleagues = kind == "undelivered" and about == Letter.AFFILIATION_CHECK
    return Counting((of_case, day) if is_of_colleagues else (day,), first=of_domain)


def _count_notice(outgoing: OutgoingLetter, number: str, caps: LetterCaps) -> Counting:
    kind = str(outgoing.facts.get("kind", ""))
    # Without a case, each author is counted separately, so nobody uses up another's limit.
    cause = number or str(outgoing.facts.get("by", ""))
    by_case = Bound(f"notice {kind}", Scope.CASE, cause, caps.per_case)
    if kind not in _WRITTEN_NOTICES:
        return Counting((by_case,))
    by = str(outgoing.facts.get("by") or outgoing.facts.get("applicant", ""))
    unit = unit_of(by.rpartition("@")[2])
    return Counting((by_case, Bound("notice", Scope.DOMAIN, unit, caps.per_domain)))


def _find_most(letter: Letter, caps: LetterCaps) -> int | None:
    """Return how many letters of a kind one addressee gets per day; None means no limit."""
    if letter is Letter.AFFILIATION_CHECK:
        return caps.checks_per_address
    return caps.per_address if letter in _ANSWERS else _FIXED.get(letter)


def _count_answer(outgoing: OutgoingLetter, caps: LetterCaps) -> tuple[Bound, ...]:
    """Return the bounds of answers to mails that change no case, and of what the staff requested."""
    letter, to = outgoing.letter, outgoing.to
    most = _find_most(letter, caps)
    by_address = () if most is None else (Bound(letter.value, Scope.ADDRESS, to.key, most),)
    unreadable = letter is Letter.UNCLEAR_DECISION and not outgoing.facts.get("role")
    if letter not in _STRANGERS_LETTERS and not unreadable:
        return by_address
    return (*by_address, Bound(letter.value, Scope.DOMAIN, unit_of(to.domain), caps.per_domain))
