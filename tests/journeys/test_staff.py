"""The staff's words over real SMTP with real signatures, and what must never decide anything."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.admission.authority.tokens import find_code
from gateway.admission.business_days import tokyo_date
from gateway.demo.people.messages import build_mail, sign_mail
from gateway.demo.sandbox import Sandbox, open_sandbox
from gateway.housekeeping import Housekeeping
from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource
from tests.journeys.world import (
    FORM,
    HANAKO,
    SATO,
    SUZUKI,
    answer,
    body,
    hold_letters,
    reply_address,
    under_review,
    write,
)
from tests.support.process import run_gateway

# A Monday long ago, so that letters queued then leave at once.
MORNING = datetime(2025, 1, 6, 1, 0, tzinfo=UTC)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Sandbox]:
    """A desk whose letters wait for the undo window."""
    async with open_sandbox(tmp_path) as running:
        hold_letters(running)
        yield running


async def digest(desk: Sandbox) -> None:
    """The morning of an open day."""
    rules = replace(desk.app.reception._desk, digest=True)
    keeper = Housekeeping(desk.app.store, rules, now=lambda: MORNING, wake=desk.app.dispatch.wake)
    assert await keeper.work_once()


@pytest.mark.parametrize("text", ["照会\n所属の係はどこですか。", "ask: 所属の係はどこですか。"])
async def test_a_question_and_its_answer(desk: Sandbox, text: str) -> None:
    hold_letters(desk, 0)
    number = await under_review(desk)
    await answer(desk, text)
    question = await desk.letter(HANAKO.address, "お尋ね", number)
    assert "所属の係はどこですか。" in body(question)
    await desk.wait_for_state(HANAKO, "needs_information")
    assert 250 == (await write(desk, HANAKO, str(question["Reply-To"]), "情報係です。\n\n> お尋ね")).code
    await desk.wait_for_state(HANAKO, "under_review")
    for _ in range(200):
        request = await desk.letter(SUZUKI.address, "審査依頼", number)
        if "情報係です。" in body(request):
            break
        await asyncio.sleep(0.02)
    assert "所属の係はどこですか。" in body(request)
    assert 250 == (await write(desk, SUZUKI, str(request["Reply-To"]), "承認")).code
    await desk.wait_for_state(HANAKO, "invited")


@pytest.mark.parametrize("text", ["保留 {0.month}月{0.day}日", "hold until {0.day} {0:%b}"])
async def test_a_hold_is_confirmed_with_its_day(desk: Sandbox, text: str) -> None:
    number = await under_review(desk)
    day = tokyo_date(datetime.now(UTC)) + timedelta(days=9)
    await answer(desk, text.format(day))
    case = await desk.wait_for_state(HANAKO, "on_hold")
    until = case.held_until
    assert until is not None
    assert day <= until < day + timedelta(days=14)  # the day, or the first open one after it
    receipt = body(await desk.letter(SUZUKI.address, "判断を記録しました", number))
    assert f"{until.month}月{until.day}日" in receipt


@pytest.mark.parametrize(
    ("decision", "undo"), [("承認", "取消"), ("却下: 対象外", "undo"), ("照会: 課名は", "取り消します。")]
)
async def test_a_word_can_be_taken_back_from_the_receipt(desk: Sandbox, decision: str, undo: str) -> None:
    number = await under_review(desk)
    await answer(desk, decision)
    await desk.letter(SUZUKI.address, "判断を記録しました", number)
    await answer(desk, undo, SUZUKI, "判断を記録しました")
    await desk.wait_for_state(HANAKO, "under_review")
    await desk.letter(SUZUKI.address, "判断を取り消しました", number)
    states = {
        row["letter"]: row["state"] for row in Reader(SqliteSource(desk.app.store.path)).letters(limit=100)
    }
    assert "recalled" in {states.get(letter) for letter in ("invitation", "decline", "question")}


async def test_undo_beside_another_word_holds_the_letter_until_the_answer(desk: Sandbox) -> None:
    number = await under_review(desk)
    await answer(desk, "承認")
    await desk.letter(SATO.address, "判断を記録しました", number)
    await answer(desk, "取り消します。却下でお願いします。", SATO, "判断を記録しました")
    unclear = await desk.letter(SATO.address, "返信を読み取れませんでした", number)
    assert "申請者へのメールは止めています" in body(unclear)
    waits = {
        row["letter"]: row["not_before"]
        for row in Reader(SqliteSource(desk.app.store.path)).letters(limit=100)
    }
    case = await desk.wait_for_state(HANAKO, "approved")
    assert case.decided_at is not None
    assert (case.decided_at + timedelta(minutes=70)).isoformat()[:19] == waits["invitation"][:19]
    code = find_code(body(unclear))
    to = str(unclear["Reply-To"])
    said, subject = f"却下 {code}\n\n所属が確認できません。", f"Re: {unclear['Subject']}"
    assert 250 == (await write(desk, SATO, to, said, subject=subject)).code
    await desk.wait_for_state(HANAKO, "declined")


async def test_three_wrong_codes_make_a_new_letter(desk: Sandbox) -> None:
    number = await under_review(desk)
    request = await desk.letter(SATO.address, "審査依頼", number)
    to, code = str(request["Reply-To"]), find_code(body(request))
    wrong = [text for text in ("承認 2A2A", "承認 3B3B", "承認 4C4C") if code not in text]
    for text in (wrong * 2)[:3]:
        assert 250 == (await write(desk, SATO, to, text, subject=f"Re: {text}")).code
    renewed = await desk.letter(SATO.address, "審査依頼", number, says="三度")
    await write(desk, SATO, to, f"承認 {code}")
    await desk.wait_for_state(HANAKO, "under_review")
    unclear = Reader(SqliteSource(desk.app.store.path))._db.execute(
        "SELECT label, sum(n) FROM tallies WHERE what = 'unclear' GROUP BY label ORDER BY label"
    )
    assert {"code": 3} == {label: n for label, n in unclear if label == "code"}
    await write(desk, SATO, str(renewed["Reply-To"]), f"承認 {find_code(body(renewed))}")
    await desk.wait_for_state(HANAKO, "approved")


async def test_a_strangers_wrong_codes_void_no_letter(desk: Sandbox) -> None:
    number = await under_review(desk)
    request = await desk.letter(SATO.address, "審査依頼", number)
    to = str(request["Reply-To"])
    for text in ("承認 2A2A", "承認 3B3B", "承認 4C4C", "承認 5D5D"):
        raw = build_mail(SATO, to, f"Re: {text}", text)
        assert 550 == (await desk.send("x@attacker.example", to, raw)).code
    await write(desk, SATO, to, f"承認 {find_code(body(request))}")
    await desk.wait_for_state(HANAKO, "approved")


@pytest.mark.parametrize("text", ["担当します。", "take"])
async def test_colleagues_hear_who_handles_a_case(desk: Sandbox, text: str) -> None:
    number = await under_review(desk)
    await answer(desk, text)
    await desk.letter(SUZUKI.address, "担当が決まりました", number, says="佐藤(担当)")
    await answer(desk, "承認", SUZUKI)
    await desk.wait_for_state(HANAKO, "approved")


@pytest.mark.parametrize(
    ("text", "subject", "words"),
    [
        ("一覧", "一覧", ["1件が待っています"]),
        ("list", "一覧", ["1件が待っています"]),
        ("状況", "状況", []),
        ("status", "状況", []),
        ("ヘルプ", "使える言葉", []),
        ("help", "使える言葉", []),
    ],
)
async def test_looking_is_answered_and_changes_nothing(
    desk: Sandbox, text: str, subject: str, words: list[str]
) -> None:
    number = await under_review(desk)
    await answer(desk, text)
    assert number in body(await desk.letter(SATO.address, subject, *words))
    await desk.wait_for_state(HANAKO, "under_review")


async def test_the_second_decider_hears_by_whom_and_when_it_was_decided(desk: Sandbox) -> None:
    number = await under_review(desk)
    await answer(desk, "承認", SATO)
    await desk.wait_for_state(HANAKO, "approved")
    await answer(desk, "却下: 対象外", SUZUKI)
    told = await desk.letter(SUZUKI.address, "返信を読み取れませんでした", number, says="判断しています")
    assert SATO.address in body(told)
    assert "時" in body(told)
    await desk.wait_for_state(HANAKO, "approved")


async def test_two_who_approve_at_the_same_time_make_one_invitation(desk: Sandbox) -> None:
    await under_review(desk)
    boxes = [await reply_address(desk, who.address, "審査依頼") for who in (SATO, SUZUKI)]
    await asyncio.gather(write(desk, SATO, boxes[0], "承認"), write(desk, SUZUKI, boxes[1], "却下: 対象外"))
    rows = Reader(SqliteSource(desk.app.store.path)).letters(limit=100)
    assert 1 == len([row for row in rows if row["letter"] in {"invitation", "decline"}])


async def test_a_forwarded_token_is_worth_nothing_afterwards(desk: Sandbox) -> None:
    number = await under_review(desk)
    to = await reply_address(desk, SATO.address, "審査依頼")
    assert 250 == (await write(desk, HANAKO, to, "承認")).code
    await desk.letter(SUZUKI.address, "お知らせ", number, says=HANAKO.address)
    assert 250 == (await write(desk, SATO, to, "承認")).code
    await desk.letter(SATO.address, "返信を読み取れませんでした", number, says="この返信先は使えません")
    assert 250 == (await write(desk, HANAKO, to, "承認")).code  # no second notice
    await desk.wait_for_state(HANAKO, "under_review")
    notices = [
        row
        for row in Reader(SqliteSource(desk.app.store.path)).letters(limit=100)
        if row["letter"] == "case_notice"
    ]
    assert 2 == len(notices)
    await answer(desk, "承認")  # the request was sent anew
    await desk.wait_for_state(HANAKO, "approved")


# Certain marks are not answered, weak ones once: a server of the office may have put them on.
MACHINES = [
    ({"Auto-Submitted": "auto-replied"}, 0),
    ({"Precedence": "bulk"}, 1),
    ({"X-Autoreply": "yes"}, 0),
    ({"Auto-Submitted": "auto-generated", "Subject-Note": "開封確認"}, 1),
]


@pytest.mark.parametrize(("headers", "answers"), MACHINES)
async def test_an_automatic_reply_with_the_word_decides_nothing(
    desk: Sandbox, headers: dict[str, str], answers: int
) -> None:
    await under_review(desk)
    to = await reply_address(desk, SATO.address, "審査依頼")
    before = len(Reader(SqliteSource(desk.app.store.path)).letters(limit=100))
    assert 250 == (await write(desk, SATO, to, "承認します。", headers=headers)).code
    await desk.wait_for_state(HANAKO, "under_review")
    assert before + answers == len(Reader(SqliteSource(desk.app.store.path)).letters(limit=100))


@pytest.mark.parametrize(
    "subject", ["自動応答: 審査依頼", "不在通知", "開封済み: 審査依頼", "配信不能: 審査依頼"]
)
async def test_no_subject_makes_a_staff_reply_automatic(desk: Sandbox, subject: str) -> None:
    """An applicant could choose words of a Subject; marks of machines are fields of the header. Who changes
    the Subject is shown what was not understood in it; word and code of that letter decide below the same."""
    await under_review(desk)
    to = await reply_address(desk, SATO.address, "審査依頼")
    assert 250 == (await write(desk, SATO, to, "承認します。", subject=subject)).code
    unclear = await desk.letter(SATO.address, "返信を読み取れませんでした")
    to, code = str(unclear["Reply-To"]), find_code(body(unclear))
    assert 250 == (await write(desk, SATO, to, f"承認 {code}", subject=subject)).code
    await desk.wait_for_state(HANAKO, "approved")


async def test_a_reply_with_a_null_reverse_path_decides_nothing(desk: Sandbox) -> None:
    await under_review(desk)
    to = await reply_address(desk, SATO.address, "審査依頼")
    raw = sign_mail(build_mail(SATO, to, "Re: 審査依頼", "承認します。"), desk.world.signers[SATO.domain])
    assert 250 == (await desk.send("", to, raw)).code
    await desk.wait_for_state(HANAKO, "under_review")


async def test_one_reply_to_the_digest_settles_many_lines(desk: Sandbox) -> None:
    number = await under_review(desk)
    taro = replace(HANAKO, name="例示 太郎", address="taro@town.mihon.lg.jp")
    other = await under_review(desk, taro, FORM.replace("見本 花子", "例示 太郎"))
    await digest(desk)
    letter = await desk.letter(SATO.address, "一覧", "2件が待っています")
    code = find_code(body(letter))
    said = f"{number} 承認 {code} 注意確認\n{other} 却下 {code} 対象外のため\nZZZZ-99 承認 {code}"
    text = f"{said}\n\n" + body(letter)
    subject = f"Re: {letter['Subject']}"
    assert 250 == (await write(desk, SATO, str(letter["Reply-To"]), text, subject=subject)).code
    await desk.wait_for_state(HANAKO, "approved")
    assert "対象外のため" == (await desk.wait_for_state(taro, "declined")).reason
    told = body(await desk.letter(SATO.address, "一括返信の結果", "2件を記録"))
    assert [True, True, True] == [one in told for one in (number, other, "ZZZZ-99")]


async def test_a_digest_in_other_hands_decides_nothing(desk: Sandbox) -> None:
    number = await under_review(desk)
    await digest(desk)
    letter = await desk.letter(SATO.address, "一覧", "1件が待っています")
    code = find_code(body(letter))
    assert 250 == (await write(desk, SUZUKI, str(letter["Reply-To"]), f"{number} 承認 {code}")).code
    await desk.letter(SATO.address, "お知らせ", "返信用アドレス")
    await desk.wait_for_state(HANAKO, "under_review")
    assert 250 == (await write(desk, SATO, str(letter["Reply-To"]), f"{number} 承認 {code}")).code
    await desk.letter(SATO.address, "一括返信の結果", "何も変わっていません")
    await desk.wait_for_state(HANAKO, "under_review")


async def test_a_digest_says_that_nothing_waits(desk: Sandbox) -> None:
    await digest(desk)
    letter = await desk.letter(SATO.address, "一覧", "待っている件はありません")
    assert "待っている件はありません" in body(letter)


async def test_all_letters_about_a_case_are_in_one_thread(desk: Sandbox) -> None:
    number = await under_review(desk)
    await answer(desk, "担当")
    await desk.letter(SATO.address, "担当が決まりました", number)
    await answer(desk, "承認")
    await desk.letter(SATO.address, "判断を記録しました", number)
    threads = {str(letter["References"]) for letter in desk.letters(SATO.address)}
    assert {f"<case.{number}@{desk.app.config.desk.domain}>"} == threads


async def test_a_question_of_the_applicant_reaches_the_staff(desk: Sandbox) -> None:
    number = await under_review(desk)
    to = await reply_address(desk, HANAKO.address, "受付", number)
    assert 250 == (await write(desk, HANAKO, to, "部署名: 総務課\n\nいつ頃になりますか?")).code
    request = await desk.letter(SATO.address, "審査依頼", number, says="いつ頃になりますか")
    assert "総務課" in body(request)


async def test_a_report_about_a_staff_letter_causes_no_other_letter(desk: Sandbox) -> None:
    number = await under_review(desk)
    letter = await desk.letter(SATO.address, "審査依頼", number)
    bounce = str(letter["Return-Path"]).strip("<>")
    report = (
        f"From: MAILER-DAEMON@kyoso.mihon.go.jp\r\nTo: {bounce}\r\nSubject: =?utf-8?B?6YWN5L+h5LiN6IO9?=\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.kyoso.mihon.go.jp\r\n\r\n"
        f"Final-Recipient: rfc822; {SATO.address}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    )
    before = len(Reader(SqliteSource(desk.app.store.path)).letters(limit=100))
    assert 250 == (await desk.send("", bounce, report.encode())).code
    assert before == len(Reader(SqliteSource(desk.app.store.path)).letters(limit=100))
    assert "under_review" == (await desk.wait_for_state(HANAKO, "under_review")).state


async def test_a_running_gateway_revokes_what_has_left(desk: Sandbox) -> None:
    hold_letters(desk, 0)
    number = await under_review(desk)
    await answer(desk, "承認")
    await desk.wait_for_state(HANAKO, "invited")
    arguments = ("case", "revoke", number, "--reason", "誤って承認", "--config", str(desk.folder))
    assert 0 == (await run_gateway(*arguments)).code
    await desk.wait_for_state(HANAKO, "declined")
    await desk.letter(SATO.address, "お知らせ", number, says="管理画面")
