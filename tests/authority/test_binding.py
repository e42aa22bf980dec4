"""A reply decides about the letter that it answers, once: by what is signed, and by the host."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.admission.case.model import Letter
from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.mailboxes import Purpose
from gateway.store.sqlite.store import SqliteStore
from tests.support.desk_bench import (
    BOXES,
    CODE,
    GOOGLE,
    MICROSOFT,
    MICROSOFT_OLD,
    OPENDKIM,
    OWN_HOST,
    PROVIDER,
    SES,
    STRANGER,
    DeskBench,
    Reply,
    sign,
)
from tests.support.factories import APPLICANT, DESK, SUZUKI, background

NATURAL, BY_CODE = "承認します。\n", f"承認 {CODE}\n"
TWO_PARTS = "multipart/mixed; boundary=b"


@pytest.mark.parametrize(
    ("names", "client_ip", "text", "expected"),
    [
        pytest.param(OPENDKIM, STRANGER, NATURAL, "approved", id="opendkim-signs-all-of-it"),
        pytest.param(SES, STRANGER, NATURAL, "approved", id="ses-signs-all-of-it"),
        pytest.param(GOOGLE, OWN_HOST, NATURAL, "approved", id="google-from-the-domains-own-host"),
        pytest.param(GOOGLE, PROVIDER, NATURAL, "approved", id="google-from-googles-hosts"),
        pytest.param(GOOGLE, STRANGER, NATURAL, "under_review", id="google-sent-on: no structure"),
        pytest.param(GOOGLE, STRANGER, BY_CODE, "approved", id="google-sent-on-with-code"),
        pytest.param(MICROSOFT, PROVIDER, NATURAL, "approved", id="microsoft-from-its-hosts"),
        pytest.param(MICROSOFT, STRANGER, NATURAL, "under_review", id="microsoft-sent-on: no to"),
        pytest.param(MICROSOFT, STRANGER, BY_CODE, "approved", id="microsoft-sent-on-with-code"),
        pytest.param(MICROSOFT_OLD, STRANGER, NATURAL, "under_review", id="microsoft-old: no encoding"),
        pytest.param(MICROSOFT_OLD, STRANGER, BY_CODE, "approved", id="microsoft-old-with-code"),
        pytest.param((), OWN_HOST, NATURAL, "approved", id="no-signature-own-host"),
        pytest.param((), PROVIDER, NATURAL, "approved", id="no-signature-provider"),
        pytest.param(["from"], STRANGER, NATURAL, "under_review", id="from-alone"),
        pytest.param(["from"], STRANGER, BY_CODE, "approved", id="from-alone-with-code"),
    ],
)
async def test_each_mail_system_has_a_way_to_answer(
    bench: DeskBench, names: list[str], client_ip: str, text: str, expected: str
) -> None:
    token = await bench.ask(await bench.open_case())
    raw = Reply(text).octets(bench.mailbox(token))
    assert smtp_reply.ACCEPTED == await bench.send(
        sign(raw, names) if names else raw, token, client_ip=client_ip
    )
    assert expected == await bench.state()


Change = Callable[[Reply], Reply]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"to": "<someone@example.go.jp>"}, id="written-to-somebody-else"),
        pytest.param({"to": '"{mailbox}" <someone@example.go.jp>'}, id="the-mailbox-as-a-name"),
        pytest.param({"to": "({mailbox}) <someone@example.go.jp>"}, id="the-mailbox-as-a-remark"),
        pytest.param({"cc": "<decide+{other}@gw.example.go.jp>"}, id="another-letter-beside-it"),
        pytest.param({"subject": "Re: 審査依頼 9X2B-1C"}, id="another-case-in-the-subject"),
        pytest.param({"text": "承認します。\n9X2B-1C\n"}, id="another-case-in-the-text"),
        pytest.param({"text": "却下: 9X2B-1Cと重複\n"}, id="another-case-in-the-reason"),
        pytest.param({"days": -8}, id="eight-days-old"),
        pytest.param({"days": -0.01}, id="older-than-the-letter"),
        pytest.param({"days": 2}, id="from-the-day-after-tomorrow"),
    ],
)
@pytest.mark.parametrize("client_ip", [STRANGER, OWN_HOST])
async def test_what_is_not_bound_decides_nothing(
    bench: DeskBench, changes: dict[str, object], client_ip: str
) -> None:
    first, second = await bench.open_case(), await bench.open_case("9X2B-1C")
    token, other = await bench.ask(first), await bench.ask(second)
    names = {"mailbox": bench.mailbox(token), "other": other}
    values = {key: value.format(**names) for key, value in changes.items() if isinstance(value, str)}
    days = changes.get("days", 0)
    assert isinstance(days, int | float)
    reply = Reply(**values)  # type: ignore[arg-type]
    reply = replace(reply, date=reply.date + timedelta(days=days))
    await bench.send(sign(reply.octets(bench.mailbox(token)), OPENDKIM), token, client_ip=client_ip)
    assert ["under_review"] * 2 == [await bench.state(), await bench.state("9X2B-1C")]
    assert "decision.unclear" in bench.journal()


@pytest.mark.parametrize("text", [NATURAL, BY_CODE])
async def test_one_copy_for_two_letters_decides_about_neither_and_is_heard(
    bench: DeskBench, text: str
) -> None:
    token = await bench.ask(await bench.open_case())
    other = await bench.ask(await bench.open_case("9X2B-1C"))
    await bench.send(sign(Reply(text).octets(bench.mailbox(token)), OPENDKIM), token, beside=other)
    assert ["under_review"] * 2 == [await bench.state(), await bench.state("9X2B-1C")]
    assert ["decision.unclear"] == bench.journal()


async def test_a_word_and_its_code_need_no_date(bench: DeskBench) -> None:
    token = await bench.ask(await bench.open_case())
    raw = replace(Reply(BY_CODE), date=bench.now - timedelta(days=30)).octets(bench.mailbox(token))
    await bench.send(sign(raw, OPENDKIM), token)
    assert "approved" == await bench.state()


@pytest.mark.parametrize("client_ip", [STRANGER, PROVIDER, OWN_HOST])
async def test_without_a_signature_a_desk_may_refuse_to_decide(bench: DeskBench, client_ip: str) -> None:
    bench.desk = replace(DESK, require_dkim=True)
    token = await bench.ask(await bench.open_case())
    for text in (NATURAL, BY_CODE):
        reply = replace(Reply(text), message_id=f"<{text[:2].encode().hex()}{len(text)}@x.example>")
        await bench.send(reply.octets(bench.mailbox(token)), token, client_ip=client_ip)
    assert "under_review" == await bench.state()
    later = Reply(date=Reply().date + timedelta(seconds=1))
    await bench.send(sign(later.octets(bench.mailbox(token)), OPENDKIM), token)
    assert "approved" == await bench.state()


@pytest.mark.parametrize("domain", ["mihon.go.jp", "mail.kyoso.mihon.go.jp", "town.mihon.lg.jp"])
async def test_only_the_very_domain_or_its_parent_signs_for_it(bench: DeskBench, domain: str) -> None:
    token = await bench.ask(await bench.open_case())
    await bench.send(sign(Reply().octets(bench.mailbox(token)), OPENDKIM, domain), token)
    assert ("approved" if domain == "mihon.go.jp" else "under_review") == await bench.state()


BODY = """前の件です。
--b

