"""A store on PostgreSQL, open from the beginning to the end of each test, and a superuser beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from tests.store.filled import DOMAIN
from tests.store.makers import place
from tests.support.postgres import Cluster

psycopg = pytest.importorskip("psycopg", reason="the extra postgres is not installed")
from gateway.store.postgres.cluster.nodes import Node  # noqa: E402
from gateway.store.postgres.connecting.session import Place  # noqa: E402
from gateway.store.postgres.store import PostgresStore  # noqa: E402

__all__ = ["place"]
Admin = Callable[[str], list[tuple[object, ...]]]


@pytest.fixture
async def store(place: Place, tmp_path: Path) -> AsyncIterator[PostgresStore]:
    store = PostgresStore(place, tmp_path / "gateway.db", DOMAIN, Node("mx1", "0.2.0"), answer_s=2.0)
    store.open()
    yield store
    store.close()


@pytest.fixture
def admin(place: Place, postgres: Cluster) -> Iterator[Admin]:
    """Runs a statement as the superuser, in the schema."""
    name = place.url.rpartition("/")[2]
    with psycopg.connect(postgres.url(name), autocommit=True) as connection:
        connection.execute("SET search_path TO gateway, pg_temp")

        def run(sql: str) -> list[tuple[object, ...]]:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

        yield run
