"""Floods, brakes, revocations, restores in any order: nobody acts twice, unseen, or once stopped."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.admission.authority.brakes import Brake, BrakeChange, PulledBrake
from gateway.admission.case import letters
from gateway.admission.case.model import Case, Letter
from gateway.mail.address import Address
from gateway.mail.smtp import smtp_reply
from gateway.printing.statement import Statement
from gateway.store.commands import cases as case_commands
from gateway.store.commands import staff as staff_commands
from gateway.store.commands.requests import Request
from gateway.store.copying import restore
from gateway.store.queries.reader import Reader
from gateway.store.sqlite import backup
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from tests.support.desk_bench import (
    BOXES,
    CODE,
    GOOGLE,
    MICROSOFT,
    OPENDKIM,
    OWN_HOST,
    STRANGER,
    DeskBench,
    Reply,
    sign,
)
from tests.support.factories import DESK, NOW, SATO, SUZUKI, background, case

CLEAR = replace(background(), register_name="見本町")
SPELLINGS = [SATO, Address("SATO", SATO.domain), Address("Sato", SATO.domain), Address("sAtO", SATO.domain)]
MEMBERS = {"sato": SATO, "suzuki": SUZUKI}
KEY_NAME = "s1._domainkey.kyoso.mihon.go.jp"


@dataclass
class Office:
    """Members who write signed mails, one a second, and operators; `bench.now` goes on with them."""

    bench: DeskBench
    written: int = 0
    mails: list[tuple[bytes, str, Address]] = field(default_factory=list)

    async def say(self, text: str, token: str, by: Address = SATO, names: Iterable[str] = OPENDKIM) -> bytes:
        """A mail that is taken; gives its octets."""
        self.written += 1
        at = Reply().date + timedelta(seconds=self.written)
        reply = Reply(text, by, date=at, message_id=f"<e{self.written}@kyoso.mihon.go.jp>")
        raw = sign(reply.octets(self.bench.mailbox(token)), names)
        self.mails.append((raw, token, by))
        assert smtp_reply.ACCEPTED == await self.bench.send(raw, token, reverse_path=by)
        return raw

    async def operate(self, name: str, **arguments: object) -> None:
        """A command of an operator; one that is refused changes nothing."""
        desk = self.bench.desk
        handlers = {**case_commands.build_handlers(desk), **staff_commands.build_handlers(desk)}
        request = Request("1", name, "operator:root", arguments, self.bench.now)
        await self.bench.store.transact(lambda tx: handlers[name](tx, request, self.bench.now))

    async def revoked(self) -> frozenset[str]:
        return await self.bench.store.transact(lambda tx: tx.revoked_staff())


def lines(bench: DeskBench, *events: str) -> list[tuple[str, str, str]]:
    """(event, actor, case's number or else the detail) of the journal, in order."""
    with sqlite3.connect(bench.store.path) as db:
        marks = ",".join("?" * len(events))
        sql = f"""
            SELECT j.event, j.actor, coalesce(c.number, j.detail) FROM journal j
            LEFT JOIN cases c ON c.id = j.case_id WHERE j.event IN ({marks}) ORDER BY j.id
        """  # noqa: S608 - question marks
        return db.execute(sql, events).fetchall()


def told(bench: DeskBench, kind: str) -> list[str]:
    """Who has a notice of this kind, once for each."""
    with sqlite3.connect(bench.store.path) as db:
        sql = "SELECT recipient FROM letters WHERE letter = 'case_notice' AND facts ->> 'kind' = ?"
        return sorted(row[0] for row in db.execute(sql, (kind,)))


async def flood(bench: DeskBench, first: int, count: int) -> None:
    """Alarms that strangers cause: each by a case, and a mailbox that does not exist, of its own."""

    def work(tx) -> None:  # type: ignore[no-untyped-def] # the transaction of the bench's store
        for at in range(first, first + count):
            about = case(number=f"X{at:03}-FL")
            stored = tx.case_by_number(about.number) or tx.save(about)
            alarm = letters.notices(stored, DESK, "undelivered", about="acknowledgment", cause="550")
            tx.enqueue(stored, alarm, bench.now, None, DESK.caps)

    await bench.store.transact(work)


ACTS = st.sampled_from(["flood", "stop", "resume", "approve", "undo"])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTS, min_size=1, max_size=8))
async def test_no_flood_hides_what_a_member_does(
    tmp_path_factory: pytest.TempPathFactory, acts: list[str]
) -> None:
    """Strangers use up the alarms of the day first: all of the office still hear of each act."""
    store = SqliteStore(tmp_path_factory.mktemp("flood") / "gateway.db", BOXES.domain)
    store.open()
    bench = DeskBench(store)
    office = Office(bench)
    flagged = replace(background(), flags=(Statement("applied_before"),))
    about = await bench.open_case(background=flagged)
    await flood(bench, 0, DESK.caps.alarms + 1)
    words = {"stop": "停止\n", "resume": "再開\n", "approve": "承認します。\n", "undo": "取消\n"}
    for at, act in enumerate(acts):
        if act == "flood":
            await flood(bench, 100 * (at + 1), 10)
        else:
            await office.say(words[act], await bench.ask(about))
    everybody = [str(SATO), str(SUZUKI)]
    for kind, events in {
        "desk_stopped": ["desk.stop"],
        "desk_resumed": ["desk.resume"],
        "decision_watched": ["decision.approve", "decision.undo"],
    }.items():
        assert sorted(everybody * len(lines(bench, *events))) == told(bench, kind), kind
    store.close()


