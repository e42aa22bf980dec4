"""The SQL of which letters members chose to receive. Members are stored as a digest of their address."""

from __future__ import annotations

from gateway.admission.case.model import MailChoice, MailWish
from gateway.store.protocol import Connection
from gateway.store.tables.staff.absences import digest


def note(connection: Connection, wish: MailWish) -> None:
    """Record a choice in place of an earlier one, or remove it."""
    values = {"member": digest(wish.member.key)}
    connection.execute("DELETE FROM mail_choices WHERE member = :member", values)
    if wish.choice is not None:
        sql = "INSERT INTO mail_choices (member, choice) VALUES (:member, :choice)"
        connection.execute(sql, values | {"choice": wish.choice.value})


def find(connection: Connection, address_key: str) -> MailChoice | None:
    """Return the choice of a member; None without one."""
    sql = "SELECT choice FROM mail_choices WHERE member = :member"
    row = connection.execute(sql, {"member": digest(address_key)}).fetchone()
    return None if row is None else MailChoice(row["choice"])
