"""A real SMTP server on loopback that keeps what it gets, or answers what a test tells it to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Sink:
    """`answers` maps a command (MAIL, RCPT, DATA, the end of data as END) to what is said instead of yes."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    messages: list[tuple[str, str, bytes]] = field(default_factory=list)
    hangs_at: str = ""


@asynccontextmanager
async def sink(**answers: str) -> AsyncIterator[Sink]:
    """Serve while the block runs."""
    kept = Sink(answers=answers)
    clients: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        clients.add(task)
        try:
            await _talk(kept, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            clients.discard(task)

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    kept.port = server.sockets[0].getsockname()[1]
    try:
        yield kept
    finally:
        server.close()
        for client in tuple(clients):
            client.cancel()
        await asyncio.gather(*clients, return_exceptions=True)


async def _talk(kept: Sink, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    reverse_path = forward_path = ""
    writer.write(b"220 sink ESMTP\r\n")
    while line := (await reader.readuntil(b"\r\n")).decode("ascii").strip():
        verb = line[:4].upper()
        if verb == kept.hangs_at:
            await asyncio.sleep(3600)
        answer = kept.answers.get(verb, "354 go" if verb == "DATA" else "250 sink")
        writer.write(f"{answer}\r\n".encode())
        if verb == "MAIL":
            reverse_path = line[10:].split(" ")[0]
        elif verb == "RCPT":
            forward_path = line[8:].split(" ")[0]
        elif verb == "DATA" and answer.startswith("354"):
            data = await reader.readuntil(b"\r\n.\r\n")
            end = kept.answers.get("END", "250 kept")
            if end.startswith("250"):
                kept.messages.append((reverse_path, forward_path, data[:-3]))
            writer.write(f"{end}\r\n".encode())
        elif verb == "QUIT":
            return
