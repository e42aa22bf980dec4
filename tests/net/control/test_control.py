"""Questions on the socket beside the database: who may ask, what is refused, what does not answer."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.net.control import client, server
from gateway.net.control.protocol import MAX_QUESTION, connect, socket_path
from gateway.net.control.server import ControlSocket, RefusedQuestionError, Verb, answer_once


async def echo(arguments: Mapping[str, str]) -> object:
    return dict(arguments)


async def refuse(_: Mapping[str, str]) -> object:
    raise RefusedQuestionError("not today")


async def break_down(_: Mapping[str, str]) -> object:
    raise ZeroDivisionError


async def count(_: Mapping[str, str]) -> AsyncIterator[object]:
    for number in range(3):
        yield number


VERBS = {
    "echo": Verb(answer_once(echo), for_group=True),
    "secret": Verb(answer_once(echo)),
    "refuse": Verb(answer_once(refuse), for_group=True),
    "break": Verb(answer_once(break_down), for_group=True),
    "count": Verb(count, for_group=True),
}


@asynccontextmanager
async def answering(database: Path) -> AsyncIterator[Path]:
    control = ControlSocket(socket_path(database), VERBS)
    await control.start()
    try:
        yield database
    finally:
        await control.stop(0)


async def ask(database: Path, verb: str, **arguments: str) -> object:
    return await asyncio.to_thread(client.ask, database, verb, arguments)


async def test_an_answer_comes_back_line_by_line(tmp_path: Path) -> None:
    async with answering(tmp_path / "gateway.db") as database:
        assert {"a": "あ"} == await ask(database, "echo", a="あ")
        assert [0, 1, 2] == await asyncio.to_thread(lambda: list(client.follow(database, "count")))
    assert not socket_path(database).exists()


async def test_a_long_path_is_no_hindrance(tmp_path: Path) -> None:
    """unix(7) has room for 107 octets."""
    folder = tmp_path / ("x" * 120)
    folder.mkdir()
    async with answering(folder / "gateway.db") as database:
        assert {} == await ask(database, "echo")


async def test_what_an_earlier_process_left_is_taken_away_and_nothing_else(tmp_path: Path) -> None:
    place = socket_path(tmp_path / "gateway.db")
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(place))
    async with answering(tmp_path / "gateway.db") as database:
        assert {} == await ask(database, "echo")
    place.write_text("a file of somebody")
    with pytest.raises(OSError, match="in use"):
        await ControlSocket(place, VERBS).start()
    assert "a file of somebody" == place.read_text()


@pytest.mark.parametrize(
    ("verb", "says"),
    [("refuse", "not today"), ("break", "ZeroDivisionError"), ("other", "does not know 'other'")],
)
async def test_a_refusal_says_why(tmp_path: Path, verb: str, says: str) -> None:
    async with answering(tmp_path / "gateway.db") as database:
        with pytest.raises(client.RefusedError, match=says):
            await ask(database, verb)
        assert {} == await ask(database, "echo")


async def test_only_root_and_the_gateway_ask_what_is_not_for_the_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with answering(tmp_path / "gateway.db") as database:
        assert {} == await ask(database, "secret")
        monkeypatch.setattr(server, "_is_owner", lambda _: False)
        assert {} == await ask(database, "echo")
        with pytest.raises(client.RefusedError, match="only root"):
            await ask(database, "secret")


async def test_the_socket_is_for_user_and_group(tmp_path: Path) -> None:
    async with answering(tmp_path / "gateway.db") as database:
        found = os.lstat(socket_path(database))
        assert 0o660 == found.st_mode & 0o777
        assert os.lstat(tmp_path).st_gid == found.st_gid


@given(raw=st.binary(max_size=200) | st.just(b"x" * (2 * MAX_QUESTION)))
def test_whatever_is_sent_the_next_question_is_answered(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    async def run() -> None:
        async with answering(tmp_path_factory.mktemp("c") / "gateway.db") as database:
            with connect(socket_path(database), 5) as channel:
                channel.sendall(raw + b"\n")
                channel.setblocking(False)
                await asyncio.sleep(0)
            assert {} == await ask(database, "echo")

    asyncio.run(run())


async def test_more_conversations_than_fit_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MAX_CONVERSATIONS", 1)
    async with answering(tmp_path / "gateway.db") as database:
        with connect(socket_path(database), 5):
            await asyncio.sleep(0.05)
            with pytest.raises(client.RefusedError, match="too many"):
                await ask(database, "echo")


def test_a_gateway_that_hangs_is_told_from_one_that_is_not_there(tmp_path: Path) -> None:
    database = tmp_path / "gateway.db"
    with pytest.raises(client.NotAnsweredError, match="no gateway"):
        client.ask(database, "echo")
    with socket.socket(socket.AF_UNIX) as hung:
        hung.bind(str(socket_path(database)))
        hung.listen()
        with pytest.raises(client.HungError, match="did not answer"):
            client.ask(database, "echo", timeout_s=0.05)
    with pytest.raises(client.NotAnsweredError, match="no gateway"):
        client.ask(database, "echo")


@pytest.mark.skipif(os.geteuid() != 0, reason="another user is needed")
async def test_a_stranger_does_not_reach_the_socket(tmp_path: Path) -> None:
    async with answering(tmp_path / "gateway.db") as database:
        script = f"import socket; socket.socket(socket.AF_UNIX).connect({str(socket_path(database))!r})"
        process = await asyncio.create_subprocess_exec(
            "python3", "-c", script, user=65534, group=65534, extra_groups=[], stderr=asyncio.subprocess.PIPE
        )
        _, said = await process.communicate()
    assert b"PermissionError" in said
