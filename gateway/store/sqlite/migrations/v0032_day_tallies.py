"""Figures of the cases opened on each day, summed up ahead: a few rows per day, without personal data.

They are counted after the answers (`gateway.store.tables.days`): a trigger only records which cases are due,
and `tallied` is how a case was last counted. All existing cases are marked now, and counted in batches while
the service runs.
"""

from __future__ import annotations

ADDITIVE = True

_FIGURES = (
    *("opened_on", "state", "decided", "confirmed", "code", "category", "domain_kind"),
    *("complete_on", "invited_on", "revoked"),
)
_DUE = "INSERT INTO tallies_due (case_id) VALUES ({}) ON CONFLICT (case_id) DO NOTHING;"

STATEMENTS = (
    """
    CREATE TABLE day_tallies (
      what TEXT NOT NULL,
      day TEXT NOT NULL,
      label TEXT NOT NULL,
      n INTEGER NOT NULL,
      PRIMARY KEY (what, day, label)
    ) STRICT, WITHOUT ROWID
    """,
    "ALTER TABLE case_figures ADD COLUMN tallied TEXT NOT NULL DEFAULT ''",
    """
    CREATE TABLE tallies_due (case_id INTEGER PRIMARY KEY REFERENCES cases (id) ON DELETE CASCADE) STRICT
    """,
    "INSERT INTO tallies_due (case_id) SELECT case_id FROM case_figures",
    f"""
    CREATE TRIGGER tallies_due_of_new AFTER INSERT ON case_figures BEGIN
      {_DUE.format("NEW.case_id")}
    END
    """,
    f"""
    CREATE TRIGGER tallies_due_of_changed AFTER UPDATE OF {", ".join(_FIGURES)} ON case_figures
    WHEN {" OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _FIGURES)} BEGIN
      {_DUE.format("NEW.case_id")}
    END
    """,
    f"""
    CREATE TRIGGER tallies_due_of_reason AFTER UPDATE OF reason ON cases
    WHEN NEW.erased_at IS NULL AND NEW.reason <> OLD.reason BEGIN
      {_DUE.format("NEW.id")}
    END
    """,
)
