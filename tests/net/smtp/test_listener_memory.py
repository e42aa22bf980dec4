"""What is counted as in flight is all there is: messages leave memory with their session, not later."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from collections.abc import Awaitable, Callable, Iterator

import pytest

from gateway.mail.smtp import smtp_reply
from tests.support.smtp_server import Client, Desk, Recorder, brisk, desk

BIG = b"Subject: x\r\n\r\n" + (b"A" * 76 + b"\r\n") * 20_000
TIMES = 4


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    tracemalloc.start()
    yield
    tracemalloc.stop()
    gc.enable()


async def take(_: Desk, client: Client) -> None:
    await client.send(BIG + b".\r\n")
    assert "250" == (await client.reply())[:3]


async def refuse(at: Desk, client: Client) -> None:
    at.handler.answer = smtp_reply.SENDER_UNAUTHENTICATED
    await client.send(BIG + b".\r\n")
    assert "550" == (await client.reply())[:3]


async def leave_in_the_middle(_: Desk, client: Client) -> None:
    await client.send(BIG)
    client.writer.transport.abort()


async def leave_while_it_is_handled(at: Desk, client: Client) -> None:
    at.handler.gate, at.handler.begun = asyncio.Event(), asyncio.Event()
    await client.send(BIG + b".\r\n")
    await at.handler.begun.wait()
    client.writer.transport.abort()
    await asyncio.sleep(0.01)
    at.handler.gate.set()
    await at.until(lambda: at.handler.stored != [])


async def find_no_room(at: Desk, client: Client) -> None:
    await client.send(BIG + b".\r\n")
    assert "452" == (await client.reply())[:3]


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("way", [take, refuse, leave_in_the_middle, leave_while_it_is_handled, find_no_room])
async def test_a_message_is_out_of_memory_when_its_session_is_over(
    way: Callable[[Desk, Client], Awaitable[None]],
) -> None:
    handler = Recorder()
    room = len(BIG) * 3 - 1 if way is find_no_room else 256_000_000
    async with desk(handler, limits=brisk(in_flight_bytes=room)) as at:
        before = 0
        for number in range(TIMES):
            async with at.client() as client:
                await client.up_to_data()
                await way(at, client)
            await at.until(lambda: at.listener.sessions == 0)
            handler.stored.clear()
            handler.gate = None
            if number == 0:
                before = tracemalloc.get_traced_memory()[0]
        grown = tracemalloc.get_traced_memory()[0] - before
    assert grown < len(BIG)
