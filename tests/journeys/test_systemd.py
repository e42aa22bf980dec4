"""The service as systemd runs it: a socket that outlives it, messages to the manager, reload, credentials."""

from __future__ import annotations

import asyncio
import os
import shutil
import smtplib
import socket
import sqlite3
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosmtplib
import pytest

from gateway.app.wiring.files.resources import resource_dir
from gateway.demo.fixtures import DESK_DOMAIN
from gateway.demo.people.messages import Person, build_mail
from gateway.demo.people.stories import form
from gateway.demo.sandbox import open_sandbox
from gateway.mail.address import Address
from gateway.net.host.sockets import bind
from gateway.outbound.protocols import Delivery
from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource
from tests.support import certificates
from tests.support.manager import Manager
from tests.support.paths import ROOT
from tests.support.ports import PATIENCE_S, connect_when_listening
from tests.support.process import Service, service

REQUEST = f"request@{DESK_DOMAIN}"
ACTIVATE = shutil.which("systemd-socket-activate")
ICHIYO = Person("手書 一葉", "ichiyo@town.mihon.lg.jp")
APPLICATION = build_mail(ICHIYO, REQUEST, "参加申請", form("見本町", ICHIYO.name, code="990019"))


@asynccontextmanager
async def managed(folder: Path) -> AsyncIterator[tuple[Service, Manager]]:
    """A service that is set up, with a manager that listens."""
    async with service(folder) as (running, _):
        manager = Manager(folder / "notify")
        running.environment = dict(manager.environment)
        try:
            yield running, manager
        finally:
            manager.close()


def with_certificate(running: Service, folder: Path) -> dict[str, str]:
    """Put certificate and key where systemd puts credentials; gives the environment that says so."""
    folder.mkdir(exist_ok=True)
    certificates.serving(folder)
    pem = (folder / "desk.pem").read_text()
    key, begin, certificate = pem.partition("-----BEGIN CERTIFICATE-----")
    (folder / "gateway.tls.key").write_text(key)
    (folder / "gateway.tls.crt").write_text(begin + certificate)
    # As systemd does it where ACLs say who may read.
    (folder / "gateway.tls.key").chmod(0o440)
    running.change(
        "[listen]\n",
        '[listen]\ntls_certificate = "gateway.tls.crt"\ntls_key = "gateway.tls.key"\n',
    )
    return {"CREDENTIALS_DIRECTORY": str(folder)}


def certificate_seen(port: int) -> bytes:
    """The certificate that STARTTLS shows."""
    with smtplib.SMTP("127.0.0.1", port, timeout=PATIENCE_S) as client:
        client.starttls(context=certificates.trusting())
        client.ehlo()
        shown: bytes = client.sock.getpeercert(binary_form=True)  # type: ignore[union-attr]
    return shown


@pytest.mark.skipif(ACTIVATE is None, reason="systemd-socket-activate is not installed")
async def test_under_socket_activation_the_manager_hears_every_step(tmp_path: Path) -> None:
    """One life: woken by a connection, ready, watched, reloaded, stopped; STARTTLS with a credential."""
    async with managed(tmp_path) as (running, manager):
        told = running.environment | with_certificate(running, tmp_path / "credentials")
        told |= {"WATCHDOG_USEC": "300000"}
        passed = [f"--setenv={name}={value}" for name, value in told.items()]
        listen = f"--listen=127.0.0.1:{running.port}"
        assert ACTIVATE is not None
        await running.spawn(ACTIVATE, listen, *passed)
        await wait_for_greeting(running.port)
        await manager.hears("READY=1")
        await asyncio.to_thread(certificate_seen, running.port)
        await manager.hears("WATCHDOG=1")
        running.reload()
        assert "MONOTONIC_USEC=" in await manager.hears("RELOADING=1")
        assert "Settings reloaded" in await manager.hears("READY=1")
        assert 0 == await running.stop()
        await manager.hears("STOPPING=1")
    assert f"listening=127.0.0.1:{running.port}" in running.log


async def wait_for_greeting(port: int) -> None:
    """Wait until the socket listens, and until the service that this wakes greets."""
    reader, writer = await connect_when_listening(port)
    async with asyncio.timeout(PATIENCE_S):
        assert (await reader.readline()).startswith(b"220 ")
    writer.close()


async def start_on(sock: socket.socket, running: Service) -> None:
    """Start with a socket that stays open in this process, as systemd does it: descriptor 3."""
    handed = sock.fileno()
    script = f'exec 3<&{handed}; export LISTEN_PID=$$ LISTEN_FDS=1; exec "$@"'
    await running.spawn("/bin/bash", "-c", script, "-", pass_fds=(handed,))


