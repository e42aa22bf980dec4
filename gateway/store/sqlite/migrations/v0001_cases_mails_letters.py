"""The first schema: cases, mails, letters, tokens and the journal."""

STATEMENTS = (
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
    # The journal is evidence, so it is append-only.
    "CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'append only'); END",
    "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'append only'); END",
)
