"""A sign-in code on the operator's terminal: the mailed one, in the browser that requested it."""

from __future__ import annotations

import asyncio
import getpass
from pathlib import Path
from typing import Any

import pytest

from gateway.app.serving.console.shown_code import SHOW_CODE
from gateway.net.control import client
from gateway.net.control.protocol import CONSOLE, CONTROL, QUERY, Door
from tests.console.conftest import DECIDER, OPERATOR, READER, Bench, opened
from tests.support.process import run_gateway

STRANGER = "dare@town.mihon.lg.jp"
PROXY = 'login = "proxy"\nproxy_secret_file = "{}"'


async def show(bench: Bench, member: str = DECIDER, door: Door = CONTROL) -> list[dict[str, str]]:
    """Ask as the command does."""
    asking = {"address": member, "by": "operator:tanaka"}
    database = bench.sandbox.app.store.path
    return await asyncio.to_thread(client.ask, database, SHOW_CODE, asking, door=door)  # type: ignore[no-any-return]


async def load(bench: Bench, table: str) -> list[dict[str, Any]]:
    sql = f"SELECT * FROM {table}"  # noqa: S608 - our own table
    return await bench.sandbox.app.store.transact(
        lambda tx: [dict(row) for row in tx.connection.execute(sql)]
    )


async def test_it_is_the_mailed_one_and_lets_in_the_browser_that_requested_it(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    async with bench.browser() as browser, bench.browser() as other:
        await browser.post("/login", data={"address": DECIDER})
        mailed = await bench.code(DECIDER)
        (shown,) = await show(bench)
        assert (mailed, ["asked_at", "code", "expires_at"]) == (shown["code"], sorted(shown))
        await other.post("/login", data={"address": READER})
        assert 400 == (await other.post("/login/code", data={"code": mailed})).status_code
        assert 303 == (await browser.post("/login/code", data={"code": mailed})).status_code
    lines = [row for row in await load(bench, "journal") if row["event"] == "console.code_shown"]
    assert 1 == len(lines)
    assert f"operator:tanaka as {getpass.getuser()}" == lines[0]["actor"]
    assert DECIDER in lines[0]["detail"]
    kept = [await load(bench, table) for table in ("journal", "commands", "console_codes")]
    assert mailed not in caplog.text
    assert mailed not in [value for rows in kept for row in rows for value in row.values()]


async def test_each_browser_has_a_code_of_its_own(bench: Bench) -> None:
    async with bench.browser() as first, bench.browser() as second:
        for browser in (first, second):
            await browser.post("/login", data={"address": DECIDER})
        newest, oldest = [one["code"] for one in await show(bench)]
        assert newest != oldest
        assert 400 == (await second.post("/login/code", data={"code": oldest})).status_code
        assert 303 == (await second.post("/login/code", data={"code": newest})).status_code
        assert [oldest] == [one["code"] for one in await show(bench)]


@pytest.mark.parametrize(
    ("what", "member", "says"),
    [
        ("nobody requested one", DECIDER, "no browser is waiting"),
        ("a colleague requested one", READER, "no browser is waiting"),
        ("no member", STRANGER, "not in a"),
        ("no address", "", "not in a"),
        ("much text", "a" * 5_000, "at most"),
        ("five tries are used up", DECIDER, "no browser is waiting"),
        ("used", DECIDER, "no browser is waiting"),
        ("revoked meanwhile", DECIDER, "not in a"),
    ],
)
async def test_who_gets_none(bench: Bench, what: str, member: str, says: str) -> None:
    async with bench.browser() as browser:
        if what != "nobody requested one":
            await browser.post("/login", data={"address": STRANGER if member == STRANGER else DECIDER})
        right = await bench.code(DECIDER) if says.startswith("no browser") and what[0] in "fu" else ""
        for _ in range(5 if what.startswith("five") else 0):
            await browser.post("/login/code", data={"code": f"{(int(right) + 1) % 10**6:06d}"})
        if what == "used":
            await browser.post("/login/code", data={"code": right})
    if what.startswith("revoked"):
        await bench.sandbox.app.store.transact(
            lambda tx: tx.revoke_staff(bench.site.desk.staff[0].address, "operator:root", bench.clock())
        )
        member = str(bench.site.desk.staff[0].address)
    before = await load(bench, "journal")
    with pytest.raises(client.RefusedError, match=says):
        await show(bench, member)
    assert before == await load(bench, "journal")


@pytest.mark.parametrize("door", [QUERY, CONSOLE])
async def test_no_other_socket_shows_one(bench: Bench, door: Door) -> None:
    async with bench.browser() as browser:
        await browser.post("/login", data={"address": OPERATOR})
    assert await show(bench, OPERATOR)
    with pytest.raises(client.RefusedError, match="does not support"):
        await show(bench, OPERATOR, door)


async def test_a_desk_without_sign_in_by_code_has_none(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x" * 40)
    (tmp_path / "secret").chmod(0o600)
    async with opened(tmp_path, PROXY.format(tmp_path / "secret")) as bench:
        with pytest.raises(client.RefusedError, match="sign-in by code is disabled"):
            await show(bench)


async def test_the_command_prints_it_once_and_says_if_it_cannot(bench: Bench, tmp_path: Path) -> None:
    config = ("--config", str(tmp_path))
    async with bench.browser() as browser:
        refused = await run_gateway("console", "code", DECIDER, *config)
        assert (1, True) == (refused.code, "no browser is waiting" in refused.stderr), refused
        await browser.post("/login", data={"address": DECIDER})
        code = await bench.code(DECIDER)
        found = await run_gateway("console", *config, "code", DECIDER)
        assert (0, 1) == (found.code, found.stdout.count(code)), found
        assert 303 == (await browser.post("/login/code", data={"code": code})).status_code


async def test_without_a_gateway_there_is_none(tmp_path: Path) -> None:
    async with opened(tmp_path):
        pass
    found = await run_gateway("console", "code", DECIDER, "--config", str(tmp_path))
    assert (75, "") == (found.code, found.stdout)
    assert "no code was printed: cannot reach a running gateway" in found.stderr
