"""The schema on PostgreSQL is that on SQLite, by its columns, keys and indexes."""

import sqlite3

import pytest

from gateway.store.postgres.schema import VERSION
from gateway.store.sqlite.migrations import VERSIONS, schema
from tests.support.postgres import Cluster

psycopg = pytest.importorskip("psycopg", reason="the extra postgres is not installed")

OWN_TABLES = {"nodes", "turn", "versions"}
KINDS = {"INTEGER": "bigint", "TEXT": "text", "BLOB": "bytea"}


@pytest.fixture
def sqlite() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    schema.migrate(connection)
    return connection


def rows_of(postgres: Cluster, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(postgres.url("filled")) as connection:
        return connection.execute(sql.encode()).fetchall()


def test_it_is_that_of_the_newest_version() -> None:
    assert list(VERSIONS)[-1] == VERSION


def test_the_columns_are_the_same_in_name_order_and_kind(
    postgres: Cluster, sqlite: sqlite3.Connection
) -> None:
    wanted = {
        (table, place, name, KINDS[kind], bool(required or key))
        for table, place, name, kind, required, key in sqlite.execute(
            'SELECT t.name, c.cid + 1, c.name, c.type, c."notnull", c.pk FROM sqlite_schema t, '
            "pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE '%sqlite%'"
        )
    }
    found = rows_of(
        postgres,
        "SELECT table_name, ordinal_position, column_name, data_type, is_nullable = 'NO' "
        "FROM information_schema.columns WHERE table_schema = 'gateway'",
    )
    assert wanted == {row for row in found if row[0] not in OWN_TABLES}


def test_text_is_compared_by_octets(postgres: Cluster) -> None:
    assert [("C",)] == rows_of(
        postgres,
        "SELECT DISTINCT collation_name FROM information_schema.columns "
        "WHERE table_schema = 'gateway' AND data_type = 'text'",
    )


def test_the_indexes_have_the_same_names(postgres: Cluster, sqlite: sqlite3.Connection) -> None:
    wanted = sqlite.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'index' AND name NOT LIKE '%sqlite%'"
    )
    found = {
        name for (name,) in rows_of(postgres, "SELECT indexname FROM pg_indexes WHERE schemaname = 'gateway'")
    }
    assert set() == {row[0] for row in wanted} - found
