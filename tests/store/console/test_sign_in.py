"""Signing in to the console: one browser, one code, five tries; nobody learns who is staff."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from gateway.admission.authority.sign_in import hash_secret, make_code, read_code
from gateway.admission.case.model import Letter, Role, Staff
from gateway.store.console import sessions, sign_in
from gateway.store.console.sign_in import CODE_LASTS, TRIES, Answering, Asking, Kept
from gateway.store.protocol import Transaction
from gateway.store.sqlite.store import SqliteStore
from tests.support.factories import DESK, NOW, SATO, SUZUKI

STRANGER = "dare@town.mihon.lg.jp"
LASTS = timedelta(hours=8)
MINUTE = timedelta(minutes=1)


class Desk:
    """The writer's side of the console, at a time of the test's."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.now = NOW
        self.desk = DESK

    async def ask(
        self, ticket: str = "t", address: str = str(SATO), client: str = "c", browser: str = ""
    ) -> bool:
        asking = Asking(ticket, browser, client, address)
        return await self.store.transact(lambda tx: sign_in.ask_code(tx, asking, self.now, self.desk))

    async def code(self, ticket: str = "t", member: str = SATO.key) -> str:
        return await self.store.transact(lambda tx: make_code(tx.tombstone_key, hash_secret(ticket), member))

    async def answer(
        self, code: str, ticket: str = "t", session: str = "s", browser: str = "b"
    ) -> Staff | None:
        given = Answering(ticket, code, Kept(session, browser))
        return await self.store.transact(lambda tx: sign_in.check_code(tx, given, self.now, self.desk, LASTS))

    async def session(self, of: str = "s") -> sessions.Session | None:
        return await self.store.transact(lambda tx: sessions.find(tx.connection, of))

    async def rows(self, table: str) -> list[dict[str, object]]:
        sql = f"SELECT * FROM {table}"  # noqa: S608 - our own table
        return await self.store.transact(lambda tx: [dict(row) for row in tx.connection.execute(sql)])

    async def letters(self) -> list[str]:
        return [str(row["recipient"]) for row in await self.rows("letters")]


@pytest.fixture
def desk(store: SqliteStore) -> Desk:
    return Desk(store)


async def test_a_member_who_types_the_code_has_a_session(desk: Desk) -> None:
    assert await desk.ask()
    assert [str(SATO)] == await desk.letters()
    member = await desk.answer(await desk.code())
    assert member is not None
    assert SATO == member.address
    found = await desk.session()
    assert found is not None
    assert (SATO.key, Role.DECIDE, NOW, NOW + LASTS) == (found.member, found.role, found.since, found.ends_at)
    assert ["console.signed_in"] == [row["event"] for row in await desk.rows("journal")]


async def test_no_secret_and_no_code_lies_in_the_store(desk: Desk) -> None:
    await desk.ask(ticket="ticket-secret", browser="browser-secret")
    code = await desk.code("ticket-secret")
    await desk.answer(code, "ticket-secret", "session-secret", "new-secret")
    tables = ("letters", "console_codes", "console_sessions", "console_browsers", "journal")
    text = str([await desk.rows(table) for table in tables])
    values = [str(value) for table in tables for row in await desk.rows(table) for value in row.values()]
    assert [] == [
        one for one in ("ticket-secret", "session-secret", "new-secret", "browser-secret") if one in text
    ]
    assert code not in values


@pytest.mark.parametrize("typed", ["{}{}", " {}{}\r\n", "{}　{}", "{}-{}", "full-width"])
async def test_the_code_is_read_as_people_type_it(desk: Desk, typed: str) -> None:
    await desk.ask()
    code = await desk.code()
    wide = code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    given = wide if typed == "full-width" else typed.format(code[:3], code[3:])
    assert code == read_code(given)
    assert await desk.answer(given) is not None


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.mark.parametrize(
    ("what", "is_in"),
    [
        ("right", True),
        ("wrong", False),
        ("other browser", False),
        ("too late", False),
        ("twice", False),
        ("sixth try", False),
        ("fifth try", True),
        ("revoked meanwhile", False),
        ("no longer staff", False),
        ("never asked", False),
        ("of a stranger", False),
    ],
)
async def test_only_the_right_code_in_time_lets_in(desk: Desk, what: str, is_in: bool) -> None:
    ticket, address = "t", STRANGER if what == "of a stranger" else str(SATO)
    if what != "never asked":
        await desk.ask(address=address)
    code = await desk.code(
        "x" if what == "other browser" else "t", address if what == "of a stranger" else SATO.key
    )
    if what == "wrong":
        code = _wrong(code)
    for _ in range({"sixth try": TRIES, "fifth try": TRIES - 1}.get(what, 0)):
        assert await desk.answer(_wrong(code)) is None
    if what == "too late":
        desk.now += CODE_LASTS
    if what == "twice":
        assert await desk.answer(code) is not None
    if what in {"revoked meanwhile", "no longer staff"}:
        desk.desk = desk.desk.without(frozenset({SATO.key}))
    assert is_in is (await desk.answer(code, ticket, "s2") is not None)
    assert is_in is (await desk.session("s2") is not None)


@pytest.mark.parametrize("address", [str(SATO), STRANGER, "no address at all", ""])
async def test_whoever_asks_leaves_the_same_trace(desk: Desk, address: str) -> None:
    await desk.ask(address=address)
    (row,) = await desk.rows("console_codes")
    assert (SATO.key if address == str(SATO) else "") == row["member"]
    assert address not in {row["sought"], row["client"]} or not address
    assert len(await desk.letters()) == (address == str(SATO))


