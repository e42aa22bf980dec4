"""The components that are at work, and at a reload their exchange for others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from gateway.app.components import Components
from gateway.app.supervisor import GRACE_S, Supervisor
from gateway.log import events
from gateway.store.commands import organisations
from gateway.store.console import sessions, sign_in
from gateway.store.protocol import StoreUnavailableError
from gateway.store.protocol.opening import OwnedStore


class ActiveComponents:
    """A service: one set of components at a time, on an open store."""

    def __init__(self, components: Components, store: OwnedStore) -> None:
        self.current = components
        self._store = store
        self._services = Supervisor()
        self._previous_services = Supervisor()  # empty but during an exchange

    async def start(self) -> None:
        """See `gateway.app.supervisor.Service`."""
        await self._prepare(self.current, self._services)
        await self._services.start(self.current.workers)

    async def stop(self, grace_s: float = GRACE_S) -> None:
        """See `gateway.app.supervisor.Service`; a letter cut off is sent again later."""
        await asyncio.gather(self._services.stop(grace_s), self._previous_services.stop(grace_s))

    async def replace(self, components: Components, switch: Callable[[], None]) -> None:
        """Go on with others; `switch` sends them what comes in. When it raises, all goes on as before."""
        services = Supervisor()
        await self._prepare(components, services)
        self.current = components
        self._previous_services, self._services = self._services, services
        switch()
        # Two of them at work would hand over the same letters.
        await self._previous_services.stop()
        await services.start(components.workers)

    def wake(self) -> None:
        """Letters are queued."""
        self.current.dispatch.wake()

    async def on_change(self) -> None:
        """A command was carried out: the register may be another, and letters may be queued."""
        await organisations.refresh(self.current.directory, self._store)
        try:
            await self._store.compact()  # a person may have been erased
        except StoreUnavailableError as error:  # the command is done all the same; housekeeping tries again
            events.store_unavailable(error)
        self.wake()

    async def _prepare(self, components: Components, services: Supervisor) -> None:
        """Let the register take over what staff added, and what the paths use begin; who is staff no
        more, or in another role, is signed out of the console."""
        await organisations.refresh(components.directory, self._store)
        roles = sign_in.list_roles(components.desk)
        await self._store.transact(lambda tx: sessions.end_others(tx.connection, roles))
        await services.start(components.resources)
