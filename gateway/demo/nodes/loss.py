"""Loss of the active node in the middle of the story, and a check of the result."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from time import monotonic

from gateway.demo.client import DemoError
from gateway.demo.nodes.desk import NodesDesk
from gateway.demo.nodes.processes import NodeProcess


@dataclass
class Loss:
    """Loss of the active node after `after` applicants: which one was killed, and which took over."""

    desk: NodesDesk
    after: int
    killed: str = ""
    successor: str = ""
    takeover_s: float = 0.0
    _done: int = 0
    _task: asyncio.Task[None] | None = field(default=None, repr=False)

    def count(self) -> None:
        """Count an applicant as done."""
        self._done += 1
        if self._done == self.after:
            self._task = asyncio.create_task(self._lose())

    async def wait(self) -> None:
        """Wait until another node is active. Raises DemoError."""
        if self._task is None:
            raise DemoError("the demo ended before the active node could be killed")
        await self._task

    async def _lose(self) -> None:
        active = await self._wait_for_active(self.desk.members)
        begun = monotonic()
        await active.kill()
        self.killed = active.name
        others = [one for one in self.desk.members if one is not active]
        self.successor = (await self._wait_for_active(others)).name
        self.takeover_s = monotonic() - begun

    async def _wait_for_active(self, members: Sequence[NodeProcess]) -> NodeProcess:
        async for _ in self.desk.attempts():
            for one in members:
                if await one.is_listening():
                    return one
        raise DemoError(f"no other node became active within {self.desk.patience_s:.0f} s")


@dataclass(frozen=True, slots=True)
class Balance:
    """The final result. `faults`: those of the database that `gateway verify` finds."""

    accepted: int
    lost: int
    doubled: int
    letters: int
    sent_again: int
    lines: int
    faults: tuple[str, ...]

    @property
    def is_ok(self) -> bool:
        """Whether nothing was lost, doubled or damaged."""
        return not (self.lost or self.doubled or self.faults)


def draw_balance(desk: NodesDesk) -> Balance:
    """Compare what was accepted with what is stored. Raises NoDatabaseError."""
    with closing(desk.source.open()) as connection:
        kept = {row["message_id"]: row["n"] for row in connection.execute(_MAILS)}
    sent, report = desk.count_letters(), desk.source.verify((), lambda *_: None)
    return Balance(
        accepted=sum(map(len, desk.accepted.values())),
        lost=sum(max(0, len(mails) - kept.get(one, 0)) for one, mails in desk.accepted.items()),
        doubled=sum(max(0, kept.get(one, 0) - len(mails)) for one, mails in desk.accepted.items()),
        letters=len(sent),
        sent_again=sum(n > 1 for n in sent.values()),
        lines=report.head.number,
        faults=tuple(each for check in report.checks for each in check.found),
    )


_MAILS = "SELECT message_id, count(*) AS n FROM mails GROUP BY message_id"