async def test_a_browser_that_has_a_code_gets_no_second_letter(desk: Desk) -> None:
    assert await desk.ask()
    desk.now += 19 * MINUTE
    assert not await desk.ask()
    assert 1 == len(await desk.letters())


async def test_an_address_gets_five_codes_an_hour_and_ten_a_day(desk: Desk) -> None:
    hours = []
    for hour in range(3):
        desk.now = NOW + hour * timedelta(hours=1, minutes=1)
        hours.append(sum([await desk.ask(f"{hour} {n}", client=f"{hour} {n}") for n in range(8)]))
    assert [5, 5, 0] == hours
    desk.now = NOW + timedelta(days=1, minutes=1)
    assert await desk.ask("tomorrow")


async def test_who_uses_up_an_address_does_not_keep_its_owner_out(desk: Desk) -> None:
    await desk.ask()
    await desk.answer(await desk.code(), browser="own")
    for number in range(10):
        await desk.ask(f"thief {number}", client=f"{number}")
    assert not await desk.ask("other", client="other")
    assert await desk.ask("owner", client="owner", browser="own")


async def test_a_client_gets_twenty_codes_an_hour(desk: Desk) -> None:
    for number in range(20):
        await desk.ask(f"{number}", address=f"{number}@town.mihon.lg.jp")
    assert not await desk.ask("21", address=str(SUZUKI))
    assert await desk.ask("22", address=str(SUZUKI), client="elsewhere")


async def _signed_in(desk: Desk) -> None:
    await desk.ask()
    await desk.answer(await desk.code())


async def test_the_session_of_a_revoked_mailbox_is_none(desk: Desk) -> None:
    await _signed_in(desk)
    await desk.store.transact(lambda tx: tx.revoke_staff(SATO, "operator:root", desk.now))
    assert await desk.session() is None


@pytest.mark.parametrize("change", ["gone", "role", "operator", "none"])
async def test_who_is_staff_no_more_or_otherwise_is_signed_out(desk: Desk, change: str) -> None:
    await _signed_in(desk)
    reading = tuple(replace(one, role=Role.READ) for one in DESK.staff)
    after = {
        "gone": DESK.without(frozenset({SATO.key})),
        "role": replace(DESK, staff=reading),
        "operator": replace(DESK, operators=frozenset({SATO.key})),
        "none": DESK,
    }[change]
    roles = sign_in.list_roles(after)
    ended = await desk.store.transact(lambda tx: sessions.end_others(tx.connection, roles))
    assert int(change != "none") == ended
    assert (change == "none") is (await desk.session() is not None)


async def test_touch_end_and_forget(desk: Desk) -> None:
    await _signed_in(desk)
    later = NOW + MINUTE

    async def run(work: Callable[[Transaction], object]) -> object:
        return await desk.store.transact(work)

    assert await run(lambda tx: sessions.touch(tx.connection, "s", later))
    assert not await run(lambda tx: sessions.touch(tx.connection, "s", NOW))
    assert not await run(lambda tx: sessions.touch(tx.connection, "other", later))
    found = await desk.session()
    assert found is not None
    assert later == found.seen_at
    assert not await run(lambda tx: sessions.end(tx.connection, found.digest, SUZUKI.key))
    assert [found] == await run(lambda tx: sessions.of_member(tx.connection, SATO.key, NOW))
    assert await run(lambda tx: sessions.end(tx.connection, found.digest, SATO.key))
    assert 2 == await run(lambda tx: sessions.forget_member(tx.connection, SATO.key))
    assert [] == await desk.rows("console_codes") == await desk.rows("console_browsers")


async def test_what_is_over_is_erased(desk: Desk) -> None:
    await _signed_in(desk)
    moments = {
        NOW + LASTS: 0,
        NOW + LASTS + MINUTE: 1,
        NOW + timedelta(days=2): 1,
        NOW + timedelta(days=181): 1,
    }

    async def forget(at: datetime) -> int:
        return await desk.store.transact(lambda tx: sessions.forget_expired(tx.connection, at))

    assert list(moments.values()) == [await forget(at) for at in moments]


@pytest.mark.parametrize(
    ("minutes", "tries", "expected"),
    [(0, 0, 1), (19, 0, 1), (20, 0, 0), (0, TRIES - 1, 1), (0, TRIES, 0), (1_500, 0, 0)],
)
async def test_an_operator_sees_a_code_as_long_as_it_can_be_entered(
    desk: Desk, minutes: int, tries: int, expected: int
) -> None:
    await desk.ask()
    code = await desk.code()
    for _ in range(tries):
        await desk.answer(_wrong(code))
    desk.now += minutes * MINUTE
    member = desk.desk.member(SATO)
    assert member is not None
    for _ in range(2):  # showing it changes nothing
        shown = await desk.store.transact(
            lambda tx: sign_in.show_codes(tx, member, "operator:root", desk.now)
        )
        assert [(code, NOW, NOW + CODE_LASTS)] * expected == [
            (one.code, one.asked_at, one.expires_at) for one in shown
        ]
    events = [row["event"] for row in await desk.rows("journal")]
    assert ["console.code_shown"] * 2 * expected == events
    assert bool(expected) is (await desk.answer(code) is not None)


async def test_the_letter_is_one_to_the_staff(desk: Desk) -> None:
    await desk.ask()
    (row,) = await desk.rows("letters")
    assert (Letter.CONSOLE_CODE, None) == (row["letter"], row["case_id"])
