"""Digests of signed contents that were acted on, so that a mail acts once; no personal data."""

from __future__ import annotations

STATEMENTS = (
    """
    CREATE TABLE acted_contents (
      content BLOB NOT NULL PRIMARY KEY,
      at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX acted_contents_kept ON acted_contents (at)",
)
