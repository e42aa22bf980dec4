"""Two machines are upgraded while people apply: the standby, the schema, then the one that was active."""

import asyncio
import itertools
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from tests.app.serving.test_standby import (
    cluster,
    find_database,
    list_machines,
    machines,
    wait_for_words,
    wait_until_it_stands_by,
    wait_until_open,
)
from tests.crash.story import message_id, post
from tests.journeys.world import REQUEST, applications
from tests.support.next_release import NEXT, build_next
from tests.support.postgres import Cluster
from tests.support.process import Ended, Service, run_gateway

psycopg = pytest.importorskip("psycopg", reason="the extra postgres is not installed")
__all__ = ["cluster", "machines"]
Machines = tuple[Service, Service]
Ask = Callable[[str], list[tuple[object, ...]]]
PATIENCE_S = 40.0


@pytest.fixture
def ask(machines: Machines, cluster: Cluster) -> Ask:
    """As the superuser."""

    def run(sql: str) -> list[tuple[object, ...]]:
        with psycopg.connect(cluster.url(find_database(machines[0])), autocommit=True) as connection:
            connection.execute("SET search_path TO gateway, pg_temp")
            cursor = connection.execute(sql.encode())
            return list(cursor.fetchall()) if cursor.description else []

    return run


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a machine of the next release."""
    return {"PYTHONPATH": build_next(tmp_path_factory.mktemp("next")), "PYTHONSAFEPATH": "1"}


@asynccontextmanager
async def people_applying(machines: Machines) -> AsyncIterator[set[str]]:
    """One after another, each until some machine says 250; gives their Message-IDs."""
    answered: set[str] = set()
    is_over = asyncio.Event()
    ports = itertools.cycle(one.port for one in machines)

    async def apply() -> None:
        for sender, raw in applications(1000):
            while 250 != await post(next(ports), sender, REQUEST, raw, PATIENCE_S):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
            answered.add(message_id(raw))
            if is_over.is_set():
                return

    task = asyncio.create_task(apply())
    yield answered
    is_over.set()
    await asyncio.wait_for(task, PATIENCE_S)


async def wait_for_more(answered: set[str], count: int = 3) -> None:
    """Until so many more people were answered."""
    wanted = len(answered) + count
    async with asyncio.timeout(PATIENCE_S):
        while len(answered) < wanted:  # noqa: ASYNC110 - real mails, of another task
            await asyncio.sleep(0.1)


async def end_of(machine: Service) -> int:
    assert machine.process is not None
    return await asyncio.wait_for(machine.process.wait(), PATIENCE_S)


async def print_upgrade(machine: Service) -> Ended:
    command = ("store", "sql", "--upgrade", "--config", str(machine.folder))
    return await run_gateway(*command, **machine.environment)


async def list_states(machine: Service) -> dict[str, tuple[str, str]]:
    """The state of each machine, and the version of the schema that it needs."""
    place = str(machine.folder)
    printed = await run_gateway("node", "list", "--wide", "--config", place, **machine.environment)
    rows = [re.split(r"\s*│\s*", line.strip("│ ")) for line in printed.stdout.splitlines()]
    listed = await run_gateway("node", "list", "--json", "--config", place, **machine.environment)
    needed = {row["machine"]: row["needs_schema"] for row in json.loads(listed.stdout)}
    return {row[0]: (row[1], needed[row[0]]) for row in rows if row[0] in needed}


@pytest.mark.parametrize("is_stopped_first", [True, False])
async def test_two_machines_are_upgraded_one_after_the_other_and_no_mail_is_lost(
    machines: Machines, ask: Ask, upgraded: dict[str, str], is_stopped_first: bool
) -> None:
    first, second = machines
    for one in machines:
        one.append("\n[limits]\nmails_per_client_per_hour = 0\nmails_per_domain_per_hour = 0\n")
    await first.start()
    async with people_applying(machines) as answered:
        await wait_for_more(answered)
        second.environment |= upgraded
        await second.spawn()
        await wait_until_it_stands_by(second)
        assert f"this gateway needs {NEXT}" in second.log
        assert {"mx1": ("active", ""), "mx2": (f"waiting for schema {NEXT}", NEXT)} == await list_states(
            first
        )
        sql = await print_upgrade(second)
        assert 0 == sql.code, sql.stderr
        if is_stopped_first:
            assert 0 == await first.stop()
        ask(sql.stdout)
        ((last,),) = ask("SELECT count(*) FROM journal WHERE id NOT IN (SELECT line FROM written)")
        assert [0, 75][not is_stopped_first] == await end_of(first)
        await wait_until_open(second)
        await wait_for_more(answered)
        await first.spawn()  # still of the old version
        assert (78, True) == (await end_of(first), "install the version that created it" in first.log)
        first.environment |= upgraded
        await first.spawn()
        await wait_for_words(first, "node mx2 is active")
        assert {"mx1": False, "mx2": True} == await list_machines(first)
        yielded = await run_gateway("node", "yield", "--config", str(second.folder), **upgraded)
        assert (0, 75) == (yielded.code, await end_of(second))
        await wait_until_open(first)
        await wait_for_more(answered)
    assert sorted(answered) == sorted(name for (name,) in ask("SELECT message_id FROM mails"))
    # Whatever was written to the new schema, a machine of the new version wrote.
    noted = [line for (line,) in ask("SELECT line FROM written ORDER BY line")]
    assert noted == list(range(last + 1, ask("SELECT max(id) FROM journal")[0][0] + 1))
    holders = ask("SELECT split_part(holder, '/', 1) FROM written GROUP BY 1, holder ORDER BY min(line)")
    assert [("mx2",), ("mx1",)] == holders
    proof = await run_gateway("verify", "--config", str(first.folder), **upgraded)
    assert 0 == proof.code, proof.stdout
    assert 0 == await first.stop()


async def test_a_machine_of_the_next_version_alone_says_what_to_do(
    machines: Machines, upgraded: dict[str, str]
) -> None:
    """Nobody is active, so there is nothing to wait for."""
    first, _ = machines
    first.environment |= upgraded
    await first.spawn()
    assert 78 == await end_of(first)
    assert "run the output of `gateway store sql --upgrade` as the owner" in first.log


async def test_an_upgrade_is_for_one_version_and_changes_no_other(
    machines: Machines, ask: Ask, upgraded: dict[str, str]
) -> None:
    first, second = machines
    second.environment |= upgraded
    done = await print_upgrade(first)
    assert (1, True) == (done.code, "nothing to upgrade" in done.stderr)
    sql = await print_upgrade(second)
    ask("INSERT INTO versions (name) VALUES ('v9000_between')")
    before = ask("SELECT * FROM turn")
    with pytest.raises(
        psycopg.errors.RaiseException, match="nothing was changed: the schema has version v9000"
    ):
        ask(sql.stdout)
    assert (before, [(None,)]) == (ask("SELECT * FROM turn"), ask("SELECT to_regclass('written')"))
    unknown = await print_upgrade(second)
    assert (1, True) == (unknown.code, "this gateway can upgrade only from" in unknown.stderr)
