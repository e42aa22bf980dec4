"""Who may ask on the socket of the console, and which files its account is given to read."""

from __future__ import annotations

import asyncio
import errno
import os
from pathlib import Path

import pytest

from gateway.app.service import Gateway
from gateway.app.serving.console import socket as console
from gateway.demo.sandbox import open_sandbox
from gateway.net.control import client
from gateway.net.control.protocol import CONSOLE, CONTROL, QUERY, socket_path

GROUP = 54_321  # a group that nobody has
ENDS = ("", "-wal", "-shm")


async def _start(app: Gateway, database: Path) -> None:
    socket = console.ConsoleSocket(app, database, GROUP)
    await socket.start()
    place = socket_path(database, CONSOLE).stat()
    assert (GROUP, 0o660) == (place.st_gid, place.st_mode & 0o777)
    await socket.stop(0)


def _list_stats(folder: Path) -> dict[str, os.stat_result]:
    return {place.name: place.stat() for place in folder.iterdir() if place.is_file()}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to a group that it is not in")
async def test_the_group_of_the_console_reads_the_database_alone(tmp_path: Path) -> None:
    async with open_sandbox(tmp_path) as sandbox:
        database = sandbox.app.store.path
        await _start(sandbox.app, database)
        stats = _list_stats(tmp_path)
        assert {f"gateway.db{end}" for end in ENDS} == {
            name for name, one in stats.items() if one.st_gid == GROUP
        }
        assert {0o640} == {stats[f"gateway.db{end}"].st_mode & 0o777 for end in ENDS}
        await _start(sandbox.app, tmp_path / "elsewhere.db")  # PostgreSQL keeps the desk: no file to give


async def test_without_the_right_to_give_files_away_operators_still_command_the_gateway(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As where a unit's SystemCallFilter= denies chown(2)."""

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(console, "find_console_group", lambda _: GROUP)
    monkeypatch.setattr(console.private_files, "share", refuse)
    async with open_sandbox(
        tmp_path, more_settings='[console]\npublic_url = "https://d.example"\n'
    ) as sandbox:
        database = sandbox.app.store.path
        assert isinstance(await asyncio.to_thread(client.ask, database, "started", door=QUERY), float)
        assert socket_path(database, CONTROL).exists()
        assert not socket_path(database, CONSOLE).exists()
    assert "console socket" in caplog.text


def test_a_desk_without_an_account_for_the_console_has_no_group(tmp_path: Path) -> None:
    assert console.find_console_group(tmp_path / "gateway.db") is None
