"""A real HTTP server on loopback that says what a test tells it to, and keeps what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.support.hostile_server import talking


@dataclass
class Asked:
    """One request: its target, its header fields in lower case, its body."""

    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class HttpServer:
    """`answers` are given in turn, the last one for ever: status, further header lines, body."""

    port: int = 0
    answers: list[tuple[int, str, bytes]] = field(default_factory=lambda: [(200, "", b"{}")])
    asked: list[Asked] = field(default_factory=list)
    hangs: bool = False


@asynccontextmanager
async def http_server(*answers: tuple[int, str, bytes]) -> AsyncIterator[HttpServer]:
    """Serve while the block runs."""
    kept = HttpServer(answers=list(answers) or [(200, "", b"{}")])
    async with talking(lambda reader, writer: _talk(kept, reader, writer)) as kept.port:
        yield kept


async def _talk(kept: HttpServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:-2])}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    kept.asked.append(Asked(head[0].split(" ")[1], headers, body))
    if kept.hangs:
        await asyncio.sleep(3600)
    status, more, answer = kept.answers.pop(0) if len(kept.answers) > 1 else kept.answers[0]
    lines = f"HTTP/1.1 {status} x\r\nContent-Length: {len(answer)}\r\nConnection: close\r\n{more}\r\n"
    writer.write(lines.encode("latin-1") + answer)
    await writer.drain()
