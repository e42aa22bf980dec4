"""Fills an empty schema on PostgreSQL from another database, in one transaction: all or nothing."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from gateway.store.copying.copy import CopyError, CopyResult, Progress, copy, find_rows
from gateway.store.postgres import faults
from gateway.store.postgres.connecting import session
from gateway.store.postgres.connecting.connection import PostgresConnection
from gateway.store.postgres.connecting.session import Place
from gateway.store.privacy import tombstones
from gateway.store.protocol import Connection
from gateway.store.protocol.opening import UnusableStoreError

_PATIENCE = {"statement_timeout": "0", "idle_in_transaction_session_timeout": "0", "lock_timeout": "3s"}


def check_target(place: Place) -> None:
    """Check that a copy would be accepted; writes nothing. Raises CopyError."""
    with _using(place) as connection, connection.transaction(force_rollback=True):
        _claim(connection, place)


def fill(source: Connection, place: Place, tombstone_key: bytes, progress: Progress) -> CopyResult:
    """Copy all rows; nodes with this tombstone key can become active afterwards. Raises CopyError."""
    with _using(place) as connection, connection.transaction():
        target = _claim(connection, place)
        connection.execute("SET LOCAL gateway.copying = 'on'")
        done = copy(source, target, progress, holds_nul=False)
        _advance(connection)
        key = hashlib.sha256(tombstone_key).digest() if tombstone_key else None
        values = {"number": done.head.number, "hash": done.head.hash, "key": key}
        connection.execute(_LEAD, values)
        return done


@contextmanager
def standing_still(place: Place, path: Path) -> Iterator[None]:
    """Keep nodes from becoming active during the block. Raises CopyError.

    `path` is where the copy will be.
    """
    with _using(place) as connection, connection.transaction(force_rollback=True):
        _keep_others(connection, place)
        _check_key(connection, path)
        yield


def _check_key(connection: psycopg.Connection[Any], path: Path) -> None:
    """Check the tombstone key, without which this desk would not recognise erased applicants."""
    found, key = connection.execute(_KEY).fetchone(), tombstones.load_key(path)
    if key and found is not None and found["key_digest"] != hashlib.sha256(key).digest():
        raise CopyError(f"{tombstones.locate(path)}: the nodes use a different key; copy theirs here")


@contextmanager
def _using(place: Place) -> Iterator[psycopg.Connection[Any]]:
    """Open a connection whose errors are raised as CopyError."""
    try:
        with contextlib.closing(session.connect(place, settings=_PATIENCE)) as connection:
            yield connection
    except UnusableStoreError as error:
        raise CopyError(str(error)) from error
    except psycopg.Error as error:
        raise CopyError(faults.describe_fault(str(place), error)) from error


def _claim(connection: psycopg.Connection[Any], place: Place) -> Connection:
    """Keep every node from becoming active until the end of the transaction. Raises CopyError."""
    _keep_others(connection, place)
    target = PostgresConnection(connection)
    filled = find_rows(target)
    if filled:
        raise CopyError(
            f"{place}: table {filled} is not empty and will not be overwritten; create a new schema with "
            "gateway store sql"
        )
    return target


def _keep_others(connection: psycopg.Connection[Any], place: Place) -> None:
    if connection.execute(_CLAIM).fetchone() is None:
        raise CopyError(f"{place}: a node is active in this schema; stop it first, or choose another schema")


def _advance(connection: psycopg.Connection[Any]) -> None:
    """Advance the sequences past all copied rows."""
    for table in NUMBERED:
        connection.execute(_NUMBERS.format(table=table).encode())


# Tables whose rows are numbered by the database.
NUMBERED = ("cases", "mails", "letters")
_CLAIM = """
UPDATE turn SET n = n + 1 WHERE id = 1 AND (holder = '' OR held_until < clock_timestamp()) RETURNING n
"""
_KEY = "SELECT key_digest FROM turn WHERE key_digest IS NOT NULL"
_LEAD = """
UPDATE turn SET head_number = %(number)s, head_hash = %(hash)s, key_digest = %(key)s,
  last_at = coalesce((SELECT at FROM journal ORDER BY id DESC LIMIT 1), '')
WHERE id = 1
"""
# A role that may only take numbers of a sequence cannot set it, so that many are taken.
_NUMBERS = """
SELECT count(nextval(pg_get_serial_sequence('{table}', 'id')))
FROM generate_series(1, (SELECT coalesce(max(id), 0) FROM {table}))
"""
