"""Letters out: leases, back-off, giving up, tokens, and what a final failure does to the case."""

import re
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from tenacity import wait_fixed

from gateway.admission.model import Case, Letter, Owed, State
from gateway.admission.token import token_hash
from gateway.dispatch import Delivery, Dispatch, Rendered, Schedule
from gateway.mail.forward_path import Mailboxes, Purpose
from gateway.store.port import LetterRow, LetterState, Transaction
from gateway.store.reading import Reader
from gateway.store.sqlite import SqliteStore
from tests.clock import Clock
from tests.courier import LATER, NEVER, SENT, KeptCourier
from tests.desk import APPLICANT, DESK, NOW, SATO, case

BOXES = Mailboxes("gw.example.go.jp")
SCHEDULE = Schedule(backoff=wait_fixed(60), give_up_after=timedelta(days=5))


class PlainRenderer:
    """Says the letter's name and the reply address; fails for one letter if told to."""

    fails_for: Letter | None = None

    def render(self, letter: Letter, facts: Mapping[str, object], reply_to: str) -> Rendered:
        if letter is self.fails_for:
            raise KeyError("a fact that is missing")
        return Rendered(f"{letter.value} {facts.get('number', '')}", f"reply to {reply_to}\n")


class Bench:
    """A dispatch on a real store with everything else under control."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.courier = KeptCourier()
        self.renderer = PlainRenderer()
        self.clock = Clock()
        entropy = iter(range(1, 10_000))
        self.dispatch = Dispatch(
            store,
            self.renderer,
            self.courier,
            self.courier,
            DESK,
            BOXES,
            from_name="窓口",
            now=self.clock,
            entropy=lambda count: next(entropy).to_bytes(count, "big"),
            schedule=SCHEDULE,
        )

    async def owe(self, letter: Letter = Letter.ACKNOWLEDGMENT, state: State = State.UNDER_REVIEW) -> Case:
        """A case that owes one letter."""

        def work(tx: Transaction) -> Case:
            saved = tx.save(case(state))
            to = SATO if letter is Letter.REVIEW_REQUEST else APPLICANT
            tx.owe(saved, [Owed(letter, to, {"number": saved.number})], self.clock(), None)
            return saved

        return await self.store.transact(work)

    def letters(self) -> list[tuple[str, int]]:
        return [(row["state"], row["attempts"]) for row in Reader(self.store.path).letters()]

    async def state(self, of: Case) -> State:
        found = await self.store.transact(lambda tx: tx.case(of.id))
        assert found is not None
        return found.state


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    store = SqliteStore(tmp_path / "gateway.db", BOXES.domain)
    store.open()
    yield Bench(store)
    store.close()


async def test_a_letter_goes_out_once(bench: Bench) -> None:
    await bench.owe()
    assert [1, 0] == [await bench.dispatch.work_once(), await bench.dispatch.work_once()]
    assert [("sent", 1)] == bench.letters()
    assert 1 == len(bench.courier.letters)


async def test_the_envelope_has_a_bounce_token_and_the_letter_a_reply_token(bench: Bench) -> None:
    await bench.owe(Letter.REVIEW_REQUEST)
    await bench.dispatch.work_once()
    reverse_path, forward_path, raw = bench.courier.letters[0]
    assert SATO == forward_path
    bounce = BOXES.route(reverse_path)
    assert bounce is not None
    assert Purpose.BOUNCE is bounce.purpose
    match = re.search(rb"Reply-To: <?decide\+([0-9a-z]+)@", raw)
    assert match
    held = await bench.store.transact(lambda tx: tx.token(token_hash(match.group(1).decode())))
    assert held is not None
    assert (Purpose.DECIDE, SATO) == (held.purpose, held.addressee)
    assert match.group(1).decode() not in held.own_text


async def test_a_deferred_letter_waits_keeps_its_message_id_and_gets_new_tokens(bench: Bench) -> None:
    bench.courier.answers = [LATER, SENT]
    await bench.owe()
    await bench.dispatch.work_once()
    assert [("deferred", 1)] == bench.letters()
    assert 0 == await bench.dispatch.work_once()
    bench.clock.forward(seconds=60)
    await bench.dispatch.work_once()
    assert [("sent", 2)] == bench.letters()
    ids = {re.search(rb"(?i)message-id: (\S+)", raw).group(1) for _, _, raw in bench.courier.letters}  # type: ignore[union-attr]
    assert 1 == len(ids)
    assert 2 == len({str(reverse_path) for reverse_path, _, _ in bench.courier.letters})


@pytest.mark.parametrize(
    ("answer", "days"), [(NEVER, 0), (LATER, 6)], ids=["refused", "given-up-after-five-days"]
)
async def test_a_letter_that_cannot_be_delivered_stops_the_case(
    bench: Bench, answer: Delivery, days: int
) -> None:
    bench.courier.answers = [answer]
    of = await bench.owe()
    bench.clock.forward(days=days)
    await bench.dispatch.work_once()
    assert "refused" == bench.letters()[0][0]
    assert State.UNDELIVERABLE is await bench.state(of)


async def test_the_invitation_makes_an_approved_case_an_invited_one(bench: Bench) -> None:
    of = await bench.owe(Letter.INVITATION, State.APPROVED)
    await bench.dispatch.work_once()
    assert State.INVITED is await bench.state(of)


async def test_a_deferred_invitation_leaves_the_case_approved(bench: Bench) -> None:
    bench.courier.answers = [LATER]
    of = await bench.owe(Letter.INVITATION, State.APPROVED)
    await bench.dispatch.work_once()
    assert State.APPROVED is await bench.state(of)


async def test_a_letter_that_cannot_be_made_waits_visibly_and_others_go_on(bench: Bench) -> None:
    bench.renderer.fails_for = Letter.ACKNOWLEDGMENT
    of = await bench.owe()
    await bench.store.transact(
        lambda tx: tx.owe(of, [Owed(Letter.INVITATION, APPLICANT, {"number": "x"})], NOW, None)
    )
    await bench.dispatch.work_once()
    assert {("deferred", 1), ("sent", 1)} == set(bench.letters())
    waiting = Reader(bench.store.path).letters(["deferred"])
    assert "KeyError" in waiting[0]["last_reply"]


async def test_a_hand_over_that_was_cut_off_is_done_again_after_the_lease(bench: Bench) -> None:
    await bench.owe()
    lease = bench.clock() + SCHEDULE.lease
    await bench.store.transact(lambda tx: tx.claim(bench.clock(), lease, 1))
    assert 0 == await bench.dispatch.work_once()
    bench.clock.forward(minutes=16)
    assert 1 == await bench.dispatch.work_once()
    assert [("sent", 2)] == bench.letters()


def test_the_wait_between_attempts_grows_and_has_an_end() -> None:
    schedule = Schedule()
    waits = [(schedule.next_attempt(attempt, NOW) - NOW).total_seconds() for attempt in range(1, 30)]
    assert 60 <= waits[0] <= 90
    assert 4 * 3600 <= waits[-1] <= 4 * 3600 + 30
    assert all(later >= earlier - 30 for earlier, later in pairwise(waits))


async def test_settling_a_letter_keeps_what_the_other_side_said(bench: Bench) -> None:
    await bench.owe()

    def work(tx: Transaction) -> LetterRow:
        (row,) = tx.claim(NOW, NOW + SCHEDULE.lease, 1)
        tx.settle(row.id, LetterState.REFUSED, NOW, "550 5.7.1 blocked", NOW)
        return row

    await bench.store.transact(work)
    assert "550 5.7.1 blocked" == Reader(bench.store.path).letters()[0]["last_reply"]