async def test_connections_opened_while_it_is_down_are_served_after_the_restart(tmp_path: Path) -> None:
    async with managed(tmp_path) as (running, manager):
        with bind("127.0.0.1", 0) as sock:
            port = sock.getsockname()[1]
            await start_on(sock, running)
            await manager.hears("READY=1")
            await wait_for_greeting(port)
            assert 0 == await running.stop()
            waiting = [await asyncio.open_connection("127.0.0.1", port) for _ in range(20)]
            await start_on(sock, running)
            async with asyncio.timeout(PATIENCE_S):
                greetings = [await reader.readline() for reader, _ in waiting]
            assert 20 == sum(line.startswith(b"220 ") for line in greetings)
            for _, writer in waiting:
                writer.close()
            assert 0 == await running.stop()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[dns]", "[dnz]", "dnz"),
        ("undo_minutes = 0", 'undo_minutes = "soon"', "undo_minutes"),
        (f'domain = "{DESK_DOMAIN}"', 'domain = "other.example"', "requires a restart"),
    ],
    ids=["unknown-section", "wrong-type", "needs-a-restart"],
)
async def test_a_failed_reload_keeps_the_old_and_says_why(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    async with managed(tmp_path) as (running, manager):
        await running.start()
        await manager.hears("READY=1")
        running.change(old, new)
        running.reload()
        status = await manager.hears("READY=1")
        assert "Reload failed" in status
        assert said in status
        assert await accepted(running.port)
        assert 0 == await running.stop()
    assert "reload_failed" in running.log


async def test_a_reload_with_a_template_that_would_answer_keeps_the_old_ones(tmp_path: Path) -> None:
    async with managed(tmp_path) as (running, manager):
        await running.start()
        await manager.hears("READY=1")
        (tmp_path / "templates").mkdir()
        text = (resource_dir("templates") / "question.txt.j2").read_text("utf-8")
        faulty = text.replace("お答えが届きしだい", "取り下げます。\nお答えが届きしだい")
        (tmp_path / "templates" / "question.txt.j2").write_text(faulty, "utf-8")
        running.reload()
        status = await manager.hears("READY=1")
        assert "Reload failed" in status
        assert "question.txt.j2, line" in status
        assert await accepted(running.port)
        assert 0 == await running.stop()


async def accepted(port: int) -> bool:
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False, timeout=10) as client:
        _, reply = await client.sendmail(ICHIYO.address, [REQUEST], APPLICATION)
    return reply.startswith("2")


async def test_a_template_changes_with_the_reload_and_not_before(tmp_path: Path) -> None:
    """HOSTILE: a template edited while running is taken up at the reload, whole, or not at all."""
    own = tmp_path / "templates"
    own.mkdir()
    written = own / "acknowledgment.txt.j2"
    async with managed(tmp_path) as (running, manager):
        written.write_text("{% block subject %}one{% endblock %}{% block body %}x{% endblock %}")
        await running.start()
        await manager.hears("READY=1")
        written.write_text("{% block subject %}two{% endblock %}{% block body %}never closed")
        running.reload()
        assert "acknowledgment.txt.j2" in await manager.hears("READY=1")
        assert await accepted(running.port)
        assert "one" == await subject(tmp_path, 1)
        written.write_text("{% block subject %}three{% endblock %}{% block body %}x{% endblock %}")
        running.reload()
        assert "Settings reloaded" in await manager.hears("READY=1")
        other = Person("手書 二葉", "futaba@town.mihon.lg.jp")
        raw = build_mail(other, REQUEST, "参加申請", form("見本町", other.name, code="990019"))
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=running.port, start_tls=False) as client:
            await client.sendmail(other.address, [REQUEST], raw)
        assert "three" == await subject(tmp_path, 2)
        assert 0 == await running.stop()


async def subject(folder: Path, count: int) -> str:
    """The subject of the last acknowledgment, once `count` are sent."""
    for _ in range(int(PATIENCE_S / 0.05)):
        reader = Reader(SqliteSource(folder / "gateway.db"))
        sent = reader._db.execute(
            "SELECT subject FROM letters WHERE letter = 'acknowledgment' AND state = 'sent' ORDER BY id"
        ).fetchall()
        reader.close()
        if len(sent) == count:
            return str(sent[-1][0])
        await asyncio.sleep(0.05)
    raise AssertionError(f"{len(sent)} acknowledgments are sent")


async def test_a_new_certificate_is_shown_after_the_reload(tmp_path: Path) -> None:
    async with managed(tmp_path) as (running, manager):
        running.environment |= with_certificate(running, tmp_path / "credentials")
        await running.start()
        await manager.hears("READY=1")
        before = await asyncio.to_thread(certificate_seen, running.port)
        shutil.rmtree(tmp_path / "credentials")
        running.change('tls_certificate = "gateway.tls.crt"\ntls_key = "gateway.tls.key"\n', "")
        with_certificate(running, tmp_path / "credentials")
        running.reload()
        assert "Settings reloaded" in await manager.hears("READY=1")
        assert before != await asyncio.to_thread(certificate_seen, running.port)
        assert 0 == await running.stop()


