"""Clients that ask for pages and take nothing of them: nobody is held up, and nothing is kept for long."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from gateway.console.asgi.serving import MAX_CONNECTIONS
from gateway.console.office import export
from gateway.console.security import punctual
from gateway.console.security.shield import MAX_REQUESTS
from gateway.console.view import sheet
from gateway.console.view.rendering import read_static
from tests.console.conftest import Bench, served
from tests.console.test_slow_clients import host_of, time_page

STYLE = read_static()["console.css"]
# What the buffers between the two take, and much more.
ENOUGH = 8_000_000 // len(STYLE.raw)
ASKED = f"GET /static/{STYLE.name} HTTP/1.1\r\nHost: {{host}}\r\n\r\n"


def connect(host: str) -> socket.socket:
    """A client with little room for what it does not take."""
    address, _, port = host.partition(":")
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    made.connect((address, int(port)))
    made.setblocking(False)
    return made


@contextlib.asynccontextmanager
async def deaf_clients(
    host: str, number: int, text: str = ASKED, times: int = ENOUGH
) -> AsyncIterator[list[socket.socket]]:
    """Connections that have asked for more than there is room for, and read nothing."""
    held = [connect(host) for _ in range(number)]
    asked = text.format(host=host).encode() * times
    for each in held:
        with contextlib.suppress(BlockingIOError, ConnectionError):
            each.send(asked)
    await asyncio.sleep(2)
    try:
        yield held
    finally:
        for each in held:
            each.close()


async def open_page(url: str) -> None:
    """A browser is served while the others are there, once what they first asked for is made."""
    for _ in range(60):
        with contextlib.suppress(AssertionError, httpx.HTTPError):
            await time_page(url)
            return
        await asyncio.sleep(0.5)
    raise AssertionError("nobody is served")


@pytest.mark.parametrize("number", [70, 300])
async def test_clients_that_take_nothing_hold_up_nobody(
    tmp_path: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(punctual, "SEND_BUFFER", 4_096)
    monkeypatch.setattr(punctual, "TAKEN_S", 600)
    async with served(tmp_path) as bench:
        await time_page(bench.site.public_url)
        async with deaf_clients(host_of(bench), number):
            await open_page(bench.site.public_url)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little room in the kernel, and little patience."""
    monkeypatch.setattr(punctual, "SEND_BUFFER", 4_096)
    monkeypatch.setattr(punctual, "TAKEN_S", 1.5)


async def is_ended(client: socket.socket) -> bool:
    """Whether the other side has closed it, when all that is there was read."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(10):
            while await loop.sock_recv(client, 1_000_000):
                pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


CLOSE = ASKED.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("text", [ASKED, CLOSE], ids=["many requests", "one that is the last"])
async def test_what_is_not_taken_is_dropped(tmp_path: Path, text: str) -> None:
    async with served(tmp_path) as bench, deaf_clients(host_of(bench), 1, text) as (client,):
        await asyncio.sleep(2)
        assert await is_ended(client)


async def ask_export(bench: Bench, patch: pytest.MonkeyPatch) -> tuple[str, list[bytes]]:
    """The request for an export that never ends, and what was made of it so far."""
    parts = list[bytes]()
    patch.setattr(sheet, "write_rows", lambda *_: parts.append(b"") or b"x" * 50_000)
    patch.setattr(export, "load_part", lambda *_: ([], 1))
    url = bench.site.public_url
    async with httpx.AsyncClient(base_url=url, headers={"origin": url}) as browser:
        await bench.sign_in(browser)
        cookie = f"Cookie: session={browser.cookies['session']}"
    return f"GET /export/cases.csv HTTP/1.1\r\nHost: {{host}}\r\n{cookie}\r\n\r\n", parts


@pytest.mark.usefixtures("soon")
async def test_an_export_that_is_not_taken_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path) as bench:
        asked, parts = await ask_export(bench, monkeypatch)
        async with deaf_clients(host_of(bench), 3, asked):
            await asyncio.sleep(2)
            made = len(parts)
            await asyncio.sleep(2)
            assert made == len(parts) < 100
            await open_page(bench.site.public_url)


@pytest.mark.usefixtures("soon")
async def test_an_export_that_is_taken_slowly_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(tmp_path) as bench:
        asked, _ = await ask_export(bench, monkeypatch)
        client, loop = connect(host_of(bench)), asyncio.get_running_loop()
        client.send(asked.format(host=host_of(bench)).encode())
        for _ in range(40):
            assert await loop.sock_recv(client, 20_000)
            await asyncio.sleep(0.1)
        client.close()


async def test_exports_that_are_taken_slowly_leave_room_for_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as a member likes to begin; when they have ended, there is room for another."""
    async with served(tmp_path) as bench:
        asked, _ = await ask_export(bench, monkeypatch)
        async with deaf_clients(host_of(bench), MAX_REQUESTS + 10, asked, times=1):
            await open_page(bench.site.public_url)
        for _ in range(60):
            if await is_begun(host_of(bench), asked):
                return
            await asyncio.sleep(0.5)
        raise AssertionError("no room again")


async def is_begun(host: str, asked: str) -> bool:
    """Whether an export that is asked for now begins."""
    client, loop = connect(host), asyncio.get_running_loop()
    client.send(asked.format(host=host).encode())
    begun = (await loop.sock_recv(client, 100)).startswith(b"HTTP/1.1 200 ")
    client.close()
    return begun


async def test_of_too_many_connections_one_that_takes_nothing_gives_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(punctual, "SEND_BUFFER", 4_096)
    async with served(tmp_path) as bench, deaf_clients(host_of(bench), MAX_CONNECTIONS + 10, CLOSE, times=1):
        await open_page(bench.site.public_url)
