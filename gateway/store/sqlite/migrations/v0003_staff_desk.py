"""Handlers of cases, questions, holds and second approvals; completed housekeeping tasks."""

STATEMENTS = (
    "ALTER TABLE cases ADD COLUMN handler TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE cases ADD COLUMN question TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE cases ADD COLUMN held_until TEXT",
    "ALTER TABLE cases ADD COLUMN first_approval TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE cases ADD COLUMN waits_since TEXT",
    # A task without a case has case_id 0, because NULL would not be unique.
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
