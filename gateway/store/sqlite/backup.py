"""Copies of the database: made beside the running gateway, verified before they count, pruned in time.

`VACUUM INTO` on a read-only connection gives a complete, compact snapshot; it contains nothing that was
deleted. A copy gets its name only after it was opened, checked and written to disk.
"""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from gateway.store import private_files
from gateway.store.integrity.report import Progress, Report
from gateway.store.sqlite.integrity.verify import open_read_only, verify
from gateway.store.sqlite.migrations import schema

T = TypeVar("T")

_OF_ONE_UPGRADE = 3
_NAME = re.compile(r"gateway-(\d{8}T\d{6})Z(?:-[a-z0-9-]+)?\.db")


class BackupError(Exception):
    """Raised if a backup cannot be made or restored; the message says why."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup and the result of its check."""

    path: Path
    size_bytes: int
    report: Report


def _quiet(_what: str, _count: int) -> None:
    return


def backup_folder(database: Path) -> Path:
    """Return the default backup folder. It is on the disk of the database, so copy backups elsewhere too."""
    return database.with_name("backups")


def make(database: Path, folder: Path, now: datetime, progress: Progress = _quiet) -> Backup:
    """Write a verified copy to `folder`; on an error, nothing is left behind.

    Raises BackupError, SchemaError, OSError or sqlite3.Error.
    """
    return make_from(lambda draft: copy(database, draft), folder, now, progress)


def make_from(
    write: Callable[[Path], object], folder: Path, now: datetime, progress: Progress = _quiet
) -> Backup:
    """Make a backup of what `write` puts into an empty file, as `make` does."""
    place, report = _make(write, folder, now, "", lambda draft: _verify_copy(draft, progress))
    return Backup(place, place.stat().st_size, report)


def backup_before_upgrade(database: Path, now: datetime, lacking: tuple[str, ...]) -> Path:
    """Write a verified copy of a database of an earlier version, before anything in it is changed.

    If starts fail repeatedly, only a few copies are kept.
    """
    label, folder = f"-before-{lacking[0].partition('_')[0]}", backup_folder(database)
    made, _ = _make(
        lambda draft: copy(database, draft),
        folder,
        now,
        label,
        lambda draft: _verify_old_copy(draft, lacking),
    )
    for place in [place for place in list_backups(folder) if place.stem.endswith(label)][_OF_ONE_UPGRADE:]:
        _remove(place)
    return made


def _make(
    write: Callable[[Path], object], folder: Path, now: datetime, label: str, prove: Callable[[Path], T]
) -> tuple[Path, T]:
    private_files.ensure_private_folder(folder)
    name = f"gateway-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{label}.db"
    draft, place = folder / f".{name}.tmp", folder / name
    if place.exists():
        raise BackupError(f"{place}: a backup with this timestamp already exists")
    draft.unlink(missing_ok=True)
    try:
        private_files.create(draft)
        write(draft)
        proven = prove(draft)
        draft.replace(place)
        private_files.sync(folder)
    except BaseException:
        _remove(draft)
        raise
    return place, proven


def copy(database: Path, target: Path) -> None:
    """Copy the database as it is now to an empty file, and sync it to disk."""
    connection = open_read_only(database)
    try:
        connection.execute("VACUUM INTO :target", {"target": str(target)})
    finally:
        connection.close()
    private_files.sync(target)


def list_backups(folder: Path) -> list[Path]:
    """Return the backups in a folder, the newest first; other files are ignored."""
    if not folder.is_dir():
        return []
    found = (place for place in folder.iterdir() if _NAME.fullmatch(place.name) and place.is_file())
    return sorted(found, reverse=True)


def backup_time(place: Path) -> datetime:
    """Return when a backup was made, by its name. Raises ValueError."""
    found = _NAME.fullmatch(place.name)
    if found is None:
        raise ValueError(f"{place.name} is not the name of a backup")
    return datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def copy_time(place: Path) -> datetime:
    """Return when a backup was made or a database was replaced, by its name. Raises ValueError."""
    if _NAME.fullmatch(place.name):
        return backup_time(place)
    stamp = place.name.removesuffix("-mails").rpartition("-")[2]
    return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def list_replaced(database: Path) -> list[Path]:
    """Return the databases that a restore replaced, and the folders of the mails that only they held."""
    name = f"{database.name}.replaced-*Z"
    return sorted((*database.parent.glob(name), *database.parent.glob(f"{name}-mails")))


def prune(folder: Path, now: datetime, *, keep: int | None, life: timedelta) -> tuple[Path, ...]:
    """Remove backups older than `life`, and all but the newest `keep`; return what was removed.

    The newest is always kept: without new ones it is the only one.
    """
    gone = [
        place
        for number, place in enumerate(list_backups(folder), start=1)
        if number > 1 and (now - backup_time(place) > life or (keep is not None and number > keep))
    ]
    for place in gone:
        _remove(place)
    if gone:
        private_files.sync(folder)
    return tuple(gone)


def prune_default_folder(database: Path, now: datetime, life: timedelta) -> tuple[Path, ...]:
    """Remove old backups from the default folder, and databases replaced longer ago than `life`."""
    gone = list(prune(backup_folder(database), now, keep=None, life=life))
    for place in list_replaced(database):
        with contextlib.suppress(ValueError):
            if now - copy_time(place) > life:
                shutil.rmtree(place) if place.is_dir() else _remove(place)
                gone.append(place)
    return tuple(gone)


def _verify_copy(draft: Path, progress: Progress) -> Report:
    """Require intact pages; other findings come from the database, and such a backup is better than none."""
    report = verify(draft, progress=progress)
    pages = report.checks[0]
    if not pages.is_sound:
        raise BackupError(f"the copy is damaged: {pages.found[0]}")
    return report


def _verify_old_copy(draft: Path, lacking: tuple[str, ...]) -> None:
    connection = open_read_only(draft)
    try:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(1)")]
        if found != ["ok"] or schema.pending(connection) != lacking:
            raise BackupError(f"the copy made before the upgrade is damaged: {found[0]}")
    finally:
        connection.close()


def _remove(place: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        place.unlink()
    for suffix in ("-journal", "-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)
