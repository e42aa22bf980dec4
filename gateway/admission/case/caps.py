"""How many letters leave, counted by what causes them: a case, a sender's domain, an addressee, the day.

A flood of one cause uses up nothing of another: alarms that others than the office cause have a budget of
their own, and the first of each cause always leaves (of a case, or of the domain whose mails brought the
letter that was lost). Alarms about what the office itself does are not counted. What is over a cap is
counted, and the digest tells of it. Pure: counts come in.
Source: RFC 3834 section 2 asks responders to limit what they send; two responders then fall silent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.admission.case.model import Case, Letter, LetterCaps, OutgoingLetter, State
from gateway.auth.dmarc.organizational_domain import organizational_domain

# Notices of what happens every day. Any other kind is an alarm: a new kind is heard rather than capped.
ROUTINE_NOTICES = frozenset(
    {
        "wrote", "withdrawn", "third_party", "confirmation_unusable", "colleague_not_asked",
        "other_address", "several_people", "unreadable", "figures", "overdue", "expired",
        "invitation_expired",
        "not_resumed", "help", "found", "away", "away_unread", "back", "handed_over", "not_handed_over",
        "corrected",
    }
)  # fmt: skip
# Alarms that somebody outside of the office, or a service, causes as often as they like. All others tell of
# one act of a member or an operator, of which all must hear: who stops, starts again, decides, revokes.
_COUNTED_ALARMS = frozenset({"misuse", "undelivered", "unread_report", "barred"})
# Of these the domain of whoever wrote is counted; the clock and the staff cause the others.
_WRITTEN_NOTICES = frozenset(
    {"wrote", "third_party", "confirmation_unusable", "other_address", "several_people", "unreadable"}
)
_STRANGERS_LETTERS = frozenset({Letter.HOW_TO_APPLY, Letter.ONE_BY_ONE, Letter.NOT_KEPT})
# What an applicant's own mails bring, counted by case and never by domain.
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
# What mails of strangers bring unasked, as often as they like: lost, such letters are counted by domain.
_UNASKED = (_CASE_LETTERS - {Letter.QUESTION}) | (
    _ANSWERS - {Letter.INVITATION_NOTICE, Letter.INVITATION_REMINDER} | {Letter.AFFILIATION_CHECK}
)
# What a member of staff asks for by their own mails in a day, and what an applicant hears of words that are
# no form.
_FIXED: Mapping[Letter, int] = {
    Letter.PASSED_ON: 1,
    Letter.UNCLEAR_DECISION: 50,
    Letter.CASE_STATUS: 50,
    Letter.DIGEST: 20,
    Letter.TRANSCRIPT: 50,
    Letter.PRACTICE_REQUEST: 20,
    Letter.PRACTICE_RESULT: 50,
    Letter.CONSOLE_CODE: 50,
}
# Why a review request is written when somebody outside of the office causes it unasked.
_OUTSIDE_OCCASIONS = frozenset({"new", "changed", "confirmed", "denied", "unknown"})


class Scope(StrEnum):
    """What is counted: all of a day, or what one addressee, case or domain causes in it."""

    DAY = "day"
    ADDRESS = "address"
    CASE = "case"
    DOMAIN = "domain"


@dataclass(frozen=True, slots=True)
class Bound:
    """At most `most` letters of this `name` in a day about `of`: a number, a domain, an address."""

    name: str
    scope: Scope
    of: str
    most: int


@dataclass(frozen=True, slots=True)
class Counting:
    """What one letter counts for: it leaves while every one of `bounds` has room.

    `first`: while this one has room, that of the day needs none. `once`: what was counted for this needs no
    room any more.
    """

    bounds: tuple[Bound, ...] = ()
    first: Bound | None = None
    once: Bound | None = None


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether one more letter leaves: if so it counts for `counted`, if not it is capped by `full`."""

    counted: tuple[Bound, ...] = ()
    full: Bound | None = None


def find_counting(outgoing: OutgoingLetter, case: Case | None, caps: LetterCaps) -> Counting:
    """What this letter counts for; without bounds it always leaves."""
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
    """Whether a letter tells the staff of something that is wrong."""
    return outgoing.letter is Letter.CASE_NOTICE and outgoing.facts.get("kind") not in ROUTINE_NOTICES


def unit_of(domain: str) -> str:
    """The organisation unit by which a domain is counted: names below one are one cause."""
    return organizational_domain(domain) or domain


