"""A quick look at a database, beside the running gateway: never a lock that a writer feels.

`gateway.store.sqlite.integrity.verify` proves it; this takes no longer than reading the file once.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from gateway.store.sqlite.integrity.verify import open_read_only
from gateway.store.sqlite.migrations import VERSIONS, schema


@dataclass(frozen=True, slots=True)
class QuickCheck:
    """`damage` is what SQLite found; `lacking` and `unknown` are versions of the schema, the
    latter those over which nobody goes back."""

    size_bytes: int
    damage: str
    lacking: tuple[str, ...]
    unknown: tuple[str, ...]
    newest: datetime | None


def quick_check(path: Path) -> QuickCheck:
    """Pages, schema and the last entry of the journal. Raises sqlite3.Error for what is no database."""
    with contextlib.closing(open_read_only(path)) as found:
        damage = found.execute("PRAGMA quick_check(1)").fetchone()[0]
        applied = {row.name for row in schema.migrations.applied(Database(found))}
        unknown = schema.list_newer(found) if schema.list_obstacles(found) else ()
        # With what is still in the WAL only, unlike the size of the file.
        size = found.execute(
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        ).fetchone()[0]
        newest = found.execute("SELECT max(at) FROM journal").fetchone()[0]
    return QuickCheck(
        size,
        "" if damage == "ok" else damage,
        tuple(name for name in VERSIONS if name not in applied),
        unknown,
        datetime.fromisoformat(newest) if newest else None,
    )
