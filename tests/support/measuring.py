"""Which tests are measured for coverage: the first rows of a table, some of the others, no random values.

And how long: what a test does after its first seconds is mostly what it did before, with other values.
A measured test takes two to three times as long, and so does every process that it starts. The later rows
of a table reach what the first ones do, journeys through fronts reach the same lines of the fronts, and a
line that only a random value reaches is reached by chance.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from coverage import Coverage

FIRST, EVERY = 6, 20
LONGEST_S = 10.0
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


def without_measuring() -> dict[str, str]:
    """Return the environment for a process that lives often, and whose lines are reached elsewhere."""
    return {name: value for name, value in os.environ.items() if name not in _INHERITED}


def _is_random(item: pytest.Item) -> bool:
    return bool(getattr(getattr(item, "obj", None), "is_hypothesis_test", False))


@contextmanager
def measured(item: pytest.Item) -> Iterator[None]:
    """Measure a test that is chosen, for its first seconds. Nothing happens where nothing is measured."""
    running = Coverage.current()
    if running is None:
        yield
        return
    rest = _Rest(running)
    with _after(LONGEST_S if item.stash.get(_MEASURED, True) else 0, rest.begin):
        try:
            yield
        finally:
            rest.end()


class _Rest:
    """A pause of the measurement, in this process and in those that it starts meanwhile."""

    def __init__(self, running: Coverage) -> None:
        self._running = running
        self._kept: dict[str, str] | None = None

    def begin(self) -> None:
        if self._kept is None:
            self._kept = {name: os.environ.pop(name) for name in _INHERITED if name in os.environ}
            self._running.stop()

    def end(self) -> None:
        """Measure again, if there was a pause."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        if self._kept is not None:
            os.environ.update(self._kept)
            self._running.start()


@contextmanager
def _after(seconds: float, call: Callable[[], None]) -> Iterator[None]:
    """Call it in so many seconds (0: at once) if the block still runs, between two steps of its thread."""
    before = signal.signal(signal.SIGALRM, lambda *_: call())
    try:
        if seconds:
            signal.setitimer(signal.ITIMER_REAL, seconds)
        else:
            call()
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
