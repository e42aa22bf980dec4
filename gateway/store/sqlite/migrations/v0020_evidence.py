"""Mails that decided cases, with the release that read them; kept as long as the case."""

from __future__ import annotations

STATEMENTS = (
    """
    CREATE TABLE evidence (
      case_id INTEGER NOT NULL REFERENCES cases (id),
      mail_id INTEGER NOT NULL REFERENCES mails (id),
      release TEXT NOT NULL,
      PRIMARY KEY (case_id, mail_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX evidence_mail ON evidence (mail_id)",
)
