"""What one member's mailbox may do alone and unseen: 30 approvals an hour, from where it always wrote."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.authority.conduct import MAX_NAME, Conduct, name_program
from gateway.admission.case.digest import reply as digest_reply
from gateway.admission.case.digest.reply import DigestCase
from gateway.admission.case.events import Decide, DigestReply, DigestReplyLine
from gateway.admission.case.model import DECIDABLE, Letter, State
from gateway.admission.case.transitions.office import staff
from gateway.admission.replies.reading import Decision, ParsedReply
from gateway.printing.statement import Statement
from gateway.store.sqlite.store import SqliteStore
from tests.support.desk_bench import BOXES, CODE, OPENDKIM, OWN_HOST, DeskBench, Reply, sign
from tests.support.factories import DESK, NOW, SATO, SUZUKI, background, case

READ_AS = Statement("read_as", word="approve")
DECIDING = (Decision.APPROVE, Decision.DECLINE, Decision.ASK)
WRITING_OUT = (Decision.REPLY, Decision.WITHDRAW)
APPROVAL = ParsedReply(Decision.APPROVE, "", READ_AS, by_code=True)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[DeskBench]:
    store = SqliteStore(tmp_path / "gateway.db", BOXES.domain)
    store.open()
    yield DeskBench(store, desk=replace(DESK, approvals_per_hour=2))
    store.close()


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("Mozilla Thunderbird", "mozilla thunderbird"),
        ("Mozilla Thunderbird 128.4.3esr", "mozilla thunderbird"),
        ("Mozilla/5.0 (X11; rv:91.0) Gecko/20100101 Thunderbird/91.2.0", "mozilla gecko thunderbird"),
        ("Microsoft Outlook 16.0", "microsoft outlook"),
        ("Apple Mail (2.3774.600.62)", "apple mail"),
        ("iPhone Mail (20A362)", "iphone mail"),
        ("Roundcube Webmail/1.6.9", "roundcube webmail"),
        ("", ""),
        ("16.0.1", ""),
    ],
)  # fmt: skip
def test_a_program_is_known_without_its_version(field: str, expected: str) -> None:
    assert expected == name_program(field)


@given(st.text(max_size=500))
def test_no_version_makes_a_program_a_new_one(field: str) -> None:
    named = name_program(field)
    assert len(named) <= MAX_NAME
    assert not any(sign.isdigit() for sign in named)


async def approve(bench: DeskBench, number: str, minute: int, by: str = "sato") -> None:
    member = SATO if by == "sato" else SUZUKI
    found = await bench.store.transact(lambda tx: tx.case_by_number(number))
    token = await bench.ask(found or await bench.open_case(number), member)
    reply = Reply(
        author=member,
        date=Reply().date + timedelta(seconds=minute),
        message_id=f"<a{minute}@kyoso.mihon.go.jp>",
    )
    await bench.send(sign(reply.octets(bench.mailbox(token)), OPENDKIM), token, reverse_path=member)


async def test_the_approvals_of_an_hour_beyond_the_bound_wait_for_another_member(bench: DeskBench) -> None:
    for place, number in enumerate(("AAAA-11", "AAAA-22", "AAAA-33", "AAAA-44")):
        await approve(bench, number, place)
    states = [await bench.state(number) for number in ("AAAA-11", "AAAA-22", "AAAA-33", "AAAA-44")]
    assert ["approved", "approved", "under_review", "under_review"] == states
    await approve(bench, "AAAA-33", 10)
    assert "under_review" == await bench.state("AAAA-33")
    await approve(bench, "AAAA-33", 11, by="suzuki")
    assert "approved" == await bench.state("AAAA-33")
    bench.now += timedelta(hours=1, minutes=1)
    await approve(bench, "AAAA-55", 12)
    assert "approved" == await bench.state("AAAA-55")


@given(st.integers(0, 6), st.integers(0, 6), st.integers(1, 5))
def test_each_line_of_a_digest_counts_as_one_approval(before: int, lines: int, most: int) -> None:
    desk = replace(DESK, approvals_per_hour=most)
    numbers = [f"AAAA-{place:02}" for place in range(lines)]
    reply = DigestReply(
        SATO,
        tuple(DigestReplyLine(number, APPROVAL) for number in numbers),
        dict.fromkeys(numbers, 1),
        conduct=Conduct(before),
    )
    known = {number: DigestCase(case(number=number), False) for number in numbers}
    *decided, _ = digest_reply.decide(reply, known, NOW, desk)
    approved = sum(done.case is not None and done.case.state is State.APPROVED for _, done in decided)
    assert min(lines, max(0, most - before)) == approved


@given(st.sampled_from(Decision), st.booleans(), st.sampled_from(sorted(DECIDABLE)))
def test_no_word_but_an_approval_approves(word: Decision, by_code: bool, state: State) -> None:
    reply = ParsedReply(word, "理由です", READ_AS, by_code=by_code)
    done = staff.decide(case(state), Decide(SATO, reply, 1, recallable=True), NOW, DESK)
    assert (word is Decision.APPROVE) == (done.case is not None and done.case.state is State.APPROVED)


@pytest.mark.parametrize(
    ("flags", "conduct", "told"),
    [
        ((), Conduct(), False),
        ((Statement("applied_before"),), Conduct(), True),
        ((), Conduct(new_program="shuriken"), True),
        ((), Conduct(new_domain="mihon.go.jp"), True),
    ],
)
@pytest.mark.parametrize("word", [*DECIDING, *WRITING_OUT, Decision.STATUS])
def test_what_is_unusual_is_told_to_all(
    flags: tuple[Statement, ...], conduct: Conduct, told: bool, word: Decision
) -> None:
    before = case(background=replace(background(), flags=flags))
    reply = ParsedReply(word, "理由です", READ_AS, by_code=True)
    done = staff.decide(before, Decide(SATO, reply, 1, recallable=True, conduct=conduct), NOW, DESK)
    notices = [one for one in done.letters if one.letter is Letter.CASE_NOTICE]
    # Who only writes to the applicant decides nothing about what there is to look at.
    changes = word in DECIDING or (word in WRITING_OUT and not flags)
    assert ({SATO, SUZUKI} if told and changes else set()) == {one.to for one in notices}


def watched(bench: DeskBench) -> list[tuple[str, str]]:
    with sqlite3.connect(bench.store.path) as db:
        return db.execute(
            """
            SELECT facts ->> 'new_program', facts ->> 'new_domain' FROM letters
            WHERE letter = 'case_notice' AND facts ->> 'kind' = 'decision_watched' AND recipient_key = ?
            """,
            (SATO.key,),
        ).fetchall()


async def test_no_program_and_no_signature_are_new_ones_too(bench: DeskBench) -> None:
    bench.desk = DESK
    sent = [("Mozilla Thunderbird 128.4", True), ("", True), ("", True), ("Mozilla Thunderbird 128.4", False)]
    for place, (program, signed) in enumerate(sent):
        token = await bench.ask(await bench.open_case(f"AAAA-{place:02}"))
        reply = Reply(date=Reply().date + timedelta(seconds=place), message_id=f"<p{place}@x.example>")
        top = f"User-Agent: {program}\r\n".encode() if program else b""
        raw = top + reply.octets(bench.mailbox(token))
        await bench.send(sign(raw, OPENDKIM) if signed else raw, token, client_ip=OWN_HOST)
    assert [("mozilla thunderbird", SATO.domain), ("-", ""), ("", "-")] == watched(bench)


async def test_a_reply_to_the_applicant_from_a_new_program_is_told(bench: DeskBench) -> None:
    token = await bench.ask(await bench.open_case())
    raw = Reply(f"返信 {CODE}\n\n資料は来週お送りします。\n").octets(bench.mailbox(token))
    await bench.send(sign(b"User-Agent: Any\r\n" + raw, OPENDKIM), token)
    assert ["case.replied"] == bench.journal()
    assert [("any", SATO.domain)] == watched(bench)


async def test_a_new_program_or_domain_is_told_once(bench: DeskBench) -> None:
    bench.desk = DESK
    sent = [
        ("承認します。\n", "Mozilla Thunderbird 128.4", SATO.domain),
        ("承認します。\n", "Mozilla Thunderbird 140.0", SATO.domain),
        ("よく分かりません。\n", "Shuriken 2018", SATO.domain),
        ("承認します。\n", "Shuriken 2018", SATO.domain),
        ("承認します。\n", "Shuriken 2018", "mihon.go.jp"),
    ]
    for place, (text, program, domain) in enumerate(sent):
        token = await bench.ask(await bench.open_case(f"AAAA-{place:02}"))
        reply = Reply(text, date=Reply().date + timedelta(seconds=place), message_id=f"<p{place}@x.example>")
        raw = f"User-Agent: {program}\r\n".encode() + reply.octets(bench.mailbox(token))
        await bench.send(sign(raw, OPENDKIM, domain), token)
    expected = [("mozilla thunderbird", SATO.domain), ("shuriken", ""), ("", "mihon.go.jp")]
    assert expected == watched(bench)
