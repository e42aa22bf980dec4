"""A listener on 127.0.0.1 with a handler that keeps what it took, and a client that sends raw octets."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from gateway.mail.address import Address
from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.net.fronts.pool import FrontPool
from gateway.net.smtp.listener import Limits, Listener

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
DESK = "request@desk.example"
LETTER = b"From: rei@city.mihon.example\r\nSubject: x\r\n\r\nbody\r\n"
# Short enough for tests to run into, with a sweep that is much shorter still.
BRISK = Limits(sweep_s=0.01, lingering_close_s=0.1)


@dataclass
class Recorder:
    """Admits everybody at desk.example and keeps each message; `gate` holds the answers back."""

    answer: SmtpReply = smtp_reply.ACCEPTED
    fault: BaseException | None = None
    gate: asyncio.Event | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    stored: list[tuple[Envelope, bytes]] = field(default_factory=list)
    cancelled: int = 0

    def check_recipient(self, forward_paths: tuple[Address, ...], new: Address) -> SmtpReply:
        """One token each, as reception does it."""
        if new.local_part == "broken":
            raise RuntimeError("secret\r\n250 injected")
        if new.domain != "desk.example":
            return smtp_reply.NO_SUCH_MAILBOX
        if "+" in new.local_part and any("+" in each.local_part for each in forward_paths):
            return smtp_reply.ONE_CASE_PER_MESSAGE
        return smtp_reply.RECIPIENT_OK

    async def receive(self, envelope: Envelope, raw: bytes) -> SmtpReply:
        """Store, after the gate."""
        self.begun.set()
        if self.fault is not None:
            raise self.fault
        try:
            if self.gate is not None:
                await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        self.stored.append((envelope, raw))
        return self.answer

    @property
    def bodies(self) -> list[bytes]:
        """The octets of the messages stored."""
        return [raw for _, raw in self.stored]


@dataclass
class Client:
    """One connection that sends exactly what it is told to."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, octets: bytes) -> None:
        """Send in one piece."""
        self.writer.write(octets)
        await self.writer.drain()

    async def reply(self) -> str:
        """The next reply, its lines joined by LF; "" when the connection has ended."""
        lines: list[str] = []
        async with asyncio.timeout(20):
            while True:
                try:
                    line = (await self.reader.readline()).decode("ascii")
                except ConnectionError:
                    line = ""
                lines.append(line.removesuffix("\r\n"))
                if line[3:4] != "-":
                    return "\n".join(lines)

    async def ask(self, line: str) -> str:
        """Send one command line and give the reply."""
        await self.send(f"{line}\r\n".encode("latin-1"))
        return await self.reply()

    async def rest(self) -> str:
        """Everything until the connection ends."""
        async with asyncio.timeout(20):
            try:
                return (await self.reader.read()).decode("ascii")
            except ConnectionError:
                return ""

    async def up_to_data(self, parameters: str = "") -> None:
        """Be greeted and get as far as 354."""
        assert (await self.reply()).startswith("220 ")
        for line, code in (
            ("EHLO mx.city.mihon.example", "250"),
            (f"MAIL FROM:<rei@city.mihon.example>{parameters}", "250"),
            (f"RCPT TO:<{DESK}>", "250"),
            ("DATA", "354"),
        ):
            assert code == (await self.ask(line))[:3]

    async def start_tls(self, context: ssl.SSLContext) -> None:
        """Make the handshake."""
        await self.writer.start_tls(context, server_hostname="mx.desk.example")

    async def close(self) -> None:
        """Hang up."""
        self.writer.close()
        with suppress(ConnectionError, ssl.SSLError):
            await self.writer.wait_closed()


@dataclass
class Desk:
    """A listener that runs, and what it stores."""

    listener: Listener | FrontPool
    handler: Recorder
    port: int

    @asynccontextmanager
    async def client(self, ip: str = "127.0.0.1") -> AsyncIterator[Client]:
        """A connected client, at any address of loopback."""
        client = Client(*await asyncio.open_connection("127.0.0.1", self.port, local_addr=(ip, 0)))
        try:
            yield client
        finally:
            await client.close()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Let the loop turn until `condition` holds."""
        async with asyncio.timeout(20):
            while not condition():  # noqa: ASYNC110 - the conditions have no events
                await asyncio.sleep(0.005)


@asynccontextmanager
async def desk(handler: Recorder | None = None, limits: Limits = BRISK, **more: Any) -> AsyncIterator[Desk]:
    """Run a listener on a free port."""
    handler = handler or Recorder()
    listener = Listener(handler, hostname="mx.desk.example", limits=limits, now=lambda: NOON, **more)
    sock = socket.create_server(("127.0.0.1", 0))
    await listener.start(sock)
    try:
        yield Desk(listener, handler, sock.getsockname()[1])
    finally:
        await listener.stop(grace_s=2.0)


def brisk(**more: Any) -> Limits:
    """The usual limits with some changed, and a sweep every ten milliseconds."""
    return replace(BRISK, **more)
