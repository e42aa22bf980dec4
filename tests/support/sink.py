"""A real SMTP server on loopback that keeps what it gets, or answers what a test tells it to."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Sink:
    """`answers` maps a command (MAIL, RCPT, DATA, the end of data as END) to what is said instead of yes:
    HANG says nothing for ever, RESET drops the connection, and at END a KEPT before it keeps the letter.

    With `tls` STARTTLS is offered (`injected` follows its answer in clear); `extensions` stand in the answer
    to EHLO; after `ends_after` letters (0: never) a connection is ended without a word.
    """

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    messages: list[tuple[str, str, bytes]] = field(default_factory=list)
    connections: int = 0
    commands: list[str] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    extensions: tuple[str, ...] = ()
    injected: bytes = b""
    ends_after: int = 0
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]] | None = None
    server: asyncio.Server | None = None
    clients: set[asyncio.Task[None]] = field(default_factory=set)

    async def come(self) -> None:
        """Listen, on the same port as before."""
        assert self.talk is not None
        self.server = await asyncio.start_server(self.talk, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    def go(self) -> None:
        """Refuse connections until `come`."""
        assert self.server is not None
        self.server.close()
        self.hang_up()

    def hang_up(self) -> None:
        """End all connections."""
        for client in tuple(self.clients):
            client.cancel()


@asynccontextmanager
async def sink(*, tls: ssl.SSLContext | None = None, **answers: str) -> AsyncIterator[Sink]:
    """Serve while the block runs."""
    kept = Sink(answers=answers, tls=tls)
    clients = kept.clients

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        clients.add(task)
        try:
            await _talk(kept, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, ssl.SSLError):
            pass
        finally:
            writer.close()
            clients.discard(task)

    kept.talk = talk
    await kept.come()
    try:
        yield kept
    finally:
        kept.go()
        await asyncio.gather(*clients, return_exceptions=True)


_YES = {"DATA": "354 go", "STAR": "220 go", "AUTH": "235 welcome", "QUIT": "221 bye"}


def _offers(kept: Sink) -> str:
    lines = ["sink", *kept.extensions, *(["STARTTLS"] if kept.tls else [])]
    return "\r\n".join([*(f"250-{line}" for line in lines[:-1]), f"250 {lines[-1]}"])


async def _say(writer: asyncio.StreamWriter, answer: str) -> None:
    if answer == "HANG":
        await asyncio.sleep(3600)
    if answer == "RESET":
        writer.transport.abort()
        raise ConnectionResetError
    writer.write(f"{answer}\r\n".encode())


async def _talk(kept: Sink, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    reverse_path = forward_path = ""
    taken = 0
    kept.connections += 1
    await _say(writer, kept.answers.get("GREETING") or "220 sink ESMTP")
    while line := (await reader.readuntil(b"\r\n")).decode("ascii").strip():
        verb = line[:4].upper()
        kept.commands.append(line)
        answer = kept.answers.get(verb) or (_offers(kept) if verb == "EHLO" else _YES.get(verb, "250 sink"))
        await _say(writer, answer)
        if verb == "STAR" and kept.tls is not None and answer.startswith("220"):
            writer.write(kept.injected)
            await writer.start_tls(kept.tls)
        elif verb == "MAIL":
            reverse_path = line[10:].split(" ")[0]
        elif verb == "RCPT":
            forward_path = line[8:].split(" ")[0]
        elif verb == "DATA" and answer.startswith("354"):
            data = await reader.readuntil(b"\r\n.\r\n")
            end = kept.answers.get("END") or "250 kept"
            if end.startswith(("250", "KEPT ")):
                kept.messages.append((reverse_path, forward_path, data[:-3]))
            await _say(writer, end.removeprefix("KEPT "))
            taken += 1
            if taken == kept.ends_after:
                return
        elif verb == "QUIT":
            return
