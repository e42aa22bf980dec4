"""Unknown addresses and wrong codes take the time of known ones: 1,000 tries each, told apart by no test."""

from __future__ import annotations

import asyncio
import http.client
import math
import random
import secrets
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from gateway.admission.authority import sign_in
from gateway.mail.address import parse
from gateway.store.protocol import Transaction
from gateway.store.tables import rows
from tests.console.conftest import DECIDER, Bench, served

TRIES = 1_000
ROUNDS = 3  # by chance alone one in a hundred fails; a difference fails each time
STRANGER = "nobody@kyoso.mihon.go.jp"
Send = Callable[[bool, int], None]


def find_p(first: list[float], second: list[float]) -> float:
    """The two-sided p of the Mann-Whitney U test, by its normal approximation."""
    ranked = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    ranks = sum(place for place, (_, group) in enumerate(ranked, 1) if group == 0)
    n, m = len(first), len(second)
    u = ranks - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


def measure(send: Send) -> float:
    """The p of one round: known and unknown in an order drawn by chance."""
    order = [True] * TRIES + [False] * TRIES
    random.shuffle(order)
    taken: dict[bool, list[float]] = {True: [], False: []}
    for number, is_known in enumerate(order):
        begun = time.perf_counter()
        send(is_known, number)
        taken[is_known].append(time.perf_counter() - begun)
    return find_p(taken[True], taken[False])


def repeat(send: Send) -> float:
    """The p of the first round that tells nothing, else of the last."""
    for _ in range(ROUNDS):
        found = measure(send)
        if found >= 0.01:
            break
    return found


class Browser:
    """One connection that sends forms of the own page."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)

    def close(self) -> None:
        self._connection.close()

    def post(self, path: str, cookie: str = "", **fields: str) -> int:
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "origin": self._url,
            "sec-fetch-site": "same-origin",
            "cookie": cookie,
        }
        self._connection.request("POST", path, urlencode(fields), headers)
        answer = self._connection.getresponse()
        answer.read()
        return answer.status


def insert_codes(tx: Transaction, bench: Bench, tickets: list[str], member: str) -> None:
    """Codes on their way, as `ask_code` writes them: more than the limits let anybody ask for."""
    now = bench.clock()
    key = parse(member).key if member else ""
    for ticket in tickets:
        values = {
            "digest": sign_in.hash_secret(ticket),
            "member": key,
            "at": rows.to_text(now),
            "expires": rows.to_text(now + timedelta(minutes=20)),
        }
        tx.connection.execute(
            "INSERT INTO console_codes (digest, member, sought, client, browser, asked_at, expires_at, tries)"
            " VALUES (:digest, :member, 'x', 'x', '', :at, :expires, 0)",
            values,
        )


@pytest.mark.parametrize("shift", [0.0, 0.5])
def test_the_test_itself_tells_a_difference(shift: float) -> None:
    draw = random.Random(7)  # noqa: S311 - the same each time
    first = [draw.gauss(5, 1) for _ in range(TRIES)]
    second = [draw.gauss(5 + shift, 1) for _ in range(TRIES)]
    assert (find_p(first, second) >= 0.01) is (shift == 0.0)


async def test_an_unknown_address_takes_as_long_as_a_known_one(tmp_path: Path) -> None:
    async with served(tmp_path) as bench:
        browser = Browser(bench.site.public_url)

        def send(is_known: bool, _number: int) -> None:
            assert 303 == browser.post("/login", address=DECIDER if is_known else STRANGER)

        with closing(browser):
            assert await asyncio.to_thread(repeat, send) >= 0.01


async def test_a_wrong_code_takes_as_long_for_a_known_address(tmp_path: Path) -> None:
    async with served(tmp_path) as bench:
        store, browser = bench.sandbox.app.store, Browser(bench.site.public_url)
        tickets = {
            is_known: [secrets.token_urlsafe(32) for _ in range(TRIES * ROUNDS)] for is_known in (True, False)
        }
        for is_known, made in tickets.items():
            member = DECIDER if is_known else ""
            await store.transact(
                lambda tx, made=made, member=member: insert_codes(tx, bench, made, member)  # type: ignore[misc]
            )

        def send(is_known: bool, _number: int) -> None:
            ticket = tickets[is_known].pop()
            address = DECIDER if is_known else STRANGER
            assert 400 == browser.post("/login/code", f"ticket={ticket}.{address}", code="0000000")

        with closing(browser):
            assert await asyncio.to_thread(repeat, send) >= 0.01
