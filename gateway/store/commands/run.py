"""A command that writes: asks through the queue, or takes the lock for a moment when nobody holds it.

See `gateway.store.commands.queue` for the files, and for why only one process writes.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from gateway.store.commands import queue
from gateway.store.commands.queue import Answer, CommandQueue, Handler, Request
from gateway.store.protocol import StoreUnavailableError
from gateway.store.sqlite.store import DatabaseInUseError, SqliteStore

STEP_S = 0.05


class NoAnswerError(Exception):
    """Nobody answered in time; the message says whether something may have been changed."""


async def run_command(
    database: Path,
    request: Request,
    handlers: Mapping[str, Handler],
    now: Callable[[], datetime],
    timeout_s: float = 20.0,
    domain: str = "localhost",
) -> Answer:
    """Have `request` carried out by the running gateway, or by ourselves with `handlers`.

    `domain` is that of the Message-IDs, for commands that queue letters.

    Raises NoAnswerError, OSError, SchemaError or sqlite3.Error.
    """
    folder = queue.queue_folder(database)
    queue.submit(folder, request)
    deadline = asyncio.get_running_loop().time() + timeout_s
    try:
        while (answer := queue.poll(folder, request)) is None:
            if asyncio.get_running_loop().time() > deadline:
                raise _no_answer(folder, request)
            store = SqliteStore(database, domain)
            if not await _run_locally(store, folder, request, handlers, now):
                await asyncio.sleep(STEP_S)
    except BaseException:
        queue.withdraw(folder, request)
        raise
    return answer


async def _run_locally(
    store: SqliteStore,
    folder: Path,
    request: Request,
    handlers: Mapping[str, Handler],
    now: Callable[[], datetime],
) -> bool:
    """Whether nobody held the lock, so that we carried it out; other requests stay for those who asked."""
    try:
        store.open()
    except DatabaseInUseError:
        return False
    try:
        await CommandQueue(store, folder, handlers, now).drain(only=request.id)
        with contextlib.suppress(StoreUnavailableError):  # done all the same; the gateway tries again
            await store.compact()
    finally:
        store.close()
    return True


def _no_answer(folder: Path, request: Request) -> NoAnswerError:
    if queue.withdraw(folder, request):
        return NoAnswerError("the gateway that holds the database did not answer; nothing was changed")
    return NoAnswerError(
        "the gateway took the command and did not answer in time; look at the journal before trying again"
    )
