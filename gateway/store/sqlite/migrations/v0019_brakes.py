"""What stands still by the word of a member or an operator, so that no reload and no restart lets it go."""

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
