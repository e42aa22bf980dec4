"""The emergency stop: one word of a member holds what would leave, loses nothing, and is used once."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.admission.authority.brakes import Brake, BrakeChange, PulledBrake, find_end
from gateway.admission.business_days import TOKYO
from gateway.admission.case.model import STAFF_LETTERS, Letter, OutgoingLetter, Role, Staff
from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.decision import parse
from gateway.admission.replies.reading import Decision
from gateway.mail.smtp import smtp_reply
from gateway.store.protocol import LetterState, Transaction
from gateway.store.sqlite.store import SqliteStore
from tests.support.desk_bench import (
    BOXES,
    CODE,
    GOOGLE,
    OPENDKIM,
    OWN_HOST,
    STRANGER,
    DeskBench,
    Reply,
    sign,
)
from tests.support.factories import APPLICANT, DESK, NOW, SATO, SUZUKI, case

MINUTE = timedelta(minutes=1)


async def pulled(bench: DeskBench) -> set[Brake]:
    found = await bench.store.transact(lambda tx: tx.pulled_brakes(bench.now))
    return {one.brake for one in found}


async def say(bench: DeskBench, text: str, token: str, minute: int = 0, **changes: object) -> bytes:
    """A signed reply of SATO's; gives its octets."""
    reply = Reply(text, date=Reply().date + minute * MINUTE, message_id=f"<s{minute}@kyoso.mihon.go.jp>")
    raw = sign(replace(reply, **changes).octets(bench.mailbox(token)), OPENDKIM)  # type: ignore[arg-type]
    assert smtp_reply.ACCEPTED == await bench.send(raw, token)
    return raw


def told(bench: DeskBench, kind: str) -> set[str]:
    """Who has a notice of this kind in the outbox."""
    with sqlite3.connect(bench.store.path) as db:
        found = db.execute(
            "SELECT recipient FROM letters WHERE letter = 'case_notice' AND facts ->> 'kind' = ?", (kind,)
        )
        return {row[0] for row in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("停止", Decision.STOP),
        ("停止。\n", Decision.STOP),
        ("【停止】\n", Decision.STOP),
        ("緊急停止してください。\n", Decision.STOP),
        ("stop\n", Decision.STOP),
        ("STOP.\n", Decision.STOP),
        ("停止\n\n-- \n佐藤\n", Decision.STOP),
        ("再開します。\n", Decision.RESUME),
        ("resume\n", Decision.RESUME),
        ("停止しますか?\n", Decision.NONE),
        ("停止しないでください。\n", Decision.NONE),
        ("停止しました。\n", Decision.NONE),
        ("停止…\n", Decision.NONE),
        ("停止\n承認します。\n", Decision.NONE),
        ("停止\n再開\n", Decision.NONE),
        ("停止\n停止\n", Decision.NONE),
        ("お疲れさまです。\n停止します。\n", Decision.NONE),
        ("アカウントを停止します。\n", Decision.NONE),
        ("> 停止\n", Decision.NONE),
        ("-- \n停止\n", Decision.NONE),
        ("please stop sending me these\n", Decision.NONE),
        ("停止 4F7K", Decision.STOP),
        ("再開 4F7K", Decision.RESUME),
        ("停止 9X2B", Decision.NONE),
        ("停止 4F7K\n\nいや、待ってください。", Decision.NONE),
    ],
)
def test_the_stop_is_the_whole_of_the_own_words(text: str, expected: Decision) -> None:
    assert expected is parse(text, context=ReplyContext(("佐藤",), code=CODE)).decision


@pytest.mark.parametrize(
    "letter", [Letter.REVIEW_REQUEST, Letter.DECISION_RECEIPT, Letter.DIGEST, Letter.CASE_STATUS]
)
async def test_a_member_stops_the_desk_at_any_of_their_tokens(bench: DeskBench, letter: Letter) -> None:
    token = await bench.ask(await bench.open_case(), letter=letter)
    await say(bench, "停止\n", token)
    assert {Brake.STOP} == await pulled(bench)
    assert {str(SATO), str(SUZUKI)} == told(bench, "desk_stopped")
    assert "desk.stop" in bench.journal()
    assert "under_review" == await bench.state()


@pytest.mark.parametrize("role", list(Role))
async def test_everybody_of_the_staff_stops_and_who_decides_goes_on(bench: DeskBench, role: Role) -> None:
    bench.desk = replace(DESK, staff=(Staff(SATO, "佐藤", role), Staff(SUZUKI, "鈴木")))
    token = await bench.ask(await bench.open_case())
    await say(bench, "停止\n", token)
    await say(bench, "再開\n", token, 1)
    assert (set() if role is Role.DECIDE else {Brake.STOP}) == await pulled(bench)
    assert ({str(SATO), str(SUZUKI)} if role is Role.DECIDE else set()) == told(bench, "desk_resumed")
    assert (set() if role is Role.DECIDE else {str(SATO)}) == told(bench, "not_resumed")


