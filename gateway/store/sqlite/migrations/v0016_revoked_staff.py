"""Mailboxes of the staff that are not trusted, whatever the settings say, until an operator says so."""

from __future__ import annotations

STATEMENTS = (
    """
    CREATE TABLE revoked_staff (
      address_key TEXT NOT NULL PRIMARY KEY,
      by TEXT NOT NULL,
      at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)
