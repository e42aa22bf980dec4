"""The SQL of accounts at the OpenID provider, each linked to one staff address.

An account is stored as a keyed digest of its issuer and subject (`gateway.admission.authority.sign_in`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.store.protocol import Connection
from gateway.store.tables import rows

SHOWN = 12  # digits of the digest that name an account to people
UNUSED = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class LinkedAccount:
    """An account of the provider `issuer`; `member` is the key of a staff address."""

    digest: str
    member: str
    issuer: str
    since: datetime
    used_at: datetime

    @property
    def name(self) -> str:
        """What people call it."""
        return self.digest[:SHOWN]


def link(connection: Connection, digest: str, member: str, issuer: str, now: datetime) -> bool:
    """Link an account to a member; return False, and change nothing, if it is already linked to anybody."""
    values = {"digest": digest, "member": member, "issuer": issuer, "at": rows.to_text(now)}
    return connection.execute(_LINK, values).rowcount == 1


def find_member(connection: Connection, digest: str) -> str:
    """Return the key of the address that an account is linked to; empty if there is none."""
    sql = "SELECT member FROM console_identities WHERE digest = :digest"
    row = connection.execute(sql, {"digest": digest}).fetchone()
    return "" if row is None else row["member"]


def note_use(connection: Connection, digest: str, now: datetime) -> None:
    """Record that an account signed its member in."""
    sql = "UPDATE console_identities SET used_at = :at WHERE digest = :digest"
    connection.execute(sql, {"digest": digest, "at": rows.to_text(now)})


def find_all(connection: Connection) -> list[LinkedAccount]:
    """Return all accounts, by member, the oldest first."""
    return [_read(row) for row in connection.execute(f"{_COLUMNS} ORDER BY member, since, digest")]


def of_member(connection: Connection, member: str) -> list[LinkedAccount]:
    """Return the accounts of a member, the oldest first."""
    sql = f"{_COLUMNS} WHERE member = :member ORDER BY since, digest"
    return [_read(row) for row in connection.execute(sql, {"member": member})]


def unlink(connection: Connection, digest: str, member: str) -> bool:
    """End the link of an account to this member; return False if there is none."""
    sql = "DELETE FROM console_identities WHERE digest = :digest AND member = :member"
    return connection.execute(sql, {"digest": digest, "member": member}).rowcount == 1


def unlink_others(connection: Connection, members: Collection[str]) -> list[LinkedAccount]:
    """End the links to everybody not among these members; return them."""
    gone = [one for one in find_all(connection) if one.member not in members]
    for each in gone:
        unlink(connection, each.digest, each.member)
    return gone


def _read(row: Mapping[str, str]) -> LinkedAccount:
    since, used = rows.from_text(row["since"]), rows.from_text(row["used_at"])
    return LinkedAccount(row["digest"], row["member"], row["issuer"], since, used)


_COLUMNS = "SELECT digest, member, issuer, since, used_at FROM console_identities"
_LINK = """
INSERT INTO console_identities (digest, member, issuer, since, used_at)
VALUES (:digest, :member, :issuer, :at, :at) ON CONFLICT (digest) DO NOTHING
"""
