"""What a new application costs on SQLite: statements, which a second store must not make more."""

import sqlite3
from itertools import groupby
from pathlib import Path

from gateway.admission.case.model import JournalEntry, Letter, OutgoingLetter
from gateway.printing.fields import ours
from gateway.store.protocol import Transaction
from gateway.store.sqlite.store import SqliteStore
from tests.store.test_contract import mail
from tests.support.factories import APPLICANT, NOW, case

# As many as before there was another store; one that is added has to be weighed here.
STATEMENTS = 14
LETTERS = [
    OutgoingLetter(Letter.ACKNOWLEDGMENT, APPLICANT, {}),
    OutgoingLetter(Letter.HOW_TO_APPLY, APPLICANT, {}),
]


def record_application(tx: Transaction) -> None:
    """What `Receiver` asks of the store for a new application with two letters."""
    assert not tx.has_mail("k1")
    assert tx.latest_case(APPLICANT) is None
    saved = tx.save(case())
    number = tx.record(mail("k1"), saved.id)
    tx.enqueue(saved, LETTERS, NOW, number)
    tx.journal((JournalEntry("received", ours("me"), {}),), NOW, saved.id, number)


async def test_a_new_application_runs_the_same_statements(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "gateway.db", "gw.example.go.jp")
    store.open()
    seen: list[str] = []

    def work(tx: Transaction) -> None:
        connection = tx.connection
        assert isinstance(connection, sqlite3.Connection)
        connection.set_trace_callback(seen.append)
        record_application(tx)
        connection.set_trace_callback(None)

    await store.transact(work)
    store.close()
    # SQLite names a statement again before each of its triggers.
    assert STATEMENTS == len(list(groupby(seen)))
