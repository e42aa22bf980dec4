"""Fronts before a writer: what each takes comes to one place, and a front that dies or hangs costs little."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import socket
from dataclasses import replace

import pytest

from gateway.net.fronts import process
from gateway.net.fronts.owner import FrontLostError
from gateway.net.fronts.pool import FrontPool
from tests.support.fronts import BrokenParts, blueprint, children, front_desk
from tests.support.smtp_server import DESK, LETTER, Client, Desk, Recorder, brisk

PATIENCE_S = 60.0
POISON = b"X-Poison: %b\r\n" + LETTER


async def deliver(client: Client, letter: bytes = LETTER) -> str:
    """One mail up to the reply; empty when the connection ends before it."""
    await client.up_to_data()
    await client.send(letter + b".\r\n")
    return await client.reply()


async def try_to_deliver(at: Desk, letter: bytes = LETTER, address: str = "127.0.0.1") -> str:
    """The reply to one mail over a connection of its own; empty for a connection that ended."""
    try:
        async with at.client(address) as client:
            return await deliver(client, letter)
    except (AssertionError, ConnectionError):
        return ""


async def until_taken(at: Desk, letter: bytes, address: str = "127.0.0.1") -> str:
    """Send as MTAs do, again and again, until it is taken or refused for good."""
    async with asyncio.timeout(PATIENCE_S):
        while (reply := await try_to_deliver(at, letter, address))[:1] not in {"2", "5"}:  # noqa: ASYNC110 - a client waits
            await asyncio.sleep(0.05)
    return reply


async def test_mails_of_all_fronts_come_to_the_writer() -> None:
    letters = [b"X-Number: %d\r\n" % number + LETTER for number in range(20)]
    async with front_desk() as at:
        assert 2 == len(children())
        replies = await asyncio.gather(*(try_to_deliver(at, each) for each in letters))
        assert {"250 2.0.0 Message accepted"} == set(replies)
        assert sorted(letters) == sorted(at.handler.bodies)
        await at.until(lambda: at.listener.sessions == 0)
    assert set() == children()


async def test_the_next_connection_goes_to_the_front_with_the_fewest_sessions() -> None:
    async with front_desk() as at:
        assert isinstance(at.listener, FrontPool)
        fronts = at.listener._fronts
        await at.until(lambda: all(front.is_up for front in fronts))
        async with at.client() as one, at.client() as two, at.client() as three:
            for each in (one, two, three):
                assert (await each.reply()).startswith("220 ")
            assert [1, 2] == sorted(len(front.sessions) for front in fronts)


async def test_connections_of_a_client_are_counted_over_all_fronts() -> None:
    async with front_desk(limits=brisk(connections_per_address=2)) as at:
        async with at.client() as one, at.client() as two:
            assert {"220"} == {(await each.reply())[:3] for each in (one, two)}
            async with at.client() as three:
                assert "421" == (await three.reply())[:3]
            async with at.client("127.0.0.9") as other:
                assert "220" == (await other.reply())[:3]
        await at.until(lambda: at.listener.sessions == 0)
        async with at.client() as four:
            assert "220" == (await four.reply())[:3]


async def test_mails_of_a_client_are_counted_over_all_fronts() -> None:
    async with front_desk(limits=brisk(mails_per_client_per_hour=3)) as at:
        replies = []
        for _ in range(5):
            async with at.client() as client:
                await client.reply()
                await client.ask("EHLO mx.city.mihon.example")
                replies.append((await client.ask("MAIL FROM:<rei@city.mihon.example>"))[:3])
    assert ["250", "250", "250", "451", "451"] == replies


async def test_a_front_that_is_killed_is_replaced_and_its_client_sends_again() -> None:
    handler = Recorder(gate=asyncio.Event())
    async with front_desk(handler, number=1) as at:
        waiting = asyncio.create_task(try_to_deliver(at))
        await asyncio.wait_for(handler.begun.wait(), PATIENCE_S)
        (before,) = children()
        os.kill(before, signal.SIGKILL)
        assert "" == await waiting, "nothing was acknowledged"
        assert handler.gate is not None
        handler.gate.set()
        assert "250 2.0.0 Message accepted" == await until_taken(at, LETTER)
        assert {before} != children()
        await at.until(lambda: at.listener.sessions == 0)


async def test_an_answer_to_a_front_that_died_reaches_no_mail_of_the_next_one() -> None:
    """Its number may be that of another mail there, which would hear 250 and be lost."""
    handler = Recorder(gate=asyncio.Event())
    async with front_desk(handler, number=1) as at:
        first = asyncio.create_task(try_to_deliver(at))
        await asyncio.wait_for(handler.begun.wait(), PATIENCE_S)
        (before,) = children()
        os.kill(before, signal.SIGKILL)
        assert "" == await first
        held, handler.gate = handler.gate, asyncio.Event()
        handler.begun.clear()
        second = asyncio.create_task(until_taken(at, b"X-Number: 2\r\n" + LETTER))
        await asyncio.wait_for(handler.begun.wait(), PATIENCE_S)
        assert held is not None
        held.set()
        await at.until(lambda: handler.stored != [])
        await asyncio.sleep(0.2)
        assert not second.done(), "the second mail is not recorded yet"
        handler.gate.set()
        assert "250 2.0.0 Message accepted" == await second


@pytest.mark.parametrize("changes", [False, True], ids=["the-same-mail", "another-each-time"])
async def test_poison_beside_fifty_honest_clients_kills_at_most_twice_and_all_of_theirs_arrives(
    changes: bool,
) -> None:
    """A client goes on sending what a front dies of, until the honest ones have sent three mails each."""
    honest = [[b"X-Number: %d-%d\r\n" % (who, n) + LETTER for n in range(3)] for who in range(50)]
    over = asyncio.Event()
    async with front_desk() as at:
        poison = asyncio.create_task(_keep_sending_poison(at, over, changes=changes))
        replies = await asyncio.gather(
            *(_send_all(at, f"127.0.1.{who}", letters) for who, letters in enumerate(honest, 1))
        )
        over.set()
        assert {"250 2.0.0 Message accepted"} == set(itertools.chain(*replies))
        # One that was recorded while its front died comes again; the store folds it.
        assert set(itertools.chain(*honest)) == set(at.handler.bodies)
        assert (await poison)[-1].startswith("451 ")
        assert isinstance(at.listener, FrontPool)
        assert 1 <= len(at.listener._suspects._deaths) <= 2


async def _send_all(at: Desk, client: str, letters: list[bytes]) -> list[str]:
    return [await until_taken(at, each, client) for each in letters]


async def _keep_sending_poison(at: Desk, over: asyncio.Event, *, changes: bool) -> list[str]:
    """The replies to a mail, or to one after the other, until all is over and one was answered."""
    heard: list[str] = []
    async with asyncio.timeout(PATIENCE_S):
        while not (over.is_set() and heard and heard[-1]):
            number = b"kill %d" % (len(heard) if changes else 0)
            heard.append(await try_to_deliver(at, POISON % number, "127.0.2.1"))
            await asyncio.sleep(0.05)
    return heard


async def test_a_front_that_hangs_is_killed_and_its_mail_not_examined_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(process, "HANGING_S", 4.0)
    async with front_desk(number=1) as at:
        assert "" == await try_to_deliver(at, POISON % b"hang")
        assert "250 2.0.0 Message accepted" == await until_taken(at, LETTER)
        assert "451" == (await try_to_deliver(at, POISON % b"hang"))[:3]


async def test_fronts_hear_no_signal_and_finish_what_they_have() -> None:
    handler = Recorder(gate=asyncio.Event())
    async with front_desk(handler, grace_s=10.0) as at:
        for pid in children():
            os.kill(pid, signal.SIGTERM)
        waiting = asyncio.create_task(try_to_deliver(at))
        await asyncio.wait_for(handler.begun.wait(), PATIENCE_S)
        stopping = asyncio.create_task(at.listener.stop(10.0))
        await asyncio.sleep(0.1)
        assert handler.gate is not None
        handler.gate.set()
        assert "250 2.0.0 Message accepted" == await waiting
        await stopping
    assert set() == children()


@pytest.mark.parametrize("turns", [1, 2, 3, 5, 8])
async def test_who_is_told_to_stop_waits_for_no_front_that_starts(
    turns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor for one that never starts: it has no mail to finish."""
    monkeypatch.setattr(process, "_COMMAND", "import time; time.sleep(3600)  # gateway.net.fronts")
    pool = FrontPool(blueprint(), 2, Recorder().receive)  # type: ignore[arg-type]
    with socket.create_server(("127.0.0.1", 0)) as sock:
        starting = asyncio.create_task(pool.start([sock]))
        for _ in range(turns):
            await asyncio.sleep(0)
        starting.cancel()
        async with asyncio.timeout(PATIENCE_S):
            with pytest.raises(asyncio.CancelledError):
                await starting
    assert set() == children()


