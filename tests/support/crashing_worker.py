"""A process that works off an outbox and is ended by one letter.

python -m tests.support.crashing_worker DATABASE ADDRESS
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from gateway.mail.address import Address
from gateway.outbound.protocols import Delivery
from gateway.store.sqlite.store import SqliteStore
from tests.support.clock import Clock
from tests.support.couriers import KeptCourier
from tests.support.outbox_bench import BOXES, dispatch_on

ENOUGH = 5


class DeadlyCourier(KeptCourier):
    """Ends the process, as a fault in a library written in C does, when it sees the poison."""

    poison = ""

    async def deliver(self, reverse_path: Address, forward_path: Address, raw: bytes) -> Delivery:
        await asyncio.sleep(0)  # the others of this turn are in hand as well
        if str(forward_path) == self.poison:
            os._exit(9)
        return await super().deliver(reverse_path, forward_path, raw)


async def main(database: Path, poison: str) -> None:
    """Work until every letter had its turn."""
    store = SqliteStore(database, BOXES.domain)
    store.open()
    courier = DeadlyCourier()
    courier.poison = poison
    dispatch = dispatch_on(store, courier, Clock())
    for _ in range(ENOUGH):
        await dispatch.work_once()
    store.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
