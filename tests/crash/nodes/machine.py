"""A machine of the desk: `gateway serve` in a process that is started again whenever it ends."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.faults import CONSTANTS
from tests.crash.seat import Seat

CONSTANTS_HERE = {name: value for name, value in CONSTANTS.items() if "sqlite" not in name}


@dataclass(eq=False)
class Machine(Seat):
    """`patches` are those of each life; `plan_death` gives the point where the next one ends (0: none).

    `ends` counts how its lives ended: minus the signal, or the exit code.
    """

    name: str = "mx1"
    url: str = ""
    schema: str = "gateway"
    patches: dict[str, object] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    plan_death: Callable[[], int] = lambda: 0
    rest_s: Callable[[], float] = lambda: 0.1
    ends: Counter[int] = field(default_factory=Counter)
    _stops: asyncio.Event = field(default_factory=asyncio.Event)

    def clear(self) -> None:
        """As any seat, with the key that all machines of a desk share."""
        super().clear()
        (self.database.parent / "gateway.db.key").write_bytes(bytes(32))

    def _settings(self, life: Path) -> str:
        where = f'[store]\nurl = "{self.url}"\nnode = "{self.name}"\nschema = "{self.schema}"\n'
        text = super()._settings(life).replace("[store]\n", where)
        # One member of the staff decides about all of them.
        return text.replace("[desk]\n", "[desk]\napprovals_per_hour = 1000000\n")

    async def keep(self) -> None:
        """Start it, and again when it has ended, as systemd does, until `end`."""
        while not self._stops.is_set():
            await self._begin()
            if self._stops.is_set():
                await self.kill()
            self.ends[await self.ended()] += 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stops.wait(), self.rest_s())

    async def end(self) -> None:
        """It is killed, and not started again."""
        self._stops.set()
        await self.kill()

    async def _begin(self) -> None:
        number, patches = self.plan_death(), dict(self.patches)
        if number:
            patches["die_at"] = (str(self.folder / "trace"), number)
        await self.start(patches=patches, constants=CONSTANTS_HERE, environment=self.environment)

    def send_signal(self, number: signal.Signals) -> None:
        """To the process, if there is one."""
        if self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)
