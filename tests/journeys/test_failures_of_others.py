"""What was measured with other systems, as tests that this one passes."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.admission.authority.tokens import find_code
from gateway.demo.people.messages import Person
from gateway.demo.people.stories import form
from gateway.demo.sandbox import Sandbox, open_sandbox
from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource
from gateway.store.tables.transaction import SqlTransaction
from tests.journeys.world import (
    HANAKO,
    SATO,
    answer,
    body,
    hold_letters,
    reply_address,
    under_review,
    write,
)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Sandbox]:
    """A desk whose letters wait for the undo window."""
    async with open_sandbox(tmp_path) as running:
        hold_letters(running)
        yield running


async def test_a_strangers_out_of_office_does_not_approve(desk: Sandbox) -> None:
    """An auto-reply that came with the token of a moderation request approved the poster (mlmmj 1.3.0)."""
    await under_review(desk)
    to = await reply_address(desk, SATO.address, "審査依頼")
    stranger = Person("他人", "dareka@tsuhan.example")
    headers = {"Auto-Submitted": "auto-replied"}
    assert 250 == (await write(desk, stranger, to, "承認します。", headers=headers)).code
    await desk.wait_for_state(HANAKO, "under_review")


async def test_an_automatic_reply_confirms_no_affiliation(desk: Sandbox) -> None:
    """An auto-reply confirmed a pending request (Mailman 3.3.10)."""
    private = Person("私用 次郎", "jiro@jitaku.example")
    text = form("例市", private.name, code="477028")
    assert 250 == (await write(desk, private, desk.request, text)).code
    await desk.wait_for_state(private, "awaiting_affiliation")
    to = await reply_address(desk, private.address, "所属確認のお願い")
    colleague = Person("同僚", "dokyo@city.rei.lg.jp")
    assert 250 == (await write(desk, colleague, to, "在籍を確認しました。")).code
    asked = await desk.letter(colleague.address, "在籍のご確認")
    text = f"はい {find_code(body(asked))}"
    headers = {"Auto-Submitted": "auto-replied"}
    assert 250 == (await write(desk, colleague, str(asked["Reply-To"]), text, headers=headers)).code
    await desk.wait_for_state(private, "awaiting_affiliation")
    by_hand = f"{text}\n\nよろしくお願いいたします。"  # the same again is a copy
    assert 250 == (await write(desk, colleague, str(asked["Reply-To"]), by_hand)).code
    await desk.wait_for_state(private, "under_review")


async def test_a_plain_reply_neither_approves_nor_discards(desk: Sandbox) -> None:
    """A plain reply to a moderation request discarded the post (Mailman)."""
    number = await under_review(desk)
    await answer(desk, "ありがとうございます。確認します。")
    await desk.letter(SATO.address, "返信を読み取れませんでした", number)
    await desk.wait_for_state(HANAKO, "under_review")


async def test_a_decision_and_its_letters_are_recorded_together_or_not_at_all(
    desk: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash between taking the request and the commit lost the decision, letters went out (Mailman)."""
    await under_review(desk)
    to = await reply_address(desk, SATO.address, "審査依頼")
    before = len(Reader(SqliteSource(desk.app.store.path)).letters(limit=100))
    with monkeypatch.context() as patch:
        patch.setattr(SqlTransaction, "journal", broken)
        assert 451 == (await write(desk, SATO, to, "承認")).code
    await desk.wait_for_state(HANAKO, "under_review")
    assert before == len(Reader(SqliteSource(desk.app.store.path)).letters(limit=100))
    assert 250 == (await write(desk, SATO, to, "承認")).code
    await desk.wait_for_state(HANAKO, "approved")


def broken(*_: object) -> None:
    """What a full disk does to a transaction."""
    raise sqlite3.OperationalError("database or disk is full")
