"""A desk moves to PostgreSQL and back, and is the same row by row; what does not fit is refused whole."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.store.copying.copy import CopyError, survey
from gateway.store.sqlite.copying import write_file
from gateway.store.sqlite.integrity.verify import verify
from gateway.store.sqlite.migrations import schema
from gateway.store.sqlite.migrations.table_list import Table, list_tables
from gateway.store.sqlite.source import SqliteSource
from tests.store.filled import demo
from tests.support.postgres import SCHEMA

psycopg = pytest.importorskip("psycopg", reason="the extra postgres is not installed")

from gateway.store.postgres import copying  # noqa: E402 - needs the extra
from gateway.store.postgres.connecting.session import Place  # noqa: E402
from gateway.store.postgres.source import PostgresSource  # noqa: E402

KEY = b"k" * 32


def silent(_what: str, _count: int) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the story of the demo in it."""
    return demo(tmp_path_factory.mktemp("filled") / "gateway.db")


def to_postgres(path: Path, place: Place) -> object:
    with contextlib.closing(SqliteSource(path).open()) as source:
        source.begin_view()
        return copying.fill(source, place, KEY, silent)


def ask(place: Place, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(place.url, options=f"-c search_path={SCHEMA},pg_temp") as connection:
        return [tuple(row) for row in connection.execute(sql.encode()).fetchall()]


def test_every_table_of_the_schema_is_copied_and_what_it_refers_to_before() -> None:
    connection = sqlite3.connect(":memory:")
    schema.migrate(connection)
    there = {
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        if "sqlite" not in name
    }
    order = [table.name for table in list_tables()]
    assert there == set(order)
    assert len(there) == len(order)
    for child, parent in (("mails", "cases"), ("letters", "mails"), ("tokens", "letters")):
        assert order.index(parent) < order.index(child)


def test_there_and_back_is_the_same_in_every_row(filled: Path, place: Place, tmp_path: Path) -> None:
    there = to_postgres(filled, place)
    back = tmp_path / "back.db"
    with contextlib.closing(PostgresSource(place, back).open()) as source:
        done, report = write_file(source, back, silent)
    assert there == done
    assert report.is_sound
    assert 500 < done.rows
    assert verify(filled).head == verify(back).head == done.head
    with contextlib.closing(SqliteSource(back).open()) as found:
        assert done == survey(found, silent, holds_nul=True)


def test_the_first_node_goes_on_behind_what_was_copied(filled: Path, place: Place) -> None:
    to_postgres(filled, place)
    (head,) = ask(place, "SELECT head_number, head_hash, key_digest, holder FROM turn")
    expected = verify(filled).head
    assert (expected.number, expected.hash, hashlib.sha256(KEY).digest(), "") == head
    for table in copying.NUMBERED:
        (numbers,) = ask(
            place,
            f"SELECT max(id), nextval(pg_get_serial_sequence('{table}', 'id')) FROM {table}",  # noqa: S608
        )
        assert int(str(numbers[0])) < int(str(numbers[1]))


def test_what_was_counted_is_not_counted_again(filled: Path, place: Place) -> None:
    to_postgres(filled, place)
    with contextlib.closing(sqlite3.connect(filled)) as known:
        for sql in ("SELECT state, n FROM case_counts ORDER BY state", "SELECT sum(n) FROM tallies"):
            assert known.execute(sql).fetchall() == [
                tuple(int(str(one)) if str(one).isdecimal() else one for one in row)
                for row in ask(place, sql)
            ]


def test_rows_that_come_later_are_counted_as_ever(filled: Path, place: Place) -> None:
    to_postgres(filled, place)
    with psycopg.connect(place.url, options=f"-c search_path={SCHEMA},pg_temp") as connection:
        connection.execute(
            "INSERT INTO refusals (day, reason, domain, n, last_at)"
            " VALUES ('2026-11-24', 'x', 'y', 1, '2026-11-24T01')"
        )
    assert [(1,)] == ask(place, "SELECT CAST(n AS INT) FROM tallies WHERE what = 'refusal' AND label = 'x'")


def test_a_second_copy_is_refused_and_changes_nothing(filled: Path, place: Place) -> None:
    to_postgres(filled, place)
    before = ask(place, "SELECT count(*) FROM letters")
    with pytest.raises(CopyError, match="is not empty and will not be overwritten"):
        to_postgres(filled, place)
    with pytest.raises(CopyError, match="is not empty"):
        copying.check_target(place)
    assert before == ask(place, "SELECT count(*) FROM letters")


def test_a_schema_with_an_active_node_is_refused(filled: Path, place: Place) -> None:
    with psycopg.connect(place.url, options=f"-c search_path={SCHEMA},pg_temp") as connection:
        connection.execute(
            "UPDATE turn SET holder = 'a/1', held_until = clock_timestamp() + interval '1 minute'"
        )
    with pytest.raises(CopyError, match="a node is active in this schema"):
        to_postgres(filled, place)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda url: url.replace("/desk", "/nodesk"), "correct the database"),
        (lambda url: url.replace("gateway@", "nobody@"), "correct the user"),
        (lambda url: url.replace("gateway@", "gateway_console@"), "privileges are missing"),
        (lambda _: "postgresql://gateway@127.0.0.1:1/desk", "check that the server is running"),
        (lambda _: "postgresql://gateway@127.0.0.1:port/desk", "cannot be used"),
    ],
)
def test_a_place_that_is_wrong_is_refused_in_words(
    place: Place, change: Callable[[str], str], said: str
) -> None:
    with pytest.raises(CopyError, match=said):
        copying.check_target(Place(change(place.url), SCHEMA))


