#!/usr/bin/env python3
"""How long a desk on PostgreSQL defers mail: server away or frozen, a machine lost, replaced or upgraded.

And how soon a command is answered and a letter leaves then.

usage: away.py [--runs N] [--json FILE]

N runs (default 5), each with a server and two machines of its own on loopback, with the times in operation.
Prints the seconds; --json writes them for docs/durability.md.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import re
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.checkout import enter

enter()

import aiosmtplib
import psycopg

from tests.app.serving.test_away import find_processes, offer
from tests.support.next_release import build_next
from tests.support.ports import connect_when_listening
from tests.support.postgres import Cluster, running_cluster
from tests.support.process import Ended, Service, run_gateway, service
from tests.support.sink import sink

PATIENCE_S, PAUSE_S = 60.0, 0.05
AWAY, FROZEN = "`451` while the server is down", "`451` while the server is frozen"
AGAIN = "first `250` after the server accepts writes again"
YIELDED = "first `250` from the other machine after `gateway node yield`"
KILLED = "first `250` from the other machine after the loss of the active one"
UPGRADED = "first `250` from the upgraded machine, with the schema upgraded after the active one was stopped"
IN_HAND = "letters of the lost machine sent by the other one"
ON_ACTIVE = "answer to `gateway pause` on the active machine, with the other one lost"
ALONE = "answer to `gateway pause` with both machines stopped"
ON_OTHER = "answer to `gateway pause` on the other machine, given when the active one was lost"
Figures = dict[str, list[float]]


@asynccontextmanager
async def two_machines(
    cluster: Cluster, folder: Path, smarthost: int = 0
) -> AsyncIterator[tuple[Service, Service]]:
    """The first one is active, the other one stands by; letters go into a folder, or to this port."""
    async with AsyncExitStack() as stack:
        found = []
        for name in ("mx1", "mx2"):
            (folder / name).mkdir()
            one, _ = await stack.enter_async_context(service(folder / name))
            url = cluster.url("filled", "gateway")
            one.change("[store]\n", f'[store]\nurl = "{url}"\nnode = "{name}"\n')
            if smarthost:
                one.change('transport = "maildir"', f'host = "127.0.0.1"\nport = {smarthost}\ntls = "none"')
            (one.folder / "gateway.db.key").write_bytes(bytes(32))
            found.append(one)
        await found[0].start()
        await wait_for_250(found[0])
        await found[1].spawn()
        await wait_for_standby(found[1])
        yield found[0], found[1]


async def wait_for_250(machine: Service) -> float:
    """Offer mails until one is taken; gives the seconds."""
    begun = time.monotonic()
    _, writer = await connect_when_listening(machine.port)
    writer.close()
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                if (await offer(machine))[0] == 250:
                    return time.monotonic() - begun
            except (OSError, aiosmtplib.SMTPException):
                pass  # it is about to open its port, or to close it
            await asyncio.sleep(PAUSE_S)


async def wait_for_standby(machine: Service, times: int = 1) -> None:
    """Until its processes have stood by so often."""
    async with asyncio.timeout(PATIENCE_S):
        while machine.log.count("node_standby ") < times:  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(PAUSE_S)


async def wait_for_451(machine: Service) -> float:
    """Seconds until a mail is put off. Raises AssertionError for any other reply."""
    code, seconds = await offer(machine)
    assert code == 451, code
    return seconds


@contextmanager
def frozen(cluster: Cluster) -> Iterator[None]:
    processes = find_processes(cluster)
    for pid in processes:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in processes:
            os.kill(pid, signal.SIGCONT)


async def measure(cluster: Cluster, folder: Path, figures: Figures) -> None:
    """One run."""
    async with two_machines(cluster, folder) as (first, second):
        started = time.monotonic()
        await run(first, "node", "yield")
        await wait_for_250(second)
        figures[YIELDED].append(time.monotonic() - started)
        assert first.process is not None
        await first.process.wait()
        await first.spawn()
        await wait_for_standby(first)
        await second.kill()
        figures[KILLED].append(await wait_for_250(first))
        cluster.stop("immediate")
        figures[AWAY].append(max([await wait_for_451(first) for _ in range(5)]))
        cluster.start()
        figures[AGAIN].append(await wait_for_250(first))
        with frozen(cluster):
            figures[FROZEN].append(await wait_for_451(first))
        await wait_for_250(first)
        assert await first.stop() == 0


async def measure_commands(cluster: Cluster, folder: Path, figures: Figures) -> None:
    """With either machine lost, and with both stopped."""
    async with two_machines(cluster, folder) as (first, second):
        await second.kill()
        figures[ON_ACTIVE].append(await wait_for_answer(first))
        await second.spawn()
        await wait_for_standby(second, times=2)
        await first.kill()
        figures[ON_OTHER].append(await wait_for_answer(second))
        await wait_for_250(second)
        assert await second.stop() == 0
        figures[ALONE].append(await wait_for_answer(first))


async def wait_for_answer(machine: Service) -> float:
    """Seconds until a command that writes has ended, from the start of its process."""
    begun = time.monotonic()
    await run(machine, "pause", "--invitations")
    return time.monotonic() - begun


async def measure_letters(cluster: Cluster, folder: Path, figures: Figures) -> None:
    """The machine is killed when the smarthost has its letters and has not answered."""
    async with sink(END="HANG") as smarthost, two_machines(cluster, folder, smarthost.port) as (first, _):
        async with asyncio.timeout(PATIENCE_S):
            while "DATA" not in smarthost.commands:  # noqa: ASYNC110 - another process says it
                await asyncio.sleep(PAUSE_S)
        await asyncio.sleep(1.0)
        in_hand = set(re.findall(r"RCPT TO:(\S+)", "\n".join(smarthost.commands)))
        await first.kill()
        smarthost.answers.clear()
        begun = time.monotonic()
        async with asyncio.timeout(PATIENCE_S):
            while not in_hand <= {to for _, to, _ in smarthost.messages}:  # noqa: ASYNC110
                await asyncio.sleep(PAUSE_S)
        figures[IN_HAND].append(time.monotonic() - begun)


async def measure_upgrade(cluster: Cluster, folder: Path, figures: Figures) -> None:
    """As docs/guide/machines.md says, to a release that changes the schema."""
    upgraded = {"PYTHONPATH": build_next(folder / "next"), "PYTHONSAFEPATH": "1"}
    async with two_machines(cluster, folder) as (first, second):
        assert await second.stop() == 0
        second.environment |= upgraded
        await second.spawn()
        await wait_for_standby(second, times=2)
        sql = await run(second, "store", "sql", "--upgrade")
        begun = time.monotonic()
        assert await first.stop() == 0
        with psycopg.connect(cluster.url("filled"), autocommit=True) as connection:
            connection.execute(sql.stdout.encode())
        await wait_for_250(second)
        figures[UPGRADED].append(time.monotonic() - begun)


async def run(machine: Service, *words: str) -> Ended:
    """Run a command to its end. Raises AssertionError if it fails."""
    ended = await run_gateway(*words, "--config", str(machine.folder), **machine.environment)
    assert 0 == ended.code, ended
    return ended


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args()
    figures: Figures = defaultdict(list)
    for _ in range(asked.runs):
        for each in (measure, measure_upgrade, measure_letters, measure_commands):
            with running_cluster() as cluster, tempfile.TemporaryDirectory(prefix="away-") as name:
                asyncio.run(each(cluster, Path(name), figures))
        print({what: round(seconds[-1], 2) for what, seconds in figures.items()}, flush=True)
    if asked.json:
        system = f"{platform.system()} {platform.release().partition('-')[0]}"
        parts = f"{platform.machine()}, {system}, Python {platform.python_version()}"
        said = f"a machine with {os.cpu_count()} processors ({parts}) that was also doing other work"
        rounded = {what: [round(one, 2) for one in seconds] for what, seconds in figures.items()}
        text = json.dumps({"machine": said, "seconds": rounded}, indent=1, ensure_ascii=False)
        asked.json.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
