"""Reports that failed in the field: whatever says that a letter did not arrive, the staff hear of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.admission.authority import tokens
from gateway.admission.case.model import Letter, OutgoingLetter, State
from gateway.admission.eligibility.assess import Rules
from gateway.inbound.screening import LocalScreener
from gateway.mail.address import Address, parse
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.mailboxes import Purpose
from gateway.store.protocol import LetterState, Transaction
from gateway.store.sqlite.store import SqliteStore
from tests.corpus.test_field_wire import file_of
from tests.inbound.test_unheard import BOXES, SENT_AT, TOKEN, entropy
from tests.support.dns import ZoneResolver
from tests.support.factories import APPLICANT, DESK, NOW, SATO, case
from tests.support.path_in import build_path

VACATION = b"From: rei@b.example\r\nSubject: Auto: away\r\nAuto-Submitted: auto-replied\r\n\r\nAway.\r\n"
UNREAD = b"From: x@b.example\r\nSubject: x\r\n\r\nSomething happened.\r\nNo idea what.\r\n"


def hand_over(letter: Letter, to: Address) -> Callable[[Transaction], None]:
    """A case, and a letter about it that left."""

    def work(tx: Transaction) -> None:
        saved = tx.save(case(State.UNDER_REVIEW))
        tx.enqueue(saved, [OutgoingLetter(letter, to, {})], SENT_AT, None)
        (row,) = tx.claim(SENT_AT, SENT_AT + timedelta(minutes=5), 1)
        tx.keep_token(tokens.token_hash(TOKEN), Purpose.BOUNCE, row, NOW + timedelta(days=9))
        tx.record_outcome(row.id, LetterState.SENT, SENT_AT, "250 OK", SENT_AT)

    return work


async def state_after(
    place: Path, *reports: bytes, letter: Letter = Letter.ACKNOWLEDGMENT, to: Address = APPLICANT
) -> tuple[str, list[str], list[str]]:
    """The state of the case, the notices queued, and what the office sees of each mail."""
    store = SqliteStore(place / "gateway.db", BOXES.domain)
    store.open()
    try:
        await store.transact(hand_over(letter, to))
        receiver = build_path(
            store, LocalScreener(ZoneResolver(""), BOXES), DESK, BOXES, Rules, entropy=entropy
        )
        path = (parse(f"bounce+{TOKEN}@{BOXES.domain}"),)
        for raw in reports:
            envelope = Envelope("192.0.2.10", "mx.smarthost.example", None, path, NOW)
            assert "250" == str(await receiver.receive(envelope, raw))[:3]
    finally:
        store.close()
    with closing(sqlite3.connect(store.path)) as connection:
        (state,) = connection.execute("SELECT state FROM cases").fetchone()
        told = [
            row[0] for row in connection.execute("SELECT facts FROM letters WHERE letter = 'case_notice'")
        ]
        seen = [row[0] for row in connection.execute("SELECT unheard FROM mails ORDER BY id")]
    return state, told, seen


@pytest.mark.parametrize("number", ["68", "69", "71", "72", "73", "75", "76", "78"])
async def test_the_staff_hear_of_a_letter_that_did_not_arrive(number: str, tmp_path: Path) -> None:
    raw = file_of(number).read_bytes().replace(b"TOKEN", TOKEN.encode())
    state, told, seen = await state_after(tmp_path, raw)
    assert ("undeliverable", [""]) == (state, seen)
    assert len(told) == len(DESK.staff)
    assert all('"kind":"undelivered"' in facts.replace(" ", "") for facts in told)


async def test_what_nobody_can_read_is_one_notice_with_its_first_lines(tmp_path: Path) -> None:
    second = UNREAD.replace(b"Subject: x", b"Subject: y")
    state, told, seen = await state_after(tmp_path, UNREAD, second)
    assert ("under_review", ["", "words"]) == (state, seen)
    assert len(told) == len(DESK.staff)
    assert all("unread_report" in facts and "No idea what." in facts for facts in told)


async def test_about_a_letter_of_the_staff_it_is_a_line_for_the_office(tmp_path: Path) -> None:
    found = await state_after(tmp_path, UNREAD, letter=Letter.REVIEW_REQUEST, to=SATO)
    assert ("under_review", [], ["words"]) == found


async def test_a_vacation_is_a_count(tmp_path: Path) -> None:
    assert ("under_review", [], ["mail"]) == await state_after(tmp_path, VACATION)
