"""Sign-in to the console: codes that were mailed, sessions, and browsers that signed in before.

Only browsers hold the secrets: stored here are their SHA-256, and keyed digests of addresses and clients. A
code itself is stored nowhere: the gateway computes it (`admission.authority.sign_in`).
"""

from __future__ import annotations

STATEMENTS = (
    """
    CREATE TABLE console_codes (
      digest TEXT NOT NULL PRIMARY KEY,
      member TEXT NOT NULL,
      sought TEXT NOT NULL,
      client TEXT NOT NULL,
      browser TEXT NOT NULL,
      asked_at TEXT NOT NULL,
      expires_at TEXT NOT NULL,
      tries INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX console_codes_asked ON console_codes (asked_at)",
    """
    CREATE TABLE console_sessions (
      digest TEXT NOT NULL PRIMARY KEY,
      member TEXT NOT NULL,
      role TEXT NOT NULL,
      since TEXT NOT NULL,
      seen_at TEXT NOT NULL,
      ends_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE console_browsers (
      digest TEXT NOT NULL,
      member TEXT NOT NULL,
      at TEXT NOT NULL,
      PRIMARY KEY (digest, member)
    ) STRICT, WITHOUT ROWID
    """,
)