async def test_a_front_that_hangs_while_it_starts_holds_up_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async with front_desk(number=1, grace_s=3600.0) as at:
        old = children()
        monkeypatch.setattr(process, "_COMMAND", "import time; time.sleep(3600)  # gateway.net.fronts")
        for pid in old:
            os.kill(pid, signal.SIGKILL)
        await at.until(lambda: bool(children() - old))
    assert set() == children()


async def test_other_settings_are_in_force_everywhere_or_nowhere() -> None:
    async with front_desk() as at:
        assert isinstance(at.listener, FrontPool)
        smaller = blueprint(limits=brisk(message_bytes=100_000))
        with pytest.raises(FrontLostError, match="cannot be used"):
            await at.listener.prepare(replace(smaller, build=BrokenParts()))
        assert {"250-SIZE 10240000"} == {await _size(at) for _ in range(2)}
        await at.listener.prepare(smaller)
        at.listener.switch()
        assert {"250-SIZE 100000"} == {await _size(at) for _ in range(2)}
        for pid in children():
            os.kill(pid, signal.SIGKILL)
        await until_taken(at, LETTER)
        assert "250-SIZE 100000" == await _size(at), "a new front has the generation in force"


async def test_what_is_said_with_a_client_is_seen_at_whichever_front() -> None:
    async with front_desk() as at:
        seen: list[str] = []

        async def watch() -> None:
            async for line in at.listener.watch("127.0.0.1"):
                seen.append(line)  # noqa: PERF401 - as they come

        watching = asyncio.create_task(watch())
        assert isinstance(at.listener, FrontPool)
        fronts = at.listener._fronts
        await at.until(lambda: all(front.is_up for front in fronts))
        watching.cancel()
        watching = asyncio.create_task(watch())
        await asyncio.sleep(0.2)
        for _ in range(2):
            await try_to_deliver(at)
        await at.until(lambda: seen.count("S: 250 2.0.0 Message accepted") == 2)
        watching.cancel()


