"""Questions on the socket beside the database: who may ask, what is refused, what does not answer."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pwd
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.net.control import client, server
from gateway.net.control.protocol import CONSOLE, CONTROL, QUERY, Door, connect, socket_path
from gateway.net.control.server import Asked, ControlSocket, RefusedQuestionError, answer_once


async def echo(asked: Asked) -> object:
    return dict(asked.arguments)


async def who(asked: Asked) -> object:
    return asked.peer


async def refuse(_: Asked) -> object:
    raise RefusedQuestionError("not today")


async def break_down(_: Asked) -> object:
    raise ZeroDivisionError


async def count(_: Asked) -> AsyncIterator[object]:
    for number in range(3):
        yield number


VERBS = {
    "echo": answer_once(echo),
    "who": answer_once(who),
    "refuse": answer_once(refuse),
    "break": answer_once(break_down),
    "count": count,
}


@asynccontextmanager
async def answering(database: Path, door: Door = CONTROL) -> AsyncIterator[Path]:
    control = ControlSocket(database, door, VERBS)
    await control.start()
    try:
        yield database
    finally:
        await control.stop(0)


async def ask(database: Path, verb: str, **arguments: object) -> object:
    return await asyncio.to_thread(client.ask, database, verb, arguments)


async def test_an_answer_comes_back_line_by_line(tmp_path: Path) -> None:
    async with answering(tmp_path / "gateway.db") as database:
        assert {"a": "あ"} == await ask(database, "echo", a="あ")
        assert [0, 1, 2] == await asyncio.to_thread(lambda: list(client.follow(database, "count")))
    assert not socket_path(database, CONTROL).exists()


async def test_a_long_path_is_no_hindrance(tmp_path: Path) -> None:
    """unix(7) has room for 107 octets."""
    folder = tmp_path / ("x" * 120)
    folder.mkdir()
    async with answering(folder / "gateway.db") as database:
        assert {} == await ask(database, "echo")


async def test_what_an_earlier_process_left_is_taken_away_and_nothing_else(tmp_path: Path) -> None:
    place = socket_path(tmp_path / "gateway.db", CONTROL)
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(place))
    async with answering(tmp_path / "gateway.db") as database:
        assert {} == await ask(database, "echo")
    place.write_text("a file of somebody")
    with pytest.raises(OSError, match="in use"):
        await ControlSocket(tmp_path / "gateway.db", CONTROL, VERBS).start()
    assert "a file of somebody" == place.read_text()


@pytest.mark.parametrize(
    ("verb", "says"),
    [("refuse", "not today"), ("break", "ZeroDivisionError"), ("other", "does not support 'other'")],
)
async def test_a_refusal_says_why(tmp_path: Path, verb: str, says: str) -> None:
    async with answering(tmp_path / "gateway.db") as database:
        with pytest.raises(client.RefusedError, match=says):
            await ask(database, verb)
        assert {} == await ask(database, "echo")


async def test_the_answer_knows_who_asks_from_the_kernel(tmp_path: Path) -> None:
    async with answering(tmp_path / "gateway.db") as database:
        assert pwd.getpwuid(os.geteuid()).pw_name == await ask(database, "who", peer="somebody else")
    assert "uid 4000000" == server.name_account(4_000_000)


@pytest.mark.parametrize(("door", "mode"), [(CONTROL, 0o600), (QUERY, 0o660)])
async def test_the_mode_of_a_socket_says_who_may_ask(tmp_path: Path, door: Door, mode: int) -> None:
    async with answering(tmp_path / "gateway.db", door) as database:
        found = os.lstat(socket_path(database, door))
        assert mode == found.st_mode & 0o777
        assert os.lstat(tmp_path).st_gid == found.st_gid


@given(raw=st.binary(max_size=200) | st.just(b"x" * (2 * QUERY.max_question)))
def test_whatever_is_sent_the_next_question_is_answered(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    async def run() -> None:
        async with answering(tmp_path_factory.mktemp("c") / "gateway.db", QUERY) as database:
            with connect(socket_path(database, QUERY), 5) as channel:
                channel.sendall(raw + b"\n")
                channel.setblocking(False)
                await asyncio.sleep(0)
            assert {} == await asyncio.to_thread(client.ask, database, "echo", door=QUERY)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"x" * 200_000, "the request is too long"),
        (b'{"verb": "echo", "arguments": {"a": ' + b"[" * 9_000, "the request is nested too deeply"),
        (b"no json", "JSON"),
    ],
)
async def test_a_request_that_cannot_be_read_is_refused_and_no_fault_of_ours(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, raw: bytes, said: str
) -> None:
    def send(database: Path) -> bytes:
        with connect(socket_path(database, CONSOLE), 5) as channel:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                channel.sendall(raw + b"\n")
            return channel.recv(4096)

    async with answering(tmp_path / "gateway.db", CONSOLE) as database:
        assert said.encode() in await asyncio.to_thread(send, database)
        assert {} == await asyncio.to_thread(client.ask, database, "echo", door=CONSOLE)
    assert not caplog.records


async def test_more_conversations_than_fit_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MAX_CONVERSATIONS", 1)
    async with answering(tmp_path / "gateway.db") as database:
        with connect(socket_path(database, CONTROL), 5):
            await asyncio.sleep(0.05)
            with pytest.raises(client.RefusedError, match="too many"):
                await ask(database, "echo")


def test_a_gateway_that_hangs_is_told_from_one_that_is_not_there(tmp_path: Path) -> None:
    database = tmp_path / "gateway.db"
    with pytest.raises(client.NotAnsweredError, match="cannot reach a running gateway"):
        client.ask(database, "echo")
    with socket.socket(socket.AF_UNIX) as hung:
        hung.bind(str(socket_path(database, CONTROL)))
        hung.listen()
        with pytest.raises(client.HungError, match="did not answer"):
            client.ask(database, "echo", timeout_s=0.05)
    with pytest.raises(client.NotAnsweredError, match="cannot reach a running gateway"):
        client.ask(database, "echo")


@pytest.mark.skipif(os.geteuid() != 0, reason="another user is needed")
async def test_a_stranger_does_not_reach_the_socket(tmp_path: Path) -> None:
    async with answering(tmp_path / "gateway.db") as database:
        script = (
            f"import socket; socket.socket(socket.AF_UNIX).connect({str(socket_path(database, CONTROL))!r})"
        )
        process = await asyncio.create_subprocess_exec(
            "python3", "-c", script, user=65534, group=65534, extra_groups=[], stderr=asyncio.subprocess.PIPE
        )
        _, said = await process.communicate()
    assert b"PermissionError" in said
