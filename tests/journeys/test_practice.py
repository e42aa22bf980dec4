"""A practice reply over real SMTP with real signatures, and what it changes about the next real reply."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.demo.sandbox import Sandbox, open_sandbox
from gateway.mail import address
from gateway.store.commands import staff as staff_commands
from gateway.store.commands.requests import RefusedError, new_request
from gateway.store.queries.practices import load_practices
from gateway.store.sqlite.source import SqliteSource
from tests.journeys.world import HANAKO, SATO, SUZUKI, answer, body, reply_address, under_review, write

SIGNED = "承認します。\n\n総務課 窓口係\n佐藤\nふるさと納税受付中です！"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with open_sandbox(tmp_path) as running:
        yield running


async def ask(desk: Sandbox, to: str = SATO.address) -> None:
    """`gateway staff try`, as the running gateway carries it out."""
    now = datetime.now(UTC)
    request = new_request(staff_commands.TRY, "operator:rei", {"address": to}, now)
    handler = staff_commands.build_handlers(desk.app.reception._desk)[staff_commands.TRY]
    await desk.app.store.transact(lambda tx: handler(tx, request, now))
    desk.app.dispatch.wake()


async def known(desk: Sandbox) -> tuple[str, ...]:
    return await desk.app.store.transact(lambda tx: tx.known_lines(address.parse(SATO.address), 0))


async def test_a_slogan_is_asked_about_before_the_practice_and_not_after_it(desk: Sandbox) -> None:
    number = await under_review(desk)
    await answer(desk, SIGNED)
    unclear = await desk.letter(SATO.address, "返信を読み取れませんでした", number)
    assert "ふるさと納税" in body(unclear)
    await ask(desk)
    request = await desk.letter(SATO.address, "返信の練習のお願い")
    assert str(request["Reply-To"]).startswith("practice+")
    await answer(desk, SIGNED, subject="返信の練習のお願い")
    result = body(await desk.letter(SATO.address, "練習の結果"))
    for said in ("練習の返信を読み取れました", "署名として覚えました", "読み取った言葉：承認", "どの申請も"):
        assert said in result
    await desk.wait_for_state(HANAKO, "under_review")
    await answer(desk, SIGNED.replace("承認します", "承認いたします"))  # the same words would be a copy
    await desk.wait_for_state(HANAKO, "invited")
    assert load_practices(SqliteSource(desk.app.store.path))[SATO.address].passed_at


@pytest.mark.parametrize("writer", [SUZUKI, HANAKO], ids=["a colleague", "an applicant"])
async def test_nobody_else_teaches_lines_with_the_token(desk: Sandbox, writer: object) -> None:
    await ask(desk)
    to = await reply_address(desk, SATO.address, "返信の練習のお願い")
    assert 250 == (await write(desk, writer, to, SIGNED)).code  # type: ignore[arg-type]
    await desk.letter(SATO.address, "お知らせ")
    assert () == await known(desk)
    assert 250 == (await write(desk, SATO, to, SIGNED)).code  # the token is worth nothing by now
    result = body(await desk.letter(SATO.address, "練習の結果"))
    assert "読み取れませんでした" in result
    assert () == await known(desk)


async def test_only_members_are_asked(desk: Sandbox) -> None:
    with pytest.raises(RefusedError, match="is not in a"):
        await ask(desk, HANAKO.address)
    with pytest.raises(RefusedError, match="address = "):
        await ask(desk, "nobody")
