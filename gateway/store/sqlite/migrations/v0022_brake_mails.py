"""Mails that stopped or restarted the desk, rather than deciding a case, and the release that read them."""

from __future__ import annotations

STATEMENTS = (
    """
    CREATE TABLE brake_mails (
      mail_id INTEGER PRIMARY KEY REFERENCES mails (id),
      release TEXT NOT NULL
    ) STRICT
    """,
)
