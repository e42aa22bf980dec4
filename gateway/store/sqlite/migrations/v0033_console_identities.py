"""Accounts at the OpenID provider, each linked once to a staff address by a code mailed to it.

`digest` is a keyed digest of issuer and subject (`admission.authority.sign_in`).
"""

from __future__ import annotations

STATEMENTS = (
    """
    CREATE TABLE console_identities (
      digest TEXT NOT NULL PRIMARY KEY,
      member TEXT NOT NULL,
      issuer TEXT NOT NULL,
      since TEXT NOT NULL,
      used_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)
