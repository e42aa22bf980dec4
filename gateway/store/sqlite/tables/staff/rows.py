"""What only the staff ask of the store: who is away, and cases by what is known of them."""

from __future__ import annotations

import sqlite3
from datetime import date

from gateway.admission.case.model import Absence, Case
from gateway.store.sqlite import rows
from gateway.store.sqlite.tables.staff import absences

# The newest cases: a search is no report, and the writer waits for it.
_SEARCHED = 5_000
_FIND = """
SELECT * FROM (SELECT * FROM cases ORDER BY id DESC LIMIT :searched)
WHERE instr(lower(number || char(10) || applicant || char(10) || name || char(10) || organisation
                  || char(10) || replace(replace(name, ' ', ''), '　', '')), lower(:text)) > 0
LIMIT :limit
"""
_CALLED = """
SELECT * FROM cases
WHERE affiliation <> '' AND lower(json_extract(affiliation, '$.call.by')) = :key ORDER BY id
"""


class StaffRows:
    """A part of `gateway.store.sqlite.transaction.SqliteTransaction`."""

    _connection: sqlite3.Connection

    def note_absence(self, absence: Absence) -> None:
        absences.note(self._connection, absence)

    def away_members(self, keys: tuple[str, ...], day: date) -> frozenset[str]:
        known = absences.load(self._connection)
        days = {key: known.get(absences.digest(key)) for key in keys} if known else {}
        return frozenset(key for key, found in days.items() if found and found[0] <= day <= found[1])

    def cases_called_by(self, key: str) -> tuple[Case, ...]:
        return tuple(rows.to_case(row) for row in self._connection.execute(_CALLED, {"key": key}))

    def find_cases(self, text: str, limit: int) -> tuple[Case, ...]:
        values = {"text": text, "limit": limit, "searched": _SEARCHED}
        return tuple(rows.to_case(row) for row in self._connection.execute(_FIND, values))
