"""Tombstones: the fact that an address applied before, and nothing else.

HMAC-SHA-256 of the normalised address, under a key in a file beside the database. Somebody who has only the
database, or a backup, cannot try out addresses. Without the file the tombstones are useless, and no harm is
done.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from pathlib import Path

from gateway.mail.address import Address, person_key
from gateway.store import private_files
from gateway.store.protocol import Connection
from gateway.store.tables import rows

KEY_BYTES = 32


def load_or_create_key(database: Path) -> bytes:
    """Return the key of a database, creating it if there is none. Raises OSError."""
    place = locate(database)
    if not place.exists():
        private_files.write(place, secrets.token_bytes(KEY_BYTES))
    key = place.read_bytes()
    if len(key) != KEY_BYTES:
        raise OSError(f"{place}: expected {KEY_BYTES} octets; remove the file to start with a new key")
    return key


def load_key(database: Path) -> bytes:
    """Return the key for readers; empty if there is none, and no address is recognised then."""
    try:
        return locate(database).read_bytes()
    except OSError:
        return b""


def locate(database: Path) -> Path:
    """Return the path of the key, which is beside the database."""
    return database.with_name(f"{database.name}.key")


def digest(key: bytes, address_key: str) -> bytes:
    """Return the digest of an address."""
    return hmac.digest(key, address_key.encode(), "sha256")


def put(connection: Connection, key: bytes, address_key: str, now: datetime) -> None:
    """Record that this address applied."""
    connection.execute(
        """
        INSERT INTO tombstones (digest, at) VALUES (:digest, :at) ON CONFLICT (digest) DO UPDATE SET at = :at
        """,
        {"digest": digest(key, person_key(address_key)), "at": rows.to_text(now)},
    )


def has_tombstone(connection: Connection, key: bytes, applicant: Address) -> bool:
    """Return whether the person applied before and was erased; 0.1 hashed the whole address."""
    sql = "SELECT 1 FROM tombstones WHERE digest IN (:person, :address)"
    sought = {"person": digest(key, applicant.person), "address": digest(key, applicant.key)}
    return connection.execute(sql, sought).fetchone() is not None
