"""Server of the operator sockets: each accepts a closed list of verbs, and its file mode limits access.

The kernel identifies the caller (unix(7), SO_PEERCRED).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pwd
import socket
import stat
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from gateway.log import events
from gateway.net.control.protocol import AnswerLine, Door, Question, short_path, socket_path

READ_S = 5.0
MAX_CONVERSATIONS = 8
_CREDENTIALS = struct.Struct("3i")


class RefusedQuestionError(Exception):
    """The request is refused; the message is sent to the caller, with the kind of database fault."""

    def __init__(self, message: str, trouble: str = "") -> None:
        super().__init__(message)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Asked:
    """The arguments of a request, and the account name of the caller."""

    arguments: Mapping[str, object]
    peer: str

    def text(self, name: str) -> str:
        """Return an argument as text, or an empty string if it is missing."""
        return str(self.arguments.get(name, ""))


# Yields the facts of an answer, one per line. Raises RefusedQuestionError.
Answer = Callable[[Asked], AsyncIterator[object]]


def answer_once(work: Callable[[Asked], Awaitable[object]]) -> Answer:
    """Build an Answer of one line from the result of `work`."""

    async def answer(asked: Asked) -> AsyncIterator[object]:
        yield await work(asked)

    return answer


class ControlSocket:
    """A service on a Unix socket; implements `gateway.app.supervisor.Service`."""

    def __init__(
        self, database: Path, door: Door, verbs: Mapping[str, Answer], group: int | None = None
    ) -> None:
        """Prepare the socket; `group` is the ID of the group that may connect (None: that of the folder)."""
        self._place = socket_path(database, door)
        self._door = door
        self._verbs = verbs
        self._group = group
        self._server: asyncio.Server | None = None
        self._conversations: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start listening; remove a socket left by an earlier process first. Raises OSError."""
        with contextlib.suppress(FileNotFoundError):
            if stat.S_ISSOCK(self._place.lstat().st_mode):
                self._place.unlink()
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        try:
            with short_path(self._place) as name:
                listening.bind(name)
            self._set_mode()
            self._server = await asyncio.start_unix_server(
                self._converse, sock=listening, limit=self._door.max_question
            )
        except OSError:
            listening.close()
            raise

    def _set_mode(self) -> None:
        if os.geteuid() == 0:
            owner = self._place.parent.stat()
            os.chown(self._place, owner.st_uid, owner.st_gid)
        if self._group is not None:
            os.chown(self._place, -1, self._group)
        self._place.chmod(self._door.mode)

    async def stop(self, grace_s: float) -> None:
        """Stop listening and cancel the requests in progress."""
        if self._server is not None:
            self._server.close()
            with contextlib.suppress(OSError):
                self._place.unlink()
        for task in tuple(self._conversations):
            task.cancel()
        await asyncio.gather(*self._conversations, return_exceptions=True)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - asyncio calls this in a task
        self._conversations.add(task)
        try:
            if len(self._conversations) > MAX_CONVERSATIONS:
                await _send(writer, AnswerLine(error="too many requests at once; try again"))
            else:
                await self._reply(reader, writer)
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError):
            pass  # the client disconnected, or never sent a request
        finally:
            self._conversations.discard(task)
            writer.close()

    async def _reply(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            question = await _read_question(reader)
            answer = self._find_answer(question.verb)
            async for facts in answer(Asked(question.arguments, _find_peer(writer))):
                await _send(writer, AnswerLine(facts))
        except RefusedQuestionError as error:
            await _send(writer, AnswerLine(error=str(error), trouble=error.trouble))
        except (OSError, asyncio.IncompleteReadError):
            raise
        except Exception as error:  # a failing request must not stop the gateway
            events.task_failed("a request from an operator", error)
            await _send(writer, AnswerLine(error=f"{type(error).__name__}; see the log"))

    def _find_answer(self, verb: str) -> Answer:
        answer = self._verbs.get(verb)
        if answer is None:
            raise RefusedQuestionError(f"the running gateway does not support {verb!r}; restart it")
        return answer


async def _read_question(reader: asyncio.StreamReader) -> Question:
    """Read one request. Raises RefusedQuestionError if it is none, TimeoutError if it never ends."""
    try:
        async with asyncio.timeout(READ_S):
            raw = await reader.readuntil(b"\n")
        return msgspec.json.decode(raw, type=Question)
    except asyncio.LimitOverrunError:
        raise RefusedQuestionError("the request is too long") from None
    except RecursionError:  # thousands of brackets
        raise RefusedQuestionError("the request is nested too deeply") from None
    except msgspec.DecodeError as error:
        raise RefusedQuestionError(str(error)) from error


def _find_peer(writer: asyncio.StreamWriter) -> str:
    """Return the account name of the connected client."""
    raw = writer.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _, uid, _ = _CREDENTIALS.unpack(raw)
    return name_account(uid)


def name_account(uid: int) -> str:
    """Return the account name of a user ID, or `uid N` if it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


async def _send(writer: asyncio.StreamWriter, line: AnswerLine) -> None:
    writer.write(msgspec.json.encode(line) + b"\n")
    await writer.drain()
