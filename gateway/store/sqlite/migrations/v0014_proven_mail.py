"""Octets kept of proven mail, by day in Japan and sender: an organisation unit or a member of the staff."""

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