async def approve_each(office: Office, numbers: Iterable[str], spellings: list[Address]) -> list[str]:
    for at, number in enumerate(numbers):
        token = await office.bench.ask(await office.bench.open_case(number))
        await office.say("承認します。\n", token, spellings[at % len(spellings)])
    return [await office.bench.state(number) for number in numbers]


@pytest.mark.parametrize("spellings", [[SATO], SPELLINGS])
async def test_the_bound_of_an_hour_counts_a_member_however_the_address_is_written(
    bench: DeskBench, spellings: list[Address]
) -> None:
    bench.desk = replace(DESK, approvals_per_hour=2)
    numbers = [f"AAAA-{at}A" for at in range(5)]
    states = await approve_each(Office(bench), numbers, spellings)
    assert ["approved"] * 2 + ["under_review"] * 3 == states
    actors = {actor for _, actor, _ in lines(bench, "decision.approve", "decision.first_approval")}
    assert {str(SATO)} == actors
    reader = Reader(SqliteSource(bench.store.path))
    assert set(numbers) == {row["number"] for row in reader.cases_decided_by("Sato@kyoso.mihon.go.jp")}
    reader.close()


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_nobody_is_the_second_to_approve_beside_themselves(bench: DeskBench, spelling: Address) -> None:
    bench.desk = replace(DESK, approvals_per_hour=0)
    office, about = Office(bench), await bench.open_case()
    token = await bench.ask(about)
    await office.say("承認します。\n", token)
    await office.say(f"承認 {CODE}\n", token, spelling)
    assert "under_review" == await bench.state()
    await office.say("承認します。\n", await bench.ask(about, SUZUKI), SUZUKI)
    assert "approved" == await bench.state()


@pytest.mark.parametrize("before", range(4))
async def test_a_button_for_many_counts_each_of_them(bench: DeskBench, before: int) -> None:
    bench.desk = replace(DESK, approvals_per_hour=3)
    office = Office(bench)
    await approve_each(office, [f"AAAA-{at}A" for at in range(before)], SPELLINGS)
    many = [await bench.open_case(f"BBBB-{at}B", background=CLEAR) for at in range(5)]
    token = await bench.ask_digest(many)
    raw = await office.say(f"注意のない5件を承認 {CODE}\n", token, SPELLINGS[before])
    states = [await bench.state(one.number) for one in many]
    assert 3 - before == states.count("approved")
    assert 2 + before == states.count("under_review")
    for header in (b"", b"X-Any: 1\r\n"):
        await bench.send(header + raw, token, reverse_path=SATO)
    assert states == [await bench.state(one.number) for one in many]
    waiting = [one for one in many if await bench.state(one.number) == "under_review"]
    again = await bench.ask_digest(many, code="8Y8Y")
    await office.say("".join(f"{one.number} 承認 8Y8Y\n" for one in waiting), again)
    assert states == [await bench.state(one.number) for one in many], "the same member is no second one"


