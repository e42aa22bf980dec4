"""What a database that cannot be used says: which file, why, what to do; in one line, whatever the fault."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from pathlib import Path

import pytest

from gateway.store.sqlite import faults

PLACE = Path("/var/lib/gateway/gateway.db")


def fault_of(content: bytes, question: str, folder: Path) -> sqlite3.Error:
    """What SQLite says of a file with this content."""
    place = folder / "x.db"
    place.write_bytes(content)
    try:
        with contextlib.closing(sqlite3.connect(f"file:{place}?mode=ro", uri=True)) as connection:
            connection.execute(question).fetchall()
    except sqlite3.Error as error:
        return error
    raise AssertionError("it can be used")


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"not a database " * 100, "gateway restore"), (b"", "correct store.path")],
    ids=["other", "empty"],
)
def test_a_file_that_is_no_database_has_a_remedy(content: bytes, says: str, tmp_path: Path) -> None:
    told = faults.describe_fault(PLACE, fault_of(content, "SELECT 1 FROM cases", tmp_path))
    assert told.startswith(f"{PLACE}: ")
    assert says in told


def test_an_extended_code_has_the_remedy_of_its_primary_one() -> None:
    for extended in (sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_CORRUPT_INDEX, sqlite3.SQLITE_BUSY_SNAPSHOT):
        error = sqlite3.OperationalError("x")
        error.sqlite_errorcode = extended
        assert faults.REMEDIES[extended & 0xFF] in faults.describe_fault(PLACE, error)


@pytest.mark.parametrize("code", sorted(errno.errorcode))
def test_every_fault_of_the_file_system_names_place_cause_and_remedy(code: int) -> None:
    for place, named in ((None, str(PLACE)), ("/var/lib/gateway/gateway.db.lock", "gateway.db.lock")):
        told = faults.describe_fault(PLACE, OSError(code, os.strerror(code), place))
        assert named in told
        assert os.strerror(code) in told
        assert "; " in told
        assert "Errno" not in told


def test_a_fault_without_a_code_has_a_remedy_too() -> None:
    assert "gateway verify" in faults.describe_fault(PLACE, sqlite3.ProgrammingError("closed"))
