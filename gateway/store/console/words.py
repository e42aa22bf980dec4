"""The search index of the console: every two characters of the folded texts of cases.

The writer updates it after the answers, for the cases in `words_due`.
"""

from __future__ import annotations

from gateway.mail.text import fold
from gateway.store.protocol import Connection

MAX_FIELD = 200  # characters per text, so that no applicant can make the table long


def fold_texts(*texts: str) -> str:
    """Return the searchable text: each text folded and cut, one per line."""
    return "\n".join(fold(text[:MAX_FIELD])[:MAX_FIELD] for text in texts)


def list_grams(text: str) -> frozenset[str]:
    """Return every pair of adjacent characters in a line."""
    return frozenset(line[at : at + 2] for line in text.split("\n") for at in range(len(line) - 1))


def read_due(connection: Connection, limit: int) -> int:
    """Index what changed, the newest first; return the number of cases."""
    found = connection.execute(_DUE, {"limit": limit}).fetchall()
    for row in found:
        _replace(connection, row["id"], row["text"] or "", _text_of(row))
    return len(found)


def forget(connection: Connection, case_id: int) -> None:
    """Remove a case from the index."""
    row = connection.execute("SELECT text FROM case_texts WHERE case_id = :id", {"id": case_id}).fetchone()
    _replace(connection, case_id, row["text"] if row else "", "")


def _text_of(row: dict[str, str]) -> str:
    return "" if row["erased_at"] else fold_texts(row["name"], row["organisation"], row["applicant"])


def _replace(connection: Connection, case_id: int, old: str, new: str) -> None:
    before, after = list_grams(old), list_grams(new)
    connection.executemany(_DROP, [{"gram": gram, "id": case_id} for gram in sorted(before - after)])
    connection.executemany(_ADD, [{"gram": gram, "id": case_id} for gram in sorted(after - before)])
    connection.execute(_KEEP if new else _FORGET, {"id": case_id, "text": new} if new else {"id": case_id})
    connection.execute("DELETE FROM words_due WHERE case_id = :id", {"id": case_id})


_DUE = """
SELECT c.id, c.name, c.organisation, c.applicant, c.erased_at, t.text
FROM (SELECT case_id FROM words_due ORDER BY case_id DESC LIMIT :limit) d
JOIN cases c ON c.id = d.case_id LEFT JOIN case_texts t ON t.case_id = c.id
"""
_DROP = "DELETE FROM case_words WHERE gram = :gram AND case_id = :id"
_ADD = "INSERT INTO case_words (gram, case_id) VALUES (:gram, :id) ON CONFLICT (gram, case_id) DO NOTHING"
_KEEP = """
INSERT INTO case_texts (case_id, text) VALUES (:id, :text)
ON CONFLICT (case_id) DO UPDATE SET text = excluded.text
"""
_FORGET = "DELETE FROM case_texts WHERE case_id = :id"
