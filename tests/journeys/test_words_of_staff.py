"""The words beside the code, and what a member asks at the request address, over real SMTP."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.admission.authority.tokens import find_code
from gateway.admission.business_days import tokyo_date
from gateway.demo.sandbox import Sandbox, open_sandbox
from tests.journeys.world import HANAKO, REQUEST, SATO, SUZUKI, answer, body, under_review, write


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with open_sandbox(tmp_path) as running:
        yield running


async def say(desk: Sandbox, number: str, text: str) -> None:
    """Answer the newest status letter to Sato, with its code in place of CODE."""
    await answer(desk, "状況")
    status = await desk.letter(SATO.address, "状況", number)
    said = text.replace("CODE", find_code(body(status)))
    assert 250 == (await write(desk, SATO, str(status["Reply-To"]), said)).code


async def test_a_reply_reaches_the_applicant_and_the_answer_the_staff(desk: Sandbox) -> None:
    number = await under_review(desk)
    await say(desk, number, "返信 CODE\n\n資料は、来週お送りします。")
    letter = await desk.letter(HANAKO.address, "ご連絡", number, says="来週お送りします。")
    assert 250 == (await write(desk, HANAKO, str(letter["Reply-To"]), "承知しました。お待ちします。")).code
    await desk.letter(SUZUKI.address, "お知らせ", number, says="お待ちします。")
    await desk.wait_for_state(HANAKO, "under_review")


async def test_withdrawn_and_reopened_it_waits_for_a_decision(desk: Sandbox) -> None:
    number = await under_review(desk)
    await say(desk, number, "取り下げ CODE")
    await desk.wait_for_state(HANAKO, "withdrawn")
    await desk.letter(HANAKO.address, "取り下げ", number)
    asked = await write(desk, SATO, REQUEST, f"状況 {number}")
    assert 250 == asked.code
    status = await desk.letter(SATO.address, "状況", number, says="申請者が取り下げました")
    said = f"再開 {find_code(body(status))}"
    assert 250 == (await write(desk, SATO, str(status["Reply-To"]), said)).code
    await desk.wait_for_state(HANAKO, "under_review")


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("ヘルプ", "使える言葉"),
        ("検索 手書", "お探しの件"),
        ("不在 {0.month}月{0.day}日", "不在を記録"),
        ("一覧", "一覧"),
    ],
)
async def test_a_member_asks_at_the_request_address(desk: Sandbox, text: str, subject: str) -> None:
    await under_review(desk)
    next_week = tokyo_date(datetime.now(UTC)) + timedelta(days=7)
    assert 250 == (await write(desk, SATO, REQUEST, text.format(next_week))).code
    await desk.letter(SATO.address, subject)


@pytest.mark.parametrize("text", ["一覧", "検索 手書", "状況 K7QM-4T"])
async def test_a_stranger_who_asks_the_same_gets_how_to_apply(desk: Sandbox, text: str) -> None:
    assert 250 == (await write(desk, HANAKO, REQUEST, text)).code
    await desk.letter(HANAKO.address, "お申し込み方法")
