"""The own page of a member: an absence is noted there as by mail, and by nobody else."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from gateway.admission.business_days import tokyo_date
from gateway.console.view.words import show_day
from gateway.net.control import client
from gateway.net.control.protocol import CONSOLE
from gateway.store.protocol import Transaction
from gateway.store.tables.staff import absences
from tests.console.conftest import DECIDER, READER, Bench


async def recorded(bench: Bench, member: str = DECIDER) -> tuple[date, date] | None:
    def read(tx: Transaction) -> tuple[date, date] | None:
        return absences.find(tx.connection, member)

    return await bench.sandbox.app.store.transact(read)


async def is_told(bench: Bench, member: str, subject: str) -> bool:
    for _ in range(600):
        if any(subject in str(letter["Subject"]) for letter in bench.sandbox.letters(member)):
            return True
        await asyncio.sleep(0.05)
    return False


def days(bench: Bench, first: int, last: int) -> dict[str, str]:
    today = tokyo_date(bench.clock())
    return {"first": str(today + timedelta(days=first)), "last": str(today + timedelta(days=last))}


@pytest.mark.parametrize("member", [READER, DECIDER])
async def test_a_member_notes_an_absence_is_told_and_ends_it(bench: Bench, member: str) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser, member)
        assert "不在を終わらせる" not in (await browser.get("/me")).text
        asked = days(bench, 1, 5)
        done = await browser.post("/me/absence", data=asked)
        assert (303, True) == (done.status_code, done.headers["location"].startswith("/me?done=away."))
        first, last = (date.fromisoformat(asked[name]) for name in ("first", "last"))
        assert (first, last) == await recorded(bench, member)
        page = (await browser.get(done.headers["location"])).text
        assert "不在を記録しました。" in page
        assert f"{show_day(first).ja} から" in page
        assert await is_told(bench, member, "不在を記録しました")
        await browser.post("/me/absence", data=days(bench, 2, 3))
        assert (first + timedelta(days=1), last - timedelta(days=2)) == await recorded(bench, member)
        done = await browser.post("/me/back", data={"x": "1"})
        assert done.headers["location"].startswith("/me?done=back.")
        assert await recorded(bench, member) is None
        assert "不在を終わらせる" not in (await browser.get(done.headers["location"])).text


@pytest.mark.parametrize(
    ("first", "last", "is_noted"),
    [
        (0, 0, True),
        (-2, 0, True),  # ill since the day before yesterday
        (0, 92, True),
        (366, 366, True),
        (0, 93, False),
        (-2, -1, False),
        (5, 1, False),
        (367, 368, False),
    ],
)
async def test_an_absence_has_its_bounds(bench: Bench, first: int, last: int, is_noted: bool) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        answer = await browser.post("/me/absence", data=days(bench, first, last))
        assert is_noted is (await recorded(bench) is not None)
        if not is_noted:
            assert 400 == answer.status_code
            assert "エラー:" in answer.text
            assert f'value="{days(bench, first, last)["first"]}"' in answer.text


@pytest.mark.parametrize(
    "typed",
    [
        {"x": "1"},
        {"first": "2026-04-01"},
        {"first": "2026-02-30", "last": "2026-03-01"},
        {"first": "1", "last": "９"},
        {"first": "9999-12-31", "last": "9999-12-31"},
        {"first": "0001-01-01", "last": "2099-01-01"},
        {"first": '"><script>', "last": "\0\u202e"},
        {"first": "x" * 5_000, "last": "x" * 5_000},
    ],
)
async def test_what_is_no_pair_of_days_is_said_and_notes_nothing(bench: Bench, typed: dict[str, str]) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        before = await bench.trace()
        answer = await browser.post("/me/absence", data=typed)
        assert 400 == answer.status_code
        assert "<script>" not in answer.text
        assert 'aria-invalid="true"' in answer.text
        assert before == await bench.trace()


@pytest.mark.parametrize("address", ["/me/absence", "/me/back", "/me/mail"])
@pytest.mark.parametrize(
    "sent", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example", "sec-fetch-site": ""}]
)
async def test_no_other_site_makes_a_member_absent(bench: Bench, address: str, sent: dict[str, str]) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        before = await bench.trace()
        assert 403 == (await browser.post(address, data=days(bench, 1, 2), headers=sent)).status_code
        assert 405 == (await browser.get(address)).status_code
        assert before == await bench.trace()


@pytest.mark.parametrize("session", ["", "x" * 43])
async def test_a_console_under_foreign_control_makes_nobody_absent(bench: Bench, session: str) -> None:
    before = await bench.trace()
    database = bench.sandbox.app.store.path
    asked = {"session": session, "member": DECIDER, "address": DECIDER, **days(bench, 1, 2)}
    answer = await asyncio.to_thread(client.ask, database, "me.absence", asked, door=CONSOLE)
    assert isinstance(answer, dict)
    assert "ended" == answer["what"]
    for wrong in ({"first": "2026-04-01"}, {"last": "soon", "first": "2026-04-01"}, {"first": "x" * 401}):
        with pytest.raises(client.RefusedError):
            await asyncio.to_thread(
                client.ask, database, "me.absence", {"session": session, **wrong}, door=CONSOLE
            )
    assert before == await bench.trace()


async def test_a_member_chooses_which_letters_arrive_and_is_told(bench: Bench) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        assert "設定のとおり（判断を待つ件ごとに届く）" in (await browser.get("/me")).text
        done = await browser.post("/me/mail", data={"choice": "each"})
        assert done.headers["location"].startswith("/me?done=mail.")
        assert await is_told(bench, DECIDER, "お届けするメールについて")
        page = (await browser.get(done.headers["location"])).text
        assert '<option value="each" selected>' in page
        assert "届くメールの選択を記録しました。" in page
        await browser.post("/me/mail", data={"choice": ""})
        assert " selected>" not in (await browser.get("/me")).text


async def test_without_the_digest_nothing_less_is_offered_or_taken(bench: Bench) -> None:
    """The desk of these tests sends none; a console with older settings offers more, and is refused."""
    assert not bench.site.desk.digest
    for has_digest in (False, True):
        bench.site = replace(bench.site, desk=replace(bench.site.desk, digest=has_digest))
        async with bench.browser() as browser:
            await bench.sign_in(browser)
            assert has_digest is ('<option value="mine">' in (await browser.get("/me")).text)
            before = await bench.trace()
            answer = await browser.post("/me/mail", data={"choice": "mine"})
            assert 400 == answer.status_code
            assert 'href="#choice"' in answer.text
            assert before == await bench.trace()


@pytest.mark.parametrize(
    "typed", [{"x": "1"}, {"choice": "none"}, {"choice": "EACH"}, {"choice": '"><script>'}]
)
async def test_what_is_no_choice_is_said_and_changes_nothing(bench: Bench, typed: dict[str, str]) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        before = await bench.trace()
        answer = await browser.post("/me/mail", data=typed)
        assert 400 == answer.status_code
        assert 'href="#choice"' in answer.text
        assert "<script>" not in answer.text
        assert before == await bench.trace()
