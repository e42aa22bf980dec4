"""Additions of the staff to the register of organisations, and the commands that were executed."""

STATEMENTS = (
    """
    CREATE TABLE organisations (
      code TEXT PRIMARY KEY,
      prefecture TEXT NOT NULL,
      name TEXT NOT NULL,
      kana TEXT NOT NULL,
      kind TEXT NOT NULL,
      employer TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    # Only the domains of a shipped organisation are stored here, so the code references no row of this
    # database.
    """
    CREATE TABLE organisation_domains (
      domain TEXT NOT NULL,
      code TEXT NOT NULL,
      source TEXT NOT NULL,
      valid_from TEXT,
      valid_until TEXT,
      shared INTEGER NOT NULL,
      PRIMARY KEY (domain, code)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE commands (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      at TEXT NOT NULL,
      answer TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)
