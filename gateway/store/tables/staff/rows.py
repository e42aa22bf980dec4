"""Store operations that only staff need: absences, sign-in codes, and searches for cases."""

from __future__ import annotations

from datetime import date, datetime

from gateway.admission.case.model import Absence, Case
from gateway.mail.address import Address
from gateway.store import rows
from gateway.store.protocol import Connection
from gateway.store.tables.staff import absences

# The newest cases only: a search is not a report, and the writer waits for it.
_SEARCHED = 5_000
_FIND = """
SELECT * FROM (SELECT * FROM cases ORDER BY id DESC LIMIT :searched) AS newest
WHERE instr(lower(number || :gap || applicant || :gap || name || :gap || organisation
                  || :gap || replace(replace(name, ' ', ''), '　', '')), :text) > 0
LIMIT :limit
"""
_CALLED = """
SELECT * FROM cases
WHERE affiliation <> '' AND lower(json_extract(affiliation, '$.call.by')) = :key ORDER BY id
"""
_VOID_CODES = """
UPDATE console_codes SET expires_at = :now WHERE member = :key AND expires_at > :now
"""


class StaffRows:
    """A part of `gateway.store.tables.transaction.SqlTransaction`."""

    _connection: Connection

    def note_absence(self, absence: Absence) -> None:
        absences.note(self._connection, absence)

    def away_members(self, keys: tuple[str, ...], day: date) -> frozenset[str]:
        known = absences.load(self._connection)
        days = {key: known.get(absences.digest(key)) for key in keys} if known else {}
        return frozenset(key for key, found in days.items() if found and found[0] <= day <= found[1])

    def void_sign_in_codes(self, member: Address, now: datetime) -> None:
        self._connection.execute(_VOID_CODES, {"key": member.key, "now": rows.to_text(now)})

    def cases_called_by(self, key: str) -> tuple[Case, ...]:
        return tuple(rows.to_case(row) for row in self._connection.execute(_CALLED, {"key": key}))

    def find_cases(self, text: str, limit: int) -> tuple[Case, ...]:
        # As `lower` of the store: ASCII letters only.
        lowered = text.encode().lower().decode()
        values = {"text": lowered, "gap": "\n", "limit": limit, "searched": _SEARCHED}
        return tuple(rows.to_case(row) for row in self._connection.execute(_FIND, values))
