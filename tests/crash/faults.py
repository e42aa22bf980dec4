"""Faults of disk, database, DNS and smarthost, one by one, while the gateway goes on running.

Each happens to the whole way of one applicant. It must end in 451 or in a state that can be seen, and all
must come to its end by itself: every mail answered 250 is there once, every letter has arrived or counts as
refused, with the reason.
"""

from __future__ import annotations

import asyncio
import errno
import itertools
import random
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.store.sqlite.integrity.verify import open_read_only
from tests.crash import invariants
from tests.crash.control import Mode
from tests.crash.invariants import Found, Kinds
from tests.crash.seat import Seat
from tests.crash.story import Story, StuckError

# Faults need not take as long as in life: what the gateway waits for is shortened, what it does is not.
CONSTANTS = {
    "gateway.net.delivery.smtp_client:COMMAND_TIMEOUT_S": 0.3,
    "gateway.net.delivery.smtp_client:CONNECT_TIMEOUT_S": 0.3,
    "gateway.net.delivery.smarthost:DOWN_S": 0.1,
    "gateway.net.delivery.smarthost:IDLE_S": 0.02,
    "gateway.store.sqlite.store:BUSY_TIMEOUT_S": 0.1,
    "gateway.outbound.dispatcher:STORE_PAUSE_S": 0.1,
    "gateway.net.dns.resolver:DnsResolver.__init__@failure_ttl_s": 0.05,
}
RETRY = {"gateway.app.wiring.values:build_backoff": 0.1}
DNS_QUERY_S = 1.0
STAGES = ("GREETING", "EHLO", "MAIL", "RCPT", "DATA", "END")
LATER = (
    "421 4.3.2 closing",
    "450 4.2.1 greylisted",
    "451 4.3.0 later",
    "452 4.3.1 full",
    "HANG",
    "RESET",
    "no code",
)
QUESTIONS = (("", "TXT"), ("_dmarc.", "TXT"), ("demo._domainkey.", "TXT"), ("", "MX"), ("mx.", "A"))
NEVER = ("550 5.1.1 no such user", "552 5.2.2 too large", "554 5.7.1 refused")
ABOUT_THE_SESSION = {"GREETING", "EHLO"}


@dataclass(frozen=True)
class Fault:
    """`kind` is the group; the others say what happens: see the method of the same name below."""

    kind: str
    what: str
    at: int = 1
    more: str = ""


def disk_faults(step: int) -> Iterator[Fault]:
    """Every so-many-th read, write, sync or truncation fails, once or several times in a row."""
    for at, error, more in itertools.product(range(1, 160, step), ("EIO", "ENOSPC"), ("1", "5")):
        yield Fault("disk", error, at, more)


def busy_faults(count: int) -> Iterator[Fault]:
    """Another process locks the database, at another moment each time, for longer than we wait."""
    for number in range(count):
        yield Fault("busy", ("IMMEDIATE", "EXCLUSIVE")[number % 2], number)


def dns_faults() -> Iterator[Fault]:
    """Each question about a sender fails, is never answered, or is answered at the second try only."""
    ways = ("DMARC DKIM", "DMARC", "DKIM", "SPF")
    for at, what, more in itertools.product(range(len(QUESTIONS)), ("TEMPFAIL", "SILENT", "slow"), ways):
        yield Fault("dns", what, at, more)


def smtp_faults() -> Iterator[Fault]:
    """Each stage of the dialog with the smarthost goes wrong in each way, with one letter or another."""
    for stage, what, at in itertools.product(STAGES, LATER, (1, 2, 4)):
        yield Fault("smtp", what, at, stage)
    for what, at in itertools.product(("KEPT HANG", "KEPT RESET", "KEPT 451 4.3.0 later"), (1, 2, 4)):
        yield Fault("smtp", what, at, "END")
    for stage, what, at in itertools.product(STAGES, NEVER, (1, 2, 3)):
        yield Fault("smtp", what, at, stage)
    for at in range(6):
        yield Fault("smtp", "gone", at, "CONNECT")


