"""Start of a gateway while the previous one drains: it waits until the database is free."""

from __future__ import annotations

import asyncio
from typing import Protocol

from gateway.log import events
from gateway.store.protocol.opening import DatabaseInUseError

# The previous one has 20 s to drain, and then commits and closes.
LOCK_WAIT_S = 30.0
LOOK_AGAIN_S = 0.25


class Opening(Protocol):
    """A store that is not open yet."""

    def open(self) -> None:
        """Open the store. Raises DatabaseInUseError while another process has it open for writing."""
        ...


async def open_when_free(store: Opening) -> None:
    """Open the store, waiting up to 30 s for another gateway to release it. Raises DatabaseInUseError."""
    loop = asyncio.get_running_loop()
    until, told = loop.time() + LOCK_WAIT_S, False
    while True:
        try:
            return store.open()
        except DatabaseInUseError as error:
            if loop.time() >= until:
                raise
            if not told:
                events.database_in_use(error)
                told = True
        await asyncio.sleep(LOOK_AGAIN_S)
