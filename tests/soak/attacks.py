"""The hostile side of the soak: the catalogue of hostile input, without pause, from a few addresses."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic
from weakref import WeakSet

from gateway.demo.fixtures import ATTACKER, DESK_DOMAIN, SILENT_DOMAIN, DomainFixtures
from gateway.demo.people.messages import Person, build_mail, sign_mail
from tests.fuzz.sessions import DIALOGS, PACKETS
from tests.support.smtp_server import Client

REQUEST = f"request@{DESK_DOMAIN}"
MEGABYTE = b"a" * 70 + b"\r\n"
START = (f"EHLO mx.{ATTACKER}", f"MAIL FROM:<x@{ATTACKER}>", f"RCPT TO:<{REQUEST}>", "DATA")
BOMBS = (
    b"From: " + b"(a)" * 5000 + b"x@nisemono.example",
    b"From: x@nisemono.example\r\nSubject: " + b"=?utf-8?Q?=61?= " * 900,
    b'From: x@nisemono.example\r\nContent-Type: text/plain; name="' + b"a;" * 8000,
    b"From: x@nisemono.example\r\nContent-Disposition: attachment;"
    + b"".join(b"\r\n filename*%d*=a;" % n for n in range(700)),
    b"From: x@nisemono.example\r\nTo: " + b"," * 16000,
    b"From: x@nisemono.example\r\nDKIM-Signature: " + b"a=b; " * 3000,
)


@dataclass
class Attacks:
    """`at_once` attackers, each making one attack after the other; what became of them is counted by kind."""

    world: DomainFixtures
    port: int
    at_once: int
    dice: random.Random = field(default_factory=lambda: random.Random(3))  # noqa: S311 - no secrets here
    made: Counter[str] = field(default_factory=Counter)
    heard: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    opened: WeakSet[asyncio.BaseTransport] = field(default_factory=WeakSet)

    async def run(self, until_s: float) -> None:
        """Attack until the time is over."""
        kinds: list[Callable[[], Awaitable[None]]] = [self.dialog, self.dialog, self.forge]
        kinds += [self.drip, self.idle, self.stall, self.vanish, self.knock, self.reset, self.junk]
        kinds += [self.dialog, self.forge, self.dark, self.bomb, self.nested, self.endless]

        async def attacker() -> None:
            while monotonic() < until_s:
                kind = self.dice.choice(kinds)
                self.made[kind.__name__] += 1
                try:
                    async with asyncio.timeout(max(until_s - monotonic(), 1)):
                        await kind()
                except (OSError, TimeoutError, asyncio.IncompleteReadError, UnicodeDecodeError):
                    pass
                except Exception as error:
                    # A mistake in here shall be seen, and not stop the others.
                    self.troubles[f"{kind.__name__}: {type(error).__name__} {error}"] += 1
                await asyncio.sleep(self.dice.random() * 0.2)

        await asyncio.gather(*(attacker() for _ in range(self.at_once)))
        for transport in list(self.opened):  # of attacks that were cut off
            assert isinstance(transport, asyncio.WriteTransport)
            transport.abort()

    async def _client(self) -> Client:
        local = (f"127.0.6.{self.dice.randrange(1, 7)}", 0)
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=local)
        self.opened.add(writer.transport)
        return Client(reader, writer)

    async def _say(self, *octets: bytes, lines: tuple[str, ...] = START) -> str:
        """A session up to the end of `lines`, then `octets`; what was heard last."""
        client = await self._client()
        try:
            answer = await client.reply()
            for line in lines:
                answer = await client.ask(line)
                if answer[:1] not in {"2", "3"}:
                    break
            else:
                for part in octets:
                    await client.send(part)
                answer = await client.reply() if octets else answer
            self.heard[answer[:3]] += 1
            return answer
        finally:
            await client.close()

    async def _at_data(self) -> Client:
        """A client that may send its message, if it was let in."""
        client = await self._client()
        await client.reply()
        for line in START:
            await client.ask(line)
        return client

    async def drip(self) -> None:
        """One octet a second, as long as it is borne."""
        client = await self._client()
        for octet in b"EHLO mx.nisemono.example\r\n" * 10:
            await client.send(bytes([octet]))
            await asyncio.sleep(1)
        await client.close()

    async def idle(self) -> None:
        """A crowd that says nothing."""
        crowd = [await self._client() for _ in range(30)]
        await asyncio.sleep(self.dice.random() * 20)
        for client in crowd:
            self.heard[(await client.rest())[:3] if client.reader.at_eof() else "held"] += 1
            await client.close()

    async def dialog(self) -> None:
        """A dialog, or packets of several, cut anywhere."""
        session = [step.octets for step in self.dice.choice(DIALOGS)]
        session += self.dice.choices(PACKETS, k=self.dice.randrange(4))
        client = await self._client()
        await client.reply()
        for octets in session:
            cut = self.dice.randrange(len(octets) + 1)
            await client.send(octets[:cut])
            await client.send(octets[cut:])
            await asyncio.sleep(self.dice.random() * 0.05)
        client.writer.write_eof()
        self.heard[(await client.rest())[-300:].rpartition("\r\n")[0].rpartition("\n")[2][:3]] += 1
        await client.close()

    async def endless(self) -> None:
        """More than may be, with and without line ends."""
        part = self.dice.choice([b"a" * 65_536, MEGABYTE * 900, b"\r\n" * 32_768])
        await self._say(*[part] * (11_000_000 // len(part) + 1), b"\r\n.\r\n")

    async def stall(self) -> None:
        """A megabyte, then nothing."""
        client = await self._at_data()
        await client.send(MEGABYTE * 14_000)
        await asyncio.sleep(self.dice.random() * 60)
        await client.close()

    async def vanish(self) -> None:
        """Gone before the answer to the message."""
        client = await self._at_data()
        await client.send(b"From: x@nisemono.example\r\n\r\nx\r\n.\r\n")
        await client.close()

    async def forge(self) -> None:
        """In the name of a town."""
        person = Person("偽", f"x{self.dice.random()}@town.mihon.lg.jp")
        raw = build_mail(person, REQUEST, "参加申請", "偽の申請です。")
        await self._say(raw + b"\r\n.\r\n")

    async def dark(self) -> None:
        """From a domain whose DNS does not answer."""
        raw = build_mail(Person("偽", f"x@{SILENT_DOMAIN}"), REQUEST, "参加申請", "申請です。")
        await self._say(raw + b"\r\n.\r\n")

    async def bomb(self) -> None:
        """A header that is slow to read."""
        await self._say(self.dice.choice(BOMBS) + b"\r\n\r\nx\r\n.\r\n")

    async def nested(self) -> None:
        """Parts without end, proven."""
        part = b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        head = f"From: x@{ATTACKER}\r\nMessage-ID: <{self.dice.random()}@x>\r\n"
        kind = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        raw = sign_mail(head.encode() + kind + part * 10_000, self.world.signers[ATTACKER])
        await self._say(raw + b"\r\n.\r\n")

    async def knock(self) -> None:
        """Connections that end at once, many."""
        for _ in range(100):
            (await self._client()).writer.transport.abort()
            await asyncio.sleep(0)

    async def reset(self) -> None:
        """A reset in the middle of a message."""
        client = await self._at_data()
        await client.send(MEGABYTE * 100)
        sock = client.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.writer.transport.abort()

    async def junk(self) -> None:
        """Commands that bring no mail nearer, until it ends."""
        client = await self._client()
        await client.reply()
        while answer := await client.ask(self.dice.choice(["NOOP", "RSET", "VRFY x", "HELP", "", "XYZZY"])):
            self.heard[answer[:3]] += 1
            if answer.startswith(("421", "502")):
                break
        await client.close()
