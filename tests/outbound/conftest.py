"""The dispatcher of these tests, on an empty store."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.outbox_bench import Bench, bench_in


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench_in(tmp_path) as made:
        yield made
