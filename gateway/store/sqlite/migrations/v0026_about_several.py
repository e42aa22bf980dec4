"""Links letters about several cases to all of them, and mails to the letter that they answer.

When a person's case is erased, mentions beside other cases are then found by id, not by a search.
"""

from __future__ import annotations

_LINK = """
INSERT INTO letter_cases (case_id, letter_id)
SELECT c.id, l.id FROM {letters} l
JOIN json_tree(CASE WHEN json_valid(l.facts) THEN l.facts ELSE '{{}}' END) t
JOIN cases c ON c.number = t.atom
WHERE t.type = 'text' AND length(t.atom) = 7 AND c.id IS NOT l.case_id
ON CONFLICT DO NOTHING
"""
_NEW = "(SELECT NEW.id AS id, NEW.case_id AS case_id, NEW.facts AS facts)"

STATEMENTS = (
    """
    CREATE TABLE letter_cases (
      case_id INTEGER NOT NULL REFERENCES cases (id),
      letter_id INTEGER NOT NULL REFERENCES letters (id),
      PRIMARY KEY (case_id, letter_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE mail_letters (
      mail_id INTEGER PRIMARY KEY REFERENCES mails (id),
      letter_id INTEGER NOT NULL REFERENCES letters (id)
    ) STRICT
    """,
    "CREATE INDEX mail_letters_letter ON mail_letters (letter_id)",
    "CREATE INDEX journal_mail ON journal (case_id, mail_id) WHERE mail_id IS NOT NULL",
    _LINK.format(letters="letters"),
    f"CREATE TRIGGER letters_linked AFTER INSERT ON letters BEGIN {_LINK.format(letters=_NEW)}; END",
    f"""
    CREATE TRIGGER letters_linked_again AFTER UPDATE OF facts ON letters WHEN NEW.facts <> '{{}}'
    BEGIN {_LINK.format(letters=_NEW)}; END
    """,
)
