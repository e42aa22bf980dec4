"""Letters to a member of staff cost as much after a thousand cases as after ten."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.admission.case.model import Case, Letter, OutgoingLetter, State
from gateway.mail.address import parse
from gateway.store.protocol import Transaction
from gateway.store.sqlite.store import SqliteStore
from tests.support.factories import NOW, case

SATO = parse("sato@kyoso.mihon.go.jp")
SUZUKI = parse("suzuki@kyoso.mihon.go.jp")
FEW, MANY = 10, 200


def saved(tx: Transaction, number: int) -> Case:
    return tx.save(replace(case(State.UNDER_REVIEW), number=f"K{number:03}-4T"))


def request(one: Case) -> OutgoingLetter:
    return OutgoingLetter(Letter.REVIEW_REQUEST, SATO, {"number": one.number, "occasion": "new"})


def receipt(one: Case) -> OutgoingLetter:
    """A receipt for a colleague, which waits for a summary."""
    return OutgoingLetter(Letter.DECISION_RECEIPT, SATO, {"number": one.number, "by": SUZUKI})


def own_receipt(one: Case) -> OutgoingLetter:
    return OutgoingLetter(Letter.DECISION_RECEIPT, SATO, {"number": one.number, "by": SATO})


def settle(connection: sqlite3.Connection) -> None:
    """Everything that was queued has left long ago."""
    connection.execute(
        "UPDATE letters SET state = 'sent', attempts = 1, sent_at = queued_at WHERE state = 'queued'"
    )


LETTERS = {"request": request, "receipt of a colleague": receipt, "own receipt": own_receipt}


@pytest.mark.parametrize("kind", LETTERS)
async def test_a_letter_to_a_member_costs_as_much_after_many_cases(tmp_path: Path, kind: str) -> None:
    store = SqliteStore(tmp_path / "gateway.db", "gw.example.go.jp")
    store.open()

    def add(tx: Transaction, number: int) -> int:
        """The instructions of SQLite's machine for one more letter; those before it have left."""
        connection = tx.connection
        assert isinstance(connection, sqlite3.Connection)
        settle(connection)
        one, steps = saved(tx, number), 0

        def count() -> int:
            nonlocal steps
            steps += 1
            return 0

        connection.set_progress_handler(count, 1)
        assert tx.enqueue(one, [LETTERS[kind](one)], NOW, None)
        connection.set_progress_handler(None, 0)
        return steps

    costs = await store.transact(lambda tx: [add(tx, number) for number in range(MANY)])
    store.close()
    assert costs[-1] <= costs[FEW] + 20, costs  # a deeper index costs a few
