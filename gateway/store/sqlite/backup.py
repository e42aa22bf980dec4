"""Copies of the database: made beside the running gateway, proven before they count, and let go in time.

`VACUUM INTO` from a connection that cannot write gives a whole, compact file of one moment; nothing that was
deleted is in it. A copy gets its name only after it was opened, checked and written to disk.
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
    """No backup was made, or none can be restored; the message says why."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup and what its check found."""

    path: Path
    size_bytes: int
    report: Report


def _quiet(_what: str, _count: int) -> None:
    return


def backup_folder(database: Path) -> Path:
    """Where backups lie unless told otherwise: on the disk of the database, so copy them elsewhere too."""
    return database.with_name("backups")


def make(database: Path, folder: Path, now: datetime, progress: Progress = _quiet) -> Backup:
    """A proven copy in `folder`; an error leaves nothing behind.

    Raises BackupError, SchemaError, OSError or sqlite3.Error.
    """
    return make_from(lambda draft: copy(database, draft), folder, now, progress)


def make_from(
    write: Callable[[Path], object], folder: Path, now: datetime, progress: Progress = _quiet
) -> Backup:
    """The same of what `write` puts into an empty file."""
    place, report = _make(write, folder, now, "", lambda draft: _verify_copy(draft, progress))
    return Backup(place, place.stat().st_size, report)


def backup_before_upgrade(database: Path, now: datetime, lacking: tuple[str, ...]) -> Path:
    """A proven copy of a database of an earlier version, before anything is changed in it.

    Of starts that fail again and again no more than a few copies stay.
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
        raise BackupError(f"{place}: there is a backup of this second already")
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
    """The database as it is now, into an empty file, which is on disk afterwards."""
    connection = open_read_only(database)
    try:
        connection.execute("VACUUM INTO :target", {"target": str(target)})
    finally:
        connection.close()
    private_files.sync(target)


def list_backups(folder: Path) -> list[Path]:
    """The backups of a folder, the newest first; other files are none of ours."""
    if not folder.is_dir():
        return []
    found = (place for place in folder.iterdir() if _NAME.fullmatch(place.name) and place.is_file())
    return sorted(found, reverse=True)


def backup_time(place: Path) -> datetime:
    """When a backup was made, by its name."""
    found = _NAME.fullmatch(place.name)
    if found is None:
        raise ValueError(f"{place.name} is no name of a backup")
    return datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def copy_time(place: Path) -> datetime:
    """When a backup was made or a database was replaced, by its name. Raises ValueError."""
    if _NAME.fullmatch(place.name):
        return backup_time(place)
    stamp = place.name.removesuffix("-mails").rpartition("-")[2]
    return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def list_replaced(database: Path) -> list[Path]:
    """Databases that a restore replaced, and the folders of the mails that only they held."""
    name = f"{database.name}.replaced-*Z"
    return sorted((*database.parent.glob(name), *database.parent.glob(f"{name}-mails")))


def prune(folder: Path, now: datetime, *, keep: int | None, life: timedelta) -> tuple[Path, ...]:
    """Remove what is older than `life`, and all but the newest `keep`; gives what was removed.

    The newest stays in any case: without new ones it is all that there is.
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
    """Remove old backups from the usual folder, and databases that were replaced so long ago."""
    gone = list(prune(backup_folder(database), now, keep=None, life=life))
    for place in list_replaced(database):
        with contextlib.suppress(ValueError):
            if now - copy_time(place) > life:
                shutil.rmtree(place) if place.is_dir() else _remove(place)
                gone.append(place)
    return tuple(gone)


def _verify_copy(draft: Path, progress: Progress) -> Report:
    """The pages must be sound; what else is found was in the database, and is better kept than not."""
    report = verify(draft, progress=progress)
    pages = report.checks[0]
    if not pages.is_sound:
        raise BackupError(f"the copy is not sound: {pages.found[0]}")
    return report


def _verify_old_copy(draft: Path, lacking: tuple[str, ...]) -> None:
    connection = open_read_only(draft)
    try:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(1)")]
        if found != ["ok"] or schema.pending(connection) != lacking:
            raise BackupError(f"the copy before the upgrade is not sound: {found[0]}")
    finally:
        connection.close()


def _remove(place: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        place.unlink()
    for suffix in ("-journal", "-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)
