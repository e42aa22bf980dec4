"""The gateway's own checks on the page of its health: for operators' sessions only, on both sides."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import msgspec
import pytest

from gateway.app.doctor.background import STALE, ScheduledRun, result_path
from gateway.app.doctor.check import CheckResult, Level, error, ok, warning
from gateway.app.serving.console.checks import LAST_CHECKS, MAX_FINDINGS, MAX_WORDS
from gateway.console.office import checks
from gateway.mail.address import parse
from gateway.net.control import client
from gateway.net.control.protocol import CONSOLE, socket_path
from gateway.store import private_files
from tests.console.conftest import DECIDER, OPERATOR, READER, Bench
from tests.console.test_faults import elsewhere
from tests.console.test_pages import HOSTILE, POISON

FOUND = (
    ok("resolver", "127.0.0.1 answers"),
    error("dns.mx", "gw.example.go.jp has no MX record", "publish the record of: gateway dns"),
    CheckResult("outbound", Level.UNKNOWN, "no result within 20 s", "try again"),
    warning("tls", "the certificate expires in 9 days", "renew it"),
)
ROW = re.compile(r'<tr><th scope="row" lang="en">(.*?)</th>.*?</tr>')


def keep(bench: Bench, *found: CheckResult, ago: timedelta = timedelta()) -> Path:
    """As the service keeps a run; only its own account can read it."""
    place = result_path(bench.sandbox.app.store.path)
    private_files.write(place, msgspec.json.encode(ScheduledRun(datetime.now(UTC) - ago, found)))
    return place


async def read(bench: Bench, member: str = OPERATOR, language: str = "ja") -> str:
    async with bench.browser() as browser:
        await bench.sign_in(browser, member)
        answer = await browser.get(f"/health?lang={language}")
        assert 200 == answer.status_code
        return str(answer.text.partition('id="checks"')[2])


async def ask(bench: Bench, browser: httpx.AsyncClient, **more: object) -> object:
    """As a console under foreign control, with the session of a browser."""
    sent = {"session": browser.cookies.get("session", "")} | more
    return await asyncio.to_thread(client.ask, bench.sandbox.app.store.path, LAST_CHECKS, sent, door=CONSOLE)


async def test_an_operator_sees_what_failed_first_and_what_to_do(bench: Bench) -> None:
    assert 0o600 == keep(bench, *FOUND).stat().st_mode & 0o777
    page = await read(bench)
    assert ["dns.mx", "tls", "outbound", "resolver"] == ROW.findall(page)
    for said in (
        "× 対応が必要",
        "publish the record of: gateway dns",
        "問題なしでないもの: 3件",
        "最後の点検: ",
    ):
        assert said in page
    english = await read(bench, language="en")
    assert ("× must be fixed" in english, "Problems: 3" in english) == (True, True)


async def test_if_all_are_good_the_page_says_so(bench: Bench) -> None:
    keep(bench, FOUND[0])
    page = await read(bench)
    assert ("すべて問題ありません。" in page, "止まっています" in page) == (True, False)


async def test_without_a_result_the_page_says_how_to_get_one(bench: Bench) -> None:
    page = await read(bench)
    assert ("まだありません" in page, "<code>gateway doctor</code>" in page) == (True, True)


async def test_an_unreadable_result_is_none(bench: Bench) -> None:
    keep(bench).write_bytes(b"{")
    assert "まだありません" in await read(bench)


async def test_checks_that_stopped_are_told(bench: Bench) -> None:
    assert checks.STALE == STALE
    keep(bench, *FOUND, ago=STALE + timedelta(minutes=1))
    assert "止まっています" in await read(bench)
    keep(bench, *FOUND, ago=STALE - timedelta(minutes=1))
    assert "止まっています" not in await read(bench)


async def test_without_the_gateway_the_page_is_there_and_says_why(bench: Bench) -> None:
    keep(bench, *FOUND)
    async with bench.browser() as browser:
        await bench.sign_in(browser, OPERATOR)
        with elsewhere(socket_path(bench.sandbox.app.store.path, CONSOLE)):
            answer = await browser.get("/health")
    assert (200, True) == (answer.status_code, "受付サービスが答えないため" in answer.text)
    assert "dns.mx" not in answer.text


@pytest.mark.parametrize("member", [READER, DECIDER])
async def test_other_members_see_that_there_are_checks_and_nothing_of_them(bench: Bench, member: str) -> None:
    keep(bench, *FOUND)
    page = await read(bench, member)
    assert ("結果を見られるのは、運用担当者だけです" in page, "dns.mx" in page) == (True, False)


@pytest.mark.parametrize("member", [READER, DECIDER])
async def test_a_foreign_console_gets_them_with_no_other_session(bench: Bench, member: str) -> None:
    keep(bench, *FOUND)
    async with bench.browser() as browser, bench.browser() as operator:
        assert await ask(bench, browser) is None
        await bench.sign_in(browser, member)
        await bench.sign_in(operator, OPERATOR)
        before = await bench.trace()
        assert await ask(bench, browser) is None
        for more in ({"role": "decide+operator"}, {"member": OPERATOR}, {"digest": "x"}, {"by": OPERATOR}):
            assert await ask(bench, browser, **more) is None
        for session in ("x" * 43, None, 7, ["x"], {"a": 1}):
            assert await ask(bench, browser, session=session) is None
        with pytest.raises(client.RefusedError):
            await ask(bench, browser, session="x" * 5_000)
        given = await ask(bench, operator)
        assert isinstance(given, dict)
        assert 4 == len(given["findings"])
        assert before == await bench.trace()
        revoked, now = parse(OPERATOR), datetime.now(UTC)
        await bench.sandbox.app.store.transact(lambda tx: tx.revoke_staff(revoked, "operator:root", now))
        assert await ask(bench, operator) is None


async def test_what_is_sent_is_bounded(bench: Bench) -> None:
    keep(bench, *(error("dns.spf", "v" * 100_000, "w" * 100_000) for _ in range(MAX_FINDINGS + 50)))
    async with bench.browser() as operator:
        await bench.sign_in(operator, OPERATOR)
        given = await ask(bench, operator)
    assert isinstance(given, dict)
    assert MAX_FINDINGS == len(given["findings"])
    assert {MAX_WORDS} == {len(one[name]) for one in given["findings"] for name in ("text", "to_do")}


@pytest.mark.parametrize("value", sorted(HOSTILE))
async def test_what_a_dns_record_quotes_does_nothing(bench: Bench, value: str) -> None:
    text = HOSTILE[value]
    keep(bench, error(text, text, text))
    page = await read(bench)
    assert 1 == len(ROW.findall(page))
    for poison in (*POISON, 'href="https://evil'):
        assert poison not in page