def admit(counting: Counting, count: Callable[[Bound], int]) -> Admission:
    """Whether the letter leaves, when `count` gives how many already did."""
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
    """Whether a review request waits until the last one about its case is old enough."""
    return outgoing.letter is Letter.REVIEW_REQUEST and outgoing.facts.get("occasion") in _OUTSIDE_OCCASIONS


def earliest(last: datetime | None, now: datetime, caps: LetterCaps) -> datetime:
    """When the next review request may leave, if the last one about its case left at `last`."""
    return now if last is None else max(now, last + caps.review_spacing)


def merge_request(waiting: Mapping[str, object], new: Mapping[str, object]) -> dict[str, object]:
    """The newest content, with what only the request said that it takes the place of: an answer, a text.

    Nobody was shown an application whose first request still waits: it stays a new one.
    """
    text = "\n".join(str(facts["text"]) for facts in (waiting, new) if facts.get("text"))
    merged = {**new, "text": text} if text else dict(new)
    for name in ("questions", "changes"):
        told = [*_list(waiting, name), *_list(new, name)]
        merged |= {name: told} if told else {}
    if waiting.get("asked") and not new.get("asked"):
        merged |= {"asked": waiting["asked"], "occasion": "answered"}
    if waiting.get("occasion") == "new":
        merged["occasion"] = "new"
    return merged


def _list(facts: Mapping[str, object], name: str) -> list[object]:
    held = facts.get(name)
    return held if isinstance(held, list) else []


def _count_alarm(outgoing: OutgoingLetter, case: Case | None, caps: LetterCaps) -> Counting:
    kind, by = str(outgoing.facts.get("kind", "")), str(outgoing.facts.get("by", ""))
    if kind not in _COUNTED_ALARMS:
        return Counting()
    about, number = str(outgoing.facts.get("about", "")), case.number if case else ""
    unit = unit_of(by.rpartition("@")[2]) if by else ""
    # An invitation lost is other news than a lost receipt.
    of_case = Bound("alarm", Scope.CASE, f"{kind} {number} {about} {unit}".strip(), 1)
    day = Bound("alarm", Scope.DAY, "", caps.alarms)
    if case is None or about not in _UNASKED:
        return Counting((day,), first=of_case)
    of_domain = Bound(f"alarm {kind}", Scope.DOMAIN, unit_of(case.applicant.domain), caps.alarms_per_domain)
    # Colleagues at one domain, none of whom can be reached, are one thing to telephone about.
    is_of_colleagues = kind == "undelivered" and about == Letter.AFFILIATION_CHECK
    return Counting((of_case, day) if is_of_colleagues else (day,), first=of_domain)


def _count_notice(outgoing: OutgoingLetter, number: str, caps: LetterCaps) -> Counting:
    kind = str(outgoing.facts.get("kind", ""))
    # About no case, each writer counts alone: nobody uses up another's.
    cause = number or str(outgoing.facts.get("by", ""))
    by_case = Bound(f"notice {kind}", Scope.CASE, cause, caps.per_case)
    if kind not in _WRITTEN_NOTICES:
        return Counting((by_case,))
    by = str(outgoing.facts.get("by") or outgoing.facts.get("applicant", ""))
    unit = unit_of(by.rpartition("@")[2])
    return Counting((by_case, Bound("notice", Scope.DOMAIN, unit, caps.per_domain)))


def _find_most(letter: Letter, caps: LetterCaps) -> int | None:
    """How many of a kind one addressee gets in a day; None: any number."""
    if letter is Letter.AFFILIATION_CHECK:
        return caps.checks_per_address
    return caps.per_address if letter in _ANSWERS else _FIXED.get(letter)


def _count_answer(outgoing: OutgoingLetter, caps: LetterCaps) -> tuple[Bound, ...]:
    """Answers to mails that open or change no case, and to what the staff asked for."""
    letter, to = outgoing.letter, outgoing.to
    most = _find_most(letter, caps)
    by_address = () if most is None else (Bound(letter.value, Scope.ADDRESS, to.key, most),)
    unreadable = letter is Letter.UNCLEAR_DECISION and not outgoing.facts.get("role")
    if letter not in _STRANGERS_LETTERS and not unreadable:
        return by_address
    return (*by_address, Bound(letter.value, Scope.DOMAIN, unit_of(to.domain), caps.per_domain))
