"""Every rule of a store holds as well in a database of the next release, when somebody went back from it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.store.sqlite.store import SqliteStore
from tests.store.filled import DOMAIN
from tests.store.newer import build_newer, list_additions
from tests.store.test_contract import *  # noqa: F403 - the tests themselves, on the store below


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    build_newer(tmp_path / "gateway.db", list_additions())
    store = SqliteStore(tmp_path / "gateway.db", DOMAIN)
    store.open()
    yield store
    store.close()
