"""The single writer: collects waiting jobs into one transaction and commits it once.

Group commit: one fsync for all of them; only then are they reported as done, and a failing job does not
affect the others. Work begins in the thread of the event loop, which then shares the interpreter with nobody.
The commit, which waits for the disk, checkpoints, and work that turns out to be long run in a separate
thread: nobody knows how long a disk takes, and the loop has clients to serve.

https://sqlite.org/wal.html and https://sqlite.org/pragma.html#pragma_synchronous
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from queue import Empty, SimpleQueue
from typing import Any

from gateway.store.protocol import LongWorkError, StoreUnavailableError
from gateway.store.sqlite import faults

MAX_BATCH = 256
REST_S = 1.1
MAX_BRIEF = 64  # about 15 ms, during which the loop does nothing else
# This many rows are about the thousand pages after which SQLite itself checkpoints within a commit.
CHECKPOINT_ROWS = 1_000
NO_BUSY_TIMEOUT = "PRAGMA busy_timeout = 0"  # the loop never waits for a lock
# A corrupt page is a plain DatabaseError; its other subclasses are errors of the work itself.
_OF_THE_STORAGE = {sqlite3.OperationalError, sqlite3.InternalError, sqlite3.DatabaseError}


@dataclass(slots=True)
class Job:
    """Work, the future that waits for it, and its result.

    `brief` work may run in the thread of the event loop. `alone`: not inside a transaction.
    """

    work: Callable[[sqlite3.Connection], Any]
    future: asyncio.Future[Any]
    brief: bool = True
    alone: bool = False
    result: Any = None
    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """The jobs of one transaction; `performed`: all their statements have run."""

    jobs: list[Job]
    performed: bool = False


class Writer(threading.Thread):
    """The thread that owns the read-write connection, and closes it.

    One thread uses the connection at a time: the loop's while no batch is under way, otherwise this one.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        busy_timeout_s: float,
        on_rest: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(name="store-writer", daemon=True)
        self._connection = connection
        self._on_rest = on_rest  # after a batch, and once more a second after the last one
        connection.execute(NO_BUSY_TIMEOUT)
        self._busy_timeout = f"PRAGMA busy_timeout = {int(busy_timeout_s * 1000)}"
        self._lock = threading.Lock()  # protects the two below
        self._waiting: list[Job] = []
        self._under_way = False
        self._batches: SimpleQueue[Batch | None] = SimpleQueue()
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        self._checkpointed = 0  # of all rows that the connection wrote

    def put(self, job: Job) -> None:
        """Queue a job, in the thread of its future's loop; the future is resolved after the commit."""
        with self._lock:
            self._waiting.append(job)
            idle = not self._under_way
        if idle:  # in the next turn of the loop, with all jobs of this turn
            job.future.get_loop().call_soon(self._next)

    def close(self) -> None:
        """Finish queued jobs, close the connection, end the thread."""
        with self._lock:
            jobs, self._waiting = self._waiting, []
        self._batches.put(Batch(jobs))
        self._batches.put(None)
        self.join()

    def run(self) -> None:
        """Finish batches until closed."""
        while (batch := self._next_batch()) is not None:
            if batch.jobs:
                _finish(self._connection, batch, self._busy_timeout)
            done = batch.jobs
            if self._is_checkpoint_due():
                self._wake(done)
                done = []
                _checkpoint(self._connection)
            self._hand_back(done)
            self._on_rest()
        self._connection.close()

    def _next_batch(self) -> Batch | None:
        with contextlib.suppress(Empty):
            return self._batches.get(timeout=REST_S)
        self._on_rest()
        return self._batches.get()

    def _is_checkpoint_due(self) -> bool:
        """Return whether enough rows were written since the last checkpoint."""
        changes = self._connection.total_changes
        if changes - self._checkpointed < CHECKPOINT_ROWS:
            return False
        self._checkpointed = changes
        return True

    def _hand_back(self, done: list[Job]) -> None:
        """Return the connection to the loop, wake the waiters, and start what arrived in the meantime."""
        with self._lock:
            self._under_way = False
        self._wake(done)

    def _next(self) -> None:
        """Start waiting jobs, unless a batch is under way; its end calls this again."""
        with self._lock:
            if self._under_way or not self._waiting:
                return
            self._under_way = True
            brief = list(takewhile(lambda job: job.brief, self._waiting[:MAX_BRIEF]))
            jobs = brief or self._waiting[:MAX_BATCH]
            del self._waiting[: len(jobs)]
        batch = _perform(self._connection, jobs) if brief else Batch(jobs)
        with self._lock:
            self._waiting[:0] = jobs[len(batch.jobs) :]
        self._batches.put(batch)

    def _wake(self, jobs: list[Job]) -> None:
        """Wake the waiters, once per event loop, not once per job; each loop checks for the next batch."""
        with self._lock:
            by_loop: dict[asyncio.AbstractEventLoop, list[Job]] = {
                job.future.get_loop(): [] for job in self._waiting
            }
        for job in jobs:
            by_loop.setdefault(job.future.get_loop(), []).append(job)
        for loop, done in by_loop.items():
            with contextlib.suppress(RuntimeError):  # the loop was closed, with all its waiters
                loop.call_soon_threadsafe(self._resolve, done)

    def _resolve(self, jobs: list[Job]) -> None:
        for job in jobs:
            if job.future.done():  # the waiter gave up; the work is on disk all the same
                continue
            if job.error is None:
                job.future.set_result(job.result)
            else:
                job.future.set_exception(job.error)
        self._next()


