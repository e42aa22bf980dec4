"""The table of attacks: nothing gets in, and nothing changes."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping
from datetime import timedelta

import pytest

from gateway.app.serving.console.shown_code import SHOW_CODE
from gateway.console.asgi.routes import OPEN_PAGES, list_pages
from gateway.console.sign_in.code import read_next
from gateway.net.control import client
from gateway.net.control.protocol import CONSOLE, CONTROL, socket_path
from tests.console.conftest import DECIDER, NUMBER, READER, URL, Bench

EVIL = "https://evil.example"
NO = "absent"
# Headers of a POST by a browser that is signed in, and what it gets.
POSTS: dict[str, tuple[Mapping[str, str], int]] = {
    "own page": ({}, 303),
    "own page, without metadata": ({"sec-fetch-site": NO}, 303),
    "typed address, own origin": ({"sec-fetch-site": "none"}, 303),
    "cross-site": ({"sec-fetch-site": "cross-site", "origin": EVIL}, 403),
    "cross-site that names our origin": ({"sec-fetch-site": "cross-site"}, 403),
    "same site, other host": ({"sec-fetch-site": "same-site"}, 403),
    "foreign origin, without metadata": ({"sec-fetch-site": NO, "origin": EVIL}, 403),
    "origin null": ({"sec-fetch-site": NO, "origin": "null"}, 403),
    "neither": ({"sec-fetch-site": NO, "origin": NO}, 403),
    "other scheme": ({"sec-fetch-site": NO, "origin": URL.replace("http", "https")}, 403),
    "other port": ({"sec-fetch-site": NO, "origin": "http://127.0.0.1:1"}, 403),
    "other host": ({"host": "evil.example"}, 400),
    "json": ({"content-type": "application/json"}, 403),
    "plain text": ({"content-type": "text/plain"}, 403),
    "upload": ({"content-type": "multipart/form-data; boundary=x"}, 403),
}


@pytest.mark.parametrize("name", sorted(POSTS))
async def test_only_our_own_pages_may_send_a_form(bench: Bench, name: str) -> None:
    headers, wanted = POSTS[name]
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        before = await bench.trace()
        request = browser.build_request("POST", "/logout", data={"x": "1"})
        for field, value in headers.items():
            request.headers.pop(field, None)
            if value != NO:
                request.headers[field] = value
        answer = await browser.send(request)
    assert wanted == answer.status_code
    assert (wanted == 303) is (before != await bench.trace())


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_other_methods_are_refused(bench: Bench, method: str) -> None:
    async with bench.browser() as browser:
        for path, methods in (("/", "GET, HEAD"), ("/login", "GET, HEAD, POST"), ("/batch", "POST")):
            answer = await browser.request(method, path)
            assert (405, methods) == (answer.status_code, answer.headers["allow"])


async def test_a_body_that_is_too_large_is_refused(bench: Bench) -> None:
    async with bench.browser() as browser:
        assert 413 == (await browser.post("/login", data={"address": "a" * 70_000})).status_code


async def test_a_scanner_without_a_session_changes_nothing_and_sees_nobody(bench: Bench) -> None:
    paths = {
        *(page.path for page in list_pages()),
        *(path for path, _, _ in OPEN_PAGES),
        "/static/x",
        "/.env",
    }
    before = await bench.trace()
    async with bench.browser() as browser:
        for path in sorted(paths - {"/login"}):
            place = path.format(number=NUMBER, id=1, code=1, letter="decline")
            for method in ("GET", "HEAD", "POST"):
                answer = await browser.request(method, place, data={"a": "1"} if method == "POST" else None)
                assert answer.status_code in {303, 400, 404, 405}, (method, place)
                assert "花子" not in answer.text
    assert before == await bench.trace()


async def test_every_answer_carries_the_headers(bench: Bench) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        for place in ("/", "/nowhere", "/login", f"/cases/{NUMBER}"):
            headers = (await browser.get(place)).headers
            assert "default-src 'none'" in headers["content-security-policy"]
            assert "frame-ancestors 'none'" in headers["content-security-policy"]
            assert ("nosniff", "no-store", "same-origin") == (
                headers["x-content-type-options"],
                headers["cache-control"],
                headers["referrer-policy"],
            )


async def test_a_session_ends_idle_late_revoked_and_signed_out(bench: Bench) -> None:
    async def is_in() -> bool:
        return (await browser.get("/")).status_code == 200

    async with bench.browser() as browser:
        await bench.sign_in(browser)
        for minutes in (0, 29, 58, 87):
            bench.clock.ahead = timedelta(minutes=minutes)
            assert await is_in()
        bench.clock.ahead = timedelta(minutes=87 + 31)
        assert not await is_in()
        bench.clock.ahead = timedelta()
        await bench.sign_in(browser)
        kept = dict(browser.cookies)
        await browser.post("/logout", data={"x": "1"})
        browser.cookies.update(kept)
        assert not await is_in()
        await bench.sign_in(browser, READER)
        store = bench.sandbox.app.store
        member = bench.site.desk.staff[2].address
        await store.transact(lambda tx: tx.revoke_staff(member, "operator:root", bench.clock()))
        assert not await is_in()


async def test_a_code_is_worth_nothing_in_another_browser(bench: Bench) -> None:
    async with bench.browser() as asked, bench.browser() as other:
        await asked.post("/login", data={"address": DECIDER})
        code = await bench.code(DECIDER)
        await other.post("/login", data={"address": DECIDER})
        assert 400 == (await other.post("/login/code", data={"code": code})).status_code
        assert 303 == (await asked.post("/login/code", data={"code": code})).status_code


async def test_a_stranger_sees_what_a_member_sees(bench: Bench) -> None:
    async def ask(address: str) -> list[tuple[int, str]]:
        async with bench.browser() as browser:
            first = await browser.post("/login", data={"address": address})
            page = await browser.get(first.headers["location"])
            wrong = await browser.post("/login/code", data={"code": "0" * 7})
            return [(one.status_code, one.text.replace(address, "A")) for one in (first, page, wrong)]

    assert await ask(DECIDER) == await ask("nobody0@kyoso.mihon.go.jp")


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/login",
        "/logout",
        "/a b",
        "/é",
        "x",
        "/\r\n",
    ],
)
def test_no_sign_in_leads_elsewhere(path: str) -> None:
    assert "/" == read_next({"next": path})


async def test_a_sign_in_leads_to_the_page_that_was_asked_for(bench: Bench) -> None:
    async with bench.browser() as browser:
        sent = await browser.get(f"/cases/{NUMBER}")
        assert f"/login?next=/cases/{NUMBER}" == sent.headers["location"]
    assert f"/cases/{NUMBER}" == read_next({"next": f"/cases/{NUMBER}"})


async def test_a_console_under_foreign_control_can_do_no_more_than_sign_in(bench: Bench) -> None:
    """It tries every question of the other sockets on its own, the file, and the key's effect."""
    database = bench.sandbox.app.store.path
    verbs = (
        "command",
        "probe",
        "send_test",
        "reload",
        "trace",
        "figures",
        "keys",
        "service",
        "started",
        "case.decide",
        SHOW_CODE,
    )
    before = await bench.trace()
    for verb in verbs:
        with pytest.raises(client.RefusedError):
            await asyncio.to_thread(client.ask, database, verb, {"name": "case.undo"}, door=CONSOLE)
    for session in ("", "x" * 43, "x" * 5_000):
        for verb in ("console.touch", "console.end"):
            try:
                assert not await asyncio.to_thread(
                    client.ask, database, verb, {"session": session}, door=CONSOLE
                )
            except (client.RefusedError, client.NotAnsweredError):
                continue
    with bench.site.open() as connection, pytest.raises(sqlite3.OperationalError):
        connection.execute("DELETE FROM journal")
    assert before == await bench.trace()
    assert 0o600 == socket_path(database, CONTROL).stat().st_mode & 0o777
    assert 0o660 == socket_path(database, CONSOLE).stat().st_mode & 0o777
