"""How a connection ends, on both event loops: with QUIT, and at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from gateway.net.delivery.smtp_client import Remote, Session, open_session
from tests.support.sink import Sink, sink


def run(loop: str, work: Callable[[], Awaitable[None]]) -> None:
    factory = asyncio.new_event_loop
    if loop == "uvloop":
        factory = pytest.importorskip("uvloop").new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(work())  # type: ignore[arg-type] # each is a coroutine


async def _until_it_ends(server: Sink) -> None:
    async with asyncio.timeout(10):
        while server.clients:  # noqa: ASYNC110 - the server is only looked at
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize(("end", "last"), [(Session.send_quit, "QUIT"), (Session.close, "EHLO me.example")])
def test_a_session_ends_as_it_was_told(loop: str, end: Callable[[Session], None], last: str) -> None:
    async def work() -> None:
        async with sink() as server:
            session = await open_session(Remote("127.0.0.1", server.port, "none"), "me.example")
            end(session)
            assert not session.is_alive
            await _until_it_ends(server)
            assert last == server.commands[-1]

    run(loop, work)
