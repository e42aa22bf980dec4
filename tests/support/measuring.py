"""Which tests are measured for coverage: the first rows of a table, some of the others, and no random values.

A measured test takes two to three times as long. The later rows of a table of hundreds reach what the first
ones do, and a line that only a random value reaches is reached by chance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from coverage import Coverage

FIRST, EVERY = 40, 4

_MEASURED = pytest.StashKey[bool]()


def choose(items: list[pytest.Item]) -> None:
    """Mark the tests to measure: of each function without random values forty rows, then every fourth."""
    rows: Counter[str] = Counter()
    for item in items:
        function = item.nodeid.partition("[")[0]
        rows[function] += 1
        item.stash[_MEASURED] = not _is_random(item) and (
            rows[function] <= FIRST or 0 == rows[function] % EVERY
        )


def _is_random(item: pytest.Item) -> bool:
    return bool(getattr(getattr(item, "obj", None), "is_hypothesis_test", False))


@contextmanager
def measured(item: pytest.Item) -> Iterator[None]:
    """Stop measuring while a test runs that is not chosen. Nothing happens where nothing is measured."""
    running = Coverage.current()
    if running is None or item.stash.get(_MEASURED, True):
        yield
        return
    running.stop()
    try:
        yield
    finally:
        running.start()
