"""A desk on two machines and two database servers: which machine is active, and what the database holds."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from gateway.store.postgres.connecting.session import Place
from gateway.store.postgres.source import PostgresSource
from tests.crash.nodes.machine import Machine
from tests.crash.nodes.servers import Servers
from tests.crash.seat import Street, launching, street
from tests.crash.story import Story
from tests.support.sink import Sink, sink

LOOK_S = 0.05
HOLD_S = 3.0  # 15 s in life; what follows from it is shortened alike
DEATHS = 1000
ANSWER_S = 12.0
PATCHES: dict[str, object] = {"hold_for": HOLD_S, "letters_fail_often": DEATHS}
PATIENCE_S = 600.0


async def until(is_so: Callable[[], bool], patience_s: float = PATIENCE_S) -> bool:
    """Ask again and again, in a thread, until it is so or the time is over; whether it is."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        if await asyncio.to_thread(is_so):
            return True
        await asyncio.sleep(LOOK_S)
    return False


@dataclass
class Desk:
    """`port` gives another machine's at each question, as a client goes on to the next MX."""

    folder: Path
    street: Street
    sink: Sink
    servers: Servers
    machines: list[Machine]
    _turns: Iterator[Machine] = field(init=False)

    def __post_init__(self) -> None:
        self._turns = itertools.cycle(self.machines)

    @property
    def port(self) -> int:
        return next(self._turns).port

    def holder(self) -> str:
        """Which life of which machine holds the turn; "" for none, or for a database that does not say."""
        return self.turn()[0]

    def turn(self) -> tuple[str, object]:
        """The same, and until when it holds it."""
        import psycopg

        try:
            found = self.servers.ask(
                "SELECT holder, held_until FROM turn WHERE held_until > clock_timestamp()"
            )
        except psycopg.Error:
            return "", None
        return (str(found[0][0]), found[0][1]) if found else ("", None)

    def active(self) -> Machine | None:
        """The machine that holds the turn."""
        name = self.holder().partition("/")[0]
        return next((one for one in self.machines if one.name == name), None)

    async def wait_for_active(self) -> Machine:
        """As soon as there is one."""
        found: list[Machine] = []

        def look() -> bool:
            one = self.active()
            found.extend([one] if one else [])
            return bool(found)

        assert await until(look), "no machine is active"
        return found[0]

    def source(self) -> PostgresSource:
        """What the machines read."""
        one = self.machines[0]
        return PostgresSource(Place(one.url, one.schema), one.database)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Path]:
        """All rows of this moment in a file, as `gateway backup` makes it. Raises BackupError."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            made = await asyncio.to_thread(
                self.source().back_up, Path(folder), datetime.now(UTC), lambda *_: None
            )
            yield made.path


@dataclass
class StoryOnNodes(Story):
    """The same story, told to whichever machine listens."""

    patience_s: float = PATIENCE_S
    answer_s: float = ANSWER_S
    look_again_s: float = 0.25

    def standing(self) -> tuple[Counter[str], Counter[str]]:
        """See `Story.standing`."""
        import psycopg

        people = [person.address for person in self.people]
        ask = self.seat.servers.ask  # type: ignore[attr-defined]
        try:
            return Counter(dict(ask(_CASES, people=people))), Counter(dict(ask(_LETTERS, people=people)))
        except psycopg.Error:  # away, or another by now
            return Counter(), Counter()


_CASES = "SELECT state, count(*) FROM cases WHERE applicant_key = ANY(%(people)s) GROUP BY 1"
_LETTERS = """
SELECT l.state, count(*) FROM letters l JOIN cases c ON c.id = l.case_id
WHERE c.applicant_key = ANY(%(people)s) GROUP BY 1
"""


@asynccontextmanager
async def open_desk(
    folder: Path, servers: Servers, library: Path | None = None, **patches: object
) -> AsyncIterator[Desk]:
    """Two machines, not started; `patches` are those of both, besides PATCHES."""
    async with AsyncExitStack() as stack:
        shared, kept = await stack.enter_async_context(street()), await stack.enter_async_context(sink())
        machines = []
        for name in ("mx1", "mx2"):
            place = folder / name
            place.mkdir()
            launcher = await stack.enter_async_context(launching(place, library))
            one = Machine(place, shared, kept, launcher, None, name=name, url=servers.url)
            one.patches = PATCHES | patches
            one.clear()
            machines.append(one)
        yield Desk(folder, shared, kept, servers, machines)


@asynccontextmanager
async def kept_running(machines: list[Machine]) -> AsyncIterator[None]:
    """They run, and are started again, while the block does."""
    keepers = [asyncio.create_task(one.keep()) for one in machines]
    try:
        yield
    finally:
        await asyncio.gather(*(one.end() for one in machines))
        await asyncio.gather(*keepers)