承認 4F7K
--b--
"""


@pytest.mark.parametrize(
    ("content_type", "text"),
    [
        pytest.param("multipart/mixed; boundary=b", BODY, id="what-stood-above-is-cut-off"),
        pytest.param(
            "multipart/mixed; boundary=b", "--b\n\nまだです。\n--b\n\n承認 4F7K\n--b--\n", id="two-parts"
        ),
    ],
)
async def test_where_the_structure_is_not_signed_the_code_stands_in_one_part(
    bench: DeskBench, content_type: str, text: str
) -> None:
    token = await bench.ask(await bench.open_case())
    raw = Reply(text, content_type=content_type).octets(bench.mailbox(token))
    await bench.send(sign(raw, GOOGLE), token)
    assert "under_review" == await bench.state()


async def test_a_refusal_cannot_be_cut_into_an_approval(bench: DeskBench) -> None:
    """Google signs no Content-Type: a stranger writes another one over the same signed octets."""
    token = await bench.ask(await bench.open_case())
    text = "却下: 要件を満たしません。\n--b\n\n承認します。\n--b--\n"
    raw = sign(Reply(text).octets(bench.mailbox(token)), GOOGLE)
    forged = raw.replace(b"text/plain; charset=utf-8", TWO_PARTS.encode())
    await bench.send(forged, token)
    assert "under_review" == await bench.state()


ROUTES = ["same token", "another token", "another case", "the request"]
CHANGES = {
    "nothing": lambda raw: raw,
    "a field on top": lambda raw: b"Received: from a by b\r\nX-Any: 1\r\n" + raw,
    "another message-id": lambda raw: raw.replace(b"Message-ID: <r1@", b"Message-ID: <r2@"),
    "no message-id": lambda raw: raw.replace(b"Message-ID: <r1@kyoso.mihon.go.jp>\r\n", b""),
    "names in capitals": lambda raw: raw.replace(b"Subject:", b"SUBJECT:").replace(b"To:", b"TO:"),
    "no signature": lambda raw: raw[raw.index(b"From: ") :],
    "white space": lambda raw: raw.replace(b"Date: ", b"Date:  "),
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.sampled_from(
        [NATURAL, BY_CODE, "却下: 対象外の団体です。\n", "保留\n", "よろしくお願いします。\n"]
    ),
    names=st.sampled_from([OPENDKIM, GOOGLE, MICROSOFT, ["from"]]),
    steps=st.lists(
        st.tuples(st.sampled_from(ROUTES), st.sampled_from(sorted(CHANGES))), min_size=1, max_size=4
    ),
    undone=st.booleans(),
    client_ip=st.sampled_from([STRANGER, OWN_HOST]),
)
async def test_no_repeat_of_a_mail_changes_anything(
    tmp_path_factory: pytest.TempPathFactory,
    text: str,
    names: list[str],
    steps: list[tuple[str, str]],
    undone: bool,
    client_ip: str,
) -> None:
    store = SqliteStore(tmp_path_factory.mktemp("bench") / "gateway.db", BOXES.domain)
    store.open()
    bench = DeskBench(store)
    first, second = await bench.open_case(), await bench.open_case("9X2B-1C")
    token = await bench.ask(first)
    raw = sign(Reply(text).octets(bench.mailbox(token)), names)
    await bench.send(raw, token, client_ip=OWN_HOST)
    if undone and await bench.state() in {"approved", "declined"}:
        undo = replace(Reply("取消\n"), message_id="<u@kyoso.mihon.go.jp>")
        own = await bench.ask(first, SUZUKI, Letter.DECISION_RECEIPT)
        undo = replace(undo, author=SUZUKI)
        await bench.send(undo.octets(bench.mailbox(own)), own, client_ip=OWN_HOST, reverse_path=SUZUKI)
    before = [await bench.state(), await bench.state("9X2B-1C")]
    routes = {
        "same token": token,
        "another token": await bench.ask(first),
        "another case": await bench.ask(second),
        "the request": "",
    }
    for route, change in steps:
        await bench.send(CHANGES[change](raw), routes[route], client_ip=client_ip)
        assert before == [await bench.state(), await bench.state("9X2B-1C")]
    store.close()


@pytest.mark.parametrize(
    ("client_ip", "signed", "flags", "expected"),
    [
        pytest.param(PROVIDER, False, ("要確認",), "under_review", id="a-provider-alone-and-a-flag"),
        pytest.param(PROVIDER, False, (), "approved", id="a-provider-alone"),
        # Google signs To and not the structure: the words rest on the host.
        pytest.param(PROVIDER, True, ("要確認",), "under_review", id="signed-in-part"),
        pytest.param(OWN_HOST, False, ("要確認",), "approved", id="a-host-of-its-own"),
        pytest.param(OWN_HOST, True, ("要確認",), "approved", id="its-own-and-signed-in-part"),
    ],
)
async def test_a_weak_word_about_a_flagged_case_wants_a_second(
    bench: DeskBench, client_ip: str, signed: bool, flags: tuple[str, ...], expected: str
) -> None:
    waiting = await bench.open_case(background=replace(background(), flags=flags))
    token, second = await bench.ask(waiting), await bench.ask(waiting, SUZUKI)
    raw = Reply().octets(bench.mailbox(token))
    await bench.send(sign(raw, GOOGLE) if signed else raw, token, client_ip=client_ip)
    assert expected == await bench.state()
    other = Reply(author=SUZUKI, message_id="<s1@kyoso.mihon.go.jp>").octets(bench.mailbox(second))
    await bench.send(other, second, client_ip=client_ip, reverse_path=SUZUKI)
    assert "approved" == await bench.state()


@pytest.mark.parametrize(
    ("text", "client_ip", "h", "told"),
    [
        pytest.param(NATURAL, PROVIDER, None, True, id="a-provider-alone"),
        pytest.param(NATURAL, PROVIDER, MICROSOFT, True, id="words-of-microsoft"),
        pytest.param(BY_CODE, PROVIDER, MICROSOFT, False, id="its-code-is-signed"),
        pytest.param(NATURAL, OWN_HOST, None, False, id="a-host-of-its-own"),
        pytest.param(NATURAL, PROVIDER, OPENDKIM, False, id="all-is-signed"),
    ],
)
async def test_what_only_a_shared_provider_vouches_for_is_told_to_all(
    bench: DeskBench, text: str, client_ip: str, h: Sequence[str] | None, told: bool
) -> None:
    """Once program and signing domain are known, so that nothing else is told."""
    for number in ("9X2B-1C", "K7QM-4T"):
        token = await bench.ask(await bench.open_case(number))
        raw = Reply(text, message_id=f"<{number}@kyoso.mihon.go.jp>").octets(bench.mailbox(token))
        await bench.send(raw if h is None else sign(raw, h), token, client_ip=client_ip)
        assert "approved" == await bench.state(number)
    with closing(sqlite3.connect(bench.store.path)) as database:
        facts = [json.loads(row[0]) for row in database.execute("SELECT facts FROM letters")]
    weak = [one["weak"] for one in facts if one.get("kind") == "decision_watched"]
    assert told == any(weak)


@pytest.mark.parametrize(
    ("to", "client_ip", "expected"),
    [
        pytest.param(None, STRANGER, "withdrawn", id="signed-to-us"),
        pytest.param("<friend@example.go.jp>", STRANGER, "under_review", id="signed-to-somebody-else"),
        pytest.param("<friend@example.go.jp>", OWN_HOST, "under_review", id="from-its-host-to-somebody-else"),
    ],
)
@pytest.mark.parametrize("with_token", [True, False])
async def test_a_withdrawal_is_written_to_the_desk(
    bench: DeskBench, to: str | None, client_ip: str, expected: str, with_token: bool
) -> None:
    waiting = await bench.open_case()
    token = await bench.ask(waiting, APPLICANT, Letter.ACKNOWLEDGMENT) if with_token else ""
    raw = Reply("取り下げます。\n", APPLICANT, to=to).octets(bench.mailbox(token, Purpose.CASE))
    signed = sign(raw, OPENDKIM, APPLICANT.domain)
    await bench.send(signed, token, client_ip=client_ip, reverse_path=APPLICANT, purpose=Purpose.CASE)
    assert expected == await bench.state()


@pytest.mark.parametrize("said", ["承認します。\n", "却下: 対象外です。\n", "照会: 課名を教えてください。\n"])
async def test_a_request_is_used_up_by_the_decision_it_brought(bench: DeskBench, said: str) -> None:
    waiting = await bench.open_case()
    token, receipt = await bench.ask(waiting), await bench.ask(waiting, letter=Letter.DECISION_RECEIPT)
    await _say(bench, said, token, 1)
    assert "under_review" != await bench.state()
    await _say(bench, "取消\n", receipt, 2)
    assert "under_review" == await bench.state()
    await _say(bench, NATURAL, token, 3)
    await _say(bench, BY_CODE, token, 4)
    assert "under_review" == await bench.state()
    await _say(bench, NATURAL, await bench.ask(waiting), 5)
    assert "approved" == await bench.state()


@pytest.mark.parametrize("said", [NATURAL, BY_CODE, "保留\n", "担当します。\n"])
async def test_a_receipt_takes_an_undo_and_nothing_else(bench: DeskBench, said: str) -> None:
    receipt = await bench.ask(await bench.open_case(), letter=Letter.DECISION_RECEIPT)
    await _say(bench, said, receipt, 1)
    assert "under_review" == await bench.state()
    assert ["decision.unclear"] == bench.journal()[-1:]


async def test_a_hold_leaves_its_request_good_for_the_next_word(bench: DeskBench) -> None:
    token = await bench.ask(await bench.open_case())
    await _say(bench, "保留\n", token, 1)
    assert "on_hold" == await bench.state()
    await _say(bench, NATURAL, token, 2)
    assert "approved" == await bench.state()


async def _say(bench: DeskBench, text: str, token: str, minute: int) -> None:
    reply = Reply(
        text, message_id=f"<m{minute}@kyoso.mihon.go.jp>", date=Reply().date + timedelta(minutes=minute)
    )
    await bench.send(sign(reply.octets(bench.mailbox(token)), OPENDKIM), token)
