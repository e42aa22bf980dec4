"""Which tests are measured for coverage: the first rows of a table, some of the others, no random values.

And how long: what a test does after its first seconds is mostly what it did before, with other values.
A measured test takes two to three times as long, and so does every process that it starts. The later rows
of a table reach what the first ones do, journeys through fronts reach the same lines of the fronts, and a
line that only a random value reaches is reached by chance.

Nothing else is measured once all is loaded: each process collects the same tests, and the one that hands
them out only waits. What the collection reaches is measured in the first process.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import pytest
from coverage import Coverage

FIRST, EVERY = 6, 20
LONGEST_S = 10.0
# With one of these, coverage measures a new process.
_INHERITED = ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")

# As xdist names them; without it, one process does all.
_FIRST_WORKER = "gw0"
_ALONE = {"workerid": _FIRST_WORKER}

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


class _Measurement:
    """The measurement of this process and of those that it starts. It can pause."""

    def __init__(self, running: Coverage) -> None:
        self._running = running
        self._kept: dict[str, str] | None = None

    def end(self) -> None:
        """Pause for good here, but not in the processes that it starts."""
        self._running.stop()

    def pause(self) -> None:
        if self._kept is None:
            self._kept = {name: os.environ.pop(name) for name in _INHERITED if name in os.environ}
            self._running.stop()

    def go_on(self) -> None:
        if self._kept is not None:
            os.environ.update(self._kept)
            self._kept = None
            self._running.start()


@cache
def _measurement() -> _Measurement | None:
    """Return the one of this process; None where nothing is measured."""
    running = Coverage.current()
    return _Measurement(running) if running else None


def pause_before_collection(config: pytest.Config) -> None:
    """Measure the collection in one process of several only, and never the one that hands out the tests."""
    running = _measurement()
    if running and config.getoption("dist") != "no":
        running.end()
    elif running and getattr(config, "workerinput", _ALONE)["workerid"] != _FIRST_WORKER:
        running.pause()


def pause_after_collection() -> None:
    """Measure only the tests that are chosen from now on."""
    if running := _measurement():
        running.pause()


@contextmanager
def measured(item: pytest.Item) -> Iterator[None]:
    """Measure a test that is chosen, for its first seconds. Nothing happens where nothing is measured."""
    running = _measurement()
    if running is None or not item.stash.get(_MEASURED, True):
        yield
        return
    running.go_on()
    try:
        with _after(LONGEST_S, running.pause):
            yield
    finally:
        running.pause()


@contextmanager
def _after(seconds: float, call: Callable[[], None]) -> Iterator[None]:
    """Call it in so many seconds if the block still runs, between two steps of its thread."""
    before = signal.signal(signal.SIGALRM, lambda *_: call())
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
