"""The SQL of who of the staff is away. A digest stands for a member's address."""

from __future__ import annotations

from datetime import date

from gateway.admission.authority import tokens
from gateway.admission.case.model import Absence
from gateway.store.protocol import Connection


def digest(address_key: str) -> str:
    """What stands for a member."""
    return tokens.token_hash(f"absence {address_key}").hex()


def note(connection: Connection, absence: Absence) -> None:
    """Note an absence in place of an earlier one, or its end."""
    values = {"member": digest(absence.member.key)}
    connection.execute("DELETE FROM absences WHERE member = :member", values)
    if absence.first is not None and absence.last is not None:
        days = {"first": absence.first.isoformat(), "last": absence.last.isoformat()}
        connection.execute(
            "INSERT INTO absences (member, first, last) VALUES (:member, :first, :last)", values | days
        )


def load(connection: Connection) -> dict[str, tuple[date, date]]:
    """First and last day by the member's digest."""
    found = connection.execute("SELECT member, first, last FROM absences")
    return {row[0]: (date.fromisoformat(row[1]), date.fromisoformat(row[2])) for row in found}
