"""One machine of a desk with several: it waits with its port closed, becomes active, and yields.

The active one holds the row `turn` of the database for 15 s at a time, by the database's clock.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Sequence
from pathlib import Path

from gateway.app.service import Gateway
from gateway.log import events
from gateway.net.host import systemd
from gateway.net.host.desk_units import find_units
from gateway.settings import SettingsError
from gateway.store.protocol import StoreUnavailableError
from gateway.store.protocol.opening import DatabaseInUseError, OtherVersionError, UnusableStoreError

LOOK_S = 2.0
GIVE_WAY_S = 6.0  # three polls by the others, before this process restarts and polls itself
LOST_GRACE_S = 2.0


class NotActiveError(Exception):
    """Raised if this machine is no longer the active one; the message says why."""


async def become_active(app: Gateway, stopping: asyncio.Event) -> bool:
    """Wait until no other machine is active, and open the store; False if told to stop before.

    With a file there is nothing to wait for. If the database is unreachable at the start, nobody knows which
    machine is active: this one accepts connections, and defers mail until that is known. Raises
    UnusableStoreError if waiting does not help.
    """
    if not app.config.store.url:
        return True
    waits, differs = False, app.store.differs
    while not stopping.is_set():
        try:
            await app.open_store(patient=not waits)
        except DatabaseInUseError as error:
            if not waits:
                events.node_standby(error)
                systemd.notify(f"READY=1\nSTATUS=On standby: {error}")
            waits = True
            if app.store.differs != differs:
                differs = app.store.differs
                events.node_differs(differs)
        except (StoreUnavailableError, UnusableStoreError) as error:
            if not waits or is_outdated(error):
                raise
            events.store_unavailable(error)
        else:
            return True
        systemd.notify("WATCHDOG=1")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), LOOK_S)
    return False


def is_outdated(error: Exception) -> bool:
    """Return whether the others were upgraded, and this machine was not: it never becomes active again."""
    return isinstance(error, OtherVersionError) and error.is_newer


def refuse_shared_port(app: Gateway, inherited: Sequence[socket.socket]) -> None:
    """Refuse inherited sockets: systemd would let clients wait at a standby. Raises SettingsError."""
    if app.config.store.url and inherited:
        unit = find_units(Path(app.config.store.path)).name("gateway.socket")
        raise SettingsError(
            "store.url: systemd keeps the port open while another machine is active; install the drop-ins "
            f"from systemd/node (docs/guide/machines.md), then run systemctl disable --now {unit}"
        )


async def wait_for_end(app: Gateway, stopping: asyncio.Event) -> None:
    """Wait until a signal, a command or another machine ends the work of this one."""
    waits = [asyncio.create_task(each.wait()) for each in (stopping, app.lost, app.gives_way)]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for each in waits:
        each.cancel()


async def end(app: Gateway, stopping: asyncio.Event) -> None:
    """Stop the gateway: in order, or at once if its work no longer counts.

    Raises NotActiveError if it should restart as a standby.
    """
    if app.lost.is_set():
        events.node_lost()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOST_GRACE_S):
                await app.stop()
        raise NotActiveError("another machine became active")
    await app.stop()
    if app.gives_way.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), GIVE_WAY_S)
        raise NotActiveError("this machine gave up the active role")
