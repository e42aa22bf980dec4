"""Catches up in the background with what is derived from cases: some cases, then mails, and so on.

The console's search index, and the figures by day.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from gateway.log import events
from gateway.reports.labels import KindLookup, Labels
from gateway.store.console import words
from gateway.store.protocol import Connection, Store, StoreUnavailableError
from gateway.store.tables.days import counting

CASES_A_TURN = 100
PAUSE_S = 0.01
POLL_INTERVAL_S = 10.0
# Works on at most so many cases that are due; returns how many there were.
ReadDue = Callable[[Connection, int], int]


class CatchingUp:
    """The task that works on changed cases until stopped; errors of the store are logged and retried."""

    def __init__(self, store: Store, read_due: ReadDue) -> None:
        self._store = store
        self._read_due = read_due
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Stop `run`."""
        self._stopping.set()

    async def run(self) -> None:
        """Work on changed cases until `stop`."""
        while not self._stopping.is_set():
            try:
                await self.work_once()
            except StoreUnavailableError as error:
                events.store_unavailable(error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), POLL_INTERVAL_S)

    async def work_once(self) -> int:
        """Work on all changed cases, unless stopped meanwhile; return how many there were."""
        done = 0
        while not self._stopping.is_set():
            some = await self._store.transact(lambda tx: self._read_due(tx.connection, CASES_A_TURN))
            done += some
            if some < CASES_A_TURN:
                break
            await asyncio.sleep(PAUSE_S)  # mails go first
        return done


def index_words(store: Store) -> CatchingUp:
    """Return the task that builds the search index."""
    return CatchingUp(store, words.read_due)


def count_figures(store: Store, kind_of: KindLookup) -> CatchingUp:
    """Return the task that counts cases by day; `kind_of` returns the kind of organisation for a code."""
    return CatchingUp(store, lambda connection, limit: counting.read_due(connection, limit, Labels(kind_of)))
