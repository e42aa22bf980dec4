"""What `gateway verify` must find: every rule with a database that breaks it."""

import sqlite3
from pathlib import Path

import pytest

from gateway.store.sqlite.integrity import verify
from gateway.store.sqlite.migrations import schema
from tests.store.filled import at_version, demo


def broken(path: Path, *statements: str) -> dict[str, tuple[str, ...]]:
    """What is found after somebody wrote into the file, by check."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = OFF")
    for statement in statements:
        connection.execute(statement)
    connection.close()
    return {check.name: check.found for check in verify.verify(path).checks}


def test_a_database_that_served_is_sound(tmp_path: Path) -> None:
    report = verify.verify(demo(tmp_path / "gateway.db"))
    assert report.is_sound, report
    assert ["database", "schema", "chain", "references"] == [check.name for check in report.checks]
    assert report.head.number > 10


@pytest.mark.parametrize(
    ("statement", "check", "says"),
    [
        ("UPDATE cases SET state = 'lost' WHERE id = 1", "references", "unknown state 'lost'"),
        ("UPDATE letters SET state = 'gone' WHERE id = 1", "references", "letter 1: unknown state 'gone'"),
        (
            "UPDATE letters SET letter = 'spam' WHERE id = 1",
            "references",
            "letter 1: unknown kind of letter 'spam'",
        ),
        ("UPDATE tokens SET purpose = 'OPEN_DOOR'", "references", "unknown purpose 'OPEN_DOOR'"),
        (
            "UPDATE letters SET case_id = NULL WHERE letter = 'decline'",
            "references",
            "a decline without a case",
        ),
        (
            "UPDATE case_counts SET n = n + 1 WHERE state = 'invited'",
            "references",
            "state invited:",
        ),
        (
            "UPDATE cases SET state = 'joined' WHERE state = 'under_review'",
            "references",
            "no journal line records an approval",
        ),
        ("DELETE FROM letters WHERE letter = 'invitation'", "references", "there is no invitation"),
        (
            "DELETE FROM letters WHERE letter = 'decline'",
            "references",
            "there is no letter declining it",
        ),
        (
            "UPDATE letters SET letter = 'invitation' WHERE letter = 'decline'",
            "references",
            "an invitation for case",
        ),
        (
            "UPDATE letters SET case_id = 999 WHERE id = 1",
            "references",
            "letters row 1: refers to a missing row of cases",
        ),
        ("DROP INDEX letters_due", "schema", "index letters_due: missing"),
        ("DROP TRIGGER journal_no_delete", "schema", "trigger journal_no_delete: missing"),
        ("CREATE TABLE notes (x TEXT)", "schema", "table notes: unknown"),
        ("ALTER TABLE mails ADD COLUMN x TEXT", "schema", "table mails: differs from the released schema"),
        ("INSERT INTO journal VALUES (999, '', '', '', NULL, NULL, '', x'', x'', x'')", "chain", "line 999"),
    ],
)
def test_what_does_not_fit_is_found(tmp_path: Path, statement: str, check: str, says: str) -> None:
    found = broken(demo(tmp_path / "gateway.db"), statement)
    assert any(says in line for line in found[check]), found


def test_flipped_bytes_in_a_page_are_found(tmp_path: Path) -> None:
    path = demo(tmp_path / "gateway.db")
    raw = bytearray(path.read_bytes())
    page = 4096 * 12
    raw[page : page + 64] = bytes(byte ^ 0xFF for byte in raw[page : page + 64])
    path.write_bytes(raw)
    report = verify.verify(path)
    assert not report.checks[0].is_sound
    assert "restore" in report.checks[0].advice


def test_a_file_cut_in_half_is_found(tmp_path: Path) -> None:
    path = demo(tmp_path / "gateway.db")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert not verify.verify(path).is_sound


def test_a_head_of_another_database_is_found(tmp_path: Path) -> None:
    path = demo(tmp_path / "gateway.db")
    head = verify.verify(path).head
    assert verify.verify(path, (head.hash,)).is_sound
    assert f"no line has the hash {'00' * 32}" in verify.verify(path, (bytes(32),)).checks[2].found


def test_an_earlier_version_is_told_apart_from_a_broken_one(tmp_path: Path) -> None:
    at_version("v0001", tmp_path / "gateway.db").close()
    report = verify.verify(tmp_path / "gateway.db")
    assert report.checks[0].is_sound
    assert "lacks v0002_organisations" in report.checks[1].found[0]


def test_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = demo(tmp_path / "gateway.db")
    connection = sqlite3.connect(path)
    connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('intake-gateway', 'v9', '')"
    )
    connection.commit()
    connection.close()
    with pytest.raises(schema.SchemaError, match="v9"):
        verify.verify(path)
