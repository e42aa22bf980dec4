"""Clients that send slowly, or leave: a browser is answered at once, and nothing of it is held for long."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from gateway.console.security import punctual
from tests.console.conftest import Bench, served

HEADERS = "Host: {host}\r\nOrigin: http://{host}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
BODY = "POST /login HTTP/1.1\r\n" + HEADERS + "Content-Length: 100\r\n\r\na"
HEADER = "POST /login HTTP/1.1\r\nHost: {host}\r\nX-Slow: "
# After a first request that is answered: a second one that never ends, in the same segment.
SECOND = "GET /login HTTP/1.1\r\nHost: {host}\r\n\r\n" + BODY
# Answered before its body is there: the rest is awaited in vain.
REFUSED = BODY.replace("POST /login", "POST /nowhere")
SLOW = {"body": BODY, "header": HEADER, "nothing": "", "second": SECOND, "refused": REFUSED}


@contextlib.asynccontextmanager
async def slow_clients(host: str, text: str, number: int) -> AsyncIterator[list[asyncio.StreamReader]]:
    """Connections that have sent a part of a request."""
    address, _, port = host.partition(":")
    held = [await asyncio.open_connection(address, int(port)) for _ in range(number)]
    for _, writer in held:
        writer.write(text.format(host=host).encode())
    await asyncio.sleep(0.5)
    try:
        yield [reader for reader, _ in held]
    finally:
        for _, writer in held:
            writer.transport.abort()


async def time_page(url: str) -> float:
    """The time that a browser waits for the sign-in form and for its answer, each on a new connection."""
    begun = time.monotonic()
    for form in (None, {"address": "nobody@mihon.lg.jp"}):
        async with httpx.AsyncClient(base_url=url, headers={"origin": url}, timeout=10) as browser:
            answer = await (browser.post("/login", data=form) if form else browser.get("/login"))
            assert answer.status_code in {200, 303}
    return (time.monotonic() - begun) / 2


def host_of(bench: Bench) -> str:
    return bench.site.public_url.removeprefix("http://")


@pytest.mark.parametrize("number", [200, 400])
@pytest.mark.parametrize("kind", ["body", "header", "nothing"])
async def test_slow_clients_hold_up_nobody(tmp_path: Path, kind: str, number: int) -> None:
    async with served(tmp_path) as bench:
        await time_page(bench.site.public_url)
        async with slow_clients(host_of(bench), SLOW[kind], number):
            assert await time_page(bench.site.public_url) < 1


@pytest.mark.parametrize("kind", SLOW)
async def test_a_request_that_goes_on_octet_by_octet_is_ended(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(punctual, "REQUEST_S", 1.0)
    async with served(tmp_path) as bench:
        address, _, port = host_of(bench).partition(":")
        reader, writer = await asyncio.open_connection(address, int(port))
        writer.write(SLOW[kind].format(host=host_of(bench)).encode())
        drip = asyncio.create_task(_drip(writer))
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(5):
                await reader.read()
                while not reader.at_eof():
                    await reader.read()
        drip.cancel()
        writer.transport.abort()


async def _drip(writer: asyncio.StreamWriter) -> None:
    for _ in range(60):
        await asyncio.sleep(0.2)
        writer.write(b"a")


async def test_a_whole_request_in_time_keeps_its_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(punctual, "REQUEST_S", 0.5)
    async with served(tmp_path) as bench, httpx.AsyncClient(base_url=bench.site.public_url) as browser:
        streams = []
        for _ in range(3):
            answer = await browser.get("/login")
            assert 200 == answer.status_code
            streams.append(answer.extensions["network_stream"].get_extra_info("client_addr"))
            await asyncio.sleep(0.8)
    assert 1 == len(set(streams))


@pytest.mark.parametrize("kind", SLOW)
async def test_a_client_that_hangs_up_leaves_no_trace(
    tmp_path: Path, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with served(tmp_path) as bench:
        async with slow_clients(host_of(bench), SLOW[kind], 5):
            pass
        await asyncio.sleep(0.5)
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]
