"""The short form of `tests/crash/run`: thirty kills, some images after a power loss, faults of each group."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from pathlib import Path

import pytest

from tests.crash import control, faults, kills, powerloss
from tests.crash.faults import Fault
from tests.crash.invariants import Found
from tests.crash.seat import Seat, seat, street

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own below it; syncs cost nothing there
needs_compiler = pytest.mark.skipif(control.compiler() is None, reason="no C compiler on this machine")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where there is one. A front whose writer was killed may still write into it."""
    place = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="crash-", dir=place, ignore_cleanup_errors=True) as name:
        yield Path(name)


@cache
def library() -> Path | None:
    """`disk.c`, compiled once, where there is a compiler."""
    if control.compiler() is None:
        return None
    kept = tempfile.mkdtemp(prefix="crash-")
    atexit.register(shutil.rmtree, kept)
    return control.build(Path(kept))


@asynccontextmanager
async def seats(folder: Path, count: int) -> AsyncIterator[list[Seat]]:
    """Gateways with `disk.c` below them."""
    places = [folder / f"seat{number}" for number in range(count)]
    for place in places:
        place.mkdir()
    async with AsyncExitStack() as stack:
        shared = await stack.enter_async_context(street())
        yield [await stack.enter_async_context(seat(place, shared, library())) for place in places]


async def test_d01_thirty_kills_lose_nothing_and_double_nothing(folder: Path) -> None:
    """At statements, after commits, between steps of a dialog, at system calls and in the middle of one."""
    async with seats(folder, 2) as places:
        whole = await kills.whole_run(places[0])
        deaths, found = 0, Found()
        async for _, times, one in kills.all_of(places, kills.plan(whole, 30, seed=1), whole.letters):
            deaths += times
            found.add(one)
    assert [] == found.problems
    assert (0, 0) == (found.lost, found.doubled)
    assert deaths >= 25  # a place at the very end may not come in another run
    assert found.acknowledged > 150


async def test_kills_of_fronts_and_of_their_writer_lose_nothing_and_double_nothing(folder: Path) -> None:
    """Half of them at points of the front, which the writer replaces; half at points of the writer."""
    deaths, found = Counter[str](), Found()
    async with seats(folder, 1) as (place,):
        place.fronts = 1
        whole = await kills.whole_run(place)
        for kill in kills.plan(whole, 8, seed=1):
            times, one = await kills.kill_at(place, kill, whole.letters)
            deaths["front" if kill.way == "front" else "writer"] += times
            found.add(one)
    assert [] == found.problems
    assert (0, 0) == (found.lost, found.doubled)
    assert min(deaths["front"], deaths["writer"]) >= 3, deaths
    assert found.acknowledged > 40


@needs_compiler
async def test_d03_a_power_loss_loses_no_row_that_was_answered(folder: Path) -> None:
    async with seats(folder, 1) as (place,):
        record = await powerloss.record(place, 3)
    *_, losses = powerloss.simulate(record, folder, 800)
    assert [] == losses.problems
    assert losses.images >= 800


@needs_compiler
async def test_the_simulation_sees_what_a_weaker_setting_loses(folder: Path) -> None:
    """`synchronous = NORMAL` is the default of many programs with a write-ahead log."""
    async with seats(folder, 1) as (place,):
        record = await powerloss.record(place, 3, "synchronous = NORMAL")
    *_, losses = powerloss.simulate(record, folder, 300)
    assert losses.lost > 0
    assert 0 == losses.broken


def some(kind: str, count: int) -> list[Fault]:
    """So many faults of a group, the same in every run."""
    return [fault for fault in faults.choose(2000, seed=1) if fault.kind == kind][:count]


async def suffered(folder: Path, chosen: list[Fault]) -> tuple[int, list[str]]:
    """How many of them happened, and what did not hold in the end."""
    async with seats(folder, 1) as (place,), faults.bench(place) as bench:
        for fault in chosen:
            await bench.suffer(fault)
        return bench.happened.total(), bench.at_the_end().problems


@needs_compiler
async def test_d02_failing_reads_writes_and_syncs_are_451_and_go_by(folder: Path) -> None:
    happened, problems = await suffered(folder, some("disk", 8))
    assert [] == problems
    assert happened >= 6


@needs_compiler
async def test_d08_a_lock_of_another_process_is_451_and_goes_by(folder: Path) -> None:
    happened, problems = await suffered(folder, some("busy", 2))
    assert [] == problems
    assert 2 == happened


async def test_dns_that_fails_or_is_silent_or_slow_goes_by(folder: Path) -> None:
    chosen = [Fault("dns", what, 0, "SPF") for what in ("TEMPFAIL", "SILENT", "slow")]
    happened, problems = await suffered(folder, [*chosen, Fault("dns", "TEMPFAIL", 3, "DKIM")])
    assert [] == problems
    assert 4 == happened


STAGES = [
    *(Fault("smtp", "451 4.3.0 later", 1, stage) for stage in faults.STAGES),
    Fault("smtp", "HANG", 1, "DATA"),
    Fault("smtp", "HANG", 1, "END"),
    Fault("smtp", "RESET", 1, "RCPT"),
    Fault("smtp", "450 4.2.1 greylisted", 1, "RCPT"),
]


async def test_a_smarthost_that_fails_at_any_stage_is_tried_again(folder: Path) -> None:
    happened, problems = await suffered(folder, STAGES)
    assert [] == problems
    assert len(STAGES) == happened


async def test_a_smarthost_that_is_gone_is_tried_again_and_the_letters_say_so(folder: Path) -> None:
    assert (1, []) == await suffered(folder, [Fault("smtp", "gone", 1, "CONNECT")])


async def test_d11_a_lost_answer_repeats_the_letter_once_with_its_message_id(folder: Path) -> None:
    chosen = [Fault("smtp", what, 1, "END") for what in ("KEPT RESET", "KEPT HANG")]
    assert (2, []) == await suffered(folder, chosen)


async def test_a_letter_that_is_refused_for_good_says_so_and_its_case_goes_on(folder: Path) -> None:
    chosen = [Fault("smtp", faults.NEVER[0], 1, stage) for stage in ("MAIL", "RCPT", "DATA", "END")]
    assert (4, []) == await suffered(folder, chosen)
