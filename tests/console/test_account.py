"""The console's own account: it reads the database of a running gateway, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.store import private_files
from gateway.store.sqlite.store import SqliteStore

NUMBER = 54_321  # an account that nobody has
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another account")
READ = """
from pathlib import Path
from gateway.app.wiring.database.source import find_trouble
from gateway.store.protocol import NoDatabaseError
from gateway.store.queries.reader import open_current
from gateway.store.sqlite.source import SqliteSource
import os, sqlite3, sys
os.setgroups([]), os.setgid(54_321), os.setuid(54_321)
place = Path(sys.argv[1])
try:
    found = open_current(SqliteSource(place))
    print("reads", found.execute("SELECT count(*) FROM cases").fetchone()[0])
except (NoDatabaseError, sqlite3.Error, OSError) as error:
    print("reads nothing", find_trouble(error))
for end, mode in (("", "r+b"), ("-wal", "r+b"), ("-shm", "r+b"), (".key", "rb"), (".lock", "rb")):
    try:
        place.with_name(place.name + end).open(mode)
        print("opens", end)
    except OSError:
        pass
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that others may pass through, as /var/lib/gateway is with the console."""
    passed = [place for place in tmp_path.parents if place.stat().st_mode & 0o077 == 0]
    modes = {place: place.stat().st_mode for place in (tmp_path, *passed)}
    for place in modes:
        place.chmod(0o711)
    before = os.umask(0o077)  # as the unit says
    yield tmp_path
    os.umask(before)
    for place, mode in modes.items():
        place.chmod(mode)


def read_as_console(database: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", READ, str(database)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@needs_root
def test_it_reads_the_database_of_a_running_gateway_and_opens_nothing_else(folder: Path) -> None:
    database = folder / "gateway.db"
    store = SqliteStore(database, "gw.example.go.jp")
    store.open()
    assert ["reads nothing stopped"] == read_as_console(database)
    for end in ("", "-wal", "-shm"):
        private_files.share(database.with_name(f"gateway.db{end}"), NUMBER)
    assert ["reads 0"] == read_as_console(database)
    store.close()
