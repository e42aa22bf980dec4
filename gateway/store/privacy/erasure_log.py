"""Log of erasures on request, beside the database, so that restoring an older backup brings nobody back.

One line of JSON each: the time, the keyed hash of the address (`tombstones`) and the case numbers. It
contains no address, and without the key it reveals nothing.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from gateway.store import private_files
from gateway.store.privacy import tombstones
from gateway.store.protocol import Connection
from gateway.store.tables import rows

KEEP = timedelta(days=1095)  # as for tombstones; no backup is kept that long


@dataclass(frozen=True, slots=True)
class Erased:
    """One erasure: `person` is the keyed hash in hexadecimal, `cases` are case numbers."""

    at: datetime
    person: str
    cases: tuple[str, ...]


def note(database: Path, key: bytes, address_key: str, cases: tuple[str, ...], now: datetime) -> None:
    """Add a line before the erasing transaction is committed. Raises OSError."""
    entry = Erased(now, tombstones.digest(key, address_key).hex(), cases)
    kept = [one for one in read(database) if now - one.at < KEEP]
    lines = "".join(f"{rows.to_json(one)}\n" for one in (*kept, entry))
    private_files.write(locate(database), lines.encode())


def read(database: Path) -> tuple[Erased, ...]:
    """Return all readable lines, the oldest first."""
    try:
        lines = locate(database).read_bytes().splitlines()
    except FileNotFoundError:
        return ()
    found: list[Erased] = []
    for line in lines:
        with contextlib.suppress(msgspec.MsgspecError):
            found.append(msgspec.json.decode(line, type=Erased))
    return tuple(found)


def find_database(connection: Connection) -> Path:
    """Return the path of the database file of a connection."""
    return Path(next(row[2] for row in connection.execute("PRAGMA database_list") if row[1] == "main"))


def locate(database: Path) -> Path:
    """Return the path of the log, which is beside the database."""
    return database.with_name(f"{database.name}.erased")