def test_a_schema_that_is_not_there_is_refused_in_words(place: Place) -> None:
    with pytest.raises(CopyError, match="gateway store sql"):
        copying.check_target(Place(place.url, "another"))


def test_a_trial_writes_nothing(place: Place) -> None:
    before = ask(place, "SELECT n, holder FROM turn")
    copying.check_target(place)
    assert before == ask(place, "SELECT n, holder FROM turn")


def changed(filled: Path, tmp_path: Path, *statements: str) -> Path:
    """A copy of the file with something done to it by hand."""
    path = tmp_path / "changed.db"
    path.write_bytes(filled.read_bytes())
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER IF EXISTS journal_no_update")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


def test_a_broken_chain_is_not_carried_on(filled: Path, place: Place, tmp_path: Path) -> None:
    path = changed(filled, tmp_path, "UPDATE journal SET detail = '{\"x\":1}' WHERE id = 3")
    with pytest.raises(CopyError, match=r"line 3.*gateway verify"):
        to_postgres(path, place)
    assert [(0,)] == ask(place, "SELECT count(*) FROM cases")


def test_a_nul_is_refused_with_its_row(filled: Path, place: Place, tmp_path: Path) -> None:
    path = changed(filled, tmp_path, "UPDATE letters SET subject = 'a' || char(0) WHERE id = 2")
    with pytest.raises(CopyError, match="letters, id 2: contains a NUL"):
        to_postgres(path, place)
    assert [(0,)] == ask(place, "SELECT count(*) FROM cases")


def test_a_row_that_changed_on_the_way_is_found(
    filled: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the proof this copy would be kept."""
    from gateway.store.copying import copy as module

    def careless(connection: object, table: Table, rows: list[tuple[object, ...]]) -> None:
        at = table.place.get("subject")
        sent = rows if at is None else [(*row[:at], f"{row[at]} ", *row[at + 1 :]) for row in rows]
        write_part(connection, table, sent)  # type: ignore[arg-type]

    write_part = module.write_part
    monkeypatch.setattr(module, "write_part", careless)
    with pytest.raises(CopyError, match="or their contents differ"):
        to_postgres(filled, place)
    assert [(0,)] == ask(place, "SELECT count(*) FROM cases")


def test_a_file_that_is_there_is_not_overwritten(filled: Path, place: Place) -> None:
    before = filled.read_bytes()
    with (
        contextlib.closing(PostgresSource(place, filled).open()) as source,
        pytest.raises(CopyError, match="a database already exists"),
    ):
        write_file(source, filled, silent)
    assert before == filled.read_bytes()


def test_an_empty_desk_moves_as_well(place: Place, tmp_path: Path) -> None:
    with contextlib.closing(PostgresSource(place, tmp_path / "x").open()) as source:
        done, report = write_file(source, tmp_path / "empty.db", silent)
    assert (0, True) == (done.head.number, report.is_sound)
    with contextlib.closing(sqlite3.connect(tmp_path / "empty.db")) as made:
        assert not schema.pending(made)