@pytest.mark.parametrize("letter", [Letter.REVIEW_REQUEST, Letter.DIGEST])
async def test_what_is_not_bound_is_asked_for_word_and_code(bench: DeskBench, letter: Letter) -> None:
    token = await bench.ask(await bench.open_case(), letter=letter)
    raw = sign(Reply("停止\n").octets(bench.mailbox(token)), GOOGLE)
    await bench.send(raw, token)
    assert set() == await pulled(bench)
    reply = replace(Reply(f"停止 {CODE}\n"), message_id="<r2@kyoso.mihon.go.jp>")
    await bench.send(sign(reply.octets(bench.mailbox(token)), GOOGLE), token, client_ip=STRANGER)
    assert {Brake.STOP} == await pulled(bench)


async def test_a_stranger_with_a_token_stops_nothing(bench: DeskBench) -> None:
    token = await bench.ask(await bench.open_case())
    reply = Reply("停止\n", APPLICANT)
    raw = sign(reply.octets(bench.mailbox(token)), OPENDKIM, APPLICANT.domain)
    await bench.send(raw, token, reverse_path=APPLICANT)
    assert set() == await pulled(bench)
    assert "token.misuse" in bench.journal()


async def test_mail_comes_in_and_is_decided_and_undone_while_the_desk_stands_still(bench: DeskBench) -> None:
    waiting = await bench.open_case()
    token, receipt = await bench.ask(waiting), await bench.ask(waiting, letter=Letter.DECISION_RECEIPT)
    await say(bench, "停止\n", token)
    await say(bench, "承認します。\n", token, 1)
    assert "approved" == await bench.state()
    later = bench.now + timedelta(hours=2)
    left = await bench.store.transact(lambda tx: tx.claim(later, later + MINUTE, 100))
    assert {Letter.CASE_NOTICE, Letter.DECISION_RECEIPT, Letter.DECISION_SUMMARY} == {
        row.letter for row in left
    }
    await say(bench, "取消\n", receipt, 2)
    assert "under_review" == await bench.state()


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-24T15:00", "2026-11-26"),  # Tuesday: all of Wednesday
        ("2026-11-27T18:00", "2026-12-01"),  # Friday: all of Monday
        ("2026-11-28T10:00", "2026-12-01"),  # Saturday
        ("2026-12-28T18:00", "2027-01-05"),  # the office is closed over the new year
    ],
)
def test_a_stop_ends_with_the_next_open_day(now: str, expected: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=TOKYO)
    assert datetime.fromisoformat(expected).replace(tzinfo=TOKYO) == find_end(moment, frozenset())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    word=st.sampled_from(["停止\n", "再開\n", f"停止 {CODE}\n", f"再開 {CODE}\n"]),
    steps=st.lists(
        st.tuples(
            st.sampled_from(["same", "another", "digest"]),
            st.sampled_from([b"", b"X-Any: 1\r\n", b"Received: from a by b\r\n"]),
            st.sampled_from([STRANGER, OWN_HOST]),
        ),
        min_size=1,
        max_size=4,
    ),
    between=st.sampled_from(["", "stop", "resume"]),
)
async def test_no_replay_of_a_stop_changes_anything(
    tmp_path_factory: pytest.TempPathFactory,
    word: str,
    steps: list[tuple[str, bytes, str]],
    between: str,
) -> None:
    store = SqliteStore(tmp_path_factory.mktemp("bench") / "gateway.db", BOXES.domain)
    store.open()
    bench = DeskBench(store)
    waiting = await bench.open_case()
    routes = {
        "same": await bench.ask(waiting),
        "another": await bench.ask(waiting),
        "digest": await bench.ask(waiting, letter=Letter.DIGEST),
    }
    raw = await say(bench, word, routes["same"])
    other = await bench.ask(waiting, SUZUKI)
    if between:
        change = (
            BrakeChange(pulled=PulledBrake(Brake.STOP, str(SUZUKI), NOW, NOW + timedelta(days=2)))
            if between == "stop"
            else BrakeChange(released=frozenset({Brake.STOP}))
        )
        await store.transact(lambda tx: tx.change_brakes(change))
    assert other
    before = await store.transact(lambda tx: tx.pulled_brakes(bench.now))
    for route, header, client_ip in steps:
        await bench.send(header + raw, routes[route], client_ip=client_ip)
        assert before == await store.transact(lambda tx: tx.pulled_brakes(bench.now))
    store.close()


