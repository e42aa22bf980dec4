"""Which tests are measured for coverage: the first rows of a table, some of the others, no random values.

A measured test takes two to three times as long, and so does every process that it starts. The later rows
of a table reach what the first ones do, journeys through fronts reach the same lines of the fronts, and a
line that only a random value reaches is reached by chance.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from coverage import Coverage

FIRST, EVERY = 6, 20
# With one of these, coverage measures a new process.
_INHERITED = ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")

# Begins the names of the journeys that go through fronts: one table, whatever their function.
FRONTS = "two-fronts"

_MEASURED = pytest.StashKey[bool]()


def choose(items: list[pytest.Item]) -> None:
    """Mark the tests to measure: of each function without random values six rows, then every twentieth."""
    rows: Counter[str] = Counter()
    for item in items:
        function, _, row = item.nodeid.partition("[")
        table = FRONTS if row.startswith(FRONTS) else function
        rows[table] += 1
        item.stash[_MEASURED] = not _is_random(item) and (rows[table] <= FIRST or 0 == rows[table] % EVERY)


def _is_random(item: pytest.Item) -> bool:
    return bool(getattr(getattr(item, "obj", None), "is_hypothesis_test", False))


@contextmanager
def measured(item: pytest.Item) -> Iterator[None]:
    """Stop measuring while a test runs that is not chosen. Nothing happens where nothing is measured."""
    running = Coverage.current()
    if running is None or item.stash.get(_MEASURED, True):
        yield
        return
    kept = {name: os.environ.pop(name) for name in _INHERITED if name in os.environ}
    running.stop()
    try:
        yield
    finally:
        os.environ.update(kept)
        running.start()
