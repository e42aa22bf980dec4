"""Letters out: leases, back-off, giving up, tokens, and what a final failure does to the case."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from gateway.admission.authority.tokens import token_hash
from gateway.admission.case.model import Letter, OutgoingLetter, State
from gateway.mail import address
from gateway.mail.address import Address
from gateway.mail.smtp.mailboxes import Purpose
from gateway.outbound.protocols import Delivery, Outcome
from gateway.outbound.retry import Schedule, build_backoff
from gateway.store.protocol import LetterRow, LetterState, Transaction
from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource
from tests.support.couriers import LATER, NEVER, SENT
from tests.support.factories import APPLICANT, DESK, NOW, SATO
from tests.support.outbox_bench import BOXES, SCHEDULE, Bench, dispatch_on


async def test_a_letter_goes_out_once(bench: Bench) -> None:
    await bench.enqueue()
    assert [1, 0] == [await bench.dispatch.work_once(), await bench.dispatch.work_once()]
    assert [("sent", 1)] == bench.letters()
    assert 1 == len(bench.courier.letters)


async def test_the_envelope_has_a_bounce_token_and_the_letter_a_reply_token(bench: Bench) -> None:
    await bench.enqueue(Letter.REVIEW_REQUEST)
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
    await bench.enqueue()
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
    of = await bench.enqueue()
    bench.clock.forward(days=days)
    await bench.dispatch.work_once()
    assert "refused" == bench.letters()[0][0]
    assert State.UNDELIVERABLE is await bench.state(of)


async def test_the_invitation_makes_an_approved_case_an_invited_one(bench: Bench) -> None:
    of = await bench.enqueue(Letter.INVITATION, State.APPROVED)
    await bench.dispatch.work_once()
    assert State.INVITED is await bench.state(of)


async def test_who_is_in_the_community_already_has_joined(bench: Bench) -> None:
    bench.courier.answers = [replace(SENT, joined=True)]
    of = await bench.enqueue(Letter.INVITATION, State.APPROVED)
    await bench.dispatch.work_once()
    assert State.JOINED is await bench.state(of)


async def test_what_is_handed_over_is_written_as_the_sender_wants_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        bench.courier, "prepare_letter", lambda row: replace(row, letter=Letter.HANDOFF, to=SATO)
    )
    of = await bench.enqueue(Letter.INVITATION, State.APPROVED)
    await bench.dispatch.work_once()
    _, forward_path, raw = bench.courier.letters[0]
    assert APPLICANT == forward_path
    assert f"To: <{SATO}>".encode() in raw
    found = Reader(SqliteSource(bench.store.path)).letter(1)
    assert found is not None
    assert found["subject"].startswith("handoff")
    assert State.INVITED is await bench.state(of)


async def test_a_deferred_invitation_leaves_the_case_approved(bench: Bench) -> None:
    bench.courier.answers = [LATER]
    of = await bench.enqueue(Letter.INVITATION, State.APPROVED)
    await bench.dispatch.work_once()
    assert State.APPROVED is await bench.state(of)


async def test_the_staff_are_told_once_that_no_invitation_leaves_and_it_leaves_once_mended(
    bench: Bench,
) -> None:
    barred = Delivery(Outcome.DEFERRED, "slack: token_revoked", auth_failed=True)
    bench.courier.answers = [barred]
    cases = [await bench.enqueue(Letter.INVITATION, State.APPROVED) for _ in range(2)]
    told = []
    for _ in range(40):  # more than five days: it is our trouble, so nobody becomes undeliverable
        await bench.dispatch.work_once()
        told.append(bench.notices())
        bench.clock.forward(hours=4)
    assert {len(DESK.staff)} == set(told)
    assert {State.APPROVED} == {await bench.state(of) for of in cases}
    bench.courier.answers = [SENT]
    await bench.dispatch.work_once()
    assert {State.INVITED} == {await bench.state(of) for of in cases}
    bench.courier.answers = [barred]
    await bench.enqueue(Letter.INVITATION, State.APPROVED)
    bench.clock.forward(hours=1)
    await bench.dispatch.work_once()
    assert 2 * len(DESK.staff) == bench.notices()


async def test_l21_a_greylisting_server_is_asked_again_over_hours_until_it_takes_the_letter(
    bench: Bench,
) -> None:
    """RFC 6647 section 4: servers that greylist want minutes between two attempts."""
    bench.dispatch = dispatch_on(bench.store, bench.courier, bench.clock, schedule=Schedule())
    bench.courier.answers = [Delivery(Outcome.DEFERRED, "450 4.7.1 greylisted, come back later")]
    await bench.enqueue()
    asked = []
    for minute in range(10 * 60):
        if minute == 6 * 60:
            bench.courier.answers = [SENT]
        if await bench.dispatch.work_once():
            asked.append(minute)
        bench.clock.forward(minutes=1)
    assert all(later - earlier >= 5 for earlier, later in pairwise(asked))
    assert 5 <= len(asked) <= 10
    assert [("sent", len(asked))] == bench.letters()


async def test_l21_five_days_of_greylisting_end_with_the_staff(bench: Bench) -> None:
    bench.dispatch = dispatch_on(bench.store, bench.courier, bench.clock, schedule=Schedule())
    bench.courier.answers = [Delivery(Outcome.DEFERRED, "450 4.7.1 greylisted")]
    of = await bench.enqueue()
    for _ in range(6 * 24):
        assert State.UNDER_REVIEW is await bench.state(of)
        await bench.dispatch.work_once()
        if "refused" == bench.letters()[0][0]:
            break
        bench.clock.forward(hours=1)
    assert State.UNDELIVERABLE is await bench.state(of)
    assert timedelta(days=5) < bench.clock() - NOW < timedelta(days=5, hours=6)


async def test_ten_thousand_queued_letters_leave_at_start_and_few_are_in_hand_at_a_time(bench: Bench) -> None:
    """Memory follows the slots and not the outbox: no more letters than slots are ever held."""
    count, most = 10_000, 0
    to = [address.parse(f"u{n}@town{n % 40}.mihon.lg.jp") for n in range(count)]
    outgoing = [OutgoingLetter(Letter.TRANSCRIPT, each, {}) for each in to]
    await bench.store.transact(lambda tx: tx.enqueue(None, outgoing, NOW, None))
    got = set()

    async def deliver(reverse_path: Address, forward_path: Address, raw: bytes) -> Delivery:
        nonlocal most
        most = max(most, len(bench.dispatch._in_hand) + len(bench.dispatch._done))
        got.add(forward_path)
        if len(got) == count:
            bench.dispatch.stop()
        return SENT

    bench.courier.deliver = deliver  # type: ignore[method-assign]
    await asyncio.wait_for(bench.dispatch.run(), 60)
    assert set(to) == got
    assert most <= 2 * SCHEDULE.slots
    assert {"sent"} == {
        row["state"] for row in Reader(SqliteSource(bench.store.path)).letters(limit=count + 1)
    }


async def test_letters_are_taken_up_as_slots_become_free(bench: Bench) -> None:
    """A hanging delivery holds one slot; the others go on to the end of the outbox."""
    for _ in range(6):
        await bench.enqueue()
    bench.courier.hang_first = True
    bench.dispatch._schedule = replace(SCHEDULE, slots=2)
    running = asyncio.create_task(bench.dispatch.run())
    for _ in range(200):
        if [state for state, _ in bench.letters()].count("sent") == 5:
            break
        await asyncio.sleep(0.01)
    assert 5 == [state for state, _ in bench.letters()].count("sent")
    bench.courier.go_on.set()
    bench.dispatch.stop()
    await running
    assert {("sent", 1)} == set(bench.letters())


async def test_one_domain_holds_only_its_share_of_the_slots(bench: Bench) -> None:
    for _ in range(5):
        await bench.enqueue()
    await bench.enqueue(Letter.REVIEW_REQUEST)
    claimed = await bench.store.transact(
        lambda tx: tx.claim(NOW, NOW + SCHEDULE.lease, 10, {APPLICANT.domain: 1}, 3)
    )
    assert [APPLICANT.domain, APPLICANT.domain, SATO.domain] == [row.to.domain for row in claimed]
    full = await bench.store.transact(
        lambda tx: tx.claim(NOW, NOW + SCHEDULE.lease, 10, {APPLICANT.domain: 3}, 3)
    )
    assert () == full


async def test_a_time_that_the_other_side_named_is_waited_for(bench: Bench) -> None:
    later = NOW + timedelta(hours=7)
    bench.courier.answers = [replace(LATER, retry_at=later)]
    await bench.enqueue()
    await bench.dispatch.work_once()
    assert later == await bench.store.transact(lambda tx: tx.next_due())


def test_the_wait_between_attempts_grows_and_has_an_end() -> None:
    schedule = Schedule()
    waits = [(schedule.next_attempt(attempt, NOW) - NOW).total_seconds() for attempt in range(1, 30)]
    # A server that greylists is not asked again within five minutes.
    assert 300 <= waits[0] <= 330
    assert 4 * 3600 <= waits[-1] <= 4 * 3600 + 30
    assert all(later >= earlier - 30 for earlier, later in pairwise(waits))


def test_the_waits_are_those_of_the_settings_and_the_last_one_repeats() -> None:
    schedule = Schedule(backoff=build_backoff([1, 5, 15]))
    waits = [(schedule.next_attempt(attempt, NOW) - NOW).total_seconds() // 60 for attempt in range(1, 6)]
    assert [1, 5, 15, 15, 15] == waits


async def test_settling_a_letter_keeps_what_the_other_side_said(bench: Bench) -> None:
    await bench.enqueue()

    def work(tx: Transaction) -> LetterRow:
        (row,) = tx.claim(NOW, NOW + SCHEDULE.lease, 1)
        tx.record_outcome(row.id, LetterState.REFUSED, NOW, "550 5.7.1 blocked", NOW)
        return row

    await bench.store.transact(work)
    assert "550 5.7.1 blocked" == Reader(SqliteSource(bench.store.path)).letters()[0]["last_reply"]
