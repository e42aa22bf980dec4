"""Figures of each case for reports, by day in Japan, updated as they change, without personal data.

A figure outlives the erasure of its case: a confirmation stays counted after the confirmer was erased.
"""

from __future__ import annotations

_ROW = """
  date({c}.opened_at, '+9 hours') AS opened_on, {c}.state AS state, {c}.decided_by <> '' AS decided,
  CASE WHEN json_extract({c}.affiliation, '$.call') IS NOT NULL THEN 'telephone'
       WHEN {c}.confirmed_by <> '' THEN 'letter' ELSE '' END AS confirmed,
  coalesce(json_extract({c}.form, '$.code'), '') AS code,
  coalesce(json_extract({c}.form, '$.category'), '') AS category,
  coalesce(json_extract({c}.background, '$.domain_kind'), '') AS domain_kind
"""
_NEW = _ROW.format(c="NEW")
_COLUMNS = "case_id, opened_on, state, decided, confirmed, code, category, domain_kind"

STATEMENTS = (
    """
    CREATE TABLE case_figures (
      case_id INTEGER PRIMARY KEY REFERENCES cases (id),
      opened_on TEXT NOT NULL,
      state TEXT NOT NULL,
      decided INTEGER NOT NULL,
      confirmed TEXT NOT NULL,
      code TEXT NOT NULL,
      category TEXT NOT NULL,
      domain_kind TEXT NOT NULL,
      complete_on TEXT,
      invited_on TEXT,
      revoked INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
    f"INSERT INTO case_figures ({_COLUMNS}) SELECT c.id, {_ROW.format(c='c')} FROM cases c",  # noqa: S608 - our own constants
    """
    UPDATE case_figures SET complete_on = found.day FROM (
      SELECT case_id, date(min(queued_at), '+9 hours') AS day FROM letters
      WHERE letter = 'review_request' GROUP BY case_id
    ) AS found WHERE found.case_id = case_figures.case_id
    """,
    """
    UPDATE case_figures SET invited_on = found.day FROM (
      SELECT case_id, date(min(at), '+9 hours') AS day FROM journal
      WHERE event = 'invitation.handed' GROUP BY case_id
    ) AS found WHERE found.case_id = case_figures.case_id
    """,
    """
    UPDATE case_figures SET revoked = 1
    WHERE case_id IN (SELECT case_id FROM journal WHERE event = 'decision.revoke')
    """,
    "CREATE INDEX case_figures_day ON case_figures (opened_on)",
    f"""
    CREATE TRIGGER cases_figured AFTER INSERT ON cases BEGIN
      INSERT INTO case_figures ({_COLUMNS}) SELECT NEW.id, {_NEW};
    END
    """,
    # The row of an erased case is kept: only its state can still change.
    f"""
    CREATE TRIGGER cases_figured_again AFTER UPDATE ON cases WHEN NEW.erased_at IS NULL BEGIN
      UPDATE case_figures SET (opened_on, state, decided, confirmed, code, category, domain_kind)
        = (SELECT {_NEW}) WHERE case_id = NEW.id;
    END
    """,  # noqa: S608 - our own constants
    """
    CREATE TRIGGER requests_figured AFTER INSERT ON letters WHEN NEW.letter = 'review_request' BEGIN
      UPDATE case_figures SET complete_on = date(NEW.queued_at, '+9 hours')
      WHERE case_id = NEW.case_id AND complete_on IS NULL;
    END
    """,
    """
    CREATE TRIGGER invitations_figured AFTER INSERT ON journal WHEN NEW.event = 'invitation.handed' BEGIN
      UPDATE case_figures SET invited_on = date(NEW.at, '+9 hours')
      WHERE case_id = NEW.case_id AND invited_on IS NULL;
    END
    """,
    """
    CREATE TRIGGER revocations_figured AFTER INSERT ON journal WHEN NEW.event = 'decision.revoke' BEGIN
      UPDATE case_figures SET revoked = 1 WHERE case_id = NEW.case_id;
    END
    """,
)
