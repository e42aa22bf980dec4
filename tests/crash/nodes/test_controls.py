"""The journey finds what it looks for: with each guard taken out in turn, it says what went wrong."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gateway.demo.people.messages import build_mail, sign_mail
from gateway.demo.people.stories import form

pytest.importorskip("psycopg", reason="the extra postgres is not installed")
from tests.crash.invariants import Found
from tests.crash.nodes.desk import HOLD_S, Desk, StoryOnNodes, kept_running, open_desk, until
from tests.crash.nodes.journey import Journey
from tests.crash.nodes.servers import Servers, replicated
from tests.crash.story import REQUEST, message_id, post
from tests.support.ports import wait_until_listening
from tests.support.sink import Sink

PEOPLE = 6
TWICE = "times in the journal"
AGAIN = "was handed over "


@pytest.fixture
def servers() -> Iterator[Servers]:
    with replicated() as servers:
        yield servers


@asynccontextmanager
async def running(folder: Path, servers: Servers, **patches: object) -> AsyncIterator[Journey]:
    """A desk that runs with something taken out, and the checker beside it."""
    async with open_desk(folder, servers, **patches) as desk, kept_running(desk.machines):
        await desk.wait_for_active()
        yield Journey(desk, PEOPLE, deadly=0)


def say(found: Found, words: str) -> list[str]:
    """What was found of a kind."""
    return [one for one in found.problems if words in one]


async def apply(journey: Journey, first: int = 0) -> None:
    """Some people apply, and what was answered is noted."""
    story = StoryOnNodes(journey.desk, PEOPLE, first)  # type: ignore[arg-type]
    await story.apply()
    journey.acknowledged |= story.acknowledged


async def test_an_asynchronous_standby_loses_mails_and_the_checker_says_so(tmp_path: Path) -> None:
    with replicated(is_synchronous=False) as servers:
        async with running(tmp_path, servers) as journey:
            await apply(journey)
            servers.let_standby_fall_behind()
            await apply(journey, PEOPLE)
            servers.fail_over()
            found = await journey.check()
    assert PEOPLE <= found.lost <= 2 * PEOPLE
    assert say(found, "was answered 250 and is not there")


async def apply_at_both(desk: Desk) -> set[str]:
    """Each applies by two mails, at the same moment, one at each machine; the Message-IDs."""
    sent = set()

    async def bring(port: int, sender: str, raw: bytes) -> None:
        sent.add(message_id(raw))
        assert await until(lambda: asyncio.run(post(port, sender, REQUEST, raw)) == 250)

    for person in StoryOnNodes(desk, PEOPLE).people:  # type: ignore[arg-type]
        text = form("見本町", person.name, code="990019")
        mails = [build_mail(person, REQUEST, "参加申請", text) for _ in desk.machines]
        signed = [sign_mail(raw, desk.street.world.signers[person.domain]) for raw in mails]
        pairs = zip(desk.machines, signed, strict=True)
        await asyncio.gather(*(bring(one.port, person.address, raw) for one, raw in pairs))
    return sent


async def test_without_a_turn_two_machines_open_two_cases_for_one_applicant(
    servers: Servers, tmp_path: Path
) -> None:
    async with running(tmp_path, servers, no_turn=True) as journey:
        for one in journey.desk.machines:
            await wait_until_listening(one.port)
        journey.acknowledged = await apply_at_both(journey.desk)
        found = await journey.check()
    assert found.doubled
    assert say(found, "has 2 cases")


async def apply_until_said(journey: Journey, words: str, rounds: int) -> Found:
    """More people apply, in rounds, until the checker says it; no letter is left to do when it looks."""
    for first in range(0, rounds * PEOPLE, PEOPLE):
        story = StoryOnNodes(journey.desk, PEOPLE, first, declines=False)  # type: ignore[arg-type]
        await story.apply()
        journey.acknowledged |= story.acknowledged
        await story.letters_over()
        if say(found := await journey.check(), words):
            break
        journey.found.problems.clear()
    return found


class RefusesApplicants(dict[str, str]):
    """A smarthost that knows the staff only."""

    def __init__(self, kept: Sink) -> None:
        super().__init__()
        self._kept = kept

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
        """As a dictionary's."""
        is_refused = key == "RCPT" and "<shokuin" in self._kept.commands[-1]
        return "550 5.1.1 no such user" if is_refused else default


@pytest.mark.parametrize(("patches", "is_seen"), [({}, False), ({"settle_without_lease": True}, True)])
async def test_outcomes_of_a_letter_are_written_twice_only_without_its_lease(
    servers: Servers, tmp_path: Path, patches: dict[str, object], is_seen: bool
) -> None:
    """Where the answer to each third COMMIT is lost, and what it did is done again."""
    async with running(tmp_path, servers, unclear_commits=3, **patches) as journey:
        journey.desk.sink.answers = RefusesApplicants(journey.desk.sink)
        found = await apply_until_said(journey, TWICE, rounds=10 if is_seen else 1)
    assert is_seen == bool(say(found, TWICE))
    assert (0, 0) == (found.lost, found.doubled)


async def test_a_lease_of_10_ms_lets_letters_leave_again_though_nobody_was_lost(
    servers: Servers, tmp_path: Path
) -> None:
    async with running(tmp_path, servers, hold_for=0.01, lease_letters_for=0.01) as journey:
        for first in range(0, 10 * PEOPLE, PEOPLE):
            await apply(journey, first)
            found = await journey.check()
            if say(found, AGAIN):
                break
    assert say(found, AGAIN)
    assert (0, 0) == (found.lost, found.doubled)


async def test_a_machine_whose_place_is_not_checked_goes_on_beside_its_successor(
    servers: Servers, tmp_path: Path
) -> None:
    async with running(tmp_path, servers, holder_not_checked=True) as journey:
        journey.patience_s = 5 * HOLD_S
        await journey.freeze()
        found = await journey.check()
    assert say(found, "goes on though another machine became active")
