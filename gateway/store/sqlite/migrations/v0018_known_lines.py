"""Signature lines of staff, used to read their replies, and who passed the practice.

A line was seen in the reply to one letter, 0 for a practice reply. The text is the member's own, and is
erased with the member.
"""

from __future__ import annotations

STATEMENTS = (
    """
    CREATE TABLE member_lines (
      member_key TEXT NOT NULL,
      line TEXT NOT NULL,
      letter_id INTEGER NOT NULL,
      seen_at TEXT NOT NULL,
      PRIMARY KEY (member_key, line, letter_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX member_lines_kept ON member_lines (seen_at) WHERE letter_id > 0",
    """
    CREATE TABLE practices (
      member_key TEXT PRIMARY KEY,
      passed_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)
