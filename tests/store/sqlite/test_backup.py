"""Backups: whole, proven, private, let go in time; a failure leaves nothing behind."""

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.store.sqlite import backup
from gateway.store.sqlite.integrity import verify
from gateway.store.sqlite.store import SqliteStore
from tests.store.filled import DOMAIN, demo
from tests.support.factories import NOW, case

DAY = timedelta(days=1)


def test_a_backup_holds_what_the_database_holds(tmp_path: Path) -> None:
    path = demo(tmp_path / "gateway.db")
    made = backup.make(path, tmp_path / "kept", NOW)
    assert made.report.is_sound
    assert ("gateway-20261124T010000Z.db", 0o600) == (made.path.name, made.path.stat().st_mode & 0o777)
    assert verify.verify(path).head == verify.verify(made.path).head
    assert [made.path] == list((tmp_path / "kept").iterdir())


async def test_a_backup_is_made_beside_a_gateway_at_work(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "gateway.db", DOMAIN)
    store.open()
    writing = asyncio.gather(
        *(store.transact(lambda tx, n=n: tx.save(case(number=f"N{n}"))) for n in range(200))  # type: ignore[misc]
    )
    made = await asyncio.to_thread(backup.make, store.path, tmp_path / "kept", NOW)
    await writing
    after = await asyncio.to_thread(backup.make, store.path, tmp_path / "kept", NOW + DAY)
    store.close()
    assert (True, True) == (made.report.is_sound, after.report.is_sound)
    connection = sqlite3.connect(after.path)
    assert (200,) == connection.execute("SELECT count(*) FROM cases").fetchone()
    connection.close()


def test_a_corrupt_database_gives_no_backup_and_leaves_nothing(tmp_path: Path) -> None:
    path = demo(tmp_path / "gateway.db")
    raw = bytearray(path.read_bytes())
    raw[4096 * 12 : 4096 * 40] = b"\x55" * (4096 * 28)
    path.write_bytes(raw)
    with pytest.raises((backup.BackupError, sqlite3.Error)):
        backup.make(path, tmp_path / "kept", NOW)
    assert [] == list((tmp_path / "kept").iterdir())


def test_a_fault_in_the_rows_is_kept_and_told_of(tmp_path: Path) -> None:
    path = demo(tmp_path / "gateway.db")
    connection = sqlite3.connect(path)
    connection.execute("UPDATE cases SET state = 'lost' WHERE id = 1")
    connection.commit()
    connection.close()
    made = backup.make(path, tmp_path / "kept", NOW)
    assert made.path.is_file()
    assert not made.report.is_sound


@pytest.mark.parametrize(
    ("ages_days", "keep", "left"),
    [
        ([0, 1, 2, 3], None, [0, 1, 2, 3]),
        ([0, 1, 2, 3], 2, [0, 1]),
        ([0, 29, 31, 400], None, [0, 29]),
        ([40, 50], None, [40]),
        ([], 3, []),
    ],
)
def test_old_backups_are_let_go_and_the_newest_stays(
    tmp_path: Path, ages_days: list[int], keep: int | None, left: list[int]
) -> None:
    for age in ages_days:
        (tmp_path / f"gateway-{NOW - age * DAY:%Y%m%dT%H%M%S}Z.db").touch()
    (tmp_path / "gateway-notes.db").touch()
    gone = backup.prune(tmp_path, NOW, keep=keep, life=30 * DAY)
    assert len(ages_days) - len(left) == len(gone)
    assert left == [(NOW - backup.backup_time(place)).days for place in backup.list_backups(tmp_path)]
    assert (tmp_path / "gateway-notes.db").exists()
