"""Reading the database beside the running gateway: always `mode=ro`, never a lock that a writer feels."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from gateway.store import schema
from gateway.store.verify import open_to_read

Row = dict[str, Any]


class NoDatabaseError(Exception):
    """There is no database to read at that place."""


class Reader:
    """Questions that commands ask. Rows are plain dictionaries; JSON columns come decoded.

    Raises SchemaError for a file that is not ours, or of a newer gateway.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise NoDatabaseError(
                f"{path}: there is no database; start the gateway once, or correct store.path"
            )
        try:
            connection = open_to_read(path)
            schema.pending(connection)
            self._db = Database(connection)
            self._db.query("SELECT 1 FROM cases LIMIT 1")
        except sqlite3.Error as error:
            raise NoDatabaseError(f"{path}: cannot be read as a database of the gateway: {error}") from error

    def close(self) -> None:
        """Give the file back."""
        self._db.close()

    def cases(self, states: Sequence[str] = (), limit: int = 100) -> list[Row]:
        """Cases, those due first at the top; `states` empty means all."""
        where, values = _one_of("state", states)
        return list(
            self._db.query(
                f"""
                SELECT number, state, name, organisation, applicant, opened_at, due_on, decided_by
                FROM cases {where} ORDER BY due_on, id LIMIT :limit
                """,  # noqa: S608 - `where` is made of placeholders
                {**values, "limit": limit},
            )
        )

    def case(self, number: str) -> Row | None:
        """Everything about one case: its mails with their proof, its letters, its journal."""
        row = next(
            iter(self._db.query("SELECT * FROM cases WHERE number = :number", {"number": number})), None
        )
        if row is None:
            return None
        case = _decoded(row, "form", "background")
        by_case = {"case": case.pop("id")}
        case.pop("applicant_key")
        mails = self._db.query(_MAILS, by_case)
        case["mails"] = [_decoded(mail, "verdict") for mail in mails]
        case["letters"] = list(self._db.query(_LETTERS, by_case))
        case["journal"] = [_decoded(line, "detail") for line in self._db.query(_JOURNAL, by_case)]
        return case

    def letters(self, states: Sequence[str] = (), limit: int = 100) -> list[Row]:
        """Letters of the outbox, the next to leave first."""
        where, values = _one_of("l.state", states)
        return list(
            self._db.query(
                f"""
                SELECT l.id, c.number AS "case", l.letter, l.recipient, l.state, l.attempts, l.owed_at,
                       l.not_before, l.sent_at, l.last_reply
                FROM letters l LEFT JOIN cases c ON c.id = l.case_id {where}
                ORDER BY l.not_before, l.id LIMIT :limit
                """,  # noqa: S608 - `where` is made of placeholders
                {**values, "limit": limit},
            )
        )


def _one_of(column: str, values: Sequence[str]) -> tuple[str, dict[str, str]]:
    if not values:
        return "", {}
    names = {f"v{place}": value for place, value in enumerate(values)}
    return f"WHERE {column} IN ({', '.join(':' + name for name in names)})", names


def _decoded(row: Row, *columns: str) -> Row:
    return row | {column: json.loads(row[column]) for column in columns}


_MAILS = """
SELECT id, received_at, kind, author, subject, client_ip, helo, reverse_path, message_id, verdict
FROM mails WHERE case_id = :case ORDER BY id
"""
_LETTERS = """
SELECT id, letter, recipient, state, attempts, owed_at, not_before, sent_at, subject, last_reply
FROM letters WHERE case_id = :case ORDER BY id
"""
_JOURNAL = "SELECT at, event, actor, detail FROM journal WHERE case_id = :case ORDER BY id"
