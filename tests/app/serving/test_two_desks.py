"""Two desks on the same two machines and one database: each has a schema, a role and an active machine."""

import asyncio
import tomllib
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from gateway.demo.fixtures import DESK_DOMAIN
from gateway.store.postgres.schema import build_sql
from tests.app.serving.test_standby import (
    is_open,
    list_machines,
    wait_until_it_stands_by,
    wait_until_open,
)
from tests.support.postgres import Cluster, running_cluster
from tests.support.process import Service, service

psycopg = pytest.importorskip("psycopg", reason="the extra postgres is not installed")
Desks = dict[str, dict[str, Service]]
MACHINES = ("mx1", "mx2")
ROLES = {"city": "gateway_city", "town": "gateway_town"}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture
async def desks(cluster: Cluster, tmp_path: Path) -> AsyncIterator[Desks]:
    """Set up as the page for operators says; none of them started."""
    database = cluster.make_database()
    for schema, role in ROLES.items():
        cluster.execute(build_sql(schema, f"{role}_owner", role, f"{role}_console"), database=database)
    async with AsyncExitStack() as stack:
        found: Desks = {name: {} for name in ROLES}
        for name, role in ROLES.items():
            for machine in MACHINES:
                folder = tmp_path / machine / name
                folder.mkdir(parents=True)
                one, _ = await stack.enter_async_context(service(folder))
                kept = f'url = "{cluster.url(database, role)}"\nschema = "{name}"\nnode = "{machine}"\n'
                one.change("[store]\n", f"[store]\n{kept}")
                one.change(DESK_DOMAIN, f"{name}.mihon.go.jp")
                (folder / "gateway.db.key").write_bytes(name.encode() * 8)
                found[name][machine] = one
        yield found


def find_url(one: Service) -> str:
    """The database as its settings name it."""
    store = tomllib.loads((one.folder / "gateway.toml").read_text(encoding="utf-8"))["store"]
    return str(store["url"])


def find_holder(cluster: Cluster, desks: Desks, name: str) -> str:
    """Which process of which machine is active, as the superuser reads it."""
    database = find_url(desks[name]["mx1"]).rpartition("/")[2]
    with psycopg.connect(cluster.url(database)) as connection:
        connection.execute("SELECT set_config('search_path', %s, false)", (name,))
        return str(connection.execute("SELECT holder FROM turn").fetchone()[0])


async def start(desks: Desks) -> None:
    """The city is active on the first machine, the town on the second."""
    for name, active, other in (("city", "mx1", "mx2"), ("town", "mx2", "mx1")):
        await desks[name][active].start()
        await desks[name][other].spawn()
        await wait_until_it_stands_by(desks[name][other])


async def test_the_loss_of_a_machine_moves_only_the_desk_that_was_active_there(
    cluster: Cluster, desks: Desks
) -> None:
    await start(desks)
    held = find_holder(cluster, desks, "town")
    await asyncio.gather(*(desks[name]["mx1"].kill() for name in ROLES))
    assert await is_open(desks["town"]["mx2"])
    await wait_until_open(desks["city"]["mx2"])
    for name in ROLES:
        assert {"mx1": False, "mx2": True} == await list_machines(desks[name]["mx2"])
    assert (held, True) == (find_holder(cluster, desks, "town"), await is_open(desks["town"]["mx2"]))
    assert [0, 0] == [await desks[name]["mx2"].stop() for name in ROLES]


async def test_the_role_of_a_desk_reads_nothing_of_the_other(cluster: Cluster, desks: Desks) -> None:
    with (
        psycopg.connect(find_url(desks["city"]["mx1"])) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("SELECT count(*) FROM town.cases")