def choose(count: int, seed: int) -> list[Fault]:
    """So many of all of them, from each group as many as from the others while it has some."""
    chance = random.Random(seed)  # noqa: S311 - to be repeated
    groups = [list(group) for group in (disk_faults(1), busy_faults(60), dns_faults(), smtp_faults())]
    for group in groups:
        chance.shuffle(group)
    in_turns = itertools.chain.from_iterable(itertools.zip_longest(*groups))
    chosen = list(itertools.islice((fault for fault in in_turns if fault is not None), count))
    chance.shuffle(chosen)
    return chosen


class Once(dict[str, str]):
    """Answers of the smarthost: at the `at`-th time that a stage comes, the fault; else as always."""

    def __init__(self, stage: str, answer: str, at: int) -> None:
        super().__init__()
        self._stage, self._answer, self._left = stage, answer, at
        self.struck = 0

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
        """As a dictionary's."""
        if key != self._stage:
            return default
        self._left -= 1
        self.struck += self._left == 0
        return self._answer if self._left == 0 else default


@dataclass
class Bench:
    """One running gateway to which faults happen; `happened` counts those that did, by group."""

    seat: Seat
    whole: Kinds = field(default_factory=Counter)
    happened: Counter[str] = field(default_factory=Counter)
    seen: Counter[int] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    _people: int = 0
    _acknowledged: set[str] = field(default_factory=set)
    _expected: Kinds = field(default_factory=Counter)

    async def suffer(self, fault: Fault) -> None:
        """Let it happen, and see that all comes to its end."""
        try:
            happened = await getattr(self, f"_{fault.kind}")(fault)
        except (StuckError, ExceptionGroup, TimeoutError) as error:
            self.problems.append(f"{fault}: {error!r} {getattr(error, 'exceptions', '')}")
            return
        self.happened[fault.kind] += bool(happened)

    def _person(self, domain: str = "town.mihon.lg.jp") -> Story:
        self._people += 1
        return Story(self.seat, 1, self._people, domain, declines=False)

    async def _to_its_end(self, story: Story) -> None:
        await story.play()
        self._note(story)
        person = story.people[0].address
        for (kind, to), count in self.whole.items():
            self._expected[kind, to.replace(_FIRST, person)] += count

    def _note(self, story: Story) -> None:
        self._acknowledged |= story.acknowledged
        self.seen += story.answers
        strange = story.answers.keys() - {250, 451}
        if strange:
            self.problems.append(f"{story.people[0].address} heard {sorted(strange)}")

    async def _disk(self, fault: Fault) -> bool:
        control = self.seat.control
        assert control is not None
        control.order(Mode.FAIL, fault.at, int(fault.more), getattr(errno, fault.what))
        try:
            await self._to_its_end(self._person())
        finally:
            struck = control.struck
            control.order(Mode.OFF)
        return struck > 0

    async def _busy(self, fault: Fault) -> bool:
        story = self._person()
        playing = asyncio.create_task(self._to_its_end(story))
        await asyncio.sleep(0.001 * fault.at)
        with closing(sqlite3.connect(self.seat.database, timeout=5, isolation_level=None)) as other:
            other.execute(f"BEGIN {fault.what}")
            await asyncio.sleep(0.25)
            held = not playing.done()
            other.execute("ROLLBACK")
        await playing
        return held

    async def _dns(self, fault: Fault) -> bool:
        world = self.seat.street.world
        domain = f"town.d{self._people}{self.seat.port}.lg.jp"  # never asked for before
        world.publish_domain(domain, Ed25519PrivateKey.generate(), dmarc="DMARC" in fault.more)
        prefix, rtype = QUESTIONS[fault.at]
        story = self._person(domain)
        story.signs = "DKIM" in fault.more
        with trouble(self.seat, prefix + domain, rtype, fault.what) as asked:
            playing = asyncio.create_task(self._to_its_end(story))
            await until(lambda: playing.done() or bool(story.answers[451] or story.acknowledged))
            happened = asked() > 0
        await playing
        return happened

    async def _smtp(self, fault: Fault) -> bool:
        sink = self.seat.sink
        if fault.what == "gone":
            return await self._gone(fault)
        if fault.more in ABOUT_THE_SESSION:
            sink.hang_up()  # a kept connection has no greeting
        sink.answers = once = Once(fault.more, fault.what, fault.at)
        try:
            if fault.what in NEVER and fault.more not in ABOUT_THE_SESSION:
                return await self._refused(fault)
            await self._to_its_end(self._person())
        finally:
            sink.answers = {}
        return once.struck > 0

    async def _gone(self, fault: Fault) -> bool:
        """Nobody listens there for a while; what waits says why."""
        self.seat.sink.go()
        story = self._person()
        playing = asyncio.create_task(self._to_its_end(story))
        try:
            await until(lambda: story.standing()[1]["deferred"] > 0)
            await asyncio.sleep(0.03 * fault.at)
        finally:
            await self.seat.sink.come()
        await playing
        return True

    async def _refused(self, fault: Fault) -> bool:
        """A letter that is refused for good says so, and its case goes on."""
        story = self._person()
        await story.apply()
        await story.letters_over()
        self._note(story)
        with closing(open_read_only(self.seat.database)) as found:
            replies = found.execute(_REFUSED, {"key": story.people[0].address}).fetchall()
            self._expected += Counter(found.execute(_LETTERS, {"key": story.people[0].address}).fetchall())
        if [fault.what] != [row[0].replace("\n", " ") for row in replies]:
            self.problems.append(f"{fault}: refused letters say {replies}")
        return True

    def at_the_end(self) -> Found:
        """What holds after all of them."""
        found = invariants.at_the_end(
            self.seat.database, self._acknowledged, self.seat.sink.messages, self._expected, most=2
        )
        found.problems = self.problems + found.problems
        return found


