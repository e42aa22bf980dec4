"""Brakes pulled by a member or an operator, stored so that no reload and no restart releases them."""

from __future__ import annotations

STATEMENTS = (
    """
    CREATE TABLE brakes (
      brake TEXT NOT NULL PRIMARY KEY,
      by TEXT NOT NULL,
      since TEXT NOT NULL,
      until TEXT
    ) STRICT, WITHOUT ROWID
    """,
)
