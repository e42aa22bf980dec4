"""Both stores for tests of what any store must do: each test runs on SQLite, and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from gateway.store.protocol.opening import OwnedStore
from gateway.store.sqlite.store import SqliteStore
from tests.store.filled import DOMAIN
from tests.support.postgres import Cluster

MakeStore = Callable[[], OwnedStore]


@pytest.fixture
def place(postgres: Cluster) -> Iterator[object]:
    """A database with the schema, where the gateway's role may only change rows."""
    pytest.importorskip("psycopg", reason="the extra postgres is not installed")
    from gateway.store.postgres.connecting.session import Place

    name = postgres.make_database("filled")
    yield Place(postgres.url(name, "gateway"))
    postgres.drop_database(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def make_store(request: pytest.FixtureRequest, tmp_path: Path) -> MakeStore:
    """Makes stores of one database, none of them open."""
    path = tmp_path / "gateway.db"
    if request.param == "sqlite":
        return lambda: SqliteStore(path, DOMAIN)
    place = request.getfixturevalue("place")
    from gateway.store.postgres.cluster.nodes import Node
    from gateway.store.postgres.store import PostgresStore

    return lambda: PostgresStore(place, path, DOMAIN, Node("mx1", "0.2.0"))


@pytest.fixture
async def store(make_store: MakeStore) -> AsyncIterator[OwnedStore]:
    """One that is open from the beginning to the end of a test."""
    store = make_store()
    store.open()
    yield store
    store.close()
