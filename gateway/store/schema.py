"""The shape of the database: STRICT tables, one migration per version, never edited once released.

Times are aware UTC in ISO 8601 with microseconds, so that text order is time order. Dates are days in Japan.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database, Migrations

APPLICATION_ID = 0x696E7477  # "intw": tells our files from other SQLite files

migrations = Migrations("intake-gateway")


class SchemaError(Exception):
    """The file is not a database of this gateway, or of a newer one; the message says what to do."""


def prepare(connection: sqlite3.Connection) -> None:
    """Bring the schema up to date, or raise SchemaError and leave the file as it is."""
    found = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if tables and found != APPLICATION_ID:
        raise SchemaError("the file is not a database of the intake gateway")
    db = Database(connection)
    newer = {row.name for row in migrations.applied(db)} - {
        row.name for row in migrations.pending(Database(memory=True))
    }
    if newer:
        raise SchemaError(
            f"the database was written by a newer gateway (unknown: {', '.join(sorted(newer))}); "
            "install that version"
        )
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    migrations.apply(db)


@migrations()
def v0001_cases_mails_letters(db: Database) -> None:
    """The first schema: cases, mails, letters, tokens and the journal."""
    for statement in _V0001:
        db.execute(statement)


_V0001 = (
    """
    CREATE TABLE cases (
      id INTEGER PRIMARY KEY,
      number TEXT NOT NULL UNIQUE,
      state TEXT NOT NULL,
      applicant TEXT NOT NULL,
      applicant_key TEXT NOT NULL,
      name TEXT NOT NULL,
      organisation TEXT NOT NULL,
      form TEXT NOT NULL,
      background TEXT NOT NULL,
      opened_at TEXT NOT NULL,
      due_on TEXT NOT NULL,
      revision INTEGER NOT NULL,
      confirmed_by TEXT NOT NULL,
      decided_by TEXT NOT NULL,
      decided_at TEXT,
      reason TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX cases_applicant ON cases (applicant_key, id)",
    "CREATE INDEX cases_state ON cases (state, due_on)",
    """
    CREATE TABLE mails (
      id INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      received_at TEXT NOT NULL,
      client_ip TEXT NOT NULL,
      helo TEXT NOT NULL,
      reverse_path TEXT NOT NULL,
      forward_path TEXT NOT NULL,
      author TEXT NOT NULL,
      subject TEXT NOT NULL,
      message_id TEXT NOT NULL,
      kind TEXT NOT NULL,
      verdict TEXT NOT NULL,
      case_id INTEGER REFERENCES cases (id),
      raw BLOB NOT NULL
    ) STRICT
    """,
    "CREATE INDEX mails_case ON mails (case_id)",
    """
    CREATE TABLE letters (
      id INTEGER PRIMARY KEY,
      case_id INTEGER REFERENCES cases (id),
      mail_id INTEGER REFERENCES mails (id),
      letter TEXT NOT NULL,
      recipient TEXT NOT NULL,
      recipient_key TEXT NOT NULL,
      facts TEXT NOT NULL,
      revision INTEGER NOT NULL,
      message_id TEXT NOT NULL UNIQUE,
      state TEXT NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      owed_at TEXT NOT NULL,
      not_before TEXT NOT NULL,
      leased_until TEXT,
      last_reply TEXT NOT NULL DEFAULT '',
      sent_at TEXT,
      subject TEXT NOT NULL DEFAULT '',
      sent_text TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    "CREATE INDEX letters_due ON letters (not_before) WHERE state IN ('owed', 'deferred')",
    "CREATE INDEX letters_case ON letters (case_id)",
    "CREATE INDEX letters_recipient ON letters (recipient_key, letter, owed_at)",
    """
    CREATE TABLE tokens (
      digest BLOB PRIMARY KEY,
      purpose TEXT NOT NULL,
      letter_id INTEGER NOT NULL REFERENCES letters (id),
      expires_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE journal (
      id INTEGER PRIMARY KEY,
      at TEXT NOT NULL,
      event TEXT NOT NULL,
      actor TEXT NOT NULL,
      case_id INTEGER REFERENCES cases (id),
      mail_id INTEGER REFERENCES mails (id),
      detail TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX journal_case ON journal (case_id)",
    # The journal is evidence: what was written stays as it was written.
    "CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'append only'); END",
    "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'append only'); END",
)


@migrations()
def v0002_organisations(db: Database) -> None:
    """What staff add to the register of organisations, and the commands that were carried out."""
    for statement in _V0002:
        db.execute(statement)


_V0002 = (
    """
    CREATE TABLE organisations (
      code TEXT PRIMARY KEY,
      prefecture TEXT NOT NULL,
      name TEXT NOT NULL,
      kana TEXT NOT NULL,
      kind TEXT NOT NULL,
      employer TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    # Of a shipped body only the domains stand here, so the code refers to no row of this database.
    """
    CREATE TABLE organisation_domains (
      domain TEXT NOT NULL,
      code TEXT NOT NULL,
      source TEXT NOT NULL,
      valid_from TEXT,
      valid_until TEXT,
      shared INTEGER NOT NULL,
      PRIMARY KEY (domain, code)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE commands (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      at TEXT NOT NULL,
      answer TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)


@migrations()
def v0003_staff_desk(db: Database) -> None:
    """Who handles a case, what was asked, holds and second approvals; and the chores that were done."""
    for statement in _V0003:
        db.execute(statement)


_V0003 = (
    "ALTER TABLE cases ADD COLUMN handler TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE cases ADD COLUMN question TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE cases ADD COLUMN held_until TEXT",
    "ALTER TABLE cases ADD COLUMN first_approval TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE cases ADD COLUMN waits_since TEXT",
    # A chore of no case has case_id 0, because NULL would not be unique.
    """
    CREATE TABLE chores (
      case_id INTEGER NOT NULL,
      name TEXT NOT NULL,
      at TEXT NOT NULL,
      PRIMARY KEY (case_id, name)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX journal_event ON journal (event, at)",
)
