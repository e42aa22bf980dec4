"""The store on SQLite: WAL, synchronous=FULL, one writer, group commit.

SQLite before 3.51.3 can lose commits when a checkpoint races a commit of a second connection
(https://sqlite.org/wal.html#walresetbug), so exactly one connection writes and checkpoints; a lock file
excludes a second gateway.
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
from gateway.store.integrity.hash_chain import Head, read_head
from gateway.store.integrity.journal_head import HeadFile
from gateway.store.privacy import tombstones
from gateway.store.protocol import StoreUnavailableError, Transaction
from gateway.store.protocol.opening import DatabaseInUseError
from gateway.store.sqlite import backup
from gateway.store.sqlite.migrations import schema
from gateway.store.sqlite.writer import NO_BUSY_TIMEOUT, Job, Writer
from gateway.store.tables.letters.outbox import make_message_id
from gateway.store.tables.transaction import SqlTransaction

T = TypeVar("T")

BUSY_TIMEOUT_S = 10.0
VACUUM_MAX_BYTES = 256 * 1024 * 1024  # about two seconds


class SqliteStore:
    """A store in one file; `domain` is the right-hand side of the Message-IDs of letters.

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
        self._head = HeadFile(path)
        self.behind = ""
        self.differs: tuple[str, ...] = ()  # there is only one machine
        self._compacted_up_to = 0  # the last journal line whose erasure left no trace in the file
        self._lock: IO[bytes] | None = None
        self._writer: Writer | None = None

    def open(self, *, patient: bool = False) -> None:
        """Create or upgrade the file and start the writer.

        Raises SchemaError, BackupError, DatabaseInUseError, OSError or sqlite3.Error, and nothing runs then.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = lock(self.path)
        try:
            if not self.path.exists():
                private_files.create(self.path)  # personal data: only the gateway may read it
            self._key = tombstones.load_or_create_key(self.path)
            connection = self._connect()
            self.behind = self._head.find_missing(connection)
        except BaseException:
            self._lock.close()
            raise
        self._writer = Writer(connection, BUSY_TIMEOUT_S, self._head.write)
        self._writer.start()

    def tell_time(self, own: datetime) -> datetime:
        """Return `own`: one machine has one clock."""
        return own

    def close(self) -> None:
        """Commit queued work and release the file."""
        if self._writer is not None:
            self._writer.close()
            self._head.write(at_once=True)
            self._writer = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    async def transact(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in a transaction; see `gateway.store.protocol.Store`."""
        if self.behind:
            raise StoreUnavailableError(self.behind)
        done, head = await self._do(lambda connection: self._carry_out(connection, work))
        if head is not None:
            self._head.note(head)
        return done

    async def note_shared(self, shared: str) -> None:
        """Do nothing, because there are no other machines."""

    async def accept_behind(self, work: Callable[[Transaction], T]) -> T:
        """Accept the present data; see `gateway.store.protocol.opening.OwnedStore`."""

        def accept(connection: sqlite3.Connection) -> tuple[T, Head]:
            done, head = self._carry_out(connection, work)
            return done, head or read_head(connection)

        done, head = await self._do(accept)
        self._head.note(head)
        await asyncio.to_thread(self._head.write, at_once=True)
        self.behind = ""
        return done

    def _carry_out(
        self, connection: sqlite3.Connection, work: Callable[[Transaction], T]
    ) -> tuple[T, Head | None]:
        tx = self._begin(connection)
        return work(tx), tx.head

    def _begin(self, connection: sqlite3.Connection) -> SqlTransaction:
        in_loop = threading.current_thread() is not self._writer
        return SqlTransaction(connection, self._message_id, self._key, in_loop=in_loop)

    async def compact(self) -> bool:
        """Remove traces of erased data from the file and its log; return whether none is left.

        secure_delete overwrites rows; VACUUM removes copies that SQLite left when it moved them, which takes
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
        # A reader may hold the log for a moment; no writer waits for it, the next run retries.
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
            # We hold the lock, so no other process is delivering: letters that a dead process had in hand are
            # due at once. That counts as a failure, since the letter itself may have ended the process.
            connection.execute(
                "UPDATE letters SET failures = failures + 1, leased_until = NULL"
                " WHERE leased_until IS NOT NULL"
            )
        except BaseException:
            connection.close()
            raise
        return connection


def configure(connection: sqlite3.Connection) -> None:
    """Apply the settings for durability: FULL keeps every commit through a power loss, NORMAL does not."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    # Otherwise each commit would create and remove a temporary file for the savepoint of a mail.
    connection.execute("PRAGMA temp_store = MEMORY")


def lock(database: Path) -> IO[bytes]:
    """Lock a database for writing until the file is closed. Raises DatabaseInUseError or OSError."""
    path = database.with_name(f"{database.name}.lock")
    held = path.open("ab")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        held.close()
        raise DatabaseInUseError(f"another gateway has locked {path}; stop it first") from error
    return held
