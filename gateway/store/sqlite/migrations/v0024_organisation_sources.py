"""Which list a body of staff's own came from, and of which day the list is."""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE organisations ADD COLUMN source TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE organisations ADD COLUMN as_of TEXT",
)
