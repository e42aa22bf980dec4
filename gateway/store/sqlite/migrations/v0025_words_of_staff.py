"""Staff notes on a case, the address that an applicant changes to, and absences of staff.

`member` is a digest of the address; `first` and `last` are days in Japan.
"""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE cases ADD COLUMN memos TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE cases ADD COLUMN moves_to TEXT NOT NULL DEFAULT ''",
    """
    CREATE TABLE absences (
      member TEXT NOT NULL PRIMARY KEY,
      first TEXT NOT NULL,
      last TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)
