"""The store of these tests, open from the beginning to the end of each."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.store.sqlite.store import SqliteStore
from tests.store.filled import DOMAIN


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "gateway.db", DOMAIN)
    store.open()
    yield store
    store.close()
