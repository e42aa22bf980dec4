"""The store of these tests, and a desk on one, open from the beginning to the end of each."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.store.sqlite.store import SqliteStore
from tests.store.filled import DOMAIN
from tests.support.desk_bench import BOXES, DeskBench


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "gateway.db", DOMAIN)
    store.open()
    yield store
    store.close()


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[DeskBench]:
    store = SqliteStore(tmp_path / "gateway.db", BOXES.domain)
    store.open()
    yield DeskBench(store)
    store.close()
