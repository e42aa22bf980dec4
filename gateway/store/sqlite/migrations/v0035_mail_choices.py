"""Which letters members chose to receive, in place of `staff.mail`. `member` is a digest of the address."""

from __future__ import annotations

ADDITIVE = True

STATEMENTS = (
    """
    CREATE TABLE mail_choices (
      member TEXT NOT NULL PRIMARY KEY,
      choice TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)