async def _size(at: Desk) -> str:
    async with at.client() as client:
        await client.reply()
        answer = await client.ask("EHLO mx.city.mihon.example")
    return next(line for line in answer.splitlines() if "SIZE" in line)


async def test_a_recipient_that_nobody_has_is_refused_by_the_front() -> None:
    async with front_desk(number=1) as at, at.client() as client:
        await client.reply()
        await client.ask("EHLO mx.city.mihon.example")
        await client.ask("MAIL FROM:<rei@city.mihon.example>")
        assert "550" == (await client.ask(f"RCPT TO:<x{DESK}.org>"))[:3]


async def test_refusals_of_all_fronts_are_counted_by_code_and_outlive_their_front() -> None:
    async with front_desk() as at:
        assert isinstance(at.listener, FrontPool)
        pool, fronts = at.listener, at.listener._fronts
        await at.until(lambda: all(front.is_up for front in fronts))
        async with at.client() as one, at.client() as two:
            for client in (one, two):
                await client.reply()
                await client.ask("EHLO mx.city.mihon.example")
                assert "503" == (await client.ask("RCPT TO:<request@desk.example>"))[:3]
        await at.until(lambda: pool.count_traffic().refusals == {"503": 2})
        for pid in children():
            os.kill(pid, signal.SIGKILL)
        await at.until(lambda: not any(front.is_up for front in fronts))
        assert {"503": 2} == pool.count_traffic().refusals
