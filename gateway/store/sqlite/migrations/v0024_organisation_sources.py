"""The list from which an organisation was imported, and the date of the list."""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE organisations ADD COLUMN source TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE organisations ADD COLUMN as_of TEXT",
)
