"""Builds the console's search index in the background: some cases, then mails, and so on."""

from __future__ import annotations

import asyncio
import contextlib

from gateway.log import events
from gateway.store.console import words
from gateway.store.protocol import Store, StoreUnavailableError

CASES_A_TURN = 100
PAUSE_S = 0.01
POLL_INTERVAL_S = 10.0


class WordIndexing:
    """The task that indexes changed cases until stopped; errors of the store are logged and retried."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Stop `run`."""
        self._stopping.set()

    async def run(self) -> None:
        """Index changed cases until `stop`."""
        while not self._stopping.is_set():
            try:
                await self.work_once()
            except StoreUnavailableError as error:
                events.store_unavailable(error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), POLL_INTERVAL_S)

    async def work_once(self) -> int:
        """Index all changed cases, unless stopped meanwhile; return how many there were."""
        done = 0
        while not self._stopping.is_set():
            some = await self._store.transact(lambda tx: words.read_due(tx.connection, CASES_A_TURN))
            done += some
            if some < CASES_A_TURN:
                break
            await asyncio.sleep(PAUSE_S)  # mails go first
        return done
