"""Octets kept of authenticated mail, by day in Japan and sender (organisation unit or staff member)."""

from __future__ import annotations

STATEMENTS = (
    """
    CREATE TABLE proven_mail (
      day TEXT NOT NULL,
      sender TEXT NOT NULL,
      octets INTEGER NOT NULL,
      PRIMARY KEY (day, sender)
    ) STRICT, WITHOUT ROWID
    """,
)
