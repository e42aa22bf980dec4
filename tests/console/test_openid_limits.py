"""What strangers can make the gateway ask of an OpenID provider, while it is away and while it answers."""

from __future__ import annotations

import asyncio
import secrets
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.app.serving.console.failures import FAILURES_AN_HOUR
from gateway.console.sign_in.openid import PROBLEMS
from gateway.net.openid.client import OpenIdClient
from gateway.net.openid.protocol import BEGIN, FINISH, ProviderError
from gateway.net.openid.published import FIRST_REST, MAX_REST, Published
from tests.console.conftest import READER, Bench
from tests.console.provider import Provider
from tests.console.test_openid import bench, forget, provider, sign_in, surf

__all__ = ["bench", "provider"]
BEGUN = datetime(2026, 11, 30, tzinfo=UTC)
KEPT = timedelta(hours=1)


async def test_a_provider_that_is_away_is_asked_once_for_all_browsers(
    bench: Bench, provider: Provider
) -> None:
    """And not again at once; then it is asked, and answers."""
    forget(bench)
    provider.described = {"issuer": "https://evil.example"}
    before = len(provider.fetched)
    async with surf(bench) as browser:
        for answer in await asyncio.gather(*(browser.get("/login/openid") for _ in range(6))):
            assert "/login?problem=away&next=%2F" == answer.headers["location"]
        assert 1 == len(provider.fetched) - before
        provider.described, client = {}, bench.sandbox.app.openid
        assert isinstance(client, OpenIdClient)
        assert client._metadata._failed_at is not None
        client._metadata._failed_at -= FIRST_REST
        provider.person = READER
        assert "/" == await sign_in(browser)


async def finish(bench: Bench, client: str) -> object:
    """An attempt with a code that the provider does not know."""
    ticket = secrets.token_urlsafe(32)
    begun = await asyncio.to_thread(bench.site.ask, BEGIN, {"ticket": ticket, "client": client})
    assert isinstance(begun, dict)
    state = parse_qs(urlsplit(str(begun["url"])).query)["state"][0]
    answer = {"ticket": ticket, "client": client, "state": state, "code": "x", "iss": ""}
    return await asyncio.to_thread(bench.site.ask, FINISH, answer)


async def test_a_client_whose_sign_ins_fail_asks_the_provider_no_more(
    bench: Bench, provider: Provider
) -> None:
    """Clients are told apart as in SMTP."""
    network = ("2001:db8:1:2::", "2001:db8:1:2:ffff::1")
    for turn in range(FAILURES_AN_HOUR):
        assert {"why": "again"} == await finish(bench, network[turn % 2])
    asked = len(provider.proofs)
    assert {"why": "many"} == await finish(bench, "2001:db8:1:2:3::")
    assert asked == len(provider.proofs)
    for other in ("2001:db8:1:3::", "192.0.2.1", "no address", ""):
        assert {"why": "again"} == await finish(bench, other)
    provider.person = READER
    async with surf(bench) as browser:
        page = await browser.get("/login?problem=many")
        assert (429, True) == (page.status_code, PROBLEMS["many"][0].ja in page.text)
        assert "/" == await sign_in(browser)


class Source:
    """A document, and how often it was asked for; `is_away`: there is none."""

    def __init__(self) -> None:
        self.asked, self.now, self.is_away = 0, BEGUN, True
        self.document = Published[int](lambda: self.now)

    async def fetch(self) -> int:
        self.asked += 1
        if self.is_away:
            raise ProviderError("away")
        return self.asked

    async def get(self) -> int | None:
        try:
            return await self.document.get(KEPT, self.fetch)
        except ProviderError:
            return None


@given(st.lists(st.integers(0, 30), min_size=1, max_size=60))
async def test_between_two_requests_that_fail_is_a_rest_that_grows(steps: list[int]) -> None:
    source, rest, since = Source(), timedelta(), timedelta.max
    for step in steps:
        source.now += timedelta(seconds=step)
        since = min(since, timedelta.max - timedelta(seconds=step)) + timedelta(seconds=step)
        before = source.asked
        assert await source.get() is None
        assert (since >= rest) == (source.asked > before)
        if source.asked > before:
            rest, since = min(max(2 * rest, FIRST_REST), MAX_REST), timedelta()
    source.now, source.is_away = source.now + MAX_REST, False
    assert source.asked + 1 == await source.get()
    source.is_away = True
    assert source.asked == await source.get()


async def test_a_clock_that_is_set_back_ends_the_rest() -> None:
    source = Source()
    assert await source.get() is None
    source.now, source.is_away = BEGUN - timedelta(days=1), False
    assert 2 == await source.get()


@pytest.mark.parametrize("asking", [2, 20])
async def test_those_who_ask_at_the_same_time_share_an_answer(asking: int) -> None:
    source = Source()
    source.is_away = False
    assert [1] * asking == await asyncio.gather(*(source.get() for _ in range(asking)))
