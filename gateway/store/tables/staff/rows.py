"""Store operations that only staff need: absences, choices of mail, sign-in codes, and searches for cases."""

from __future__ import annotations

from datetime import date, datetime

from gateway.admission.case.model import Absence, Case, MailChoice, MailWish, StaffWishes
from gateway.mail.address import Address
from gateway.store.protocol import Connection
from gateway.store.tables import rows
from gateway.store.tables.staff import absences, mail_choices

# The newest cases only: a search is not a report, and the writer waits for it.
_SEARCHED = 5_000
_FIND = """
SELECT * FROM (SELECT * FROM cases ORDER BY id DESC LIMIT :searched) AS newest
WHERE instr(lower(number || :gap || applicant || :gap || name || :gap || organisation
                  || :gap || replace(replace(name, ' ', ''), '　', '')), :text) > 0
LIMIT :limit
"""
# Both at once: each mail asks for it.
_WISHES = """
SELECT member, max(first) AS first, max(last) AS last, max(choice) AS choice FROM (
  SELECT member, first, last, '' AS choice FROM absences
  UNION ALL SELECT member, '' AS first, '' AS last, choice FROM mail_choices
) wishes GROUP BY member
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

    def note_mail_wish(self, wish: MailWish) -> None:
        mail_choices.note(self._connection, wish)

    def staff_wishes(self, keys: tuple[str, ...], day: date) -> dict[str, StaffWishes]:
        found = self._connection.execute(_WISHES).fetchall()
        known = {
            row["member"]: StaffWishes(
                absences.is_on(row, day), MailChoice(row["choice"]) if row["choice"] else None
            )
            for row in found
        }
        by_key = {key: known.get(absences.digest(key)) for key in keys} if known else {}
        return {key: wishes for key, wishes in by_key.items() if wishes is not None}

    def void_sign_in_codes(self, member: Address, now: datetime) -> None:
        self._connection.execute(_VOID_CODES, {"key": member.key, "now": rows.to_text(now)})

    def cases_called_by(self, key: str) -> tuple[Case, ...]:
        return tuple(rows.to_case(row) for row in self._connection.execute(_CALLED, {"key": key}))

    def find_cases(self, text: str, limit: int) -> tuple[Case, ...]:
        # As `lower` of the store: ASCII letters only.
        lowered = text.encode().lower().decode()
        values = {"text": lowered, "gap": "\n", "limit": limit, "searched": _SEARCHED}
        return tuple(rows.to_case(row) for row in self._connection.execute(_FIND, values))
