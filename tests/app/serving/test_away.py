"""A desk on PostgreSQL whose server is away: at the start, in between, and frozen."""

import asyncio
import functools
import itertools
import os
import re
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiosmtplib
import pytest

from tests.journeys.world import REQUEST, applications
from tests.support.manager import Manager
from tests.support.ports import PATIENCE_S
from tests.support.postgres import Cluster, running_cluster
from tests.support.process import Service, run_gateway, service

pytest.importorskip("psycopg", reason="the extra postgres is not installed")
WATCHDOG_S = 2.0


@functools.cache
def mails() -> Iterator[tuple[str, bytes]]:
    return itertools.cycle(applications(400))


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture
async def machines(cluster: Cluster, tmp_path: Path) -> AsyncIterator[tuple[Service, Service]]:
    async with AsyncExitStack() as stack:
        found = []
        for name in ("mx1", "mx2"):
            folder = tmp_path / name
            folder.mkdir()
            one, _ = await stack.enter_async_context(service(folder))
            url = cluster.url("filled", "gateway")
            one.change("[store]\n", f'[store]\nurl = "{url}"\nnode = "{name}"\n')
            (folder / "gateway.db.key").write_bytes(bytes(32))
            found.append(one)
        yield found[0], found[1]


async def offer(machine: Service) -> tuple[int, float]:
    """The code at the end of DATA, and the seconds until then."""
    sender, raw = next(mails())
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=machine.port, start_tls=False, timeout=PATIENCE_S)
    async with client:
        await client.mail(sender)
        await client.rcpt(REQUEST)
        begun = time.monotonic()
        try:
            code = (await client.data(raw)).code
        except aiosmtplib.SMTPResponseException as error:
            code = error.code
    return code, time.monotonic() - begun


async def accepts_again(machine: Service) -> float:
    """Until a mail is taken; gives the seconds."""
    begun = time.monotonic()
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if (await offer(machine))[0] == 250:
                return time.monotonic() - begun
            await asyncio.sleep(0.1)


async def test_it_begins_without_the_database_puts_mail_off_and_takes_it_when_the_server_is_there(
    cluster: Cluster, machines: tuple[Service, Service], tmp_path: Path
) -> None:
    """The manager hears all the while that loop and writer answer: nothing is started anew."""
    first, _ = machines
    manager = Manager(tmp_path / "manager")
    first.environment = manager.environment | {"WATCHDOG_USEC": str(int(WATCHDOG_S * 1e6))}
    cluster.stop()
    await first.start()
    for _ in range(4):
        await manager.hears("WATCHDOG=1")
        assert 451 == (await offer(first))[0]
    assert "check that the server is running" in first.log
    told = await run_gateway("pause", "--invitations", "--config", str(first.folder))
    assert (75, True) == (told.code, "nothing was changed" in told.stderr), told.stderr
    assert "the database has not been reachable" in told.stderr
    assert "systemctl restart" not in told.stderr
    cluster.start()
    await accepts_again(first)
    cluster.stop()
    assert 451 == (await offer(first))[0]
    for _ in range(3):
        await manager.hears("WATCHDOG=1")
    cluster.start()
    await accepts_again(first)
    assert 0 == await first.stop()
    manager.close()


async def test_mail_is_put_off_while_the_server_is_frozen(
    cluster: Cluster, machines: tuple[Service, Service]
) -> None:
    first, _ = machines
    await first.start()
    await accepts_again(first)
    frozen = find_processes(cluster)
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    try:
        assert [451, 451] == [code for code, _ in [await offer(first), await offer(first)]]
    finally:
        for pid in frozen:
            os.kill(pid, signal.SIGCONT)
    await accepts_again(first)
    assert 0 == await first.stop()


async def test_of_two_that_waited_for_the_server_one_is_active(
    cluster: Cluster, machines: tuple[Service, Service]
) -> None:
    """Which one could not be known; the other gives up its port and begins anew."""
    cluster.stop()
    for machine in machines:
        await machine.start()
    cluster.start()
    ended = [asyncio.create_task(each.process.wait()) for each in machines if each.process is not None]
    (over,), (stays,) = await asyncio.wait(ended, timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
    assert 75 == over.result()
    await accepts_again(machines[ended.index(stays)])
    assert not stays.done()


@pytest.mark.parametrize(
    ("part", "told"),
    [("user", "correct the user"), ("database", "correct the database"), ("schema", "gateway store sql")],
)
async def test_what_no_waiting_mends_ends_it_with_78(
    machines: tuple[Service, Service], part: str, told: str
) -> None:
    first, _ = machines
    changes = {"user": ("//gateway@", "//stranger@"), "database": ("/filled", "/nothing")}
    first.change(*changes.get(part, ("[store]\n", '[store]\nschema = "elsewhere"\n')))
    await first.spawn()
    assert first.process is not None
    assert 78 == await asyncio.wait_for(first.process.wait(), PATIENCE_S)
    assert told in re.split(r"\n", first.log.strip())[-1]


def find_processes(cluster: Cluster) -> list[int]:
    """The postmaster, and all that it began."""
    head = int((cluster.data / "postmaster.pid").read_text().split("\n")[0])
    parents = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(place.parent.name)] = int(parts[1])
    return [head, *(pid for pid, parent in parents.items() if parent == head)]
