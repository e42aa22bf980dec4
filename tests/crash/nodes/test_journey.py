"""Two machines on two database servers: the short form of `tests/crash/nodes/run`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("psycopg", reason="the extra postgres is not installed")
from tests.crash import control
from tests.crash.nodes.desk import open_desk
from tests.crash.nodes.journey import Journey
from tests.crash.nodes.servers import Servers, replicated

KILLS, FAILOVERS = 10, 2


@pytest.fixture
def servers() -> Iterator[Servers]:
    with replicated() as servers:
        yield servers


async def test_ten_kills_and_two_failovers_lose_nothing_and_double_nothing(
    servers: Servers, tmp_path: Path
) -> None:
    """Also a machine that stood still until another took over: it gives up by itself."""
    async with open_desk(tmp_path, servers) as desk:
        journey = Journey(desk, people=5)
        async with journey.under_way():
            for kills, failovers, freezes in ((4, 1, 0), (3, 1, 0), (3, 0, 1)):
                found = await journey.round(kills, failovers, freezes)
                assert [] == found.problems
    assert (0, 0) == (found.lost, found.doubled)
    assert (KILLS <= journey.counts.kills, FAILOVERS, 1) == (
        True,
        journey.counts.failovers,
        journey.counts.freezes,
    )
    assert 2 * 5 * 4 == found.acknowledged


@pytest.mark.skipif(control.compiler() is None, reason="no C compiler on this machine")
async def test_a_machine_whose_clock_is_an_hour_off_changes_nothing(servers: Servers, tmp_path: Path) -> None:
    """What one writes down is due at the other in time: the clock of the database counts."""
    library = control.build(tmp_path, Path(__file__).with_name("clock.c"))
    async with open_desk(tmp_path, servers, library) as desk:
        desk.machines[1].environment = {"CLOCK_AHEAD_S": "3600"}
        journey = Journey(desk, people=3)
        async with journey.under_way():
            found = await journey.round(kills=3)
        ((furthest,),) = servers.ask(
            "SELECT max(abs(extract(epoch FROM clock_timestamp() - CAST(at AS timestamptz)))) FROM journal"
        )
    assert [] == found.problems
    assert 600 > float(str(furthest))
