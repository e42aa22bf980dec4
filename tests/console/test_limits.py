"""What a session can cause without a code is limited by the hour; wrong codes are logged with the client."""

from __future__ import annotations

import logging
import re
from dataclasses import replace

import pytest

from gateway.console.deciding import texts
from gateway.console.view.errors import ERRORS
from gateway.printing.bilingual import Language, Text
from gateway.store.console.outcome import MAX_AN_HOUR, What
from tests.console.conftest import DECIDER, NUMBER, OPERATOR, Bench
from tests.console.test_deciding import confirm, propose


async def letters(bench: Bench) -> int:
    return await bench.sandbox.app.store.transact(
        lambda tx: int(tx.connection.execute("SELECT count(*) AS n FROM letters").fetchone()["n"])
    )


async def test_a_claim_of_ones_own_sends_nothing_again(bench: Bench) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        assert 303 == (await browser.post(f"/cases/{NUMBER}/take", data={"x": "1"})).status_code
        before = await letters(bench)
        for _ in range(3):
            assert 303 == (await browser.post(f"/cases/{NUMBER}/take", data={"x": "1"})).status_code
        assert before == await letters(bench)
    async with bench.browser() as other:
        await bench.sign_in(other, OPERATOR)
        before = await letters(bench)
        await other.post(f"/cases/{NUMBER}/take", data={"x": "1"})
        assert before < await letters(bench)


async def test_what_needs_no_code_is_limited_by_the_hour(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "gateway")
    async with bench.browser() as browser, bench.browser() as other:
        await bench.sign_in(browser)
        await bench.sign_in(other, OPERATOR)
        for turn in range(MAX_AN_HOUR):
            ways = (("note", {"memo": f"{turn}回目の電話をしました。"}), ("send-me", {"x": "1"}))
            what, fields = ways[turn % 2]
            assert 303 == (await browser.post(f"/cases/{NUMBER}/{what}", data=fields)).status_code
        before = await letters(bench)
        for path, fields in (
            (f"/cases/{NUMBER}/note", {"memo": "もう一度"}),
            (f"/cases/{NUMBER}/take", {"x": "1"}),
            (f"/cases/{NUMBER}/send-me", {"x": "1"}),
            ("/me/back", {"x": "1"}),
            ("/me/mail", {"choice": ""}),
        ):
            answer = await browser.post(path, data=fields)
            assert 429 == answer.status_code
            assert texts.MANY.ja in answer.text
            assert "<h1><bdi>" in answer.text or NUMBER in answer.text
            assert fields.get("memo", "") in answer.text
        assert before == await letters(bench)
        assert 303 == (await other.post(f"/cases/{NUMBER}/note", data={"memo": "x"})).status_code
    assert f"console.limited by={DECIDER}" in caplog.text


@pytest.mark.parametrize(
    ("path", "said", "fields"),
    [
        (f"/cases/{NUMBER}/decide", texts.FULL, {"word": "approve"}),
        (f"/cases/{NUMBER}/confirm", texts.FULL, {"word": "approve"}),
        ("/batch", texts.FULL, {f"case-{NUMBER}": "a1"}),
        ("/batch/confirm", texts.FULL, {f"case-{NUMBER}": "a1"}),
        ("/desk/propose", texts.FULL_ORDER, {"word": "pause", "what": "decisions"}),
        ("/desk/confirm", texts.FULL_ORDER, {"word": "pause", "what": "decisions"}),
    ],
)
async def test_without_codes_the_page_says_how_else_to_do_it(
    bench: Bench, path: str, said: Text, fields: dict[str, str]
) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser, OPERATOR)
        ask = bench.site.ask
        full = {"what": What.FULL.value}
        bench.site = replace(
            bench.site, ask=lambda verb, asked: ask(verb, asked) if verb.startswith("console.") else full
        )
        async with bench.browser() as other:
            other.cookies = browser.cookies
            answer = await other.post(path, data=fields)
    assert 429 == answer.status_code
    assert said.ja in answer.text


def test_the_page_of_the_status_names_no_cause() -> None:
    """It stands for any limit; each form tells its own."""
    told = " ".join(text.choose(language) for text in ERRORS[429] for language in Language)
    assert not re.search("メモ|担当|判断|note|claim|decide", told)


async def test_an_event_that_the_journal_does_not_know_is_told(bench: Bench) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser, OPERATOR)
        for event in ("x", "case.opened ", "<b>", "é" * 5_000):
            answer = await browser.get("/journal", params={"event": event})
            assert 400 == answer.status_code
            assert '<a href="#event">できごとを、一覧から選んでください。' in answer.text
            assert "<title>エラー:" in answer.text
        for event in ("", "console.signed_in"):
            assert 200 == (await browser.get("/journal", params={"event": event})).status_code


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/outbox?state=x", "この状態はありません"),
        ("/?view=x", "一覧にないもの: 一覧の種類"),
        ("/?kind=x", "一覧にないもの: 種類"),
        ("/?handler=gone@kyoso.mihon.go.jp", "一覧にないもの: 担当"),
        ("/?attention=yes", "一覧にないもの: 注意"),
    ],
)
async def test_a_filter_that_is_not_listed_is_told(bench: Bench, path: str, said: str) -> None:
    """A bookmark of a colleague who has left would otherwise show the cases of everybody."""
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        answer = await browser.get(path)
        assert (400, True) == (answer.status_code, said in answer.text)
        assert "<title>エラー:" in answer.text
        for good in (
            "/",
            "/?view=hold&kind=&handler=&attention=",
            "/?handler=none&attention=1",
            "/outbox?state=",
        ):
            assert 200 == (await browser.get(good)).status_code


async def test_a_letter_of_no_case_belongs_to_the_outbox(bench: Bench) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser, OPERATOR)
        assert '<a href="/outbox" aria-current="page">' in (await browser.get("/letters/1")).text


async def test_an_address_with_a_slash_more_is_no_page(bench: Bench) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        for path in ("/journal/", f"/cases/{NUMBER}/", "/login/"):
            answer = await browser.get(path)
            assert 404 == answer.status_code
            assert "location" not in answer.headers


async def test_a_wrong_code_of_a_decision_is_logged_with_its_client(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "gateway")
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        shown = await propose(browser, word="approve")
        assert 200 == shown.status_code
        await confirm(browser, shown.text, "000000")
    assert "console.code_wrong client=127.0.0.1" in caplog.text


@pytest.mark.parametrize("path", ["/figures", "/figures.csv", "/export", "/export/cases.csv"])
async def test_filters_that_cannot_be_read_are_told(bench: Bench, path: str) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        for day in ("20260401", "2026-13-01", "<b>x</b>", "9" * 5_000):
            answer = await browser.get(path, params={"from": day, "to": "2026-04-01"})
            assert 400 == answer.status_code
            assert "2026-04-01 のように" in answer.text
            assert "<b>x" not in answer.text
        assert 'value="2026-13-01"' in (await browser.get(path, params={"to": "2026-13-01"})).text
        assert 200 == (await browser.get(path, params={"from": "", "to": "2026-04-01"})).status_code
        if "export" in path:
            assert 400 == (await browser.get(path, params={"state": "x"})).status_code
