"""In which thread the store does a piece of work: it decides by what the work asks for."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from gateway.admission.authority.tokens import token_hash
from gateway.admission.case.model import Letter, OutgoingLetter, State
from gateway.mail.smtp.mailboxes import Purpose
from gateway.store.protocol import Transaction
from gateway.store.sqlite.store import SqliteStore
from tests.support.factories import NOW, SATO, case

LATER = NOW + timedelta(minutes=15)
TOKEN = token_hash("secret")


async def thread_of(store: SqliteStore, ask: Callable[[Transaction], object]) -> str:
    """Where the work came to its end."""

    def work(tx: Transaction) -> str:
        ask(tx)
        return threading.current_thread().name

    return await store.transact(work)


async def keep_token(store: SqliteStore, letter: Letter) -> None:
    """A token that was given out with a letter to the staff."""

    def work(tx: Transaction) -> None:
        about = None if letter is Letter.DIGEST else tx.save(case(State.UNDER_REVIEW))
        tx.enqueue(about, [OutgoingLetter(letter, SATO, {})], NOW, None)
        (row,) = tx.claim(NOW, LATER, 1)
        tx.keep_token(TOKEN, Purpose.DECIDE, row, LATER)

    await store.transact(work)


@pytest.mark.parametrize(
    "ask",
    [
        lambda tx: tx.has_mail("key"),
        lambda tx: tx.case_by_number("K7QM-4T"),
        lambda tx: tx.latest_case(case().applicant),
        lambda tx: tx.save(case(number="AAAA-AA")),
        lambda tx: tx.claim(NOW, LATER, 20),
        lambda tx: tx.next_due(),
        lambda tx: tx.token(TOKEN),
    ],
)
async def test_what_a_mail_or_a_letter_needs_is_done_in_the_loops_thread(
    store: SqliteStore, ask: Callable[[Transaction], object]
) -> None:
    await keep_token(store, Letter.REVIEW_REQUEST)
    assert threading.current_thread().name == await thread_of(store, ask)


@pytest.mark.parametrize(
    "ask",
    [
        lambda tx: tx.open_cases(200),
        lambda tx: tx.invited_cases(NOW, 200),
        lambda tx: tx.journal_since(NOW, ["retention"], 200),
        lambda tx: tx.connection,
        lambda tx: (tx.save(case(number="AAAA-AA")), tx.open_cases(200)),
    ],
)
async def test_what_reads_many_rows_is_done_in_the_writers_thread(
    store: SqliteStore, ask: Callable[[Transaction], object]
) -> None:
    assert "store-writer" == await thread_of(store, ask)


async def test_a_reply_to_a_digest_is_handled_in_the_writers_thread(store: SqliteStore) -> None:
    """It can decide two hundred cases, and nobody else should wait for them."""
    await keep_token(store, Letter.DIGEST)
    assert "store-writer" == await thread_of(store, lambda tx: tx.token(TOKEN))
