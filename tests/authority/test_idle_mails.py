"""A mail that did nothing does nothing later: what kept it from acting may be unsigned, and not in a copy."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.admission.case.model import Letter, State
from gateway.mail.address import Address
from gateway.mail.smtp.mailboxes import Purpose
from gateway.store.sqlite.store import SqliteStore
from tests.support.desk_bench import (
    BOXES,
    CODE,
    MICROSOFT,
    OPENDKIM,
    OWN_HOST,
    STRANGER,
    DeskBench,
    Reply,
    sign,
)
from tests.support.factories import APPLICANT, SATO

BY_CODE, GONE = f"承認 {CODE}\n", "取り下げます。\n"
MARK = b"Precedence: bulk\r\n"


def widen(raw: bytes) -> bytes:
    """White space at the end of a line of the body, which no relaxed signature covers."""
    head, gap, body = raw.partition(b"\r\n\r\n")
    return head + gap + body.replace(b"\r\n", b" \t\r\n", 1)


EDITS = {
    "nothing": lambda raw: raw,
    "a field on top": lambda raw: b"X-Any: 1\r\n" + raw,
    "white space": widen,
    "both": lambda raw: b"X-Any: 1\r\n" + widen(raw),
}
edits = st.lists(
    st.tuples(st.sampled_from(sorted(EDITS)), st.sampled_from([STRANGER, OWN_HOST])), min_size=1, max_size=4
)
few = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def open_bench(factory: pytest.TempPathFactory) -> DeskBench:
    store = SqliteStore(factory.mktemp("idle") / "gateway.db", BOXES.domain)
    store.open()
    return DeskBench(store)


async def ask_for(bench: DeskBench, raw: bytes, client_ip: str = STRANGER, by: Address = APPLICANT) -> None:
    await bench.send(raw, "", client_ip=client_ip, reverse_path=by, purpose=Purpose.REQUEST)


@few
@given(steps=edits)
async def test_a_mail_that_named_two_letters_does_not_act_without_one(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str]]
) -> None:
    """Microsoft 365 signs no Cc: who sends the mail on may leave it out."""
    bench = open_bench(tmp_path_factory)
    token = await bench.ask(await bench.open_case())
    other = await bench.ask(await bench.open_case("9X2B-1C"))
    cc = f"<{bench.mailbox(other)}>"
    raw = sign(Reply(BY_CODE, cc=cc).octets(bench.mailbox(token)), MICROSOFT)
    cut = raw.replace(f"Cc: {cc}\r\n".encode(), b"")
    assert cut != raw
    await bench.send(raw, token)
    for edit, client_ip in steps:
        for to in (token, other):
            await bench.send(EDITS[edit](cut), to, client_ip=client_ip)
    assert ["under_review"] * 2 == [await bench.state(), await bench.state("9X2B-1C")]
    bench.store.close()


@few
@given(steps=edits, marked=st.booleans(), names=st.sampled_from([OPENDKIM, MICROSOFT]))
async def test_a_withdrawal_that_withdrew_nothing_withdraws_no_later_case(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str]], marked: bool, names: list[str]
) -> None:
    bench = open_bench(tmp_path_factory)
    await bench.open_case(state=State.UNDER_REVIEW if marked else State.WITHDRAWN)
    raw = sign(Reply(GONE, APPLICANT).octets(bench.mailbox("")), names, APPLICANT.domain)
    await ask_for(bench, MARK + raw if marked else raw)
    if not marked:
        await bench.open_case("9X2B-1C")
    for edit, client_ip in steps:
        await ask_for(bench, EDITS[edit](raw), client_ip)
        assert "under_review" == await bench.state("K7QM-4T" if marked else "9X2B-1C")
    bench.store.close()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        pytest.param(GONE, b"Subject: [class 3] ", id="marked-as-confidential"),
        pytest.param("取り下げます。\n部署名: 総務課\n", b"Subject: ", id="a-form-and-a-withdrawal"),
    ],
)
async def test_new_words_count_after_a_mail_that_did_nothing(
    bench: DeskBench, text: str, first: bytes
) -> None:
    """Only the copy is not heard: who writes again is."""
    await bench.open_case()
    raw = Reply(text, APPLICANT).octets(bench.mailbox("")).replace(b"Subject: ", first)
    await ask_for(bench, MARK + sign(raw, OPENDKIM, APPLICANT.domain))
    assert "under_review" == await bench.state()
    new = replace(Reply(GONE, APPLICANT, message_id="<w2@town.mihon.lg.jp>"))
    new = replace(new, date=new.date + timedelta(seconds=9))
    await ask_for(bench, sign(new.octets(bench.mailbox("")), OPENDKIM, APPLICANT.domain))
    assert "withdrawn" == await bench.state()


@pytest.mark.parametrize("names", [OPENDKIM, MICROSOFT])
@pytest.mark.parametrize("text", [BY_CODE, "承認します。\n"])
@pytest.mark.parametrize("is_last", [True, False])
async def test_a_reply_that_the_request_mailbox_gets_too_decides(
    bench: DeskBench, names: list[str], text: str, is_last: bool
) -> None:
    """Whoever answers to all is heard, whichever copy is first."""
    token = await bench.ask(await bench.open_case())
    raw = sign(Reply(text, cc=f"<{bench.mailbox('')}>").octets(bench.mailbox(token)), names)
    for at_letter in (False, True) if is_last else (True, False):
        if at_letter:
            await bench.send(raw, token, client_ip=OWN_HOST)
        else:
            await ask_for(bench, raw, OWN_HOST, SATO)
    assert "approved" == await bench.state()


async def test_a_marked_mail_to_both_mailboxes_stays_a_machines(bench: DeskBench) -> None:
    about = await bench.open_case()
    token = await bench.ask(about, APPLICANT, Letter.ACKNOWLEDGMENT)
    mailbox = bench.mailbox(token, Purpose.CASE)
    raw = sign(
        Reply(GONE, APPLICANT, cc=f"<{mailbox}>").octets(bench.mailbox("")), OPENDKIM, APPLICANT.domain
    )
    await ask_for(bench, MARK + raw)
    for to in (token, ""):
        await bench.send(widen(raw), to, reverse_path=APPLICANT, purpose=Purpose.CASE)
    assert "under_review" == await bench.state()
