"""Mails that stopped the desk or started it again, for no case alone: which release read them."""

from __future__ import annotations

STATEMENTS = (
    """
    CREATE TABLE brake_mails (
      mail_id INTEGER PRIMARY KEY REFERENCES mails (id),
      release TEXT NOT NULL
    ) STRICT
    """,
)
