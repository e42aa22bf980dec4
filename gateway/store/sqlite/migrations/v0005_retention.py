"""Times of erasure, and an index for each retention query."""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE cases ADD COLUMN erased_at TEXT",
    "ALTER TABLE mails ADD COLUMN erased_at TEXT",
    "ALTER TABLE letters ADD COLUMN erased_at TEXT",
    "CREATE INDEX cases_kept ON cases (opened_at) WHERE erased_at IS NULL",
    "CREATE INDEX mails_kept ON mails (received_at) WHERE raw <> x''",
    "CREATE INDEX mails_loose ON mails (received_at) WHERE case_id IS NULL AND erased_at IS NULL",
    "CREATE INDEX letters_loose ON letters (owed_at) WHERE case_id IS NULL AND erased_at IS NULL",
    "CREATE INDEX journal_loose ON journal (at) WHERE case_id IS NULL AND salt IS NOT NULL",
    "CREATE INDEX tokens_expiry ON tokens (expires_at)",
    "CREATE INDEX tokens_letter ON tokens (letter_id)",
    # A keyed hash of an erased address; the key is beside the database, not in it.
    "CREATE TABLE tombstones (digest BLOB PRIMARY KEY, at TEXT NOT NULL) STRICT, WITHOUT ROWID",
)
