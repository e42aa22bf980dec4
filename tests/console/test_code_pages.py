"""Codes on the pages: after five wrong ones, or too late, the right one is refused, and a new one helps."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx
import pytest

from gateway.admission.case.model import State
from gateway.app.wiring.desk import utc_now
from gateway.console.deciding import texts
from gateway.console.sign_in.code import MAX_ADDRESS
from gateway.store.console import sign_in
from gateway.store.console.acts import confirming
from tests.console.conftest import DECIDER, NUMBER, Bench
from tests.console.test_deciding import REASON, confirm, hidden_of, propose, state_of

SUBJECT = "【確認番号"
WRONG = texts.WRONG_CODE.ja


def make_wrong(code: str, number: int) -> str:
    """Another code for each number."""
    return f"{(int(code) + number + 1) % 1_000_000:06}"


def set_ahead(bench: Bench, by: timedelta) -> None:
    """Let the clock of the gateway go on by so much."""

    def now() -> datetime:
        return utc_now() + by

    bench.sandbox.app._clock = now


async def ask_sign_in(bench: Bench, browser: httpx.AsyncClient, **more: str) -> str:
    before = len(bench.sandbox.letters(DECIDER))
    await browser.post("/login", data={"address": DECIDER, **more})
    return await bench.code(DECIDER, before)


async def enter(browser: httpx.AsyncClient, code: str) -> httpx.Response:
    return await browser.post("/login/code", data={"code": code, "next": "/"})


async def assert_refused(bench: Bench, browser: httpx.AsyncClient, code: str) -> None:
    """In words, without a session, and a new code signs in."""
    answer = await enter(browser, code)
    assert (400, True) == (answer.status_code, WRONG in answer.text)
    assert "session" not in browser.cookies
    assert 303 == (await browser.get("/")).status_code
    assert 303 == (await enter(browser, await ask_sign_in(bench, browser, again="1"))).status_code
    assert 200 == (await browser.get("/")).status_code


@pytest.mark.parametrize("wrong", [sign_in.TRIES - 1, sign_in.TRIES])
async def test_five_wrong_codes_end_the_right_one_at_the_sign_in(bench: Bench, wrong: int) -> None:
    async with bench.browser() as browser:
        code = await ask_sign_in(bench, browser)
        for number in range(wrong):
            answer = await enter(browser, make_wrong(code, number))
            assert (400, True) == (answer.status_code, WRONG in answer.text)
        if wrong < sign_in.TRIES:
            assert 303 == (await enter(browser, code)).status_code
        else:
            await assert_refused(bench, browser, code)


async def test_a_late_code_is_refused_at_the_sign_in(bench: Bench) -> None:
    async with bench.browser() as browser:
        code = await ask_sign_in(bench, browser)
        set_ahead(bench, sign_in.CODE_LASTS)
        await assert_refused(bench, browser, code)


async def assert_not_decided(bench: Bench, browser: httpx.AsyncClient, page: str, code: str) -> None:
    """In words, and nothing was decided; the button of the page sends a new code, which decides."""
    answer = await confirm(browser, page, code)
    assert (400, True) == (answer.status_code, WRONG in answer.text)
    assert REASON in answer.text
    assert State.UNDER_REVIEW is await state_of(bench)
    before = len(bench.sandbox.letters(DECIDER))
    again = hidden_of(answer.text, f"/cases/{NUMBER}/decide")
    shown = await browser.post(f"/cases/{NUMBER}/decide", data=again)
    done = await confirm(browser, shown.text, await bench.code(DECIDER, before, SUBJECT))
    assert 303 == done.status_code
    assert State.DECLINED is await state_of(bench)


@pytest.mark.parametrize("wrong", [confirming.TRIES - 1, confirming.TRIES])
async def test_five_wrong_codes_end_the_right_one_of_a_decision(bench: Bench, wrong: int) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        page = (await propose(browser, word="decline", reason=REASON)).text
        code = await bench.code(DECIDER, subject=SUBJECT)
        for number in range(wrong):
            answer = await confirm(browser, page, make_wrong(code, number))
            assert (400, True) == (answer.status_code, WRONG in answer.text)
        if wrong < confirming.TRIES:
            assert 303 == (await confirm(browser, page, code)).status_code
        else:
            await assert_not_decided(bench, browser, page, code)


async def test_a_late_code_decides_nothing(bench: Bench) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        page = (await propose(browser, word="decline", reason=REASON)).text
        code = await bench.code(DECIDER, subject=SUBJECT)
        set_ahead(bench, confirming.CODE_LASTS)
        await assert_not_decided(bench, browser, page, code)


@pytest.mark.parametrize("sign", ["a", "é", "あ", "😀", "%", "\0"])
@pytest.mark.parametrize("octets", [254, 255, 4_000])
async def test_an_address_is_kept_for_its_code_or_refused(bench: Bench, sign: str, octets: int) -> None:
    """No text leads back to an empty form: a cookie holds each address that is not too long."""
    width = len(sign.encode())
    text = sign * (octets // width) + "a" * (octets % width)
    async with bench.browser() as browser:
        asked = await browser.post("/login", data={"address": text})
        assert (303 if octets <= MAX_ADDRESS else 400) == asked.status_code
        if asked.status_code == 303:
            assert 200 == (await browser.get(asked.headers["location"])).status_code
