"""A disk that takes half a minute to sync: nobody waits for it but those whose mail is being written down.

How long the others wait is measured by `tests/bench/standstill.py`.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.crash.standstill import (
    QUICK_COMMITS,
    Standing,
    count_mails,
    read_metrics,
    standing,
    talk,
)
from tests.crash.story import post
from tests.crash.test_short import folder, needs_compiler, seats  # noqa: F401 - the fixture
from tests.support.process import run_gateway

MEGABYTES = 40
KNOWN = {0, 1, 2}  # exit codes of `status` that stand for a level; 3 is: nothing is known


async def see_that_all_else_goes_on(stands: Standing) -> None:
    """Clients are greeted and asked for their mail, operators are answered, the service manager hears."""
    place = stands.place
    assert 4 == len(await asyncio.to_thread(list, talk(place.port, stands.mail[0])))
    assert 451 == await post(place.port, *stands.mail)
    status = await run_gateway("status", "--config", str(place.database.parent))
    assert status.code in KNOWN, status
    assert b"gateway_cases" in await asyncio.to_thread(read_metrics, stands.metrics_port)
    assert "has not responded for" in await stands.manager.hears("STATUS=")


async def see_that_it_goes_on_as_before(stands: Standing) -> None:
    """The mail that came to no end is taken when it comes again."""
    stands.go_on()
    assert "responding again" in await stands.manager.hears("STATUS=The database is responding")
    await stands.manager.hears("WATCHDOG=1")
    assert 250 == await post(stands.place.port, *stands.mail)


@needs_compiler
@pytest.mark.parametrize("fronts", [0, 1])
async def test_a_commit_of_half_a_minute_delays_only_who_waits_for_it(folder: Path, fronts: int) -> None:  # noqa: F811 - the fixture
    async with seats(folder, 1) as (place,), standing(place, fronts) as stands:
        waiting = await stands.hold_commit()
        await see_that_all_else_goes_on(stands)
        assert 451 == await waiting
        assert QUICK_COMMITS == count_mails(place.database), "the commit has not ended"
        await see_that_it_goes_on_as_before(stands)
        assert 1 + QUICK_COMMITS == count_mails(place.database)
    assert "store.stalled" in place.log


@needs_compiler
async def test_a_vacuum_of_half_a_minute_delays_only_who_has_something_to_be_written(folder: Path) -> None:  # noqa: F811 - the fixture
    async with seats(folder, 1) as (place,), standing(place, 1) as stands:
        erasing = await stands.hold_vacuum(MEGABYTES)
        await see_that_all_else_goes_on(stands)
        assert not erasing.done(), "the VACUUM has not ended"
        await see_that_it_goes_on_as_before(stands)
        await erasing
