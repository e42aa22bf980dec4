"""The SQL of absences of staff. Members are stored as a digest of their address."""

from __future__ import annotations

from datetime import date

from gateway.admission.authority import tokens
from gateway.admission.case.model import Absence
from gateway.store.protocol import Connection, Row


def digest(address_key: str) -> str:
    """Return the digest of a member's address."""
    return tokens.token_hash(f"absence {address_key}").hex()


def note(connection: Connection, absence: Absence) -> None:
    """Record an absence, replacing an earlier one, or its end."""
    values = {"member": digest(absence.member.key)}
    connection.execute("DELETE FROM absences WHERE member = :member", values)
    if absence.first is not None and absence.last is not None:
        days = {"first": absence.first.isoformat(), "last": absence.last.isoformat()}
        connection.execute(
            "INSERT INTO absences (member, first, last) VALUES (:member, :first, :last)", values | days
        )


def find(connection: Connection, address_key: str) -> tuple[date, date] | None:
    """Return first and last day of a member's absence, which may be over; None without one."""
    sql = "SELECT first, last FROM absences WHERE member = :member"
    row = connection.execute(sql, {"member": digest(address_key)}).fetchone()
    return None if row is None else (date.fromisoformat(row["first"]), date.fromisoformat(row["last"]))


def is_on(row: Row, day: date) -> bool:
    """Return whether a member with this row, or without an absence (empty dates), is away on a day."""
    return bool(row["first"]) and row["first"] <= day.isoformat() <= row["last"]
