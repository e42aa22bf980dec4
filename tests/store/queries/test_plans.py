"""How SQLite answers the questions that are asked all the time: by index, however many rows there are."""

import re
import sqlite3
from collections.abc import Callable

import pytest

from gateway.store.privacy import retention
from gateway.store.queries import reader
from gateway.store.queries.console import lists
from gateway.store.queries.reader import _one_by_one
from gateway.store.sqlite.migrations import schema
from gateway.store.tables import case_sql
from gateway.store.tables.letters import leases
from gateway.store.tables.transaction import SqlTransaction
from tests.support.factories import case

LARGE = "cases|letters|mails|journal|tokens"


@pytest.fixture(scope="module")
def empty() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    schema.migrate(connection)
    return connection


def asked(work: Callable[[SqlTransaction], object]) -> list[str]:
    """The statements that a piece of work sends to the database."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    schema.migrate(connection)
    connection.row_factory = sqlite3.Row
    sent: list[str] = []
    connection.set_trace_callback(sent.append)
    work(SqlTransaction(connection, lambda: "<x@y>"))
    connection.set_trace_callback(None)
    connection.close()
    return [sql for sql in sent if not sql.startswith("--")]  # what triggers do is shown as a comment


def walks(connection: sqlite3.Connection, sql: str, **values: object) -> list[str]:
    """The steps that go through a whole large table."""
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
    return [step for step in plan if re.match(rf"SCAN ({LARGE})( |$)(?!USING)", step)]


RETENTION = {
    name: getattr(retention, name)
    for name in ("_DUE_CASES", "_RAW_MAILS", "_LOOSE_MAILS", "_LOOSE_LETTERS", "_LOOSE_LINES")
}


@pytest.mark.parametrize(
    "sql",
    [
        leases._NEXT_DUE,
        leases._DUE,
        leases._DUE_LEASED,
        case_sql.OPEN_CASES,
        lists._OF_DOMAIN,
        _one_by_one(reader._WAITS, ["queued"])[0],
        _one_by_one(reader._OVER, ["refused", "recalled"])[0],
        *RETENTION.values(),
        retention._TOKENS,
        retention._COMMANDS,
    ],
)
def test_no_large_table_is_walked_through(empty: sqlite3.Connection, sql: str) -> None:
    names = re.findall(r":(\w+)", sql)
    assert [] == walks(empty, sql, **dict.fromkeys(names, 1))


@pytest.mark.parametrize("sql", RETENTION.values(), ids=RETENTION)
def test_what_is_due_is_found_in_the_order_of_its_index(empty: sqlite3.Connection, sql: str) -> None:
    plan = [row[3] for row in empty.execute(f"EXPLAIN QUERY PLAN {sql}", {"before": "", "limit": 1})]
    assert [] == [step for step in plan if "TEMP B-TREE" in step]


@pytest.mark.parametrize(
    "work",
    [
        lambda tx: tx.has_mail("key"),
        lambda tx: tx.token(b"digest"),
        lambda tx: tx.case_by_number("K7QM-4T"),
        lambda tx: tx.case_by_message_ids(["<x@y>"]),
        lambda tx: tx.latest_case(case().applicant),
        lambda tx: tx.has_applied_before(case().applicant),
        lambda tx: tx.open_cases(10),
        lambda tx: tx.count_open(),
        lambda tx: tx.save(case()),
        lambda tx: tx.next_due(),
        lambda tx: tx.claim(case().opened_at, case().opened_at, 10),
        lambda tx: tx.journal_since(case().opened_at, ["retention"], 10),
    ],
)
def test_what_a_mail_needs_is_found_by_index(
    empty: sqlite3.Connection, work: Callable[[SqlTransaction], object]
) -> None:
    statements = asked(work)
    assert statements
    for sql in statements:
        assert [] == walks(empty, sql), sql
