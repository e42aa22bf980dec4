"""What `gateway verify` and `gateway backup` do with a desk on PostgreSQL."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.store.postgres import copying
from gateway.store.postgres.connecting.session import Place
from gateway.store.postgres.source import PostgresSource
from gateway.store.postgres.store import PostgresStore
from gateway.store.protocol import NoDatabaseError
from gateway.store.sqlite.backup import BackupError, list_backups
from gateway.store.sqlite.integrity.verify import verify
from gateway.store.sqlite.source import SqliteSource
from tests.store.filled import demo
from tests.support.factories import NOW

Admin = Callable[[str], list[tuple[object, ...]]]


def silent(_what: str, _count: int) -> None:
    """Nobody watches."""


@pytest.fixture
def source(place: Place, tmp_path: Path) -> PostgresSource:
    """The desk of the demo."""
    path = demo(tmp_path / "gateway.db")
    with contextlib.closing(SqliteSource(path).open()) as known:
        copying.fill(known, place, b"", silent)
    path.rename(tmp_path / "known.db")
    return PostgresSource(place, path)


def faults(source: PostgresSource) -> dict[str, tuple[str, ...]]:
    return {check.name: check.found for check in source.verify((), silent).checks if not check.is_sound}


def test_a_desk_that_nobody_touched_is_sound(source: PostgresSource, tmp_path: Path) -> None:
    head = verify(tmp_path / "known.db").head
    report = source.verify((head.hash,), silent)
    assert (True, head) == (report.is_sound, report.head)
    assert ["schema", "turn", "chain", "references"] == [check.name for check in report.checks]


@pytest.mark.parametrize(
    ("statement", "check", "said"),
    [
        (
            "ALTER TABLE journal DISABLE TRIGGER journal_no_update",
            "schema",
            "journal_no_update: disabled",
        ),
        ("DROP TRIGGER mails_tallied ON mails", "schema", "trigger mails_tallied: missing"),
        ("DROP INDEX letters_due", "schema", "index letters_due: missing"),
        ("DROP TABLE absences", "schema", "table absences: missing"),
        ("UPDATE turn SET head_number = head_number - 1", "turn", "the last is line"),
        ("UPDATE cases SET state = 'elsewhere' WHERE id = 1", "references", "unknown state 'elsewhere'"),
        (
            "UPDATE case_counts SET n = n + 1 WHERE state = 'declined'",
            "references",
            "2 cases counted, 1 found",
        ),
        (
            "INSERT INTO day_tallies (what, day, label, n) VALUES ('outcome', '2026-01-01', 'x', 1)",
            "references",
            "day 2026-01-01: 1 cases in the figures, 0 found",
        ),
    ],
)
def test_what_was_changed_by_hand_is_found(
    source: PostgresSource, admin: Admin, statement: str, check: str, said: str
) -> None:
    admin(statement)
    assert said in " ".join(faults(source)[check])


def test_a_changed_line_of_the_journal_is_found(source: PostgresSource, admin: Admin) -> None:
    admin("ALTER TABLE journal DISABLE TRIGGER ALL")
    admin("UPDATE journal SET actor = 'x' WHERE id = 2")
    admin("ALTER TABLE journal ENABLE TRIGGER ALL")
    assert ("line 2: actor or detail was changed",) == faults(source)["chain"]


def test_a_journal_that_was_cut_off_is_found(source: PostgresSource, admin: Admin) -> None:
    admin("ALTER TABLE journal DISABLE TRIGGER ALL")
    admin("DELETE FROM journal WHERE id = (SELECT max(id) FROM journal)")
    admin("ALTER TABLE journal ENABLE TRIGGER ALL")
    assert "turn" in faults(source)


def test_a_backup_is_a_sound_file_with_the_same_head(source: PostgresSource, tmp_path: Path) -> None:
    made = source.back_up(tmp_path / "kept", NOW, silent)
    known = verify(tmp_path / "known.db").head
    assert (True, known, known) == (made.report.is_sound, made.report.head, verify(made.path).head)
    assert [made.path] == list_backups(tmp_path / "kept")
    with pytest.raises(BackupError, match="with this timestamp already"):
        source.back_up(tmp_path / "kept", NOW, silent)


async def test_a_backup_is_made_while_the_active_node_writes(
    store: PostgresStore, place: Place, tmp_path: Path
) -> None:
    source = PostgresSource(place, tmp_path / "gateway.db")
    with contextlib.closing(source.open()) as reader:
        before = reader.execute("SELECT count(*) AS n FROM chores").fetchone()["n"]
        await store.transact(lambda tx: tx.record_once("later", NOW))
        assert before == reader.execute("SELECT count(*) AS n FROM chores").fetchone()["n"]
    made = source.back_up(tmp_path / "kept", NOW, silent)
    with contextlib.closing(SqliteSource(made.path).open()) as copied:
        assert copied.execute("SELECT 1 FROM chores WHERE name = 'later'").fetchone()
    assert source.measure().running


def test_a_backup_that_fails_leaves_nothing(source: PostgresSource, admin: Admin, tmp_path: Path) -> None:
    admin("DROP TABLE absences")
    with pytest.raises(BackupError, match="absences"):
        source.back_up(tmp_path / "kept", NOW, silent)
    assert [] == list((tmp_path / "kept").iterdir())


def test_the_quick_look_tells_of_a_server_that_is_away(tmp_path: Path, source: PostgresSource) -> None:
    found = source.check_quickly()
    assert ("", (), ()) == (found.damage, found.lacking, found.unknown)
    assert found.newest
    away = PostgresSource(Place("postgresql://gateway@127.0.0.1:1/desk"), tmp_path / "gateway.db")
    with pytest.raises(NoDatabaseError, match="check that the server is running"):
        away.check_quickly()
