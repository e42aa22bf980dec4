"""The gateway restarts in the middle of a decision: it is made exactly once, and the pages say so."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import httpx
import pytest

from gateway.admission.case.model import State
from gateway.net.control import server
from gateway.store.protocol import Transaction, Trouble
from tests.console.cases import case
from tests.console.conftest import DECIDER, Bench, opened
from tests.console.test_deciding import REASON, confirm, propose, state_of
from tests.console.test_faults import assert_says

SUBJECT = "【確認番号"
BETWEEN = "between the letter shown and the code"
BEFORE = "with the code, before it is read"
AFTER = "with the code, after it is done"


async def lose(*_: object) -> NoReturn:
    """As a process that ends: the connection is closed."""
    raise ConnectionResetError


@contextmanager
def stopping(moment: str) -> Iterator[None]:
    """A gateway that stops before it does what it is asked, or before it says that it did."""
    what = {BEFORE: "_read_question", AFTER: "_send"}[moment]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, what, lose)
        yield


async def count_done(bench: Bench) -> tuple[int, int]:
    """The decisions in the journal, and the letters to the applicant."""
    tables = ("journal WHERE event = 'decision.decline'", "letters WHERE letter = 'decline'")

    def count(tx: Transaction) -> tuple[int, int]:
        found = (tx.connection.execute(f"SELECT count(*) AS n FROM {of}").fetchone() for of in tables)  # noqa: S608 - ours
        lines, letters = (int(row["n"]) for row in found)
        return lines, letters

    return await bench.sandbox.app.store.transact(count)


async def begin(bench: Bench, browser: httpx.AsyncClient) -> tuple[str, str]:
    """Up to the code: the page that shows the letter, and the code."""
    await bench.save(case())
    await bench.sign_in(browser)
    shown = await propose(browser, word="decline", reason=REASON)
    assert (200, True) == (shown.status_code, REASON in shown.text)
    return shown.text, await bench.code(DECIDER, subject=SUBJECT)


@pytest.mark.parametrize("moment", [BETWEEN, BEFORE, AFTER])
async def test_a_decision_is_made_once(tmp_path: Path, moment: str) -> None:
    async with opened(tmp_path) as bench, bench.browser() as browser:
        page, code = await begin(bench, browser)
        if moment != BETWEEN:
            with stopping(moment):
                assert_says(await confirm(browser, page, code), Trouble.UNANSWERED)
        cookies = browser.cookies
        assert (int(moment == AFTER),) * 2 == await count_done(bench)
    async with opened(tmp_path) as bench, bench.browser() as browser:
        browser.cookies = cookies
        again = await confirm(browser, page, code)
        if moment == AFTER:
            assert (409, True) == (
                again.status_code,
                "さんが" in again.text and "判断しています" in again.text,
            )
        else:
            assert 303 == again.status_code
            assert "却下しました。" in (await browser.get(again.headers["location"])).text
        assert 409 == (await confirm(browser, page, code)).status_code
        assert State.DECLINED is await state_of(bench)
        assert (1, 1) == await count_done(bench)


async def test_many_browsers_that_send_it_again_after_a_restart_decide_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as bench, bench.browser() as browser:
        page, code = await begin(bench, browser)
        with stopping(BEFORE):
            assert_says(await confirm(browser, page, code), Trouble.UNANSWERED)
        cookies = browser.cookies
    async with opened(tmp_path) as bench, bench.browser() as browser:
        browser.cookies = cookies
        answers = await asyncio.gather(*(confirm(browser, page, code) for _ in range(6)))
        assert [303] + [409] * 5 == sorted(one.status_code for one in answers)
        assert (1, 1) == await count_done(bench)