STEPS = st.sampled_from(
    ["queue", "stop", "resume", "pause decisions", "pause invitations", "resume all", "send", "fail", "wait"]
)
KINDS = (Letter.INVITATION, Letter.ACKNOWLEDGMENT, Letter.DECISION_RECEIPT)


class Outbox:
    """An outbox whose clock goes on; `sent` are the letters that left, in their order."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.now, self.queued, self.sent = NOW, 0, list[int]()

    async def step(self, step: str) -> None:
        if step == "queue":
            await self.store.transact(self._queue)
        elif step == "wait":
            self.now += timedelta(hours=20)
        elif step in {"send", "fail"}:
            on = {one.brake for one in await self.store.transact(lambda tx: tx.pulled_brakes(self.now))}
            left = await self.store.transact(lambda tx: self._hand_over(tx, fails=step == "fail"))
            assert left <= (STAFF_LETTERS if Brake.STOP in on else set(Letter))
            assert Brake.INVITATIONS not in on or Letter.INVITATION not in left
        else:
            change = change_of(step, self.now)
            await self.store.transact(lambda tx: tx.change_brakes(change))

    def _queue(self, tx: Transaction) -> None:
        if self.queued < 9:  # below the cap of a day
            tx.enqueue(tx.case(1), [OutgoingLetter(each, APPLICANT, {}) for each in KINDS], self.now, None)
            self.queued += len(KINDS)

    def _hand_over(self, tx: Transaction, *, fails: bool) -> set[Letter]:
        found = tx.claim(self.now, self.now + MINUTE, 100)
        for row in found:
            state = LetterState.DEFERRED if fails else LetterState.SENT
            tx.record_outcome(row.id, state, self.now, "", self.now)
        self.sent += [] if fails else [row.id for row in found]
        return {row.letter for row in found}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=25))
async def test_no_interleaving_loses_or_doubles_a_held_letter(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    store = SqliteStore(tmp_path_factory.mktemp("brakes") / "gateway.db", BOXES.domain)
    store.open()
    await store.transact(lambda tx: tx.save(case()))
    outbox = Outbox(store)
    for step in (*steps, "resume all", "send"):
        await outbox.step(step)
    assert outbox.queued == len(outbox.sent) == len(set(outbox.sent))
    store.close()


def change_of(step: str, now: datetime) -> BrakeChange:
    """What a step does to the brakes."""
    if step.startswith("resume"):
        return BrakeChange(released=frozenset(Brake if step == "resume all" else {Brake.STOP}))
    brake = Brake(step.removeprefix("pause "))
    until = find_end(now, frozenset()) if brake is Brake.STOP else None
    return BrakeChange(pulled=PulledBrake(brake, "somebody", now, until))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("承認します。\n", "under_review"),
        (f"承認 {CODE}\n", "under_review"),
        ("却下: 対象外の団体です。\n", "under_review"),
        ("保留\n", "under_review"),
    ],
)
async def test_a_pause_of_decisions_carries_out_no_word(bench: DeskBench, said: str, expected: str) -> None:
    token = await bench.ask(await bench.open_case())
    paused = BrakeChange(pulled=PulledBrake(Brake.DECISIONS, "operator:root", NOW))
    await bench.store.transact(lambda tx: tx.change_brakes(paused))
    raw = await say(bench, said, token)
    assert expected == await bench.state()
    await bench.store.transact(lambda tx: tx.change_brakes(BrakeChange(released=frozenset(Brake))))
    await bench.send(b"X-Any: 1\r\n" + raw, token)
    assert expected == await bench.state()
    await say(bench, "承認します。\n", token, 1)
    assert "approved" == await bench.state()


async def test_an_undo_goes_on_while_decisions_are_paused(bench: DeskBench) -> None:
    waiting = await bench.open_case()
    token, receipt = await bench.ask(waiting), await bench.ask(waiting, letter=Letter.DECISION_RECEIPT)
    await say(bench, "承認します。\n", token)
    paused = BrakeChange(pulled=PulledBrake(Brake.DECISIONS, "operator:root", NOW))
    await bench.store.transact(lambda tx: tx.change_brakes(paused))
    await say(bench, "取消\n", receipt, 1)
    assert "under_review" == await bench.state()


async def test_a_member_ends_no_pause_of_an_operator(bench: DeskBench) -> None:
    token = await bench.ask(await bench.open_case())
    for brake in (Brake.DECISIONS, Brake.INVITATIONS):
        change = BrakeChange(pulled=PulledBrake(brake, "operator:root", NOW))
        await bench.store.transact(lambda tx, change=change: tx.change_brakes(change))
    await say(bench, "停止\n", token)
    await say(bench, "再開\n", token, 1)
    assert {Brake.DECISIONS, Brake.INVITATIONS} == await pulled(bench)
