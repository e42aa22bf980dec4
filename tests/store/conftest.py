"""The store of these tests, open from the beginning to the end of each."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from gateway.store.sqlite.store import SqliteStore
from tests.store.filled import DOMAIN
from tests.support.postgres import Cluster, running_cluster


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "gateway.db", DOMAIN)
    store.open()
    yield store
    store.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A server of our own, for all tests of a process."""
    with running_cluster() as cluster:
        yield cluster
