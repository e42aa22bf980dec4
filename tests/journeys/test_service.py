"""`gateway serve` as a service: readiness, inherited sockets, exit codes, an orderly end."""

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from tests.journeys.world import REQUEST, applications, send
from tests.support.fronts import children
from tests.support.ports import PATIENCE_S, wait_until_listening
from tests.support.process import Service, run_command, run_gateway, service


async def told(channel: socket.socket) -> str:
    """The next message to the service manager."""
    return (await asyncio.wait_for(asyncio.get_running_loop().sock_recv(channel, 4096), PATIENCE_S)).decode()


async def test_the_service_manager_hears_ready_and_stopping(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(str(tmp_path / "notify"))
        channel.setblocking(False)
        await _ready_and_stopping(tmp_path, channel)


async def _ready_and_stopping(tmp_path: Path, channel: socket.socket) -> None:
    async with service(tmp_path) as (running, _):
        running.environment = {"NOTIFY_SOCKET": str(tmp_path / "notify")}
        await running.start()
        assert "READY=1" in await told(channel)
        assert 0 == await running.stop()
        assert "STOPPING=1" in await told(channel)


async def test_mail_is_taken_after_a_stop_and_a_start(tmp_path: Path) -> None:
    (sender, raw), (other, second) = applications(2)
    async with service(tmp_path) as (running, _):
        await running.start()
        assert await send(running.port, sender, raw)
        assert 0 == await running.stop()
        await running.start()
        assert await send(running.port, sender, raw), "a repeat is answered 250"
        assert await send(running.port, other, second)
        assert 0 == await running.stop()


async def test_a_new_process_waits_until_the_one_before_it_has_let_go(tmp_path: Path) -> None:
    """It may drain for 20 s, and has to write down what it took by then."""
    store = SqliteStore(tmp_path / "gateway.db", "gw.example.go.jp")
    (sender, raw), *_ = applications(1)
    async with service(tmp_path) as (running, _):
        store.open()
        await running.spawn()
        async with asyncio.timeout(PATIENCE_S):
            while "database_in_use" not in running.log:  # noqa: ASYNC110 - another process writes
                await asyncio.sleep(0.05)
        store.close()
        await wait_until_listening(running.port)
        assert await send(running.port, sender, raw)
        assert 0 == await running.stop()


async def test_who_is_told_to_stop_while_it_waits_for_the_database_does_so(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "gateway.db", "gw.example.go.jp")
    async with service(tmp_path) as (running, _):
        store.open()
        await running.spawn()
        async with asyncio.timeout(PATIENCE_S):
            while "database_in_use" not in running.log:  # noqa: ASYNC110 - another process writes
                await asyncio.sleep(0.05)
        assert 0 == await running.stop()
        store.close()


async def test_a_database_that_stays_in_use_ends_with_75(tmp_path: Path) -> None:
    impatient = "from gateway.app.serving import takeover; takeover.LOCK_WAIT_S = 0.0; "
    start = impatient + "from gateway.cli import main; main()"
    async with service(tmp_path):
        store = SqliteStore(tmp_path / "gateway.db", "gw.example.go.jp")
        store.open()
        ended = await run_command(sys.executable, "-c", start, "serve", "--config", str(tmp_path))
        store.close()
    assert (75, True) == (ended.code, "another gateway" in ended.stderr)


async def test_a_port_in_use_ends_with_75(tmp_path: Path) -> None:
    async with service(tmp_path) as (running, _):
        with socket.create_server(("127.0.0.1", running.port)):
            ended = await run_gateway("serve", "--config", str(tmp_path))
    assert 75 == ended.code
    assert f"127.0.0.1 port {running.port}: the port is in use; ss -ltnp sport = :" in ended.stderr


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"not a database " * 100, 75, "file is not a database"),
        (None, 78, "not an intake gateway database"),
    ],
    ids=["no-database", "a-foreign-database"],
)
async def test_a_wrong_database_is_refused_at_start(
    tmp_path: Path, content: bytes | None, code: int, words: str
) -> None:
    import sqlite3

    async with service(tmp_path):
        if content is None:
            connection = sqlite3.connect(tmp_path / "gateway.db")
            connection.execute("CREATE TABLE stamps (id INTEGER)")
            connection.close()
        else:
            (tmp_path / "gateway.db").write_bytes(content)
        ended = await run_gateway("serve", "--config", str(tmp_path))
    assert (code, True) == (ended.code, words in ended.stderr)


