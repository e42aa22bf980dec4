"""Digests of what was carried out by mail: the same content acts once, by whatever route it comes.

When the newest mail of somebody about a case was written lies here too, under a digest for a name.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gateway.store import rows
from gateway.store.protocol import Connection


def has_acted(connection: Connection, contents: Iterable[str]) -> bool:
    """Whether a mail with one of these digests (hexadecimal) was carried out."""
    marks, digests = rows.to_marks(bytes.fromhex(one) for one in contents)
    sql = f"SELECT 1 FROM acted_contents WHERE content IN ({marks}) LIMIT 1"  # noqa: S608 - placeholders only
    return connection.execute(sql, digests).fetchone() is not None


def record_acted(connection: Connection, contents: Iterable[str], now: datetime) -> None:
    """Remember these digests; one that is known keeps its time."""
    connection.executemany(
        "INSERT INTO acted_contents (content, at) VALUES (:content, :at) ON CONFLICT DO NOTHING",
        [{"content": bytes.fromhex(one), "at": rows.to_text(now)} for one in contents],
    )


def record_newest(connection: Connection, name: str, at: datetime) -> None:
    """Note a time under a digest; an earlier one than is noted changes nothing."""
    connection.execute(
        "INSERT INTO acted_contents (content, at) VALUES (:content, :at) "
        "ON CONFLICT (content) DO UPDATE SET at = excluded.at WHERE acted_contents.at < excluded.at",
        {"content": bytes.fromhex(name), "at": rows.to_text(at)},
    )


def find_newest(connection: Connection, name: str) -> datetime | None:
    """The time that is noted under a digest."""
    found = connection.execute(
        "SELECT at FROM acted_contents WHERE content = :content", {"content": bytes.fromhex(name)}
    ).fetchone()
    return rows.from_text(found["at"]) if found else None
