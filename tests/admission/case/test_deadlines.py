"""Which day brings what to an open case, counted in open days of the office, and what it does then."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.case.deadlines import (
    Deadline,
    DeadlineKind,
    all_deadlines,
    due_deadlines,
    next_action_date,
)
from gateway.admission.case.decide import decide
from gateway.admission.case.events import DeadlinePassed
from gateway.admission.case.model import OPEN, Case, Letter, State, Transition
from gateway.mail.address import parse
from tests.support.factories import APPLICANT, DESK, NOW, SATO, SUZUKI, case, form

BOSS = parse("kacho@kyoso.mihon.go.jp")
WAITING = case(State.AWAITING_AFFILIATION, waits_since=NOW)
HELD = case(State.ON_HOLD, held_until=date(2026, 12, 1))


def days(of: Case, open_days: int = 3) -> list[tuple[str, int, str]]:
    return [
        (deadline.kind.value, deadline.amount, deadline.day.isoformat())
        for deadline in all_deadlines(of, replace(DESK, open_days=open_days))
    ]


def elapsed(of: Case, at: int, now: datetime = NOW) -> Transition:
    desk = replace(DESK, escalation=BOSS)
    return decide(of, DeadlinePassed(all_deadlines(of, desk)[at]), now, desk)


def sent(transition: Transition) -> list[tuple[Letter, str]]:
    return [(outgoing.letter, str(outgoing.to)) for outgoing in transition.letters]


@pytest.mark.parametrize(
    ("open_days", "due_on", "expected"),
    [
        # Tuesday 24 November 2026 is the day of receipt; the due day is the last of the open days.
        (3, date(2026, 11, 27), ["2026-11-25", "2026-11-26", "2026-11-27"]),
        (5, date(2026, 12, 1), ["2026-11-26", "2026-11-30", "2026-12-01"]),
        (10, date(2026, 12, 8), ["2026-12-01", "2026-12-04", "2026-12-08"]),
        (1, date(2026, 11, 25), ["2026-11-25", "2026-11-25", "2026-11-25"]),
    ],
)
def test_staff_are_reminded_at_50_80_and_100_percent_of_the_open_days(
    open_days: int, due_on: date, expected: list[str]
) -> None:
    found = days(case(due_on=due_on), open_days)
    assert [("due", 50), ("due", 80), ("due", 100)] == [(task, amount) for task, amount, _ in found]
    assert expected == [day for _, _, day in found]


@pytest.mark.parametrize("where", [State.AWAITING_AFFILIATION, State.NEEDS_INFORMATION])
def test_an_applicant_is_reminded_after_3_and_7_open_days_and_the_case_is_closed_after_14(
    where: State,
) -> None:
    expected = [("remind", 3, "2026-11-27"), ("remind", 7, "2026-12-03"), ("close", 14, "2026-12-14")]
    assert expected == days(case(where, waits_since=NOW))


def test_the_end_of_the_year_is_no_open_time() -> None:
    since = datetime(2026, 12, 25, 1, 0, tzinfo=UTC)
    assert "2027-01-05" == days(case(State.AWAITING_AFFILIATION, waits_since=since))[0][2]


def test_a_hold_ends_on_its_day() -> None:
    assert [("hold_over", 0, "2026-12-01")] == days(HELD)


def test_an_undeliverable_case_is_closed_and_not_written_to() -> None:
    before = case(State.UNDELIVERABLE, waits_since=NOW)
    assert [("close", 14, "2026-12-14")] == days(before)
    transition = elapsed(before, 0)
    assert {Letter.CASE_NOTICE} == {letter for letter, _ in sent(transition)}


@pytest.mark.parametrize("where", sorted(set(State) - OPEN))
def test_a_closed_case_has_nothing_left_to_do(where: State) -> None:
    assert ((), None) == (
        all_deadlines(case(where), DESK),
        next_action_date(case(where), date(2026, 11, 24), DESK),
    )


@given(st.sampled_from(sorted(OPEN)), st.dates(date(2026, 1, 1), date(2028, 1, 1)))
def test_every_open_case_has_a_next_step_with_a_date(where: State, today: date) -> None:
    before = case(where, held_until=date(2026, 12, 1) if where is State.ON_HOLD else None)
    following = next_action_date(before, today, DESK)
    assert following is not None
    assert today < following


def test_what_was_missed_is_still_due() -> None:
    assert 2 == len(due_deadlines(case(), date(2026, 11, 26), DESK))
    assert 3 == len(due_deadlines(case(), date(2027, 1, 5), DESK))


@pytest.mark.parametrize(("at", "percent", "above"), [(0, 50, []), (1, 80, []), (2, 100, [str(BOSS)])])
def test_a_reminder_can_be_answered_and_the_due_day_goes_to_the_escalation_address(
    at: int, percent: int, above: list[str]
) -> None:
    transition = elapsed(case(), at)
    assert case() == transition.case
    asked = [outgoing for outgoing in transition.letters if outgoing.letter is Letter.REVIEW_REQUEST]
    assert [SATO, SUZUKI] == [outgoing.to for outgoing in asked]
    assert ("due", percent) == (asked[0].facts["occasion"], asked[0].facts["percent"])
    assert above == [to for letter, to in sent(transition) if letter is Letter.CASE_NOTICE]


@pytest.mark.parametrize(
    ("before", "letter"),
    [
        (WAITING, Letter.AFFILIATION_REQUEST),
        (case(State.NEEDS_INFORMATION, question="課名は?", waits_since=NOW), Letter.QUESTION),
        (case(State.NEEDS_INFORMATION, form=form("氏名: 見本"), waits_since=NOW), Letter.MISSING_FIELDS),
    ],
    ids=["affiliation", "question", "missing"],
)
def test_an_applicant_gets_the_same_letter_again_with_the_closing_day(before: Case, letter: Letter) -> None:
    transition = elapsed(before, 0)
    assert (before, [(letter, str(APPLICANT))]) == (transition.case, sent(transition))
    assert "2026-12-14" == transition.letters[0].facts["closes_on"]


def test_a_case_that_nobody_answers_expires_and_all_are_told() -> None:
    transition = elapsed(WAITING, 2)
    assert transition.case is not None
    assert State.EXPIRED is transition.case.state
    assert [Letter.EXPIRED, Letter.CASE_NOTICE, Letter.CASE_NOTICE] == [
        letter for letter, _ in sent(transition)
    ]


def test_after_a_hold_the_staff_are_asked_again_and_the_time_is_counted_anew() -> None:
    transition = elapsed(HELD, 0, now=NOW + timedelta(days=7))
    assert transition.case is not None
    assert (State.UNDER_REVIEW, None, date(2026, 12, 4)) == (
        transition.case.state,
        transition.case.held_until,
        transition.case.due_on,
    )
    assert {Letter.REVIEW_REQUEST} == {letter for letter, _ in sent(transition)}


@pytest.mark.parametrize("where", sorted(State))
def test_a_chore_of_another_time_changes_nothing(where: State) -> None:
    before = case(where)
    stale = Deadline(DeadlineKind.CLOSE, date(2026, 1, 5), 14, date(2025, 12, 1))
    transition = decide(before, DeadlinePassed(stale), NOW, DESK)
    assert (before, ()) == (transition.case, transition.letters)
