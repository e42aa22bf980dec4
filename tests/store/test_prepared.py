"""Every statement of the gateway is prepared by both databases: a word that one does not know shows."""

import re
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.store.postgres.connecting import dialect
from gateway.store.sqlite.migrations import schema
from tests.store.statements import Statement, find_statements
from tests.support.postgres import Cluster

psycopg = pytest.importorskip("psycopg", reason="the extra postgres is not installed")

STATEMENTS = find_statements()


@pytest.fixture(scope="module")
def prepare_in_postgres(postgres: Cluster) -> Iterator[Any]:
    with psycopg.connect(postgres.url("filled"), autocommit=True) as connection:
        connection.execute("SET search_path TO gateway, pg_temp")
        yield connection


@pytest.fixture(scope="module")
def prepare_in_sqlite() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    schema.migrate(connection)
    yield connection
    connection.close()


def test_the_statements_of_the_mail_path_are_among_them() -> None:
    files = {each.place.partition(":")[0] for each in STATEMENTS}
    assert {
        "store/tables/transaction.py",
        "store/tables/letters/leases.py",
        "store/privacy/retention.py",
    } <= files
    assert 100 < len(STATEMENTS)


@pytest.mark.parametrize("statement", STATEMENTS, ids=str)
def test_sqlite_prepares_it(statement: Statement, prepare_in_sqlite: sqlite3.Connection) -> None:
    values = dict.fromkeys(re.findall(r":(\w+)", statement.sql))
    prepare_in_sqlite.execute(f"EXPLAIN {statement.sql}", values)


@pytest.mark.parametrize("statement", STATEMENTS, ids=str)
def test_postgresql_prepares_it(statement: Statement, prepare_in_postgres: Any) -> None:
    said = dialect.translate(statement.sql)
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", said)))
    numbered = re.sub(r"%\((\w+)\)s", lambda name: f"${names.index(name[1]) + 1}", said).replace("%%", "%")
    answer = prepare_in_postgres.pgconn.prepare(b"", numbered.encode())
    assert not answer.error_message, f"{answer.error_message.decode()}\n{numbered}"
