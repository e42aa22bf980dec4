"""Sessions of the console, and the browsers that signed in before. The console itself only reads them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.admission.authority.sign_in import hash_secret
from gateway.store.console.accounts import identities
from gateway.store.protocol import Connection
from gateway.store.tables import rows

BROWSER_KNOWN = timedelta(days=180)
# How often the console reports activity: a session may seem idle here for that much longer.
TELL_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """Duration of a session without activity, and at most."""

    idle: timedelta = timedelta(minutes=30)
    whole: timedelta = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Session:
    """A session: `member` is the key of a staff address."""

    digest: str
    member: str
    role: str
    since: datetime
    seen_at: datetime
    ends_at: datetime


def find(connection: Connection, secret: str) -> Session | None:
    """Return the session of a browser, even if ended; None if its member's mailbox is revoked."""
    row = connection.execute(_FIND, {"digest": hash_secret(secret)}).fetchone()
    return None if row is None else _read(row)


def of_member(connection: Connection, member: str, now: datetime) -> list[Session]:
    """Return the open sessions of a member, the newest first."""
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
    """Record the sign-in of a member: the session, and their browser, to recognise it later.

    Both are secrets of the browser.
    """
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


def is_live(session: Session, now: datetime, times: SessionTimes) -> bool:
    """Return whether a session is live, as far as the gateway knows."""
    return now < session.ends_at and now - session.seen_at < times.idle + TELL_EVERY


def touch(connection: Connection, secret: str, now: datetime) -> bool:
    """Record activity; return False if there is no such session."""
    sql = (
        "UPDATE console_sessions SET seen_at = :at WHERE digest = :digest AND seen_at < :at AND ends_at > :at"
    )
    return connection.execute(sql, {"digest": hash_secret(secret), "at": rows.to_text(now)}).rowcount == 1


def end(connection: Connection, digest: str, member: str) -> bool:
    """End a session of this member; return False if there was none."""
    sql = "DELETE FROM console_sessions WHERE digest = :digest AND member = :member"
    return connection.execute(sql, {"digest": digest, "member": member}).rowcount == 1


def end_of_member(connection: Connection, member: str, kept: str = "") -> None:
    """End the sessions of a member, except for the one with the digest `kept`."""
    sql = "DELETE FROM console_sessions WHERE member = :member AND digest <> :kept"
    connection.execute(sql, {"member": member, "kept": kept})


def end_others(connection: Connection, roles: Collection[tuple[str, str]]) -> int:
    """End the sessions of everybody not among these (member, role); return how many."""
    found = connection.execute("SELECT digest, member, role FROM console_sessions").fetchall()
    gone = [{"digest": row["digest"]} for row in found if (row["member"], row["role"]) not in roles]
    for each in gone:
        connection.execute("DELETE FROM console_sessions WHERE digest = :digest", each)
    return len(gone)


def knows_browser(connection: Connection, digest: str, member: str) -> bool:
    """Return whether a member signed in with this browser before, by the hash of its secret."""
    sql = "SELECT 1 FROM console_browsers WHERE digest = :digest AND member = :member"
    return connection.execute(sql, {"digest": digest, "member": member}).fetchone() is not None


def forget_member(connection: Connection, member: str) -> int:
    """Delete everything about a member in the console; return the number of rows."""
    tables = (
        *("console_sessions", "console_browsers", "console_codes"),
        *("console_confirmations", "console_grants", "console_takes", "console_identities"),
    )
    sql = "DELETE FROM {} WHERE member = :member"
    return sum(connection.execute(sql.format(table), {"member": member}).rowcount for table in tables)


def forget_ways_in(connection: Connection) -> None:
    """Delete sessions, codes and linked accounts: in an older database, some may have been ended since."""
    for sql in _WAYS_IN:
        connection.execute(sql)


def forget_expired(connection: Connection, now: datetime) -> int:
    """Delete what has expired; codes are kept for a day, since they are counted."""
    before = {
        "DELETE FROM console_sessions WHERE ends_at < :before": now,
        "DELETE FROM console_codes WHERE asked_at < :before": now - timedelta(days=1),
        "DELETE FROM console_browsers WHERE at < :before": now - BROWSER_KNOWN,
        "DELETE FROM console_identities WHERE used_at < :before": now - identities.UNUSED,
        "DELETE FROM console_confirmations WHERE asked_at < :before": now - timedelta(days=1),
        "DELETE FROM console_grants WHERE ends_at < :before": now,
    }
    return sum(connection.execute(sql, {"before": rows.to_text(at)}).rowcount for sql, at in before.items())


_WAYS_IN = (
    "DELETE FROM console_sessions",
    "DELETE FROM console_grants",
    "DELETE FROM console_codes",
    "DELETE FROM console_confirmations",
    "DELETE FROM console_identities",
)
_COLUMNS = "SELECT s.digest, s.member, s.role, s.since, s.seen_at, s.ends_at FROM console_sessions s"
_TRUSTED = "NOT EXISTS (SELECT 1 FROM revoked_staff r WHERE r.address_key = s.member)"
_FIND = f"{_COLUMNS} WHERE s.digest = :digest AND {_TRUSTED}"
_OF_MEMBER = f"{_COLUMNS} WHERE s.member = :member AND s.ends_at > :now ORDER BY s.since DESC"
