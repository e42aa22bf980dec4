"""A store that is closed until the register was read from it.

The database may be unreachable when the gateway starts. Mail is then deferred at the end of DATA; the first
accepted mail must be judged by everything that the staff added.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from gateway.store.protocol import Store, StoreUnavailableError, Transaction

T = TypeVar("T")


class GatedStore:
    """Store behind a gate; see `gateway.store.protocol.Store`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.is_open = False

    async def transact(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in a transaction. Raises StoreUnavailableError also while closed."""
        self._check()
        return await self._store.transact(work)

    async def compact(self) -> bool:
        """Compact the store. Raises StoreUnavailableError also while closed."""
        self._check()
        return await self._store.compact()

    def _check(self) -> None:
        if not self.is_open:
            raise StoreUnavailableError("the database has not been reachable since startup")
