"""Makes the journal a hash chain, counts cases by state, and adds indexes for all outbox queries."""

from __future__ import annotations

import secrets
import sqlite3

from gateway.store.integrity import hash_chain


def _chain_up(connection: sqlite3.Connection) -> None:
    hash_chain.chain_up(connection, secrets.token_bytes)


STATEMENTS = (
    "DROP TRIGGER journal_no_update",
    "ALTER TABLE journal ADD COLUMN salt BLOB",
    "ALTER TABLE journal ADD COLUMN commitment BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE journal ADD COLUMN hash BLOB NOT NULL DEFAULT x''",
    _chain_up,
    # Append-only with one exception: the personal part of a line may be blanked, permanently and in one way.
    # The line that records which lines were blanked is not personal, and is kept.
    """
    CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
    WHEN NEW.salt IS NOT NULL OR NEW.actor <> '' OR NEW.detail <> '{}' OR OLD.event = 'erased'
      OR NEW.id <> OLD.id OR NEW.at <> OLD.at OR NEW.event <> OLD.event
      OR NEW.case_id IS NOT OLD.case_id OR NEW.mail_id IS NOT OLD.mail_id
      OR NEW.commitment <> OLD.commitment OR NEW.hash <> OLD.hash
    BEGIN SELECT RAISE(ABORT, 'append only'); END
    """,
    # The number of cases in each state, so that nobody has to count a million rows.
    "CREATE TABLE case_counts (state TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "INSERT INTO case_counts (state, n) SELECT state, count(*) FROM cases GROUP BY state",
    """
    CREATE TRIGGER cases_counted_in AFTER INSERT ON cases BEGIN
      INSERT INTO case_counts (state, n) VALUES (NEW.state, 1) ON CONFLICT (state) DO UPDATE SET n = n + 1;
    END
    """,
    """
    CREATE TRIGGER cases_counted_over AFTER UPDATE OF state ON cases WHEN NEW.state <> OLD.state BEGIN
      UPDATE case_counts SET n = n - 1 WHERE state = OLD.state;
      INSERT INTO case_counts (state, n) VALUES (NEW.state, 1) ON CONFLICT (state) DO UPDATE SET n = n + 1;
    END
    """,
    """
    CREATE TRIGGER cases_counted_out AFTER DELETE ON cases BEGIN
      UPDATE case_counts SET n = n - 1 WHERE state = OLD.state;
    END
    """,
    # Leased letters are few and indexed separately, so that the next letter is the first index entry.
    "DROP INDEX letters_due",
    """
    CREATE INDEX letters_due ON letters (not_before)
    WHERE state IN ('owed', 'deferred') AND leased_until IS NULL
    """,
    "CREATE INDEX letters_leased ON letters (leased_until) WHERE leased_until IS NOT NULL",
)
