"""Confirmations in the console: acts that wait for a code, browsers that gave one, and taken cases.

A `seal` is a keyed digest of a browser's secrets and of everything that is confirmed; a grant is the SHA-256
of a secret in the browser.
"""

from __future__ import annotations

STATEMENTS = (
    """
    CREATE TABLE console_confirmations (
      seal TEXT NOT NULL PRIMARY KEY,
      session TEXT NOT NULL,
      member TEXT NOT NULL,
      coded INTEGER NOT NULL,
      asked_at TEXT NOT NULL,
      expires_at TEXT NOT NULL,
      tries INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX console_confirmations_asked ON console_confirmations (member, asked_at)",
    """
    CREATE TABLE console_grants (
      digest TEXT NOT NULL PRIMARY KEY,
      session TEXT NOT NULL,
      member TEXT NOT NULL,
      ends_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE console_takes (
      case_id INTEGER PRIMARY KEY REFERENCES cases (id),
      member TEXT NOT NULL,
      ends_at TEXT NOT NULL
    ) STRICT
    """,
)
