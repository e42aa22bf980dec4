"""A front is where mail of strangers is parsed: whatever it sends, the writer lives and replaces it."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gateway.net.fronts import descriptors, messages, process
from gateway.net.fronts.owner import FrontLostError, Session
from gateway.net.fronts.pool import FrontPool
from gateway.net.fronts.process import Front
from gateway.net.fronts.suspects import Page
from tests.net.fronts.test_pool import until_taken
from tests.support import hostile_front
from tests.support.fronts import blueprint, children, front_desk
from tests.support.smtp_server import LETTER, Recorder, brisk

TAKEN = "250 2.0.0 Message accepted"
WORDS = {
    "garbage": "sent what no front-end process sends",
    "nothing": "sent what no front-end process sends",
    "what the writer says": "sent what no front-end process sends",
    "mails less than none": "sent what no front-end process sends",
    "a code that is a line": "sent what no front-end process sends",
    "a count below zero": "sent what no front-end process sends",
    "a frame of 4 GB": "a frame of 4294967295 octets",
    "a smaller page": "exited with status 1",
    "a page of rubbish": "exited with status 1",
    "a child": "did not respond for 4 s",
}


@pytest.mark.parametrize("way", hostile_front.WAYS)
async def test_a_front_in_other_hands_is_replaced_and_the_log_says_why(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(process, "_COMMAND", hostile_front.command(way, tmp_path))
    monkeypatch.setattr(process, "HANGING_S", 4.0)
    with caplog.at_level(logging.ERROR, "gateway"):
        async with front_desk(number=1) as at:
            await at.until(lambda: "front_lost" in caplog.text)
            assert TAKEN == await until_taken(at, LETTER)
            assert isinstance(at.listener, FrontPool)
            assert {} == at.listener.count_traffic().refusals
    assert WORDS[way] in caplog.text
    assert {"gateway"} == {record.name for record in caplog.records}, "no traceback of the event loop"


async def test_a_front_that_cannot_be_started_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Too many processes or open files at one moment is no reason to go without a front from then on."""
    async with front_desk(number=1) as at:
        before, create, refused = children(), Page.create, [0]

        def refuse() -> int:
            if len(refused) > 2:
                return create()
            refused.append(sum(1 for _ in Path("/proc/self/fd").iterdir()))
            raise OSError(errno.EMFILE, "Too many open files")

        monkeypatch.setattr(Page, "create", staticmethod(refuse))
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        assert TAKEN == await until_taken(at, LETTER)
        assert 1 == len(set(refused[1:])), "nothing was left open"
    assert "could not be started: Too many open files" in caplog.text


