"""Staff mailboxes that an operator has revoked; they stay untrusted whatever the settings say."""

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
