"""The store on SQLite: WAL, synchronous=FULL, one writer, group commit.

SQLite before 3.51.3 can lose commits when a checkpoint races a commit of a second connection
(https://sqlite.org/wal.html#walresetbug), so exactly one connection writes and checkpoints; a lock
file keeps a second gateway away.
"""

from __future__ import annotations

import asyncio
import fcntl
import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TypeVar

from gateway.store import private_files
from gateway.store.protocol import Transaction
from gateway.store.protocol.opening import DatabaseInUseError
from gateway.store.sqlite import backup
from gateway.store.sqlite.migrations import schema
from gateway.store.sqlite.writer import NO_BUSY_TIMEOUT, Job, Writer
from gateway.store.tables import tombstones
from gateway.store.tables.letters.outbox import make_message_id
from gateway.store.tables.transaction import SqlTransaction

T = TypeVar("T")

BUSY_TIMEOUT_S = 10.0
VACUUM_MAX_BYTES = 256 * 1024 * 1024  # about two seconds


class SqliteStore:
    """A store in one file; `domain` is the right-hand side of the Message-IDs it gives to letters.

    `now` dates the backup that is made before a database of an earlier version is upgraded.
    """

    def __init__(
        self,
        path: Path,
        domain: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.path = path
        self.name = str(path)
        self._domain = domain
        self._now = now
        self._key = b""
        self._compacted_up_to = 0  # the last line of the journal whose erasure left no trace in the file
        self._lock: IO[bytes] | None = None
        self._writer: Writer | None = None

    def open(self) -> None:
        """Create or upgrade the file and start the writer.

        Raises SchemaError, BackupError, DatabaseInUseError, OSError or sqlite3.Error, and nothing runs then.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = lock(self.path)
        try:
            if not self.path.exists():
                private_files.create(self.path)  # personal data: for nobody but the gateway
            self._key = tombstones.load_or_create_key(self.path)
            connection = self._connect()
        except BaseException:
            self._lock.close()
            raise
        self._writer = Writer(connection, BUSY_TIMEOUT_S)
        self._writer.start()

    def close(self) -> None:
        """Commit what is queued and release the file."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    async def transact(self, work: Callable[[Transaction], T]) -> T:
        """See `gateway.store.protocol.Store`."""
        return await self._do(lambda connection: work(self._begin(connection)))

    def _begin(self, connection: sqlite3.Connection) -> SqlTransaction:
        in_loop = threading.current_thread() is not self._writer
        return SqlTransaction(connection, self._message_id, self._key, in_loop=in_loop)

    async def compact(self) -> bool:
        """Let nothing of what was erased stay in the file or its log; whether that is so now.

        secure_delete overwrites rows; copies that SQLite left when it moved them go with VACUUM, which takes
        the writer's time. So a large file is left to the operator (`gateway backup` and `gateway restore`).
        """
        return await self._do(self._compact, alone=True)

    def _compact(self, connection: sqlite3.Connection) -> bool:
        row = connection.execute("SELECT coalesce(max(id), 0) FROM journal WHERE event = 'erased'").fetchone()
        if row[0] == self._compacted_up_to:
            return True
        small = self.path.stat().st_size <= VACUUM_MAX_BYTES
        if small:
            connection.execute("VACUUM")
        # A reader may hold the log for a moment; whoever writes does not wait for it, the next round does.
        connection.execute(NO_BUSY_TIMEOUT)
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if not busy:
            self._compacted_up_to = row[0]
        return small and not busy

    async def _do(self, work: Callable[[sqlite3.Connection], T], *, alone: bool = False) -> T:
        if self._writer is None:
            raise RuntimeError("the store is not open")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._writer.put(Job(work, future, brief=not alone, alone=alone))
        return await future

    def _message_id(self) -> str:
        return make_message_id(self._domain)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=BUSY_TIMEOUT_S, cached_statements=256, check_same_thread=False
        )
        try:
            lacking = schema.pending(connection)
            if lacking and not schema.is_empty(connection):
                backup.backup_before_upgrade(self.path, self._now(), lacking)
            configure(connection)
            schema.migrate(connection)
            connection.isolation_level = None
            connection.row_factory = sqlite3.Row
            # The lock is ours, so no other process is delivering: what a dead one had in hand goes at once,
            # and is counted, since the letter itself may be what ended the process.
            connection.execute(
                "UPDATE letters SET failures = failures + 1, leased_until = NULL"
                " WHERE leased_until IS NOT NULL"
            )
        except BaseException:
            connection.close()
            raise
        return connection


def configure(connection: sqlite3.Connection) -> None:
    """Settings that durability rests on: FULL keeps every commit through a power loss, NORMAL does not."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    # A savepoint of a mail would go to a temporary file, made and removed for each commit.
    connection.execute("PRAGMA temp_store = MEMORY")


def lock(database: Path) -> IO[bytes]:
    """The right to write a database, until the file is closed. Raises DatabaseInUseError or OSError."""
    path = database.with_name(f"{database.name}.lock")
    held = path.open("ab")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        held.close()
        raise DatabaseInUseError(f"another gateway holds {path}; stop it first") from error
    return held