async def test_a_broken_template_ends_with_78(tmp_path: Path) -> None:
    async with service(tmp_path):
        (tmp_path / "templates").mkdir()
        (tmp_path / "templates" / "invitation.txt.j2").write_text("{% block subject %}never closed")
        ended = await run_gateway("serve", "--config", str(tmp_path))
    assert (78, True) == (ended.code, "invitation.txt.j2" in ended.stderr)
    ended = await run_gateway("config", "check", "--config", str(tmp_path))
    assert (78, True) == (ended.code, "invitation.txt.j2" in ended.stderr)


async def test_fronts_end_with_the_service(tmp_path: Path, front_processes: int) -> None:
    """Also when the service manager tells every process to stop, and after a reload."""
    ((sender, raw), (other, second)) = applications(2)
    async with service(tmp_path) as (running, _):
        await running.start()
        assert await send(running.port, sender, raw)
        running.reload()
        assert await send(running.port, other, second)
        left = fronts_of(running)
        assert front_processes == len(left)
        for pid in left:
            os.kill(pid, signal.SIGTERM)
        assert 0 == await running.stop()
        assert not any(map(is_alive, left))


def is_alive(pid: int) -> bool:
    """Whether there is such a process."""
    return Path(f"/proc/{pid}").exists()


def fronts_of(running: Service) -> set[int]:
    """Process numbers of the fronts of a service."""
    assert running.process is not None
    return children(running.process.pid)


async def test_a_hold_keeps_letters_until_a_reload_lets_them_go(tmp_path: Path) -> None:
    ((sender, raw),) = applications(1)
    letters = tmp_path / "letters"
    async with service(tmp_path) as (running, _):
        running.change("[delivery]\n", "[delivery]\nhold = true\n")
        await running.start()
        assert await send(running.port, sender, raw)
        await asyncio.sleep(0.5)
        assert not letters.exists(), "held, so not even a folder was made"
        running.change("[delivery]\nhold = true\n", "[delivery]\n")
        running.reload()
        for _ in range(int(PATIENCE_S / 0.05)):
            if letters.is_dir() and (letters / sender).is_dir():
                break
            await asyncio.sleep(0.05)
        assert (letters / sender).is_dir()
        assert 0 == await running.stop()


async def test_outbox_commands_reach_the_running_service(tmp_path: Path) -> None:
    """A letter that cannot leave is held, released and delivered, all by commands beside the service."""
    ((sender, raw),) = applications(1)
    letters = tmp_path / "letters"
    async with service(tmp_path) as (running, _):
        letters.write_text("in the way of the maildir")
        await running.start()
        assert await send(running.port, sender, raw)
        await shown(tmp_path, {"deferred"})
        here = ("--config", str(tmp_path))
        assert 0 == (await run_gateway("outbox", "hold", "--all", "--reason", "wait", *here)).code
        await shown(tmp_path, {"held"})
        letters.unlink()
        ended = await run_gateway("outbox", "retry", "--all", *here)
        assert (1, True) == (ended.code != 0, "release" in ended.stderr), (
            "a held letter is not tried again by mistake"
        )
        assert 0 == (await run_gateway("outbox", "release", "--all", *here)).code
        await shown(tmp_path, {"sent"})
        assert (letters / sender).is_dir()
        assert 0 == await running.stop()


async def shown(folder: Path, states: set[str]) -> None:
    """Wait until all letters are in these states."""
    found: set[str] = set()
    for _ in range(int(PATIENCE_S / 0.05)):
        reader = Reader(SqliteSource(folder / "gateway.db"))
        found = {row["state"] for row in reader.letters()}
        reader.close()
        if found == states:
            return
        await asyncio.sleep(0.05)
    assert states == found


async def test_d07_sigterm_in_the_middle_of_data(tmp_path: Path) -> None:
    """Who has no message in hand hears 421, what was answered is on disk, and the process ends with 0."""
    (sender, raw), (other, second) = applications(2)
    async with service(tmp_path) as (running, _):
        await running.start()
        assert await send(running.port, sender, raw)
        reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
        for line in ("", "EHLO c\r\n", f"MAIL FROM:<{other}>\r\n", f"RCPT TO:<{REQUEST}>\r\n", "DATA\r\n"):
            writer.write(line.encode())
            while (await reader.readline())[3:4] == b"-":
                pass
        writer.write(second[:200])
        await writer.drain()
        stopping = asyncio.create_task(running.stop())
        assert b"421 4.3.2 " == (await reader.read())[:10]
        writer.close()
        assert 0 == await stopping
        reading = Reader(SqliteSource(tmp_path / "gateway.db"))
        assert [sender] == [row["applicant"] for row in reading.cases(limit=10)]
        reading.close()
