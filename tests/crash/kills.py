"""Kill the process at one numbered place, start it again, finish the story, and see whether all holds."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from tests.crash import front_points, invariants
from tests.crash.control import Mode
from tests.crash.faults import RETRY
from tests.crash.invariants import Found, Kinds
from tests.crash.seat import Seat
from tests.crash.story import Story, StuckError

PEOPLE = 3


@dataclass(frozen=True)
class Kill:
    """`way` is `point`, `call` or `half` (in the middle of a call) of the writer, or `front`; `place`: what
    stood there in a whole run.

    The process that comes after is killed too, at its own place `again` (0: it lives).
    """

    way: str
    at: int
    place: str
    again: int = 0


@dataclass
class Whole:
    """A run without trouble: its places by way of killing, and the letters that it queued."""

    places: dict[str, list[str]]
    letters: Kinds


async def whole_run(seat: Seat) -> Whole:
    """Play the story to its end twice, and number all places at which the process could be killed."""
    places: dict[str, list[str]] = {}
    for way in ("point", "call"):
        if way == "call" and seat.control is None:
            continue
        seat.clear()
        await _start(seat, Kill(way, 0, ""))
        story = Story(seat, PEOPLE)
        await story.play()
        letters = invariants.kinds(seat.database)
        assert 0 == await seat.stop(), seat.log
        found = invariants.at_the_end(seat.database, story.acknowledged, seat.sink.messages, letters)
        assert [] == found.problems
        trace = seat.folder / ("trace" if way == "point" else "disk-trace")
        places[way] = trace.read_text().splitlines()
        if way == "point" and seat.fronts:
            places["front"] = (seat.folder / front_points.TRACE).read_text().splitlines()
    if "call" in places:
        places["half"] = places["call"]
    return Whole(places, letters)


def plan(whole: Whole, count: int, seed: int) -> list[Kill]:
    """So many kills: one at each kind of place first, then the others, spread over the run."""
    chance = random.Random(seed)  # noqa: S311 - to be repeated
    share = {"point": 0.6, "call": 0.3, "half": 0.1} if "call" in whole.places else {"point": 1.0}
    if "front" in whole.places:
        share = {"front": 0.5} | {way: part / 2 for way, part in share.items()}
    kills: list[Kill] = []
    for way, part in share.items():
        places = whole.places[way]
        if way == "half":
            chosen = [n for n, name in enumerate(places, 1) if name.startswith(("pwrite64", "write"))]
            chance.shuffle(chosen)
        else:
            chosen = spread(places, chance)
        for number in chosen[: round(count * part)]:
            again = chance.randint(1, len(places) // 2) if way != "front" and chance.random() < 0.25 else 0
            kills.append(Kill(way, number, places[number - 1], again))
    chance.shuffle(kills)
    return kills


def spread(places: Sequence[str], chance: random.Random) -> list[int]:
    """The numbers of all places: in turns one of each kind, the kinds and their members in random order."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for number, name in enumerate(places, 1):
        by_kind[name].append(number)
    for numbers in by_kind.values():
        chance.shuffle(numbers)
    order: list[int] = []
    left = list(by_kind.values())
    while left:
        chance.shuffle(left)
        order += [numbers.pop() for numbers in left]
        left = [numbers for numbers in left if numbers]
    return order


async def kill_at(seat: Seat, kill: Kill, letters: Kinds) -> tuple[int, Found]:
    """How often the process died, and what was found right after each death and at the end."""
    seat.clear()
    found, deaths = Found(), 0
    story = Story(seat, PEOPLE)
    playing = asyncio.create_task(story.play())
    try:
        if kill.way == "front":
            await _start(seat, kill)
        for at in (kill.at, kill.again) if kill.way != "front" else ():
            if at and await _dies(seat, Kill(kill.way, at, ""), playing):
                deaths += 1
                found.problems += invariants.after_a_death(seat.database, set(story.acknowledged))
        if not seat.pid:
            await _start(seat, Kill(kill.way, 0, ""))
        await playing
        if 0 != (code := await seat.stop()):
            found.problems.append(f"the process ended with {code}")
        found.add(
            invariants.at_the_end(
                seat.database, story.acknowledged, seat.sink.messages, letters, most=1 + deaths
            )
        )
    except (StuckError, TimeoutError, ExceptionGroup) as error:
        found.problems.append(f"{_tell(error)}\n{await seat.stacks()}\n{seat.log[-4000:]}")
    finally:
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)
        await seat.kill()
    found.problems = [f"killed at {kill}: {one}" for one in found.problems]
    return deaths + front_points.has_died(seat.folder), found


async def _start(seat: Seat, kill: Kill) -> None:
    if kill.way in {"point", "front"}:
        here, front = (kill.at, 0) if kill.way == "point" else (0, kill.at)
        more = front_points.build_plan(seat.folder, front) if seat.fronts else {}
        await seat.start(trace=str(seat.folder / "trace"), kill_at=here, retry=RETRY, **more)
        return
    assert seat.control is not None
    mode = {"call": Mode.KILL, "half": Mode.KILL_HALFWAY}[kill.way] if kill.at else Mode.COUNT
    seat.control.order(mode, kill.at)
    await seat.start(retry=RETRY)


async def _dies(seat: Seat, kill: Kill, playing: asyncio.Task[None]) -> bool:
    """Whether the process died at that place; else the story came to its end before."""
    await _start(seat, kill)
    ending = asyncio.create_task(seat.ended())
    await asyncio.wait({ending, playing}, return_when=asyncio.FIRST_COMPLETED)
    if not ending.done():
        status = await seat.end_by(signal.SIGTERM if playing.exception() is None else signal.SIGKILL)
        playing.result()
        return status == -signal.SIGKILL
    assert -signal.SIGKILL == ending.result(), (ending.result(), seat.log)
    return True


def _tell(error: BaseException) -> str:
    causes = error.exceptions if isinstance(error, ExceptionGroup) else (error,)
    return "; ".join(map(repr, causes))


async def all_of(
    seats: Sequence[Seat], kills: Iterable[Kill], letters: Kinds
) -> AsyncIterator[tuple[Kill, int, Found]]:
    """Work them off on all seats; gives each as it ends."""
    waiting = iter(kills)
    done: asyncio.Queue[tuple[Kill, int, Found] | None] = asyncio.Queue()

    async def work(seat: Seat) -> None:
        for kill in waiting:
            deaths, found = await kill_at(seat, kill, letters)
            await done.put((kill, deaths, found))
        await done.put(None)

    async with asyncio.TaskGroup() as group:
        for seat in seats:
            group.create_task(work(seat))
        working = len(seats)
        while working:
            one = await done.get()
            if one is None:
                working -= 1
            else:
                yield one
