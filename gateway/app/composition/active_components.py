"""The active components, and their replacement at a reload."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from gateway.app.composition.components import Components
from gateway.app.composition.gated_store import GatedStore
from gateway.app.supervisor import GRACE_S, Supervisor
from gateway.log import events
from gateway.store.commands import organisations
from gateway.store.console.accounts import linking
from gateway.store.protocol import Store, StoreUnavailableError

LOOK_AGAIN_S = 0.25


class ActiveComponents:
    """Service with one set of components at a time, which access an open store through a gate."""

    def __init__(
        self, components: Components, store: Store, gate: GatedStore, now: Callable[[], datetime]
    ) -> None:
        self.current = components
        self._now = now
        self._store = store
        self._gate = gate
        self._exchange = asyncio.Lock()
        self._beginning: asyncio.Task[None] | None = None
        self._services = Supervisor()
        self._previous_services = Supervisor()  # empty except during a replacement

    async def start(self) -> None:
        """Start the components; if the store is unreachable, as soon as it is reachable again."""
        try:
            await self._begin()
        except StoreUnavailableError as error:
            events.store_unavailable(error)
            self._beginning = asyncio.create_task(self._begin_later())

    async def _begin(self) -> None:
        async with self._exchange:
            if self._gate.is_open:  # a reload was faster
                return
            await self._prepare(self.current, self._services)
            self._gate.is_open = True
            await self._services.start(self.current.workers)

    async def _begin_later(self) -> None:
        now = asyncio.get_running_loop().time
        begun = now()
        while not self._gate.is_open:
            await asyncio.sleep(LOOK_AGAIN_S)
            try:
                await self._begin()
            except StoreUnavailableError:
                continue
            except Exception as error:  # mail is deferred until the next attempt succeeds
                events.task_failed("begin", error)
        events.store_resumed(round(now() - begun))

    async def stop(self, grace_s: float = GRACE_S) -> None:
        """Stop the components; a letter that is cut off is sent again later."""
        if self._beginning is not None:
            self._beginning.cancel()
        await asyncio.gather(self._services.stop(grace_s), self._previous_services.stop(grace_s))

    async def replace(self, components: Components, switch: Callable[[], None]) -> None:
        """Replace the components; `switch` routes incoming mail to them. If it raises, nothing changes."""
        async with self._exchange:
            services = Supervisor()
            await self._prepare(components, services)
            self.current = components
            self._previous_services, self._services = self._services, services
            switch()
            self._gate.is_open = True
            # Two sets running at once would hand over the same letters.
            await self._previous_services.stop()
            await services.start(components.workers)

    def wake(self) -> None:
        """Wake the dispatcher because letters are queued."""
        self.current.dispatch.wake()

    async def on_change(self) -> None:
        """Refresh the register and wake the dispatcher, because a command may concern either."""
        await organisations.refresh(self.current.directory, self._store)
        try:
            await self._store.compact()  # a person may have been erased
        except StoreUnavailableError as error:  # the command is done anyway; housekeeping tries again
            events.store_unavailable(error)
        self.wake()

    async def _prepare(self, components: Components, services: Supervisor) -> None:
        """Load the staff's additions to the register and start the resources.

        Former staff members, and those with another role, are signed out of the console; the accounts of
        former members are unlinked.
        """
        await organisations.refresh(components.directory, self._store)
        await self._store.transact(lambda tx: linking.sign_out_former(tx, components.desk, self._now()))
        await services.start(components.resources)
