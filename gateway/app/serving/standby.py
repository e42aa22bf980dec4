"""A machine among those of a desk: it waits with its port closed, becomes active, and gives way.

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
from gateway.store.protocol.opening import DatabaseInUseError

LOOK_S = 2.0
GIVE_WAY_S = 6.0  # three looks of the others, before this process begins anew and looks itself
LOST_GRACE_S = 2.0


class NotActiveError(Exception):
    """This machine is not the active one any more; the message says why."""


async def become_active(app: Gateway, stopping: asyncio.Event) -> bool:
    """Wait until no other machine is active, and open the store; False when told to stop before.

    With a file there is nothing to wait for. Raises what opening raises, when that is no other machine.
    """
    if not app.config.store.url:
        return True
    waits = False
    while not stopping.is_set():
        try:
            app.open_store()
        except DatabaseInUseError as error:
            if not waits:
                events.node_standby(error)
                systemd.notify(f"READY=1\nSTATUS=Standing by: {error}")
            waits = True
        except StoreUnavailableError:
            if not waits:
                raise
        else:
            return True
        systemd.notify("WATCHDOG=1")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), LOOK_S)
    return False


def refuse_shared_port(app: Gateway, inherited: Sequence[socket.socket]) -> None:
    """systemd would let clients wait at a machine that stands by. Raises SettingsError."""
    if app.config.store.url and inherited:
        unit = find_units(Path(app.config.store.path)).name("gateway.socket")
        raise SettingsError(
            "store.url: systemd holds the port, also while another machine is active: "
            f"systemctl disable --now {unit}, and let the service bind it"
        )


async def wait_for_end(app: Gateway, stopping: asyncio.Event) -> None:
    """Until a signal, a command or another machine ends the work of this one."""
    waits = [asyncio.create_task(each.wait()) for each in (stopping, app.lost, app.gives_way)]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for each in waits:
        each.cancel()


async def end(app: Gateway, stopping: asyncio.Event) -> None:
    """Stop the gateway: in order, or at once when nothing that it does counts any more. Raises
    NotActiveError where it is to begin anew and stand by."""
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
        raise NotActiveError("this machine gave way")
