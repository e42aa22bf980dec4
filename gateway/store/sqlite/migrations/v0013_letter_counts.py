"""Counts letters by day in Japan and by cause, so that a flood from one cause does not affect another."""

from __future__ import annotations

STATEMENTS = (
    """
    CREATE TABLE letter_counts (
      day TEXT NOT NULL,
      name TEXT NOT NULL,
      scope TEXT NOT NULL,
      of TEXT NOT NULL,
      n INTEGER NOT NULL,
      capped INTEGER NOT NULL,
      PRIMARY KEY (day, name, scope, of)
    ) STRICT, WITHOUT ROWID
    """,
)
