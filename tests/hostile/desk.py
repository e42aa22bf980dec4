"""A desk at mx.test on loopback, as the catalogue of hostile input knows it: a real listener before the real
path in, with DNS out of `ZONE`.

Everybody sends from 127.0.0.1. `attack.test` and `a.test` may do so; `legit.test` is the victim, whose own
mail comes from elsewhere, signed with `KEY`.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway import settings
from gateway.app.wiring import reception
from gateway.app.wiring.desk import utc_now
from gateway.app.wiring.files.resources import load_active_rules, load_directory
from gateway.auth.dkim.sign import Signer, public_record
from gateway.net.host.sockets import bind
from gateway.net.smtp.listener import Limits, Listener
from gateway.store.sqlite.store import SqliteStore
from tests.support.dns import ZoneResolver

KEY = Ed25519PrivateKey.generate()
ATTACK_KEY = Ed25519PrivateKey.generate()
RECORD, ATTACK_RECORD = public_record(KEY), public_record(ATTACK_KEY)
SPF = "v=spf1 ip4:127.0.0.0/8 -all"
SENDERS = (
    "a.test",
    "attack.test",
    "a.attack.test",
    "xn--lgit-cpd.test",
    "staff.test",
    "evil.lg.jp",
    "city.b.lg.jp",
)
ZONE = "\n".join(
    [
        *(f"{name} TXT {SPF}\n{name} MX 10 mx.{name}\nmx.{name} A 192.0.2.7" for name in SENDERS),
        f"s._domainkey.attack.test TXT {ATTACK_RECORD}",
        f"s._domainkey.evil.lg.jp TXT {ATTACK_RECORD}",
        "legit.test TXT v=spf1 ip4:198.51.100.7 -all",
        "legit.test MX 10 mx.legit.test",
        "mx.legit.test A 198.51.100.7",
        "sub.legit.test MX 10 mx.legit.test",
        "_dmarc.legit.test TXT v=DMARC1; p=reject",
        f"s._domainkey.legit.test TXT {RECORD}",
        # A victim without DMARC, as two thirds of the real ones are.
        "city.a.lg.jp TXT v=spf1 ip4:198.51.100.7 -all",
        "city.a.lg.jp MX 10 mx.city.a.lg.jp",
        "mx.city.a.lg.jp A 198.51.100.8",
    ]
)
SETTINGS = """
[desk]
domain = "mx.test"
request = "desk"
[[staff]]
address = "sato@staff.test"
name = "佐藤"
[[staff]]
address = "suzuki@staff.test"
name = "鈴木"
[store]
path = "{folder}/gateway.db"
[invitation]
join_link = "https://join.example/x"
"""
REST = b"Subject: s\r\nDate: Mon, 23 Nov 2026 09:00:00 +0900\r\nMessage-ID: <1@a.test>\r\n\r\n"
FORM = (
    "区分: 自治体\r\n団体名: 見本町\r\n全国地方公共団体コード: 990019\r\n部署名: 情報政策課\r\n"
    "氏名: 見本 花子\r\n規約への同意: 同意する\r\n"
)
PATIENCE_S = 20


@dataclass
class HostileDesk:
    """The desk that is attacked, and what stands in its store."""

    folder: Path
    store: SqliteStore
    zone: ZoneResolver
    port: int

    def mails(self) -> int:
        """How many mails were recorded."""
        return len(self.rows("SELECT 1 FROM mails"))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Read the store's file directly, as an auditor would."""
        connection = sqlite3.connect(f"file:{self.store.path}?mode=ro", uri=True)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def authors(self) -> set[str]:
        """Everybody that a recorded mail is said to be from."""
        return {str(row[0]) for row in self.rows("SELECT author FROM mails")}

    def addressees(self) -> set[str]:
        """Everybody that a letter is queued for."""
        return {str(row[0]) for row in self.rows("SELECT recipient FROM letters")}

    async def send(
        self,
        raw: bytes,
        mail_from: str = "any@attack.test",
        rcpt_to: str = "desk@mx.test",
        helo: str = "c.test",
    ) -> str:
        """One real SMTP session; the reply to the end of DATA, or to the command that was refused."""
        stuffed = (b"\r\n" + raw).replace(b"\r\n.", b"\r\n..")[2:]
        tail = b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"
        return await self.data(stuffed + tail, mail_from, rcpt_to, helo)

    async def data(
        self,
        octets: bytes,
        mail_from: str = "any@attack.test",
        rcpt_to: str = "desk@mx.test",
        helo: str = "c.test",
    ) -> str:
        """As `send`, with the octets exactly as given."""
        told = ""
        async with self.talk() as say:
            for line in (b"", f"EHLO {helo}", f"MAIL FROM:<{mail_from}>", f"RCPT TO:<{rcpt_to}>", "DATA"):
                told = await say(line if isinstance(line, bytes) else f"{line}\r\n".encode("latin-1"))
                if told[:1] not in "23":
                    return told
            return await say(octets)

    @asynccontextmanager
    async def talk(self) -> AsyncIterator[Any]:
        """A connection: a function that sends octets and gives the next reply, "" when it has ended."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)

        async def say(octets: bytes) -> str:
            with suppress(ConnectionError):
                writer.write(octets)
                await writer.drain()
                async with asyncio.timeout(PATIENCE_S):
                    while line := await reader.readline():
                        if line[3:4] != b"-":
                            return line.decode("ascii").strip()
            return ""

        try:
            yield say
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


@asynccontextmanager
async def hostile_desk(folder: Path, zone: str = ZONE) -> AsyncIterator[HostileDesk]:
    """Run one in `folder`."""
    config = settings.parse(SETTINGS.format(folder=folder).encode(), "test")
    store = SqliteStore(Path(config.store.path), config.desk.domain)
    store.open()
    resolver = ZoneResolver(zone)
    book = load_active_rules(config, folder, load_directory(folder), utc_now)
    receiver = reception.build_receiver(config, book, store)
    front = reception.build_front(config, resolver, receiver.submit)
    listener = Listener(front, hostname="mx.test", limits=Limits(lingering_close_s=0.1), now=utc_now)
    sock = bind("127.0.0.1", 0)
    port: int = sock.getsockname()[1]
    await listener.start(sock)
    try:
        yield HostileDesk(folder, store, resolver, port)
    finally:
        await listener.stop(grace_s=2.0)
        store.close()


def signed(raw: bytes, domain: str = "legit.test", key: Ed25519PrivateKey = KEY) -> bytes:
    """The mail with a DKIM signature."""
    return Signer(domain, "s", key).sign(raw) + raw
