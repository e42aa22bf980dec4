"""What members set about themselves in the console: noted as by mail, and told to them by mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gateway.admission.business_days import tokyo_date
from gateway.admission.case.model import MailChoice, Role, StaffWishes
from gateway.store.console import outcome
from gateway.store.console.accounts import preferences
from gateway.store.console.outcome import Outcome, What
from gateway.store.console.sessions import SessionTimes
from gateway.store.protocol import Transaction
from gateway.store.protocol.opening import OwnedStore
from gateway.store.repositories.case_repository import load_desk
from tests.store.console.members import ENDED, Office
from tests.store.makers import make_store, place, store
from tests.support.factories import NOW, SATO, SUZUKI

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


async def choose(office: Office, choice: MailChoice | None, session: str = "s") -> Outcome:
    def run(tx: Transaction) -> Outcome:
        member = outcome.find_member(tx, session, office.now, office.desk, SessionTimes())
        return preferences.choose_mail(tx, member, choice, office.now, office.desk) if member else ENDED

    return await office.store.transact(run)


async def wishes(office: Office) -> dict[str, StaffWishes]:
    return await office.store.transact(lambda tx: tx.staff_wishes((SATO.key, SUZUKI.key), TODAY))


async def mail_of(office: Office, **changes: object) -> MailChoice:
    """Which letters the member receives at a desk with these settings."""
    desk = replace(office.desk, **changes)  # type: ignore[arg-type]
    loaded = await office.store.transact(lambda tx: load_desk(tx, desk, office.now))
    member = loaded.member(SATO)
    assert member is not None
    return member.mail


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
    assert {SATO.key: StaffWishes(is_away=True)} == await wishes(office)
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


@pytest.mark.parametrize("role", list(Role))
async def test_a_choice_of_mail_holds_until_it_is_removed(office: Office, role: Role) -> None:
    office.with_staff(SATO, role=role, mail=MailChoice.MINE)
    await office.sign_in()
    for choice in MailChoice:
        assert What.DONE is (await choose(office, choice)).what
        assert {SATO.key: StaffWishes(mail=choice)} == await wishes(office)
        assert choice is await mail_of(office)
    (row,) = await office.rows("mail_choices")
    assert str(SATO) not in row.values()
    await note(office, away(0, 1))
    assert {SATO.key: StaffWishes(is_away=True, mail=MailChoice.MINE)} == await wishes(office)
    await note(office, None)
    assert What.DONE is (await choose(office, None)).what
    assert {} == await wishes(office)
    assert MailChoice.MINE is await mail_of(office)
    lines = [row for row in await office.rows("journal") if row["event"] == "staff.mail"]
    assert 4 == len(lines)
    assert all('"web"' in str(line["detail"]) for line in lines)


@pytest.mark.parametrize("choice", [MailChoice.DIGEST, MailChoice.MINE])
async def test_without_the_digest_nobody_is_left_without_mail(office: Office, choice: MailChoice) -> None:
    await office.sign_in()
    await choose(office, choice)
    assert choice is await mail_of(office)
    assert MailChoice.EACH is await mail_of(office, digest=False)
    office.desk = replace(office.desk, digest=False)
    before = [await office.rows(table) for table in ("mail_choices", "letters", "journal")]
    assert What.REFUSED is (await choose(office, choice)).what
    assert before == [await office.rows(table) for table in ("mail_choices", "letters", "journal")]
    assert What.DONE is (await choose(office, MailChoice.EACH)).what


async def test_each_choice_is_told_to_the_member_alone(office: Office) -> None:
    await office.sign_in()
    await choose(office, MailChoice.DIGEST)
    assert [str(SATO)] == await office.letters("case_notice")
    assert What.ENDED is (await choose(office, MailChoice.EACH, "other")).what
    assert {SATO.key: StaffWishes(mail=MailChoice.DIGEST)} == await wishes(office)