def _perform(connection: sqlite3.Connection, jobs: list[Job]) -> Batch:
    """Run a transaction up to its commit, never waiting for a lock; return the jobs it reached.

    A savepoint for each would cost more than the errors it is for: if a job fails, our thread rolls back all
    of them, and repeats them with savepoints. Long work that has changed nothing yet ends the transaction
    before it.
    """
    done = changes = 0
    try:
        connection.execute("BEGIN IMMEDIATE")
        for done, job in enumerate(jobs):  # noqa: B007 - counts also for the one that fails
            changes = connection.total_changes
            job.result = job.work(connection)
    except LongWorkError:
        jobs[done].brief = False
        return Batch(jobs[:done], performed=True) if changes == connection.total_changes else Batch(jobs)
    except Exception:  # it is repeated in our thread, where it is reported
        return Batch(jobs)
    return Batch(jobs, performed=True)


def _finish(connection: sqlite3.Connection, batch: Batch, patience: str) -> None:
    if batch.performed:
        _commit(connection, batch.jobs, performed=True)
        return
    _undo(connection)
    _set(connection, patience)
    if together := [job for job in batch.jobs if not job.alone]:
        _commit(connection, together)
    for job in batch.jobs:
        if job.alone:
            _run_alone(connection, job)
            _set(connection, patience)  # the job may have changed it
    _set(connection, NO_BUSY_TIMEOUT)


def _checkpoint(connection: sqlite3.Connection) -> None:
    """Checkpoint as far as possible without waiting for a reader; the next one does the rest."""
    _set(connection, "PRAGMA wal_checkpoint(PASSIVE)")


def _set(connection: sqlite3.Connection, pragma: str) -> None:
    with contextlib.suppress(sqlite3.Error, MemoryError):
        connection.execute(pragma)


def _commit(connection: sqlite3.Connection, jobs: list[Job], *, performed: bool = False) -> None:
    try:
        if not performed:
            connection.execute("BEGIN IMMEDIATE")
            for job in jobs:
                _run_in_savepoint(connection, job)
        connection.execute("COMMIT")
    except (sqlite3.Error, MemoryError) as error:  # SQLITE_NOMEM is a MemoryError
        _undo(connection)
        _fail(connection, jobs, error)


def _undo(connection: sqlite3.Connection) -> None:
    """Roll back an open transaction, if SQLite has not done so itself."""
    with contextlib.suppress(sqlite3.Error, MemoryError):  # this may fail too; the thread must continue
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _fail(connection: sqlite3.Connection, jobs: list[Job], error: Exception) -> None:
    if type(error) is sqlite3.DatabaseError and len(jobs) > 1:
        for job in jobs:  # a corrupt page affects only the jobs that need it
            job.error = None
            _commit(connection, [job])
        return
    for job in jobs:
        job.error = _tell(error)


def _tell(error: Exception) -> StoreUnavailableError:
    return StoreUnavailableError(f"{type(error).__name__}: {error}", faults.find_trouble(error))


def _run_alone(connection: sqlite3.Connection, job: Job) -> None:
    try:
        job.result = job.work(connection)
    except sqlite3.Error as error:
        job.error = _tell(error)
    except Exception as error:
        job.error = error


def _run_in_savepoint(connection: sqlite3.Connection, job: Job) -> None:
    connection.execute("SAVEPOINT job")
    try:
        job.result = job.work(connection)
    except Exception as error:
        # Disk full, I/O error, locked, a corrupt page: SQLite may have ended the whole transaction already.
        if type(error) in _OF_THE_STORAGE:
            raise
        connection.execute("ROLLBACK TO job")
        job.error = error
    connection.execute("RELEASE job")
