"""Letters that cannot be made, hand-overs cut off, keys that are missing: nothing is lost or sent twice."""

import asyncio
import contextlib
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.admission.case.model import Letter, OutgoingLetter, State
from gateway.mail import address
from gateway.store.protocol import LetterState, StoreUnavailableError, Transaction
from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from tests.support.couriers import LATER
from tests.support.factories import APPLICANT, NOW
from tests.support.outbox_bench import BOXES, SCHEDULE, Bench, Keys
from tests.support.paths import ROOT


def journal(bench: Bench) -> list[str]:
    with contextlib.closing(sqlite3.connect(bench.store.path)) as connection:
        return [event for (event,) in connection.execute("SELECT event FROM journal ORDER BY id")]


async def test_a_letter_that_cannot_be_made_waits_visibly_and_others_go_on(bench: Bench) -> None:
    bench.renderer.fails_for = Letter.ACKNOWLEDGMENT
    of = await bench.enqueue()
    await bench.store.transact(
        lambda tx: tx.enqueue(of, [OutgoingLetter(Letter.INVITATION, APPLICANT, {"number": "x"})], NOW, None)
    )
    await bench.dispatch.work_once()
    assert {("deferred", 1), ("sent", 1)} == set(bench.letters())
    waiting = Reader(SqliteSource(bench.store.path)).letters(["deferred"])
    assert "KeyError" in waiting[0]["last_reply"]


async def test_a_hand_over_that_was_cut_off_is_done_again_after_the_lease(bench: Bench) -> None:
    await bench.enqueue()
    lease = bench.clock() + SCHEDULE.lease
    await bench.store.transact(lambda tx: tx.claim(bench.clock(), lease, 1))
    assert 0 == await bench.dispatch.work_once()
    bench.clock.forward(minutes=16)
    assert 1 == await bench.dispatch.work_once()
    assert [("sent", 2)] == bench.letters()


async def test_d10_a_letter_on_its_way_is_not_taken_up_again_when_the_clock_jumps_a_day(bench: Bench) -> None:
    bench.courier.hang_first = True
    await bench.enqueue()
    await bench.dispatch._run_cycle()
    await asyncio.sleep(0)  # it is with the courier now
    bench.clock.forward(days=1)
    await bench.dispatch._run_cycle()
    bench.courier.go_on.set()
    await bench.dispatch._finish()
    assert 1 == len(bench.courier.letters)
    assert ["sent"] == [state for state, _ in bench.letters()]


async def test_d11_an_answer_that_cannot_be_kept_now_is_kept_later_and_nothing_is_sent_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("a letter that cannot be settled")

    def unavailable(*_: object, **__: object) -> None:
        raise StoreUnavailableError("database or disk is full")

    await bench.enqueue()
    await bench.enqueue()
    with monkeypatch.context() as patch:
        patch.setattr(bench.dispatch._outcomes, "record_outcome", broken)
        patch.setattr(bench.dispatch._outcomes, "hold", unavailable)
        await bench.dispatch.work_once()
    assert [("queued", 1), ("queued", 1)] == bench.letters()
    await bench.dispatch.work_once()
    assert [("sent", 1), ("sent", 1)] == bench.letters()
    assert 2 == len(bench.courier.letters)


async def test_d11_an_outcome_whose_commit_nobody_heard_of_counts_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk, or another server, may have committed what was answered by an error."""
    of = await bench.enqueue(Letter.INVITATION, State.APPROVED)
    transact, lines = bench.store.transact, []

    async def commit_and_fall_silent(work: Callable[[Transaction], object]) -> object:
        await transact(work)
        raise StoreUnavailableError("the connection was lost behind COMMIT")

    await bench.dispatch._run_cycle()
    await asyncio.gather(*bench.dispatch._in_hand.values())
    with monkeypatch.context() as patch:
        patch.setattr(bench.store, "transact", commit_and_fall_silent)
        with pytest.raises(StoreUnavailableError):
            await bench.dispatch._run_cycle(claiming=False)
    lines.append(journal(bench))
    await bench.dispatch.work_once()
    lines.append(journal(bench))
    assert lines[0] == lines[1]
    assert 1 == lines[0].count("invitation.handed")
    assert State.INVITED is await bench.state(of)
    assert 1 == len(bench.courier.letters)


async def test_letters_of_a_claim_that_nobody_heard_of_do_not_wait_for_the_lease_to_end(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as the one that a lost server has committed, and its standby knows of."""
    await bench.enqueue()
    transact = bench.store.transact

    async def commit_and_fall_silent(work: Callable[[Transaction], object]) -> object:
        await transact(work)
        raise StoreUnavailableError("the connection was lost behind COMMIT")

    with monkeypatch.context() as patch:
        patch.setattr(bench.store, "transact", commit_and_fall_silent)
        with pytest.raises(StoreUnavailableError):
            await bench.dispatch._run_cycle()
    assert [] == bench.courier.letters
    assert 1 == await bench.dispatch.work_once()
    assert [("sent", 2)] == bench.letters()
    assert 1 == len(bench.courier.letters)


async def test_an_outcome_that_comes_when_the_letter_is_anothers_changes_nothing(bench: Bench) -> None:
    bench.courier.hang_first = True
    of = await bench.enqueue()
    await bench.dispatch._run_cycle()
    await asyncio.sleep(0)
    late = bench.clock() + SCHEDULE.lease
    await bench.store.transact(lambda tx: tx.claim(late, late + SCHEDULE.lease, 1))
    before = journal(bench)
    bench.courier.go_on.set()
    await bench.dispatch._finish()
    assert [("queued", 2)] == bench.letters()
    assert before == journal(bench)
    assert State.UNDER_REVIEW is await bench.state(of)


