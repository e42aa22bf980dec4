"""Digests of what was carried out by mail: the same content acts once, by whatever route it comes."""

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
