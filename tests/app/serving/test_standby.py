"""Two machines of a desk, as processes on one database: one is active, the other takes over."""

import asyncio
import json
import tomllib
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.support.ports import connect_when_listening
from tests.support.postgres import Cluster, running_cluster
from tests.support.process import Service, run_gateway, service

pytest.importorskip("psycopg", reason="the extra postgres is not installed")
PATIENCE_S = 40.0


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture
async def machines(cluster: Cluster, tmp_path: Path) -> AsyncIterator[tuple[Service, Service]]:
    """Set up with one database and one tombstone key; none of them started."""
    url = cluster.url(cluster.make_database("filled"), "gateway")
    async with AsyncExitStack() as stack:
        found = []
        for name in ("mx1", "mx2"):
            folder = tmp_path / name
            folder.mkdir()
            one, _ = await stack.enter_async_context(service(folder))
            one.change("[store]\n", f'[store]\nurl = "{url}"\nnode = "{name}"\n')
            (folder / "gateway.db.key").write_bytes(bytes(32))
            found.append(one)
        yield found[0], found[1]


def find_database(machine: Service) -> str:
    """The name of the database in its settings."""
    store = tomllib.loads((machine.folder / "gateway.toml").read_text(encoding="utf-8"))["store"]
    return str(store["url"]).rpartition("/")[2]


async def wait_until_it_stands_by(machine: Service) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if "node_standby" in machine.log:
                return
            await asyncio.sleep(0.1)


async def is_open(machine: Service) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", machine.port)
    except OSError:
        return False
    writer.close()
    return True


async def wait_until_open(machine: Service) -> None:
    _, writer = await connect_when_listening(machine.port)
    writer.close()


async def list_machines(machine: Service) -> dict[str, bool]:
    listed = await run_gateway(
        "node", "list", "--json", "--config", str(machine.folder), **machine.environment
    )
    assert 0 == listed.code, listed.stderr
    return {row["machine"]: row["active"] for row in json.loads(listed.stdout)}


async def test_the_other_machine_takes_over_from_one_that_was_killed(
    machines: tuple[Service, Service],
) -> None:
    first, second = machines
    await first.start()
    await second.spawn()
    await wait_until_it_stands_by(second)
    assert not await is_open(second)
    assert {"mx1": True, "mx2": False} == await list_machines(second)
    told = await run_gateway("pause", "--invitations", "--config", str(second.folder))
    assert (75, True) == (told.code, "node mx1 is active" in told.stderr)
    await first.kill()
    await wait_until_open(second)
    assert {"mx1": False, "mx2": True} == await list_machines(second)
    assert 0 == await second.stop()


async def test_a_machine_gives_way_when_asked_and_ends_to_stand_by(machines: tuple[Service, Service]) -> None:
    first, second = machines
    await first.start()
    await second.spawn()
    await wait_until_it_stands_by(second)
    assert 0 == (await run_gateway("node", "yield", "--config", str(first.folder))).code
    await wait_until_open(second)
    assert first.process is not None
    assert 75 == await asyncio.wait_for(first.process.wait(), PATIENCE_S)
    await first.spawn()
    await wait_until_it_stands_by(first)
    assert (0, 0) == (await first.stop(), await second.stop())


async def test_a_machine_alone_does_not_give_way_unless_told_so(machines: tuple[Service, Service]) -> None:
    """It goes on; exit code 1 says that nothing was done."""
    first, _ = machines
    named = ("--config", str(first.folder))
    empty = await run_gateway("node", "list", *named)
    assert (1, "") == (empty.code, empty.stdout)
    await first.start()
    told = await run_gateway("node", "yield", *named)
    assert (1, True) == (told.code, "no other machine is on standby" in told.stderr)
    assert await is_open(first)
    (row,) = json.loads((await run_gateway("node", "list", "--json", *named)).stdout)
    assert ("active", True) == (row["state"], row["active"])
    done = await run_gateway("node", "yield", "--without-standby", "--json", *named)
    assert (0, {"yielding": True}) == (done.code, json.loads(done.stdout))
    assert first.process is not None
    assert 75 == await asyncio.wait_for(first.process.wait(), PATIENCE_S)
    (row,) = json.loads((await run_gateway("node", "list", "--json", *named)).stdout)
    assert row["state"] in ("standby", "silent")


async def test_a_machine_that_differs_from_the_active_one_says_so_until_they_agree(
    machines: tuple[Service, Service],
) -> None:
    """In the log, in `node list` and in the doctor; a reload of the active one counts at once."""
    first, second = machines
    for one in machines:
        one.change(one_of_its_own(one, "port"), f"port = {first.port if one is first else second.port}")
        one.change(one_of_its_own(one, "maildir"), f'maildir = "{first.folder / "letters"}"')
    dns = one_of_its_own(first, "port", 1)
    second.change(one_of_its_own(second, "port", 1), dns)
    await first.start()
    second.change("undo_minutes = 0", "undo_minutes = 7")
    (second.folder / "templates").mkdir()
    await second.spawn()
    await wait_until_it_stands_by(second)
    await wait_for_words(second, "node_differs parts=settings")
    assert {"mx1": [], "mx2": ["settings"]} == await list_differences(second)
    asked = await run_gateway("doctor", "--only", "nodes", "--config", str(first.folder))
    assert (1, True) == (asked.code, "mx2 differs from mx1 in settings" in asked.stdout), asked.stdout
    first.change("undo_minutes = 0", "undo_minutes = 7")
    first.reload()
    await wait_for_words(second, "node_differs parts=-")
    assert {"mx1": [], "mx2": []} == await list_differences(second)
    assert (0, 0) == (await second.stop(), await first.stop())


def one_of_its_own(machine: Service, key: str, place: int = 0) -> str:
    """The line of its settings that has this key."""
    lines = (machine.folder / "gateway.toml").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith(f"{key} = ")][place]


async def wait_for_words(machine: Service, words: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while words not in machine.log:  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.1)


async def list_differences(machine: Service) -> dict[str, list[str]]:
    listed = await run_gateway("node", "list", "--json", "--config", str(machine.folder))
    assert 0 == listed.code, listed.stderr
    return {row["machine"]: row["differs"] for row in json.loads(listed.stdout)}