async def test_d12_a_poison_letter_is_put_on_hold_after_three_tries_and_others_go_on(bench: Bench) -> None:
    bench.renderer.fails_for = Letter.ACKNOWLEDGMENT
    of = await bench.enqueue()
    for _ in range(4):
        await bench.dispatch.work_once()
        bench.clock.forward(days=1)
    assert [("held", 3)] == bench.letters()
    (held,) = Reader(SqliteSource(bench.store.path)).letters(["held"])
    assert "KeyError" in held["last_reply"]
    assert State.UNDER_REVIEW is await bench.state(of)
    bench.renderer.fails_for = None
    await bench.store.transact(
        lambda tx: tx.enqueue(
            of, [OutgoingLetter(Letter.ACKNOWLEDGMENT, APPLICANT, {"number": "x"})], bench.clock(), None
        )
    )
    assert 1 == await bench.dispatch.work_once()
    assert [("held", 3), ("sent", 1)] == bench.letters()


def test_d12_a_letter_that_ends_the_process_each_time_is_put_on_hold_and_others_go_on(tmp_path: Path) -> None:
    database = tmp_path / "gateway.db"
    asyncio.run(enqueue_three(database))
    endings = []
    while len(endings) < 6 and (not endings or endings[-1]):
        ended = subprocess.run(
            [sys.executable, "-m", "tests.support.crashing_worker", str(database), "poison@town.mihon.lg.jp"],
            cwd=ROOT,
            check=False,
            timeout=30,
        )
        endings.append(ended.returncode)
    assert [9, 9, 9, 0] == endings
    found = {row["recipient"]: row for row in Reader(SqliteSource(database)).letters()}
    assert ["held", 3] == [found["poison@town.mihon.lg.jp"][name] for name in ("state", "attempts")]
    assert "exited 3 times" in found["poison@town.mihon.lg.jp"]["last_reply"]
    others = [row["state"] for row in found.values() if row["recipient"] != "poison@town.mihon.lg.jp"]
    assert ["sent", "sent"] == others


async def enqueue_three(database: Path) -> None:
    store = SqliteStore(database, BOXES.domain)
    store.open()
    for name in ("first", "poison", "last"):
        to = address.parse(f"{name}@town.mihon.lg.jp")
        await store.transact(
            lambda tx, to=to: tx.enqueue(None, [OutgoingLetter(Letter.HOW_TO_APPLY, to, {})], NOW, None)
        )  # type: ignore[misc]
    store.close()


async def test_a_letter_at_its_last_try_goes_alone(bench: Bench) -> None:
    for _ in range(3):
        await bench.enqueue()

    def suspect_the_second(tx: Transaction) -> None:
        for _ in range(2):
            tx.record_outcome(2, LetterState.DEFERRED, NOW, "", NOW, failed=True)

    await bench.store.transact(suspect_the_second)
    assert [1, 1, 1] == [await bench.dispatch.work_once() for _ in range(3)]
    assert {"sent"} == {state for state, _ in bench.letters()}


async def test_a_letter_that_is_cut_off_by_a_stop_is_deferred_and_not_suspected(bench: Bench) -> None:
    bench.courier.hang_first = True
    await bench.enqueue()
    running = asyncio.create_task(bench.dispatch.run())
    for _ in range(500):
        if bench.courier.letters:
            break
        await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert [("deferred", 1)] == bench.letters()
    (found,) = Reader(SqliteSource(bench.store.path)).letters()
    assert "stopped" in found["last_reply"]
    bench.store.close()
    bench.store.open()
    (row,) = await bench.store.transact(lambda tx: tx.claim(NOW + timedelta(hours=1), NOW, 1))
    assert 0 == row.failures


async def test_a_delivery_between_two_failures_begins_the_count_anew(bench: Bench) -> None:
    bench.courier.answers = [LATER]
    await bench.enqueue()
    for fails in (True, True, False, True, True):
        bench.renderer.fails_for = Letter.ACKNOWLEDGMENT if fails else None
        await bench.dispatch.work_once()
        bench.clock.forward(minutes=2)
    assert [("deferred", 5)] == bench.letters()


async def test_a_letter_that_cannot_be_made_is_not_given_up_as_undeliverable(bench: Bench) -> None:
    bench.renderer.fails_for = Letter.ACKNOWLEDGMENT
    of = await bench.enqueue()
    bench.clock.forward(days=9)
    await bench.dispatch.work_once()
    assert "deferred" == bench.letters()[0][0]
    assert State.UNDER_REVIEW is await bench.state(of)


async def test_o14_without_its_key_nothing_leaves_and_each_letter_says_why(bench: Bench) -> None:
    await bench.enqueue()
    bench.sign_with(Keys("the DKIM key of selector s1 cannot be used"))
    assert 0 == await bench.dispatch.work_once()
    assert [("queued", 0)] == bench.letters()
    assert "selector s1" in Reader(SqliteSource(bench.store.path)).letters()[0]["last_reply"]
    assert [] == bench.courier.letters
    bench.sign_with(Keys(""))
    assert 1 == await bench.dispatch.work_once()
    assert bench.courier.letters[0][2].startswith(b"DKIM-Signature: signed\r\n")
