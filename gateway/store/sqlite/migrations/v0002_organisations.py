"""What staff add to the register of organisations, and the commands that were carried out."""

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
    # Of a shipped body only the domains stand here, so the code refers to no row of this database.
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
