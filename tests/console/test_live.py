"""The banner of an open page: what is told, to whom, and when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qsl

import httpx
import pytest

from gateway.console.asgi.visit import Visit, find_member, look_session
from gateway.console.pages import live
from gateway.console.pages.live import ALIVE, CHANGED, MARKERS, MAX_STREAMS, Streams
from gateway.mail.address import parse
from tests.console.cases import case
from tests.console.conftest import DECIDER, NUMBER, Bench


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LOOK_EVERY_S", 0.02)


def read_query(page: str) -> dict[str, str]:
    """What the page asks to be told of."""
    address = page.partition('data-events="/events?')[2].partition('"')[0]
    return dict(parse_qsl(address.replace("&amp;", "&")))


def open_stream(
    bench: Bench, browser: httpx.AsyncClient, query: dict[str, str], streams: Streams
) -> AsyncGenerator[bytes]:
    secret = browser.cookies["session"]
    with bench.site.open() as connection:
        session = look_session(bench.site, connection, secret, bench.clock())
        assert session is not None
        member = find_member(bench.site, session)
        assert member is not None
        visit = Visit(bench.site, connection, session, member, bench.clock(), {}, query, {}, secret)
    return live.watch(visit, MARKERS[query["of"]], streams)


async def next_of(stream: AsyncIterator[bytes]) -> bytes:
    return await asyncio.wait_for(anext(stream, b"over"), 20)


async def read_until(stream: AsyncIterator[bytes], wanted: bytes) -> None:
    while (found := await next_of(stream)) != wanted:
        assert found == ALIVE


@pytest.mark.parametrize("address", [f"/cases/{NUMBER}", "/", "/?view=mine"])
async def test_a_page_is_told_once_when_it_changed(bench: Bench, address: str) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        query = read_query((await browser.get(address)).text)
        stream, streams = open_stream(bench, browser, query, Streams()), Streams()
        for _ in range(5):
            assert ALIVE == await next_of(stream)
        await browser.post(f"/cases/{NUMBER}/take", data={"x": "1"})
        await read_until(stream, CHANGED)
        assert b"over" == await next_of(stream)
        again = read_query((await browser.get(address)).text)
        assert query["mark"] != again["mark"]
        fresh = open_stream(bench, browser, again, streams)
        assert [ALIVE] * 4 == [await next_of(fresh) for _ in range(4)]
        await fresh.aclose()


async def test_what_the_page_does_not_show_is_not_told(bench: Bench) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        query = read_query((await browser.get(f"/cases/{NUMBER}")).text)
        stream = open_stream(bench, browser, query, Streams())
        await next_of(stream)
        await bench.save(case(number="AAAA-02"))
        await browser.post("/cases/AAAA-02/take", data={"x": "1"})
        assert [ALIVE] * 10 == [await next_of(stream) for _ in range(10)]
        await stream.aclose()


@pytest.mark.parametrize("ends", ["idle", "revoked", "stopped"])
async def test_it_ends_with_the_session_and_keeps_none_open(bench: Bench, ends: str) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        stream = open_stream(bench, browser, read_query((await browser.get("/")).text), Streams())
        await next_of(stream)
        await next_of(stream)
        if ends == "idle":
            bench.clock.ahead = timedelta(minutes=31)
        elif ends == "revoked":
            member = parse(DECIDER)
            await bench.sandbox.app.store.transact(
                lambda tx: tx.revoke_staff(member, "operator:root", bench.clock())
            )
        else:
            place = bench.sandbox.app.store.path
            place.rename(place.with_name("away"))
        await read_until(stream, b"over")
        if ends == "stopped":
            place.with_name("away").rename(place)


async def test_there_are_only_so_many(bench: Bench) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        streams, query = Streams(), read_query((await browser.get("/")).text)
        many = [open_stream(bench, browser, query, streams) for _ in range(MAX_STREAMS + 1)]
        found = [await next_of(one) for one in many]
        assert [ALIVE] * MAX_STREAMS + [b"over"] == found
        await many[0].aclose()
        assert ALIVE == await next_of(open_stream(bench, browser, query, streams))


async def test_nobody_else_is_told(bench: Bench) -> None:
    async with bench.browser() as browser:
        sent = await browser.get(f"/events?of=case&number={NUMBER}&mark=x")
        assert 303 == sent.status_code
        await bench.sign_in(browser)
        assert 404 == (await browser.get("/events?of=x")).status_code
        page = (await browser.get(f"/cases/{NUMBER}")).text
        policy = (await browser.get("/")).headers["content-security-policy"]
    assert 1 == page.count("<script")
    assert '<script src="/static/live-' in page
    assert "script-src 'self'; connect-src 'self'" in policy
    assert "unsafe" not in policy


async def test_a_page_of_an_error_hears_nothing(bench: Bench) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        wrong = await browser.post(f"/cases/{NUMBER}/decide", data={"x": "1"})
    assert "<script" not in wrong.text
