"""Commands for the process that writes: one file each, in a folder beside the database.

Only the process that holds the lock writes the database. A command leaves its request in the folder; the
running gateway carries it out in a transaction and answers with a second file. When nobody holds the
lock, the command takes it for a moment and does the same itself.

ID.json (asked) -> ID.taken (being carried out) -> ID.done (answered). A request that was taken before a crash
is taken up again; the table `commands` remembers what was done, so that nothing is done twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import secrets
import stat
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from gateway.store import private_files
from gateway.store.protocol import Store, StoreUnavailableError, Transaction
from gateway.store.sqlite import rows
from gateway.store.sqlite.transaction import get_connection

POLL_S = 0.5
# A list of organisations (import_list.MAX_BYTES) comes as one request, so that it counts whole or not at all.
MAX_FILE_BYTES = 4_000_000
MAX_WAITING = 1_000
KEEP_ANSWERS = timedelta(hours=1)
_ID = re.compile(r"[0-9]{14}-[0-9a-f]{32}")


class RefusedError(Exception):
    """The command cannot be carried out as asked; the message says what is allowed. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: the name of a command, who asks, its arguments, and until when it is still wanted."""

    id: str
    name: str
    by: str
    arguments: Mapping[str, object]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of it: `facts` when it was done, `error` when it was refused."""

    done: bool
    facts: Mapping[str, object] = field(default_factory=dict)
    error: str = ""


# Carries out one command inside a transaction, its journal lines included. Raises RefusedError.
Handler = Callable[[Transaction, Request, datetime], Mapping[str, object]]


async def _nothing() -> None:
    return


def new_request(
    name: str,
    by: str,
    arguments: Mapping[str, object],
    now: datetime,
    wanted: timedelta = timedelta(seconds=30),
) -> Request:
    """A request that is dropped when nobody took it up within `wanted`."""
    return Request(f"{_stamp(now)}-{secrets.token_hex(16)}", name, by, arguments, now + wanted)


def queue_folder(database: Path) -> Path:
    """The folder for the commands of a database."""
    return database.with_name(f"{database.name}.inbox")


class CommandQueue:
    """The side that writes. `on_change` runs after each commit and before the answer, `on_error` hears of
    errors."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        handlers: Mapping[str, Handler],
        now: Callable[[], datetime],
        *,
        on_change: Callable[[], Awaitable[None]] = _nothing,
        on_error: Callable[[str, Exception], None] = lambda _what, _error: None,
    ) -> None:
        self._store = store
        self._folder = folder
        self._handlers = handlers
        self._now = now
        self._on_change = on_change
        self._on_error = on_error
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """End `run` after the command in hand."""
        self._stopping.set()

    async def run(self, poll_s: float = POLL_S) -> None:
        """Look for requests until stopped. Trouble is reported and tried again."""
        while not self._stopping.is_set():
            try:
                await self.drain()
            except (OSError, StoreUnavailableError) as error:
                self._on_error("the commands' folder", error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), poll_s)

    async def drain(self, only: str = "") -> int:
        """Carry out what waits, the oldest first (`only`: just this request); gives how many that were."""
        taken = await asyncio.to_thread(_take, self._folder, only, _stamp(self._now() - KEEP_ANSWERS))
        for request_id in taken:
            await self._carry_out(request_id)
        return len(taken)

    async def _carry_out(self, request_id: str) -> None:
        place = self._folder / f"{request_id}.taken"
        try:
            answer = await self._answer(place, request_id)
        except StoreUnavailableError:
            raise  # nothing was recorded: the request waits for the next round
        except Exception as error:
            self._on_error(f"command {request_id}", error)
            answer = Answer(False, error=f"{type(error).__name__} in the gateway, see its log")
        await asyncio.to_thread(
            private_files.write, self._folder / f"{request_id}.done", rows.to_json(answer).encode()
        )
        place.unlink(missing_ok=True)

    async def _answer(self, place: Path, request_id: str) -> Answer:
        try:
            request = msgspec.json.decode(await asyncio.to_thread(_read, place), type=Request)
        except (OSError, msgspec.MsgspecError) as error:
            return Answer(False, error=f"the request cannot be read: {error}")
        handler = self._handlers.get(request.name)
        if handler is None or request.id != request_id:
            return Answer(False, error=f"{request.name!r} is no command of this gateway")
        now = self._now()
        try:
            answer = await self._store.transact(lambda tx: _execute_once(tx, handler, request, now))
        except RefusedError as error:
            return Answer(False, error=str(error))
        await self._on_change()
        return answer


def _execute_once(tx: Transaction, handler: Handler, request: Request, now: datetime) -> Answer:
    """The work of one request, or what was answered when it was done before."""
    connection = get_connection(tx)
    done = connection.execute("SELECT answer FROM commands WHERE id = :id", {"id": request.id}).fetchone()
    if done is not None:
        return msgspec.json.decode(done["answer"], type=Answer)
    if request.expires_at <= now:
        raise RefusedError("too late: whoever asked has stopped waiting")
    answer = Answer(True, handler(tx, request, now))
    connection.execute(
        "INSERT INTO commands (id, name, at, answer) VALUES (:id, :name, :at, :answer)",
        {"id": request.id, "name": request.name, "at": rows.to_text(now), "answer": rows.to_json(answer)},
    )
    return answer


# --- the side that asks -----------------------------------------------------------------------


def submit(folder: Path, request: Request) -> None:
    """Leave a request. Raises OSError."""
    private_files.ensure_private_folder(folder)
    private_files.write(folder / f"{request.id}.json", rows.to_json(request).encode())


def poll(folder: Path, request: Request) -> Answer | None:
    """The answer, which is removed with this; None as long as there is none. Raises OSError."""
    place = folder / f"{request.id}.done"
    try:
        raw = _read(place)
    except FileNotFoundError:
        return None
    place.unlink(missing_ok=True)
    return msgspec.json.decode(raw, type=Answer)


def withdraw(folder: Path, request: Request) -> bool:
    """Whether the request could be taken back; if not, somebody is carrying it out."""
    try:
        (folder / f"{request.id}.json").unlink()
    except FileNotFoundError:
        return False
    return True


# --- files ------------------------------------------------------------------------------------


def _stamp(moment: datetime) -> str:
    """The beginning of an id; its order is the order of time."""
    return f"{moment.astimezone(UTC):%Y%m%d%H%M%S}"


def _take(folder: Path, only: str, stale_before: str) -> list[str]:
    """Ids of the requests that are ours now; answers to old requests that nobody fetched are removed."""
    if not folder.is_dir():
        return []
    taken = []
    for place in sorted(folder.iterdir())[: 3 * MAX_WAITING]:
        request_id, _, state = place.name.partition(".")
        if _ID.fullmatch(request_id) is None or (only and request_id != only):
            continue
        if state == "json":
            with contextlib.suppress(FileNotFoundError):  # taken back in this moment
                place.rename(folder / f"{request_id}.taken")
                taken.append(request_id)
        elif state == "taken":
            taken.append(request_id)
        elif request_id < stale_before:
            place.unlink(missing_ok=True)
    return taken[:MAX_WAITING]


def _read(place: Path) -> bytes:
    """A small regular file of the folder; a link or a pipe put there is not followed."""
    handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_FILE_BYTES:
            raise OSError(f"{place.name} is no small file")
        return file.read(MAX_FILE_BYTES)