TROUBLED = {
    "Microsoft 365": (MICROSOFT, b"Cc: <new@kyoso.mihon.go.jp>\r\n"),
    "Google": (GOOGLE, b"X-Any: 1\r\n"),
    "OpenDKIM": (OPENDKIM, b"X-Any: 1\r\n"),
}


@pytest.mark.parametrize(("names", "header"), TROUBLED.values(), ids=list(TROUBLED))
@pytest.mark.parametrize("word", ["再開", "停止"])
@pytest.mark.parametrize("key", [f"{KEY_NAME} TEMPFAIL", "", f"{KEY_NAME} TXT v=DKIM1; p="])
@pytest.mark.parametrize("client_ip", [STRANGER, OWN_HOST])
async def test_a_copy_of_a_mail_whose_key_was_not_to_be_had_acts_no_second_time(
    bench: DeskBench, names: list[str], header: bytes, word: str, key: str, client_ip: str
) -> None:
    """The first time only the host proved it, since DNS gave no key. Whoever has a copy sends it when DNS
    does, with another mailbox of ours in To, which Microsoft 365 does not sign."""
    office, about = Office(bench), await bench.open_case()
    token, other = await bench.ask(about), await bench.ask(about)
    if word == "再開":
        await office.say("停止\n", await bench.ask(about))
    whole = bench.zone
    bench.zone = "\n".join(key if line.startswith(KEY_NAME) else line for line in whole.splitlines())
    at = Reply().date + timedelta(seconds=90)
    reply = Reply(f"{word} {CODE}\n", date=at, message_id="<trouble@kyoso.mihon.go.jp>")
    raw = sign(reply.octets(bench.mailbox(token)), names)
    assert smtp_reply.ACCEPTED == await bench.send(raw, token, client_ip=OWN_HOST)
    changed = BrakeChange(pulled=PulledBrake(Brake.STOP, str(SUZUKI), NOW, NOW + timedelta(days=2)))
    if word == "停止":
        changed = BrakeChange(released=frozenset({Brake.STOP}))
    assert [f"desk.{'stop' if word == '停止' else 'resume'}"] == [
        lines(bench, "desk.stop", "desk.resume")[-1][0]
    ]
    await bench.store.transact(lambda tx: tx.change_brakes(changed))
    bench.zone = whole
    before = await bench.store.transact(lambda tx: tx.pulled_brakes(bench.now))
    swapped = raw.replace(token.encode(), other.encode()) if "to" not in names else raw
    for copied in (header + raw, header + swapped, swapped):
        for route in (token, other):
            await bench.send(copied, route, client_ip=client_ip)
            assert before == await bench.store.transact(lambda tx: tx.pulled_brakes(bench.now))


STEPS = st.tuples(
    st.sampled_from(["approve", "approve", "undo", "stop", "resume", "pause", "release", "revoke", "restore",
                     "undo many", "replay"]),
    st.sampled_from(["sato", "suzuki"]),
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=2, max_size=12))
async def test_in_no_order_of_emergencies_is_anything_approved_by_one_or_by_a_revoked_mailbox(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str]]
) -> None:
    store = SqliteStore(tmp_path_factory.mktemp("orders") / "gateway.db", BOXES.domain)
    store.open()
    bench = DeskBench(store, desk=replace(DESK, approvals_per_hour=0))  # each approval waits for a second
    office, about = Office(bench), await bench.open_case()
    for step, who in steps:
        said = len(lines(bench, "decision.approve", "decision.first_approval"))
        off, paused = await office.revoked(), await has_brake(bench, Brake.DECISIONS)
        await take(office, about, step, MEMBERS[who])
        new = lines(bench, "decision.approve", "decision.first_approval")[said:]
        assert not new or step == "approve", "only a new mail says anything"
        assert not any(paused or actor.lower() in off for _, actor, _ in new)
    check_pairs(bench)
    store.close()