async def test_sigterm_during_data_is_421_and_an_end_in_order(tmp_path: Path) -> None:
    """HOSTILE D07: nothing was promised to who is still sending."""
    async with managed(tmp_path) as (running, _):
        await running.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
        for line in (
            "",
            f"EHLO {DESK_DOMAIN}",
            f"MAIL FROM:<{ICHIYO.address}>",
            f"RCPT TO:<{REQUEST}>",
            "DATA",
        ):
            if line:
                writer.write(f"{line}\r\n".encode())
            while (await reader.readline())[3:4] == b"-":
                pass
        writer.write(APPLICATION[:100])
        await writer.drain()
        stopped = asyncio.create_task(running.stop())
        assert (await reader.readline()).startswith(b"421 ")
        writer.close()
        assert 0 == await stopped
        reader_ = Reader(SqliteSource(tmp_path / "gateway.db"))
        assert [] == reader_.cases()
        reader_.close()


async def test_sigterm_during_a_commit_lets_it_finish(tmp_path: Path) -> None:
    """HOSTILE D07: a message that is being handled gets its answer, and the answer is true."""
    async with managed(tmp_path) as (running, manager):
        await running.start()
        await manager.hears("READY=1")
        blocker = sqlite3.connect(tmp_path / "gateway.db", isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        sending = asyncio.create_task(accepted(running.port))
        await asyncio.sleep(1)
        stopped = asyncio.create_task(running.stop())
        await manager.hears("STOPPING=1")
        blocker.execute("ROLLBACK")
        blocker.close()
        assert await sending
        assert 0 == await stopped
        reader = Reader(SqliteSource(tmp_path / "gateway.db"))
        assert 1 == len(reader.cases())
        reader.close()


class Tarpit:
    """A server that never answers."""

    async def deliver(self, reverse_path: Address, forward_path: Address, raw: bytes) -> Delivery:
        await asyncio.sleep(PATIENCE_S * 10)
        raise AssertionError("nobody waits that long")


async def test_a_letter_in_hand_does_not_hold_up_the_end_and_goes_again(tmp_path: Path) -> None:
    """HOSTILE D07: a remote server may take minutes; the manager would kill us first."""
    async with open_sandbox(tmp_path) as running:
        running.app.dispatch._courier = Tarpit()
        assert 250 == (await running.send(ICHIYO.address, REQUEST, APPLICATION)).code
        for _ in range(int(PATIENCE_S / 0.02)):
            if any(row["attempts"] for row in await asyncio.to_thread(letters, tmp_path)):
                break
            await asyncio.sleep(0.02)
        await running.app._components.stop(grace_s=0.1)
    assert {"deferred"} == {row["state"] for row in letters(tmp_path)}


def letters(folder: Path) -> list[dict[str, object]]:
    reader = Reader(SqliteSource(folder / "gateway.db"))
    found = reader.letters()
    reader.close()
    return found


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
@pytest.mark.skipif(not (ROOT / ".ci").is_dir(), reason="a source archive holds no CI")
def test_the_units_are_without_error_and_closed_as_far_as_promised() -> None:
    done = subprocess.run([ROOT / ".ci" / "units"], capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout + done.stderr


def test_sockets_are_only_taken_when_they_are_meant_for_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    from gateway.net.host import systemd

    monkeypatch.setenv("LISTEN_PID", str(os.getpid() + 1))
    monkeypatch.setenv("LISTEN_FDS", "1")
    assert [] == systemd.inherited_sockets()
    assert "LISTEN_FDS" not in os.environ


@pytest.mark.parametrize(
    ("limit", "process", "seconds"),
    [("60000000", None, 20.0), ("60000000", "1", None), ("", None, None), ("soon", None, None)],
)
def test_the_watchdog_is_told_three_times_in_its_limit(
    limit: str, process: str | None, seconds: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gateway.net.host import systemd

    monkeypatch.setenv("WATCHDOG_USEC", limit)
    if process is None:
        monkeypatch.delenv("WATCHDOG_PID", raising=False)
    else:
        monkeypatch.setenv("WATCHDOG_PID", process)
    assert seconds == systemd.watchdog_interval_s()


def test_a_manager_that_does_not_listen_holds_nothing_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queue of its socket is full soon; a message more is left out."""
    from gateway.net.host import systemd

    monkeypatch.setattr(systemd, "PATIENCE_S", 0.001)
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(str(tmp_path / "notify"))
        deaf.setblocking(False)
        for number in range(600):  # net.unix.max_dgram_qlen is 10 or 512
            systemd.notify(f"STATUS={number}")
        assert b"STATUS=0" == deaf.recv(64)
