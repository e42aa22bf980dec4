"""An empty schema on PostgreSQL filled from another database, in one transaction: all of it, or nothing."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from gateway.store.copying.copy import CopyError, CopyResult, Progress, copy, find_rows
from gateway.store.postgres import faults, session
from gateway.store.postgres.connection import PostgresConnection
from gateway.store.postgres.session import Place
from gateway.store.protocol import Connection
from gateway.store.protocol.opening import UnusableStoreError
from gateway.store.tables import tombstones

_PATIENCE = {"statement_timeout": "0", "idle_in_transaction_session_timeout": "0", "lock_timeout": "3s"}


def check_target(place: Place) -> None:
    """Whether a copy would be taken; writes nothing. Raises CopyError."""
    with _using(place) as connection, connection.transaction(force_rollback=True):
        _claim(connection, place)


def fill(source: Connection, place: Place, tombstone_key: bytes, progress: Progress) -> CopyResult:
    """Copy all rows; the node that has this tombstone key may be active afterwards. Raises CopyError."""
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
    """While the block runs, no node becomes active; `path` is where the copy will stand. Raises CopyError."""
    with _using(place) as connection, connection.transaction(force_rollback=True):
        _keep_others(connection, place)
        _check_key(connection, path)
        yield


def _check_key(connection: psycopg.Connection[Any], path: Path) -> None:
    """Whom this desk knows from before is known by one key only, which lies beside the file."""
    found, key = connection.execute(_KEY).fetchone(), tombstones.load_key(path)
    if key and found is not None and found["key_digest"] != hashlib.sha256(key).digest():
        raise CopyError(f"{tombstones.locate(path)}: the nodes have another key; put theirs in its place")


@contextmanager
def _using(place: Place) -> Iterator[psycopg.Connection[Any]]:
    """A connection whose faults are told as CopyError."""
    try:
        with contextlib.closing(session.connect(place, **_PATIENCE)) as connection:
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
            f"{place}: the table {filled} is not empty: nothing is overwritten; make a new schema with "
            "gateway store sql"
        )
    return target


def _keep_others(connection: psycopg.Connection[Any], place: Place) -> None:
    if connection.execute(_CLAIM).fetchone() is None:
        raise CopyError(f"{place}: a node is active there; stop it first, or name another schema")


def _advance(connection: psycopg.Connection[Any]) -> None:
    """The next row of a table gets a number behind all that came."""
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
# Whoever may only take numbers of a sequence cannot set it: so many are taken.
_NUMBERS = """
SELECT count(nextval(pg_get_serial_sequence('{table}', 'id')))
FROM generate_series(1, (SELECT coalesce(max(id), 0) FROM {table}))
"""
