"""Answers operators: a closed list of questions, each open to the group or to root and the service alone.

Nothing that is asked here changes a case; who asks is what the kernel says (unix(7), SO_PEERCRED).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import stat
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from gateway.log import events
from gateway.net.control.protocol import MAX_QUESTION, AnswerLine, Question, short_path

# Root, the service and the members of its group; the octets of one line are bounded before they are read.
MODE = 0o660
READ_S = 5.0
MAX_CONVERSATIONS = 8
_CREDENTIALS = struct.Struct("3i")


class RefusedQuestionError(Exception):
    """The answer is no; the message goes to whoever asked."""


Answer = Callable[[Mapping[str, str]], AsyncIterator[object]]


@dataclass(frozen=True, slots=True)
class Verb:
    """How a question is answered, line by line; `for_group` says that the service's group may ask it."""

    answer: Answer
    for_group: bool = False


def answer_once(work: Callable[[Mapping[str, str]], Awaitable[object]]) -> Answer:
    """The answer of one line that `work` gives."""

    async def answer(arguments: Mapping[str, str]) -> AsyncIterator[object]:
        yield await work(arguments)

    return answer


class ControlSocket:
    """A service on a Unix socket: see `gateway.app.supervisor.Service`."""

    def __init__(self, place: Path, verbs: Mapping[str, Verb]) -> None:
        self._place = place
        self._verbs = verbs
        self._server: asyncio.Server | None = None
        self._conversations: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen; what an earlier process left there is taken away. Raises OSError."""
        with contextlib.suppress(FileNotFoundError):
            if stat.S_ISSOCK(self._place.lstat().st_mode):
                self._place.unlink()
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        try:
            with short_path(self._place) as name:
                listening.bind(name)
            self._open_to_group()
            self._server = await asyncio.start_unix_server(self._converse, sock=listening, limit=MAX_QUESTION)
        except OSError:
            listening.close()
            raise

    def _open_to_group(self) -> None:
        if os.geteuid() == 0:
            owner = self._place.parent.stat()
            os.chown(self._place, owner.st_uid, owner.st_gid)
        self._place.chmod(MODE)

    async def stop(self, grace_s: float) -> None:
        """Listen no more, end what is being answered."""
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
                await _send(writer, AnswerLine(error="too many ask at once; try again"))
            else:
                await self._reply(reader, writer)
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError):
            pass  # whoever asked has gone, or never asked
        finally:
            self._conversations.discard(task)
            writer.close()

    async def _reply(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(READ_S):
            raw = await reader.readuntil(b"\n")
        try:
            question = msgspec.json.decode(raw, type=Question)
            lines = self._find_answer(question, writer)(question.arguments)
            async for facts in lines:
                await _send(writer, AnswerLine(facts))
        except (RefusedQuestionError, msgspec.DecodeError) as error:
            await _send(writer, AnswerLine(error=str(error)))
        except OSError:
            raise
        except Exception as error:  # a question must not end the gateway
            events.task_failed("an operator's question", error)
            await _send(writer, AnswerLine(error=f"{type(error).__name__}; see the log"))

    def _find_answer(self, question: Question, writer: asyncio.StreamWriter) -> Answer:
        verb = self._verbs.get(question.verb)
        if verb is None:
            raise RefusedQuestionError(f"the running gateway does not know {question.verb!r}; restart it")
        if not (verb.for_group or _is_owner(writer)):
            raise RefusedQuestionError("only root and the gateway's own user may ask this")
        return verb.answer


def _is_owner(writer: asyncio.StreamWriter) -> bool:
    """Whether root or the gateway's own user asks."""
    raw = writer.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _, uid, _ = _CREDENTIALS.unpack(raw)
    return uid in {0, os.geteuid()}


async def _send(writer: asyncio.StreamWriter, line: AnswerLine) -> None:
    writer.write(msgspec.json.encode(line) + b"\n")
    await writer.drain()