_FIRST = "shokuin0000@town.mihon.lg.jp"
_REFUSED = """
SELECT l.last_reply FROM letters l JOIN cases c ON c.id = l.case_id
WHERE c.applicant_key = :key AND l.state = 'refused'
"""
_LETTERS = """
SELECT l.letter, l.recipient FROM letters l JOIN cases c ON c.id = l.case_id WHERE c.applicant_key = :key
"""


async def until(seen: Callable[[], bool]) -> None:
    """Look again and again. Raises TimeoutError."""
    for _ in range(1000):
        if seen():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


@contextmanager
def trouble(seat: Seat, name: str, rtype: str, what: str) -> Iterator[Callable[[], int]]:
    """A question without an answer; `slow`: without one at the first try. Gives how often it was asked."""
    zone = seat.street.world.zone
    before = len(zone.queries)
    zone.add(name, "SILENT" if what == "slow" else what, rtype)
    if what == "slow":
        asyncio.get_running_loop().call_later(DNS_QUERY_S / 3, zone.remove, name, "SILENT")
    try:
        yield lambda: zone.queries[before:].count((name, rtype))
    finally:
        zone.remove(name, "SILENT")


@asynccontextmanager
async def bench(seat: Seat) -> AsyncIterator[Bench]:
    """A gateway that has played one story without trouble, and runs."""
    seat.limits = f"dns_query_s = {DNS_QUERY_S}\n"
    seat.clear()
    await seat.start(constants=CONSTANTS, retry=RETRY)
    made = Bench(seat)
    story = Story(seat, 1, 0, declines=False)
    await story.play()
    made.whole = invariants.kinds(seat.database)
    made._expected += made.whole
    story.answers.pop(0, None)  # before it listened
    made._note(story)
    yield made
    assert 0 == await seat.stop(), seat.log
