"""Sessions of the console, and the browsers that signed in before. The console itself only reads them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.admission.authority.sign_in import hash_secret
from gateway.store import rows
from gateway.store.protocol import Connection

BROWSER_KNOWN = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """How long a session lasts without a page, and at most."""

    idle: timedelta = timedelta(minutes=30)
    whole: timedelta = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Session:
    """A session: `member` is the key of an address of the staff."""

    digest: str
    member: str
    role: str
    since: datetime
    seen_at: datetime
    ends_at: datetime


def find(connection: Connection, secret: str) -> Session | None:
    """The session of a browser, also one that is over; None where its member's mailbox is revoked."""
    row = connection.execute(_FIND, {"digest": hash_secret(secret)}).fetchone()
    return None if row is None else _read(row)


def of_member(connection: Connection, member: str, now: datetime) -> list[Session]:
    """What is open in the name of a member, the newest first."""
    values = {"member": member, "now": rows.to_text(now)}
    return [_read(row) for row in connection.execute(_OF_MEMBER, values)]


def _read(row: Mapping[str, str]) -> Session:
    since, seen, ends = (rows.from_text(row[name]) for name in ("since", "seen_at", "ends_at"))
    return Session(row["digest"], row["member"], row["role"], since, seen, ends)


def begin(
    connection: Connection,
    session: str,
    browser: str,
    member: str,
    role: str,
    now: datetime,
    lasts: timedelta,
) -> None:
    """A member signed in: the session, and their browser to know again. Both are secrets of the browser."""
    at = rows.to_text(now)
    connection.execute(
        """
        INSERT INTO console_sessions (digest, member, role, since, seen_at, ends_at)
        VALUES (:digest, :member, :role, :at, :at, :ends)
        """,
        {
            "digest": hash_secret(session),
            "member": member,
            "role": role,
            "at": at,
            "ends": rows.to_text(now + lasts),
        },
    )
    connection.execute(
        """
        INSERT INTO console_browsers (digest, member, at) VALUES (:digest, :member, :at)
        ON CONFLICT (digest, member) DO UPDATE SET at = :at
        """,
        {"digest": hash_secret(browser), "member": member, "at": at},
    )


def touch(connection: Connection, secret: str, now: datetime) -> bool:
    """A page was opened; False where there is no such session."""
    sql = (
        "UPDATE console_sessions SET seen_at = :at WHERE digest = :digest AND seen_at < :at AND ends_at > :at"
    )
    return connection.execute(sql, {"digest": hash_secret(secret), "at": rows.to_text(now)}).rowcount == 1


def end(connection: Connection, digest: str, member: str) -> bool:
    """A session of this member is over; False where there was none."""
    sql = "DELETE FROM console_sessions WHERE digest = :digest AND member = :member"
    return connection.execute(sql, {"digest": digest, "member": member}).rowcount == 1


def end_others(connection: Connection, roles: Collection[tuple[str, str]]) -> int:
    """End the sessions of all who are not (member, role) of these; gives how many."""
    found = connection.execute("SELECT digest, member, role FROM console_sessions").fetchall()
    gone = [{"digest": row["digest"]} for row in found if (row["member"], row["role"]) not in roles]
    for each in gone:
        connection.execute("DELETE FROM console_sessions WHERE digest = :digest", each)
    return len(gone)


def knows_browser(connection: Connection, digest: str, member: str) -> bool:
    """Whether a member signed in with this browser before, by the hash of its secret."""
    sql = "SELECT 1 FROM console_browsers WHERE digest = :digest AND member = :member"
    return connection.execute(sql, {"digest": digest, "member": member}).fetchone() is not None


def forget_member(connection: Connection, member: str) -> int:
    """Nothing of the console is left of a member."""
    tables = ("console_sessions", "console_browsers", "console_codes")
    sql = "DELETE FROM {} WHERE member = :member"
    return sum(connection.execute(sql.format(table), {"member": member}).rowcount for table in tables)


def forget_expired(connection: Connection, now: datetime) -> int:
    """What is over is gone as a whole; codes stay a day, since they are counted."""
    before = {
        "DELETE FROM console_sessions WHERE ends_at < :before": now,
        "DELETE FROM console_codes WHERE asked_at < :before": now - timedelta(days=1),
        "DELETE FROM console_browsers WHERE at < :before": now - BROWSER_KNOWN,
    }
    return sum(connection.execute(sql, {"before": rows.to_text(at)}).rowcount for sql, at in before.items())


_COLUMNS = "SELECT s.digest, s.member, s.role, s.since, s.seen_at, s.ends_at FROM console_sessions s"
_TRUSTED = "NOT EXISTS (SELECT 1 FROM revoked_staff r WHERE r.address_key = s.member)"
_FIND = f"{_COLUMNS} WHERE s.digest = :digest AND {_TRUSTED}"
_OF_MEMBER = f"{_COLUMNS} WHERE s.member = :member AND s.ends_at > :now ORDER BY s.since DESC"
