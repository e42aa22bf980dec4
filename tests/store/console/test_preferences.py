"""What members set about themselves in the console: noted as by mail, and told to them by mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gateway.admission.business_days import tokyo_date
from gateway.admission.case.model import Role
from gateway.store.console import outcome
from gateway.store.console.accounts import preferences
from gateway.store.console.outcome import Outcome, What
from gateway.store.console.sessions import SessionTimes
from gateway.store.protocol import Transaction
from gateway.store.protocol.opening import OwnedStore
from tests.store.console.members import ENDED, Office
from tests.store.makers import make_store, place, store
from tests.support.factories import NOW, SATO

__all__ = ["make_store", "place", "store"]
TODAY = tokyo_date(NOW)


@pytest.fixture
def office(store: OwnedStore) -> Office:
    return Office(store)


async def note(office: Office, days: tuple[date, date] | None, session: str = "s") -> Outcome:
    def run(tx: Transaction) -> Outcome:
        member = outcome.find_member(tx, session, office.now, office.desk, SessionTimes())
        return preferences.note_absence(tx, member, days, office.now, office.desk) if member else ENDED

    return await office.store.transact(run)


def away(first: int, last: int) -> tuple[date, date]:
    return TODAY + timedelta(days=first), TODAY + timedelta(days=last)


@pytest.mark.parametrize("role", list(Role))
async def test_an_absence_is_noted_replaced_and_ended(office: Office, role: Role) -> None:
    office.with_staff(SATO, role=role)
    await office.sign_in()
    for days in (away(1, 5), away(0, 2)):
        assert What.DONE is (await note(office, days)).what
        (row,) = await office.rows("absences")
        assert (str(days[0]), str(days[1])) == (row["first"], row["last"])
        assert str(SATO) not in row.values()
    is_away = await office.store.transact(lambda tx: tx.away_members((SATO.key,), TODAY))
    assert {SATO.key} == is_away
    assert What.DONE is (await note(office, None)).what
    assert [] == await office.rows("absences")
    assert [str(SATO)] * 3 == await office.letters("case_notice")
    lines = [row for row in await office.rows("journal") if str(row["event"]).startswith("staff.")]
    assert ["staff.away", "staff.away", "staff.back"] == [line["event"] for line in lines]
    assert all('"web"' in str(line["detail"]) for line in lines)


@pytest.mark.parametrize("days", [away(0, 93), away(-2, -1), away(3, 2), away(367, 367)])
async def test_days_out_of_bounds_change_nothing(office: Office, days: tuple[date, date]) -> None:
    await office.sign_in()
    await note(office, away(1, 2))
    before = [await office.rows(table) for table in ("absences", "letters", "journal")]
    assert What.REFUSED is (await note(office, days)).what
    assert before == [await office.rows(table) for table in ("absences", "letters", "journal")]


@pytest.mark.parametrize("why", ["no session", "ended", "no longer staff"])
async def test_nobody_else_notes_one(office: Office, why: str) -> None:
    await office.sign_in()
    if why == "ended":
        office.now += timedelta(hours=9)
    if why == "no longer staff":
        office.desk = replace(office.desk, staff=office.desk.staff[1:])
    session = "other" if why == "no session" else "s"
    assert What.ENDED is (await note(office, away(1, 2), session)).what
    assert [] == await office.rows("absences")