async def has_brake(bench: DeskBench, brake: Brake) -> bool:
    return brake in {one.brake for one in await bench.store.transact(lambda tx: tx.pulled_brakes(bench.now))}


async def take(office: Office, about: Case, step: str, member: Address) -> None:
    """One step of a story; what is refused is no step."""
    bench = office.bench
    words = {"approve": "承認します。\n", "undo": "取消\n", "stop": "停止\n", "resume": "再開\n"}
    if step in words and member.key not in await office.revoked():
        await office.say(words[step], await bench.ask(about, member), member)
    elif step == "replay":
        for raw, token, by in office.mails:
            await bench.send(b"X-Any: 1\r\n" + raw, token, reverse_path=by)
    elif step in {"pause", "release"}:
        pulled = PulledBrake(Brake.DECISIONS, "operator:root", bench.now)
        change = BrakeChange(pulled=pulled) if step == "pause" else BrakeChange(released=frozenset(Brake))
        await bench.store.transact(lambda tx: tx.change_brakes(change))
    elif step in {"revoke", "restore"}:
        if (member.key in await office.revoked()) == (step == "restore"):
            await office.operate(f"staff.{step}", address=str(member))
    elif step == "undo many" and (await bench.state() == "approved"):
        await office.operate("case.undo", numbers=["K7QM-4T", "k7qm-4t", "9X2B-1C"])
        assert "under_review" == await bench.state()


def check_pairs(bench: DeskBench) -> None:
    """Each approval has a first one before it: of somebody else, not taken back, its mailbox not revoked."""
    first = ""
    events = ("decision.first_approval", "decision.approve", "decision.undo", "staff.revoked")
    for event, actor, detail in lines(bench, *events):
        if event == "staff.revoked":
            first = "" if first and first in detail else first
        elif event == "decision.first_approval":
            first = actor
        elif event == "decision.approve":
            assert first not in {"", actor}
            first = ""
        elif event == "decision.undo":
            first = ""


@pytest.mark.parametrize("said", ["承認します。\n", f"承認 {CODE}\n", f"停止 {CODE}\n", "停止\n", "取消\n"])
async def test_after_a_restore_no_old_letter_decides_and_whoever_was_stopped_stays_so(
    tmp_path: Path, said: str
) -> None:
    path = tmp_path / "gateway.db"
    store = SqliteStore(path, BOXES.domain)
    store.open()
    bench = DeskBench(store)
    office, about = Office(bench), await bench.open_case()
    old, of_thief = await bench.ask(about), await bench.ask(about, SUZUKI)
    store.close()
    made = backup.make(path, tmp_path / "backups", NOW)
    store = bench.store = SqliteStore(path, BOXES.domain)
    store.open()
    await office.operate("staff.revoke", address=str(SUZUKI))
    pause = BrakeChange(pulled=PulledBrake(Brake.INVITATIONS, "operator:root", NOW))
    await store.transact(lambda tx: tx.change_brakes(pause))
    store.close()
    restore.restore(path, made.path, DESK, bench.now, BOXES.domain, release=True)
    store = bench.store = SqliteStore(path, BOXES.domain)
    store.open()
    assert frozenset({SUZUKI.key}) == await office.revoked()
    assert await has_brake(bench, Brake.INVITATIONS)
    await office.say(said, old)
    await bench.send(sign(Reply(said, SUZUKI).octets(bench.mailbox(of_thief)), OPENDKIM), of_thief,
                     reverse_path=SUZUKI)  # fmt: skip
    assert ("under_review", False) == (await bench.state(), await has_brake(bench, Brake.STOP))
    renewed = await store.transact(lambda tx: tx.claim(bench.now, bench.now + timedelta(minutes=1), 100))
    assert {(Letter.REVIEW_REQUEST, SATO)} == {
        (one.letter, one.to) for one in renewed if one.letter is Letter.REVIEW_REQUEST
    }
    store.close()
