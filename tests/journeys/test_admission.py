"""Journeys from application to invitation over real SMTP, with real signatures and real DNS."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.admission.case.model.attention import find_attention
from gateway.admission.organisations import register_table
from gateway.admission.organisations.entries import validation
from gateway.demo.fixtures import format_register
from gateway.demo.people.messages import Person, build_mail, sign_mail
from gateway.demo.people.stories import form
from gateway.demo.runner import run_scenarios
from gateway.demo.sandbox import Sandbox, open_sandbox
from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource
from tests.journeys.world import FORM, HANAKO, SATO, SUZUKI, body, reply_address, under_review, write
from tests.support.paths import CONFIG


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with open_sandbox(tmp_path) as running:
        yield running


async def nothing_more(desk: Sandbox) -> None:
    """Wait until no letter is queued any more."""
    for _ in range(500):
        if await desk.app.store.transact(lambda tx: tx.next_due()) is None:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("letters are still queued")


async def test_every_persona_of_the_demo_ends_where_it_should(desk: Sandbox) -> None:
    findings = await run_scenarios(desk, lambda *_: None)
    assert 12 <= len(findings)
    assert [] == [(one.persona.who, one.trouble) for one in findings if not one.is_ok]
    points = {one.persona.person.address: await list_points(desk, one.persona.person) for one in findings}
    assert EXPECTED_POINTS == {address: ids for address, ids in points.items() if ids}


# Everybody else is at an address of a body in the demo's register, so nothing is left to look at.
EXPECTED_POINTS = {
    "sakura@union.mihon-kouiki.lg.jp": ["office_rule"],
    "jiro@jitaku.example": ["not_own_domain"],
    "juro@jitaku.example": ["not_own_domain"],
    "toko@tsuhan.example": ["not_own_domain", "office_rule", "name_not_of_code"],
}


async def list_points(desk: Sandbox, person: Person) -> list[str]:
    case = await desk.find_case(person)
    return [point.id for point in find_attention(case).points] if case is not None else []


def test_the_register_of_the_demo_is_sound_and_holds_no_body_that_exists() -> None:
    own = register_table.parse(format_register())
    assert [] == list(validation.find_problems(own))
    shipped = register_table.parse((CONFIG / "organisations.tsv").read_text(encoding="utf-8"))
    known = [each.name for each in own.organisations if shipped.by_code(each.code) is not None]
    assert ["兵庫県"] == known


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("承認", "invited"),
        ("Approved.", "invited"),
        ("却下します。\n理由: 対象外です。", "declined"),
        ("Declined\nThe organisation is not eligible.", "declined"),
    ],
)
async def test_a_staff_reply_decides(desk: Sandbox, text: str, state: str) -> None:
    await under_review(desk)
    to = await reply_address(desk, SATO.address, "審査依頼")
    assert 250 == (await write(desk, SATO, to, text)).code
    await desk.wait_for_state(HANAKO, state)


@pytest.mark.parametrize("text", ["了解しました", "承認しますか?", "", "承認/却下", "明日承認します", "却下"])
async def test_an_unclear_reply_changes_nothing_and_is_answered(desk: Sandbox, text: str) -> None:
    number = await under_review(desk)
    to = await reply_address(desk, SATO.address, "審査依頼")
    assert 250 == (await write(desk, SATO, to, text)).code
    await desk.letter(SATO.address, "返信を読み取れませんでした", number)
    await desk.wait_for_state(HANAKO, "under_review")


async def test_a_decision_from_a_stranger_with_the_token_changes_nothing(desk: Sandbox) -> None:
    number = await under_review(desk)
    to = await reply_address(desk, SATO.address, "審査依頼")
    assert 250 == (await write(desk, HANAKO, to, "承認")).code
    await desk.letter(SATO.address, "お知らせ", number)
    await desk.wait_for_state(HANAKO, "under_review")


async def test_a_decision_with_a_colleagues_token_changes_nothing(desk: Sandbox) -> None:
    await under_review(desk)
    to = await reply_address(desk, SATO.address, "審査依頼")
    assert 250 == (await write(desk, SUZUKI, to, "承認")).code
    await nothing_more(desk)
    await desk.wait_for_state(HANAKO, "under_review")


async def test_a_forged_decision_is_refused_in_session(desk: Sandbox) -> None:
    await under_review(desk)
    to = await reply_address(desk, SATO.address, "審査依頼")
    raw = build_mail(SATO, to, "Re: 審査依頼", "承認")
    answer = await desk.send("x@nisemono.example", to, raw)
    assert (550, True) == (answer.code, answer.text.startswith("5.7.26"))
    await desk.wait_for_state(HANAKO, "under_review")


async def test_a_made_up_token_is_no_mailbox(desk: Sandbox) -> None:
    answer = await write(desk, SATO, "decide+00000000000000000000000000@madoguchi.mihon.go.jp", "承認")
    assert (550, True) == (answer.code, answer.text.startswith("5.1.1"))


async def test_a_decision_can_be_taken_back_only_before_the_letter_leaves(desk: Sandbox) -> None:
    number = await under_review(desk)
    to = await reply_address(desk, SATO.address, "審査依頼")
    await write(desk, SATO, to, "承認")
    await desk.wait_for_state(HANAKO, "invited")
    receipt = await reply_address(desk, SATO.address, "判断を記録しました")
    await write(desk, SATO, receipt, "取消")
    await desk.letter(SATO.address, "返信を読み取れませんでした", number)
    await desk.wait_for_state(HANAKO, "invited")


async def test_a_mail_without_an_application_is_answered_with_how_to_apply(desk: Sandbox) -> None:
    assert 250 == (await write(desk, HANAKO, desk.request, "お世話になっております。", subject="ご相談")).code
    await desk.letter(HANAKO.address, "お申し込み方法")
    assert await desk.find_case(HANAKO) is None


async def test_a_delivery_report_marks_the_case_undeliverable(desk: Sandbox) -> None:
    number = await under_review(desk)
    letter = await desk.letter(HANAKO.address, "受付", number)
    bounce = str(letter["Return-Path"]).strip("<>")
    report = (
        "From: MAILER-DAEMON@mx.town.mihon.lg.jp\r\nTo: " + bounce + "\r\nSubject: failure\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nfailed\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.town.mihon.lg.jp\r\n\r\n"
        f"Final-Recipient: rfc822; {HANAKO.address}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n--b--\r\n"
    )
    assert 250 == (await desk.send("", bounce, report.encode())).code
    await desk.wait_for_state(HANAKO, "undeliverable")
    await desk.letter(SATO.address, "お知らせ", number)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("not-a-mail", b"hello\r\nworld\r\n.x\r\n"),
        ("no-from", b"To: x@y.example\r\n\r\nbody\r\n"),
        ("two-froms", b"From: a@town.mihon.lg.jp\r\nFrom: b@mihon.go.jp\r\n\r\nbody\r\n"),
    ],
)
async def test_what_is_no_mail_is_refused_and_nothing_is_recorded(
    desk: Sandbox, name: str, raw: bytes
) -> None:
    answer = await desk.send("hanako@town.mihon.lg.jp", desk.request, raw)
    assert (550, True) == (answer.code, answer.text.startswith("5.6.0"))
    assert [] == list(Reader(SqliteSource(desk.app.store.path)).cases())


async def test_an_unknown_charset_is_read_as_well_as_possible(desk: Sandbox) -> None:
    raw = build_mail(HANAKO, desk.request, "参加申請", FORM).replace(
        b'charset="utf-8"', b'charset="x-klingon"'
    )
    answer = await desk.send(HANAKO.address, desk.request, sign_mail(raw, desk.world.signers[HANAKO.domain]))
    assert 250 == answer.code
    case = await desk.wait_for_state(HANAKO, "under_review")
    assert "見本 花子" == case.form.name


async def test_the_store_that_cannot_write_answers_451_and_records_nothing(desk: Sandbox) -> None:
    import sqlite3

    blocker = sqlite3.connect(desk.app.store.path, isolation_level=None, timeout=0)
    desk.app.store._writer._busy_timeout = "PRAGMA busy_timeout = 50"  # type: ignore[attr-defined]
    while not blocker.in_transaction:  # the gateway may be in a transaction of its own just now
        with contextlib.suppress(sqlite3.OperationalError):
            blocker.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(0.02)
    answer = await write(desk, HANAKO, desk.request, FORM)
    blocker.execute("ROLLBACK")
    blocker.close()
    assert (451, True) == (answer.code, answer.text.startswith("4.3.0"))
    assert await desk.find_case(HANAKO) is None
    assert 250 == (await write(desk, HANAKO, desk.request, FORM)).code


async def test_an_old_carrier_address_can_apply_and_is_answered(desk: Sandbox) -> None:
    person = Person("点々 太郎", "taro..x.@jitaku.example")
    raw = build_mail(
        Person(person.name, "taro@jitaku.example"),
        desk.request,
        "参加申請",
        form("例市", "点々 太郎", code="477028"),
    )
    raw = raw.replace(b"taro@jitaku.example", b"taro..x.@jitaku.example", 1)
    answer = await desk.send(
        "taro@jitaku.example", desk.request, sign_mail(raw, desk.world.signers["jitaku.example"])
    )
    assert 250 == answer.code
    await desk.wait_for_state(person, "awaiting_affiliation")
    await desk.letter(person.address, "所属確認のお願い")


async def test_no_token_is_kept_in_the_database_or_written_to_the_log(
    desk: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    number = await under_review(desk)
    to = await reply_address(desk, SATO.address, "審査依頼", number)
    await write(desk, SATO, to, "承認")
    await desk.wait_for_state(HANAKO, "invited")
    await nothing_more(desk)
    token = to.partition("+")[2].partition("@")[0]
    assert 26 == len(token)
    # The mail as received names its recipient in To: raw octets are kept as they came.
    kept = (
        Reader(SqliteSource(desk.app.store.path))
        ._db.execute("SELECT quote(facts), sent_text, last_reply FROM letters")
        .fetchall()
    )
    assert token not in str(kept)
    assert token not in caplog.text


def with_attachment(raw: bytes) -> bytes:
    """The mail with a file beside its text."""
    header, _, body = raw.partition(b"\r\n\r\n")
    fields = [line for line in header.split(b"\r\n") if not line.lower().startswith((b"content-", b"mime-"))]
    kind = b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    text = (
        b'--b\r\nContent-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + body
    )
    file = (
        b"\r\n--b\r\nContent-Type: application/zip\r\n"
        b'Content-Disposition: attachment; filename="x.zip"\r\n\r\nPK-SECRET\r\n--b--\r\n'
    )
    return b"\r\n".join(fields) + b"\r\n" + kind + text + file


async def test_an_attachment_is_not_kept_and_the_applicant_is_told(desk: Sandbox) -> None:
    raw = with_attachment(build_mail(HANAKO, desk.request, "参加申請", FORM))
    answer = await desk.send(HANAKO.address, desk.request, sign_mail(raw, desk.world.signers[HANAKO.domain]))
    assert 250 == answer.code
    await desk.wait_for_state(HANAKO, "under_review")
    body = (await desk.letter(HANAKO.address, "受付")).get_body(("plain",))
    assert body is not None
    assert "添付ファイルは、安全のため開かず" in body.get_content()
    kept = Reader(SqliteSource(desk.app.store.path))._db.execute("SELECT raw FROM mails").fetchall()
    assert b"PK-SECRET" not in kept[0][0]
    assert b"Subject:" in kept[0][0]


async def test_a_mail_marked_as_class_3_is_neither_read_nor_kept(desk: Sandbox) -> None:
    assert 250 == (await write(desk, HANAKO, desk.request, FORM, subject="【機密性3】参加申請")).code
    await desk.letter(HANAKO.address, "機密性3と記された")
    assert await desk.find_case(HANAKO) is None
    kept = Reader(SqliteSource(desk.app.store.path))._db.execute("SELECT raw, kind FROM mails").fetchall()
    assert kept[0][0].endswith(b"\r\n\r\n")
    assert "class_3" == kept[0][1]


async def test_who_applies_again_from_the_organisation_needs_no_confirmation(desk: Sandbox) -> None:
    private = Person("例示 二郎", "jiro@jitaku.example")
    official = Person("例示 二郎", "jiro.reiji@city.rei.lg.jp")
    text = form("例市", "例示 二郎", code="477028")
    assert 250 == (await write(desk, private, desk.request, text)).code
    number = (await desk.wait_for_state(private, "awaiting_affiliation")).number
    subject = f"参加申請(受付番号 {number})"
    assert 250 == (await write(desk, official, desk.request, text, subject=subject)).code
    await desk.wait_for_state(official, "under_review")
    to = await reply_address(desk, private.address, "別のアドレス", number)
    await desk.wait_for_state(private, "awaiting_affiliation")
    assert 250 == (await write(desk, private, to, "取り下げます。")).code
    await desk.wait_for_state(private, "withdrawn")
    new = await desk.find_case(official)
    assert new is not None
    await desk.letter(SATO.address, "審査依頼", new.number, says=f"受付番号 {number} の方による")


async def test_a_consent_beside_sentences_not_understood_is_judged_by_the_staff(desk: Sandbox) -> None:
    said = "届いていないようなのでお送りします。"
    await under_review(desk, text=f"{said}\n\n{FORM}")
    assert ["consent_is_unsure"] == await list_points(desk, HANAKO)
    asked = await desk.letter(SATO.address, "審査依頼")
    assert "△注意1点" in str(asked["Subject"])
    text = body(asked)
    assert all(
        line in text for line in (said, "同意する（ほかに読み取れない文あり）", "意味を読み取れない文")
    )
    assert "ご同意をいただいています" not in body(await desk.letter(HANAKO.address, "受け付けました"))
    assert 250 == (await write(desk, SATO, str(asked["Reply-To"]), "承認")).code
    await desk.wait_for_state(HANAKO, "invited")
