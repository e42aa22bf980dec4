"""Absence, searching and taking over: who hears of what, and that no case is decided."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.admission.authority.brakes import Brake
from gateway.admission.case.events import HandOver, StaffQuery
from gateway.admission.case.letters import review_requests
from gateway.admission.case.model import Case, Desk, Letter, MailChoice, Role, Staff, State
from gateway.admission.case.transitions.office import looking
from gateway.housekeeping import list_present
from gateway.mail.address import Address, parse
from tests.support.factories import APPLICANT, DESK, NOW, SATO, SUZUKI, case

TANAKA = parse("tanaka@kyoso.mihon.go.jp")
AWAY, HERE = Staff(SATO, "佐藤", is_away=True), Staff(SUZUKI, "鈴木")


def asked(of: Case, *staff: Staff) -> set[Address]:
    return {one.to for one in review_requests(of, Desk(staff), "due", percent=50)}


def test_nobody_reminds_who_is_away() -> None:
    assert {SUZUKI} == asked(case(), AWAY, HERE)


def test_another_is_asked_about_the_cases_of_who_is_away() -> None:
    mine = replace(HERE, mail=MailChoice.MINE)
    assert set() == asked(case(), AWAY, mine)
    assert {SUZUKI} == asked(case(handler=str(SATO)), AWAY, mine)


def test_where_nobody_who_may_decide_is_there_all_are_asked() -> None:
    reader = Staff(TANAKA, "田中", Role.READ)
    assert {SATO, TANAKA} == asked(case(), AWAY, reader)
    assert (AWAY,) == list_present([AWAY])
    assert (HERE,) == list_present([AWAY, HERE])


def test_an_absence_is_noted_and_ended() -> None:
    ((_, noted),) = looking.answer(StaffQuery(SATO, "away", "不在12月1日-5日"), NOW, DESK)
    assert noted.absence is not None
    assert ("2026-12-01", "2026-12-05") == (str(noted.absence.first), str(noted.absence.last))
    ((_, back),) = looking.answer(StaffQuery(SATO, "back"), NOW, DESK)
    assert back.absence is not None
    assert back.absence.first is None
    ((_, unread),) = looking.answer(StaffQuery(SATO, "away", "不在13月1日"), NOW, DESK)
    assert unread.absence is None


def test_nobody_outside_of_the_office_is_answered() -> None:
    assert () == looking.answer(StaffQuery(APPLICANT, "help"), NOW, DESK)[0][1].letters
    assert () == looking.hand_over(HandOver(APPLICANT, "佐藤"), DESK)[0][1].letters


def test_a_search_shows_no_own_application() -> None:
    own = case(applicant=SATO)
    ((_, found),) = looking.answer(StaffQuery(SATO, "search", "見本", (own, case())), NOW, DESK)
    rows = found.letters[0].facts["found"]
    assert isinstance(rows, list)
    assert ["K7QM-4T"] == [row["number"] for row in rows]
    ((_, status),) = looking.answer(StaffQuery(SATO, "status", own.number, (own,)), NOW, DESK)
    assert Letter.CASE_NOTICE is status.letters[0].letter


def test_taking_over_changes_who_handles_open_cases_alone() -> None:
    cases = (
        case(handler=str(SUZUKI)),
        case(number="AB12-CD", handler=str(TANAKA)),
        case(State.DECLINED, number="AB12-CE", handler=str(SUZUKI)),
        case(number="AB12-CF", handler=str(SUZUKI), applicant=SATO),
    )
    *done, (_, last) = looking.hand_over(HandOver(SATO, "鈴木", cases), DESK)
    ((before, transition),) = done
    assert transition.case == replace(cases[0], handler=str(SATO))
    assert before is cases[0]
    assert {SATO, SUZUKI} == {one.to for one in last.letters}


@pytest.mark.parametrize("name", ["佐藤", "田中", "", "鈴", "sato@kyoso.mihon.go.jp"])
def test_no_cases_of_oneself_or_of_nobody_are_taken_over(name: str) -> None:
    (one,) = looking.hand_over(HandOver(SATO, name, (case(handler=str(SUZUKI)),)), DESK)
    assert one[1].case is None


def test_two_of_one_name_are_nobody() -> None:
    desk = Desk((Staff(SATO, "佐藤"), Staff(SUZUKI, "鈴木 花"), Staff(TANAKA, "鈴木 太")))
    assert looking.find_colleague(HandOver(SATO, "鈴木"), desk) is None
    assert looking.find_colleague(HandOver(SATO, "鈴木 太"), desk) is desk.staff[2]


def test_while_decisions_are_paused_nothing_is_taken_over() -> None:
    paused = replace(DESK, brakes=frozenset({Brake.DECISIONS}))
    (one,) = looking.hand_over(HandOver(SATO, "鈴木", (case(handler=str(SUZUKI)),)), paused)
    assert one[1].case is None
