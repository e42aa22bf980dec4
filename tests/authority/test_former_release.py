"""A reply to a letter of 0.1 is answered by a new one and decides nothing; what was confirmed then is marked.

The database is the dump of v0009, the last schema of 0.1 (2efb997)."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.admission.case import letters
from gateway.admission.case.decide import decide
from gateway.admission.case.events import Decide, DigestRequest, FormerLetter, Misuse, Note, Supplement
from gateway.admission.case.model import DECIDABLE, GENERAL_LETTERS, OPEN, Case, Desk, Letter, Staff, State
from gateway.admission.intake.classify import classify
from gateway.admission.intake.mail_facts import MailFacts
from gateway.mail.address import Address, parse
from gateway.mail.smtp.mailboxes import Purpose
from gateway.store.protocol import Transaction
from gateway.store.repositories import case_repository
from gateway.store.sqlite.store import SqliteStore
from tests.store.filled import DOMAIN, at_version
from tests.support.factories import DESK, NOW, background, form

STATES = sorted(OPEN | {State.APPROVED})
TEXTS = (
    "承認",
    "承認します。",
    "却下: 対象外のため",
    "保留",
    "取消",
    "取り下げます。",
    "在籍を確認しました。",
    "approve",
)
COLLEAGUE = parse("colleague@town.mihon.lg.jp")


def fill(path: Path) -> None:
    """The dump with a case in every open state, each with every letter that can be answered."""
    connection = at_version("v0009", path)
    found = [row[0] for row in connection.execute("SELECT id FROM cases ORDER BY id LIMIT ?", [len(STATES)])]
    assert len(STATES) == len(found)
    connection.execute("UPDATE cases SET confirmed_by = ''")
    for case_id, state in zip(found, STATES, strict=True):
        confirmed = str(COLLEAGUE) if state is State.UNDER_REVIEW else ""
        connection.execute(
            "UPDATE cases SET state = ?, confirmed_by = ? WHERE id = ?", [state.value, confirmed, case_id]
        )
    connection.execute("UPDATE tokens SET expires_at = '2027-11-24T01:00:00.000000+00:00'")
    connection.commit()
    connection.close()


@pytest.fixture
async def old(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    path = tmp_path / "gateway.db"
    fill(path)
    store = SqliteStore(path, DOMAIN, lambda: NOW)
    store.open()
    yield store
    store.close()


def digests(store: SqliteStore) -> list[bytes]:
    with sqlite3.connect(store.path) as connection:
        found = connection.execute("SELECT digest FROM tokens WHERE purpose <> 'BOUNCE'").fetchall()
    connection.close()
    return [row[0] for row in found]


def written(by: Address, purpose: Purpose, text: str) -> MailFacts:
    return MailFacts(by, purpose, "Re: 審査依頼", text, form(text), None, None, background())


def reply(tx: Transaction, digest: bytes, text: str) -> list[tuple[Case | None, object, Desk]]:
    """What a mail of the addressee, and one of a colleague, to an old token is read as."""
    held = tx.token(digest)
    assert held is not None
    case = tx.case(held.case_id) if held.case_id else None
    holder = case_repository.load_token_holder(tx, held, case, NOW)
    staff = held.purpose is Purpose.DECIDE
    desk = replace(DESK, staff=(Staff(held.addressee, "担当"),)) if staff else DESK
    writers = (held.addressee,) if staff else (held.addressee, COLLEAGUE)
    return [(case, classify(written(by, held.purpose, text), holder, case, desk), desk) for by in writers]


@pytest.mark.parametrize("text", TEXTS)
async def test_no_reply_to_a_letter_of_an_earlier_release_decides(old: SqliteStore, text: str) -> None:
    seen = set()
    for digest in digests(old):
        for case, event, desk in await old.transact(lambda tx, d=digest: reply(tx, d, text)):  # type: ignore[misc]
            assert isinstance(event, FormerLetter | DigestRequest | Supplement | Note | Misuse)
            if case is None or not isinstance(event, FormerLetter):
                continue
            seen.add(case.state)
            transition = decide(case, event, NOW, desk)
            assert case == transition.case
            if desk.member(event.by) is not None and case.applicant.person != event.by.person:
                wanted = Letter.REVIEW_REQUEST if case.state in DECIDABLE else Letter.CASE_STATUS
                assert [(wanted, event.by)] == [(one.letter, one.to) for one in transition.letters]
    assert seen >= set(STATES)


async def test_a_letter_of_this_release_is_answered_as_ever(old: SqliteStore) -> None:
    """Only what was handed over before is void: the new request has a token of its own."""
    (digest, *_) = [one for one in digests(old) if await is_review_request(old, one)]

    def work(tx: Transaction) -> object:
        held = tx.token(digest)
        assert held is not None
        assert held.case_id is not None
        case = tx.case(held.case_id)
        assert case is not None
        now_held = replace(held, former=False)
        holder = case_repository.load_token_holder(tx, now_held, case, NOW)
        desk = replace(DESK, staff=(Staff(held.addressee, "担当"),))
        return classify(written(held.addressee, Purpose.DECIDE, "承認"), holder, case, desk)

    assert isinstance(await old.transact(work), Decide)


async def is_review_request(store: SqliteStore, digest: bytes) -> bool:
    found = await store.transact(lambda tx: tx.token(digest))
    assert found is not None
    return found.letter is Letter.REVIEW_REQUEST and found.letter not in GENERAL_LETTERS


async def test_what_was_confirmed_by_the_old_rules_is_marked_in_the_request(old: SqliteStore) -> None:
    cases = await old.transact(lambda tx: tx.open_cases(1_000))
    marked = [one for one in cases if one.confirmed_formerly]
    assert [State.UNDER_REVIEW] == [one.state for one in marked]
    assert all(letters.review_requests(one, DESK)[0].facts["confirmed_formerly"] for one in marked)
    assert not any(
        letters.review_requests(one, DESK)[0].facts["confirmed_formerly"]
        for one in cases
        if one not in marked
    )
