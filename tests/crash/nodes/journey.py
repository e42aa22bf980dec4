"""The whole way of many applicants on two machines and two database servers, while machines and servers are
lost; then what must hold, counted.

It goes in rounds on one database: in each, some people apply and the staff decide, the active machine is
killed at a numbered point or anywhere, stands still for longer than it holds its place, or the primary is
lost and its standby promoted. At the end of each round all must be as it should.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from gateway.store.protocol import StoreUnavailableError
from gateway.store.protocol.opening import UnusableStoreError
from gateway.store.sqlite.backup import BackupError
from tests.crash import invariants
from tests.crash.invariants import Found, Kinds
from tests.crash.nodes.desk import HOLD_S, Desk, StoryOnNodes, kept_running, until
from tests.crash.nodes.machine import Machine

FURTHEST_POINT = 1500
SLOTS = 32  # letters in hand at a time, at most
# Ends that are as they should be: killed, gave way or lost its place.
EXPECTED_ENDS = {-signal.SIGKILL, 75}


@dataclass
class Counts:
    """What happened."""

    rounds: int = 0
    kills: int = 0
    freezes: int = 0
    failovers: int = 0
    unanswered: int = 0
    takeover_s: list[float] = field(default_factory=list)


@dataclass
class Journey:
    """`people` a round. Each life of a machine ends by itself at a point, with a chance of `deadly`."""

    desk: Desk
    people: int = 12
    seed: int = 1
    deadly: float = 0.5
    declines: bool = True
    patience_s: float = 20 * HOLD_S
    counts: Counts = field(default_factory=Counts)
    found: Found = field(default_factory=Found)
    acknowledged: set[str] = field(default_factory=set)
    _first: int = 0
    _quiet: Kinds = field(default_factory=Counter)
    _expected: Kinds = field(default_factory=Counter)
    _is_deadly: bool = False

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 - to be repeated
        for one in self.desk.machines:
            one.plan_death = self._plan_death
            one.rest_s = lambda: self._chance.choice((0.05, 2 * HOLD_S))

    def _plan_death(self) -> int:
        if not self._is_deadly or self._chance.random() > self.deadly:
            return 0
        return self._chance.randint(1, FURTHEST_POINT)

    @contextlib.asynccontextmanager
    async def under_way(self) -> AsyncIterator[None]:
        """The machines run, and a round without trouble has shown which letters there have to be."""
        async with kept_running(self.desk.machines):
            await self.desk.wait_for_active()
            story = await self._play(0, 0, 0)
            await self._note_letters(story)
            await self.check()
            yield

    async def round(self, kills: int = 0, failovers: int = 0, freezes: int = 0) -> Found:
        """People apply and are decided upon while so much happens; gives what does not hold after it."""
        self._is_deadly = kills > 0
        story = await self._play(kills, failovers, freezes)
        self._is_deadly = False
        self._expect(story)
        return await self.check()

    async def _play(self, kills: int, failovers: int, freezes: int) -> StoryOnNodes:
        story = StoryOnNodes(self.desk, self.people, self._first, declines=self.declines)  # type: ignore[arg-type]
        self._first += self.people
        happenings = [self._kill] * kills + [self._fail_over] * failovers + [self.freeze] * freezes
        self._chance.shuffle(happenings)
        playing = asyncio.create_task(story.play())
        for happening in happenings:
            await asyncio.wait({playing}, timeout=self._chance.uniform(0.2, 1.5))
            await happening()
        await playing
        self.acknowledged |= story.acknowledged
        self.counts.unanswered += story.answers.total() - story.answers[250]
        self.counts.rounds += 1
        return story

    async def _kill(self) -> None:
        """The active machine, anywhere, unless it dies by itself at its point first."""
        active, holder = await self.desk.wait_for_active(), self.desk.holder()
        before = self._deaths()
        await self._wait_for_more_than(before, self._chance.uniform(0, 1.5))
        if self._deaths() == before:
            active.send_signal(signal.SIGKILL)
        await self._wait_for_more_than(before, HOLD_S)
        begun = time.monotonic()
        if await until(lambda: self.desk.holder() not in (holder, "")):
            self.counts.takeover_s.append(time.monotonic() - begun)

    def _deaths(self) -> int:
        return sum(one.ends[-signal.SIGKILL] for one in self.desk.machines)

    async def _wait_for_more_than(self, deaths: int, patience_s: float) -> None:
        await until(lambda: self._deaths() > deaths, patience_s)

    async def _fail_over(self) -> None:
        """The primary is lost, the standby promoted, and the one that was lost is rebuilt after a while."""
        servers = self.desk.servers
        await asyncio.to_thread(servers.fail_over)
        self.counts.failovers += 1
        await asyncio.sleep(self._chance.uniform(0, 1))
        await asyncio.to_thread(servers.rebuild)
        await asyncio.to_thread(servers.wait_for_standby)

    async def freeze(self) -> None:
        """The active machine stands still, another takes over, and the first goes on: it must give up."""
        active, ends = await self._wait_for_life()
        active.send_signal(signal.SIGSTOP)
        try:
            assert await until(lambda: self.desk.active() not in (active, None)), "nobody took over"
        finally:
            active.send_signal(signal.SIGCONT)
        self.counts.freezes += 1
        await self._see_it_end(active, ends)

    async def _wait_for_life(self) -> tuple[Machine, int]:
        """The active machine, and how many lives it had before this one, which renews its turn.

        A turn may be held by a life that is over; then the process, if there is one, is not active.
        """
        while True:
            active = await self.desk.wait_for_active()
            ends = active.ends.total()
            if await self._is_renewed() and active is self.desk.active() and active.ends.total() == ends:
                return active, ends

    async def _is_renewed(self) -> bool:
        held = self.desk.turn()
        await until(lambda: self.desk.turn() != held, 2 * HOLD_S)
        now = self.desk.turn()
        return now != held and now[0] == held[0]

    async def _see_it_end(self, stale: Machine, ends: int) -> None:
        if not await until(lambda: stale.ends.total() > ends, self.patience_s):
            self.found.problems.append(f"{stale.name} goes on though another machine became active")

    async def _note_letters(self, story: StoryOnNodes) -> None:
        async with self.desk.snapshot() as database:
            self._quiet = invariants.kinds(database)
        self._expect(story)

    def _expect(self, story: StoryOnNodes) -> None:
        """The letters of a quiet round, to the people of this one."""
        first = story.first
        names = {f"shokuin{n:04d}": f"shokuin{first + n:04d}" for n in range(self.people)}
        for (letter, to), count in self._quiet.items():
            local, _, domain = to.partition("@")
            self._expected[letter, f"{names.get(local, local)}@{domain}"] += count

    async def check(self) -> Found:
        """All that must hold, of all that was done so far."""
        found = Found(problems=self.found.problems)
        await self._check_ends(found)
        try:
            proof = await asyncio.to_thread(self.desk.source().verify, (), lambda *_: None)
            found.problems += [f"{each.name}: {one}" for each in proof.checks for one in each.found]
            async with self.desk.snapshot() as database:
                held = invariants.at_the_end(
                    database, self.acknowledged, self.desk.sink.messages, self._expected, most=self._most()
                )
        except (BackupError, StoreUnavailableError, UnusableStoreError) as error:
            found.problems.append(f"{type(error).__name__}: {error}")
        else:
            held.problems += found.problems
            found = held
        if found.repeated > SLOTS * (self._most() - 1):
            found.problems.append(f"{found.repeated} letters were handed over again")
        self.found = found
        return found

    def _most(self) -> int:
        """So often may a letter be handed over: again for each life of a machine or server that ended."""
        ends = sum(one.ends.total() for one in self.desk.machines)
        return 1 + ends + self.counts.failovers

    async def _check_ends(self, found: Found) -> None:
        self.counts.kills = self._deaths()
        for one in self.desk.machines:
            strange = {code: n for code, n in one.ends.items() if code not in EXPECTED_ENDS}
            found.problems += [
                f"{one.name} ended with {code} ({n} times): {one.log[-2000:]}" for code, n in strange.items()
            ]
