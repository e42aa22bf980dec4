"""The search index of the console: the folded texts of each case, and their character pairs.

The index is updated after the answers (`gateway.store.console.words`): a trigger only records which cases are
due. All existing cases are marked now, and indexed in batches while the service runs.
"""

from __future__ import annotations

STATEMENTS = (
    "CREATE TABLE case_texts (case_id INTEGER PRIMARY KEY REFERENCES cases (id), text TEXT NOT NULL) STRICT",
    """
    CREATE TABLE case_words (
      gram TEXT NOT NULL,
      case_id INTEGER NOT NULL,
      PRIMARY KEY (gram, case_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE TABLE words_due (case_id INTEGER PRIMARY KEY REFERENCES cases (id)) STRICT",
    "INSERT INTO words_due (case_id) SELECT id FROM cases WHERE erased_at IS NULL",
    """
    CREATE TRIGGER words_due_of_new AFTER INSERT ON cases WHEN NEW.erased_at IS NULL BEGIN
      INSERT INTO words_due (case_id) VALUES (NEW.id) ON CONFLICT (case_id) DO NOTHING;
    END
    """,
    """
    CREATE TRIGGER words_due_of_changed AFTER UPDATE OF name, organisation, applicant ON cases
    WHEN NEW.erased_at IS NULL AND (NEW.name <> OLD.name OR NEW.organisation <> OLD.organisation
                                    OR NEW.applicant <> OLD.applicant) BEGIN
      INSERT INTO words_due (case_id) VALUES (NEW.id) ON CONFLICT (case_id) DO NOTHING;
    END
    """,
)
