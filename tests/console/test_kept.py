"""What stays in memory between two pages: connections for a moment, printed rows for a minute."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from gateway.console.kept import connections as keeping
from gateway.console.kept import printed_rows
from gateway.console.kept.connections import Connections
from gateway.console.kept.printed_rows import PrintedRow, PrintedRows
from gateway.store.sqlite.source import SqliteReadConnection, SqliteSource
from tests.console.conftest import NUMBER, Bench

LONG = 3_600.0


@dataclass(frozen=True)
class CountingSource(SqliteSource):
    """A database that counts how often it is opened."""

    opened: list[SqliteReadConnection] = field(default_factory=list, compare=False)

    def open(self) -> SqliteReadConnection:
        self.opened.append(super().open())
        return self.opened[-1]


def write(path: Path, value: int) -> None:
    with contextlib.closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode = wal")
        writer.execute("CREATE TABLE IF NOT EXISTS facts (value INTEGER)")
        writer.execute("INSERT INTO facts VALUES (?)", (value,))
        writer.commit()


@pytest.fixture
def source(tmp_path: Path) -> CountingSource:
    write(tmp_path / "one.db", 1)
    return CountingSource(tmp_path / "one.db")


def read(kept: Connections, source: SqliteSource) -> int:
    with kept.lend(source) as connection:
        connection.begin_view()
        found = int(connection.execute("SELECT max(value) AS value FROM facts").fetchone()["value"])
        connection.end_view()
        return found


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(1_200):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("never")


def test_a_second_page_opens_no_connection_and_sees_what_was_written_since(source: CountingSource) -> None:
    kept = Connections(LONG)
    assert 1 == read(kept, source)
    write(source.path, 2)
    assert 2 == read(kept, source)
    assert 1 == len(source.opened)


def test_pages_at_the_same_time_have_connections_of_their_own(source: CountingSource) -> None:
    kept = Connections(LONG)
    with contextlib.ExitStack() as stack:
        lent = [stack.enter_context(kept.lend(source)) for _ in range(keeping.MAX_KEPT + 2)]
        assert len({id(one) for one in lent}) == len(lent)
    assert keeping.MAX_KEPT == len(kept)


def test_a_database_put_in_its_place_is_read_at_once(source: CountingSource, tmp_path: Path) -> None:
    kept = Connections(LONG)
    assert 1 == read(kept, source)
    write(tmp_path / "restored.db", 7)
    (tmp_path / "restored.db").replace(source.path)
    assert 7 == read(kept, source)


def test_a_page_that_failed_leaves_no_connection(source: CountingSource) -> None:
    kept = Connections(LONG)
    with pytest.raises(sqlite3.OperationalError, match="no such table"), kept.lend(source) as connection:
        connection.execute("SELECT * FROM missing")
    assert 0 == len(kept)
    assert 1 == read(kept, source)


def test_nothing_is_open_once_no_more_pages_are_read(source: CountingSource) -> None:
    kept = Connections(0.01)
    read(kept, source)
    wait_until(lambda: not len(kept))
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        source.opened[0].execute("SELECT 1")
    write(source.path, 3)
    assert not source.path.with_name("one.db-wal").exists()  # the writer was the last to close it


def make_row(text: str) -> PrintedRow:
    return PrintedRow(Markup.escape(text), has_box=False)


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(0, 2), st.text(max_size=2)), max_size=60))
def test_a_kept_row_is_the_one_that_would_be_printed(asked: list[tuple[str, int, str]]) -> None:
    rows = PrintedRows(LONG)
    for name, revision, member in asked:
        text = f"{name} {revision} {member}"
        key = ((name, revision), member)
        assert make_row(text) == rows.find(key, lambda text=text: make_row(text))  # type: ignore[misc]


def test_rows_are_bounded_in_number_and_length() -> None:
    rows = PrintedRows(LONG)
    for number in range(printed_rows.MAX_KEPT + 10):
        rows.find(((number, "x"), ""), lambda: make_row("x"))
    assert printed_rows.MAX_KEPT == len(rows)
    rows = PrintedRows(LONG)
    rows.find((("x" * (printed_rows.MAX_SHOWN + 1),), ""), lambda: make_row("x"))
    assert 0 == len(rows)


def test_a_row_is_gone_a_while_after_it_was_printed_however_often_it_is_shown() -> None:
    rows, printed = PrintedRows(0.01), list[int]()

    def show() -> bool:
        rows.find((("佐藤",), ""), lambda: printed.append(1) or make_row("佐藤"))  # type: ignore[func-returns-value]
        return len(printed) > 1

    wait_until(show)
    wait_until(lambda: not len(rows))


async def test_the_queue_shows_a_case_as_it_is_now(bench: Bench) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        before = (await browser.get("/")).text
        await bench.touch(NUMBER)
        after = (await browser.get("/")).text
        assert "新しい課" not in before
        assert "新しい課" in after