async def test_a_writer_that_was_stopped_itself_kills_no_front(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a virtual machine is that moves: nobody was asked in the meantime."""
    monkeypatch.setattr(process, "HANGING_S", 4.0)
    async with front_desk(number=1) as at:
        before = children()
        time.sleep(5.0)  # noqa: ASYNC251 - the loop is to stand still
        await asyncio.sleep(1.5)
        assert before == children()
        assert TAKEN == await until_taken(at, LETTER)


async def test_a_connection_that_one_front_cannot_take_goes_to_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its end may not have been noticed yet."""
    async with front_desk() as at:
        assert isinstance(at.listener, FrontPool)
        fronts = at.listener._fronts
        await at.until(lambda: all(front.is_up for front in fronts))
        monkeypatch.setattr(fronts[0], "hand_over", _refuse)
        for _ in range(4):
            async with at.client() as client:
                assert "220" == (await client.reply())[:3]


async def test_a_connection_that_a_lost_front_had_not_taken_goes_to_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(process, "HANGING_S", 4.0)
    async with front_desk() as at:
        assert isinstance(at.listener, FrontPool)
        fronts = at.listener._fronts
        await at.until(lambda: all(front.is_up for front in fronts))
        stopped = min(children())
        os.kill(stopped, signal.SIGSTOP)
        async with at.client() as one, at.client() as two:
            assert ["220", "220"] == [(await each.reply())[:3] for each in (one, two)]
            assert 2 == at.listener.sessions
        await at.until(lambda: at.listener.sessions == 0)


async def test_a_full_channel_and_a_lost_end_are_told_in_words() -> None:
    ours, theirs = descriptors.build_pair()
    with ours, theirs, socket.create_server(("127.0.0.1", 0)) as connection:
        seat = descriptors.Seat(1, 1, 1)
        with pytest.raises(OSError, match="the channel to the front-end process is full"):
            _send_often(ours, seat, connection)
        theirs.close()
        with pytest.raises(OSError, match="the front-end process has exited"):
            descriptors.send(ours, seat, connection)


def _send_often(*arguments: Any) -> None:
    while True:
        descriptors.send(*arguments)


async def test_clients_that_no_front_takes_are_told_and_counted_in_one_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with front_desk(number=1) as at:
        assert isinstance(at.listener, FrontPool)
        monkeypatch.setattr(at.listener._fronts[0], "hand_over", _refuse)
        for _ in range(3):
            async with at.client() as client:
                assert "421" == (await client.reply())[:3]
        assert 0 == at.listener.sessions
    lines = [line for line in caplog.messages if line.startswith("connections_not_passed")]
    assert ["connections_not_passed connections=3 cause='the channel is full'"] == lines


def _refuse(*_: object) -> None:
    raise FrontLostError("the channel is full")


async def test_clients_wait_while_no_front_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the moment that its channel ends, although its process still takes a while to go."""
    async with front_desk(number=1) as at:
        (before,) = children()
        os.kill(before, signal.SIGKILL)
        assert isinstance(at.listener, FrontPool)
        front = at.listener._fronts[0]
        await at.until(lambda: not front.is_up)
        async with at.client() as client:
            assert "220" == (await client.reply())[:3]


class Owned:
    """Notes what a front asks for."""

    max_frame_bytes = 1000

    def __init__(self) -> None:
        self.returned: list[int] = []

    def on_end(self, _: Session, unused: int) -> None:
        self.returned.append(unused)

    def on_rename(self, _: Session, __: str, *, unused: int, **___: bool) -> int:
        self.returned.append(unused)
        return 0


@pytest.mark.parametrize(("said", "returned"), [(0, 0), (19, 19), (20, 20), (21, 20), (2**63, 20)])
@pytest.mark.parametrize(
    "build",
    [
        lambda unused: messages.Ended(1, unused),
        lambda unused: messages.Renamed(1, 1, "192.0.2.1", False, unused),
    ],
    ids=["ended", "renamed"],
)
async def test_a_front_gives_back_no_more_mails_than_it_got(
    build: Callable[[int], messages.Message], said: int, returned: int
) -> None:
    owner = Owned()
    front: Any = Front(owner, messages.Generation(1, b""), messages.Suspected())  # type: ignore[arg-type]
    front._life = SimpleNamespace(frames=SimpleNamespace(send=lambda _: None))
    front.sessions[1] = Session("192.0.2.1", 20, None, is_from_relay=True)
    front._receive(messages.encode(build(said)))
    assert [returned] == owner.returned


@pytest.mark.parametrize(("is_from_relay", "granted"), [(True, 3), (False, -1)])
async def test_only_the_session_of_a_relay_can_become_that_of_another_client(
    is_from_relay: bool, granted: int
) -> None:
    """Else a front could use up the mails of a client that is not its own."""
    limits = brisk(mails_per_client_per_hour=300)
    pool = FrontPool(blueprint(limits=limits), 1, Recorder().receive)  # type: ignore[arg-type]
    session = Session("192.0.2.1", 0, None, is_from_relay=is_from_relay)
    pool._occupancy.acquire("192.0.2.1", shared=True)
    assert granted == pool.on_rename(session, "192.0.2.9", shared=False, unused=0)
    assert ("192.0.2.9" if is_from_relay else "192.0.2.1") == session.key
