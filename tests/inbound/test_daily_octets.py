"""What a day keeps of proven mail: each organisation has its own total, and nobody uses up another's."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.admission.authority import tokens
from gateway.admission.case.model import Letter, OutgoingLetter
from gateway.admission.eligibility.assess import Rules
from gateway.inbound.counters.daily_octets import DailyOctets
from gateway.inbound.record.mail_record import ROW_BYTES
from gateway.inbound.screening import LocalScreener
from gateway.mail.smtp.mailboxes import Mailboxes, Purpose
from gateway.net.host.sockets import bind
from gateway.net.smtp.listener import Listener
from gateway.store.protocol import Transaction
from gateway.store.sqlite.store import SqliteStore
from tests.support.dns import ZoneResolver
from tests.support.factories import APPLICANT, DESK, NOW, SATO
from tests.support.path_in import build_path
from tests.support.smtp_server import BRISK, Client

BOXES = Mailboxes("gw.example.go.jp")
DOMAINS = ("city.furui.lg.jp", "dept.city.furui.lg.jp", "town.mihon.lg.jp", SATO.domain)
ZONE = "".join(
    f"{domain} MX 10 mx.{domain}\nmx.{domain} A 192.0.2.10\n{domain} TXT v=spf1 ip4:127.0.0.0/8 -all\n"
    for domain in DOMAINS
)
DAILY = 100_000
FULL = "452 4.3.1 Sender domain is over its daily quota; please try again tomorrow"
TAKEN = "250 2.0.0"


@dataclass
class World:
    """A receiver behind a real listener, and the time that it believes in."""

    store: SqliteStore
    port: int = 0
    days: int = 0
    sent: int = 0

    async def send(self, sender: str, size: int = 20_000, to: str = "request") -> str:
        """A mail of this size over SMTP; the reply to the end of data."""
        self.sent += 1
        client = Client(*await asyncio.open_connection("127.0.0.1", self.port))
        try:
            await client.reply()
            path = "" if sender == "<>" else sender
            for line in ("EHLO mx.example", f"MAIL FROM:<{path}>", f"RCPT TO:<{to}@{BOXES.domain}>", "DATA"):
                assert (await client.ask(line))[:1] in "23"
            head = f"From: {path or 'daemon@other.example'}\r\nMessage-ID: <{self.sent}@x>\r\n\r\n"
            return await client.ask(head + "x" * 70 + ("\r\n" + "x" * 70) * (size // 72) + "\r\n.")
        finally:
            await client.close()

    async def flood(self, sender: str) -> int:
        """How many mails are taken until one is not."""
        for taken in range(50):
            if (reply := await self.send(sender)) == FULL:
                return taken
            assert reply.startswith(TAKEN), reply
        raise AssertionError("the flood had no end")

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.store.path) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    store = SqliteStore(tmp_path / "gateway.db", BOXES.domain)
    store.open()
    made = World(store)
    receiver = build_path(
        store, LocalScreener(ZoneResolver(ZONE), BOXES), DESK, BOXES, Rules,
        entropy=lambda count: bytes(range(1, count + 1)), most_octets=DailyOctets(DAILY, DAILY),
    )  # fmt: skip
    listener = Listener(
        receiver, hostname="mx.test", limits=BRISK, now=lambda: NOW + timedelta(days=made.days)
    )
    sock = bind("127.0.0.1", 0)
    made.port = sock.getsockname()[1]
    await listener.start(sock)
    yield made
    await listener.stop(grace_s=2.0)
    store.close()


async def test_an_organisation_that_filled_its_day_is_452_and_nothing_is_kept(world: World) -> None:
    taken = await world.flood("a@city.furui.lg.jp")
    assert DAILY // (20_000 + ROW_BYTES) in {taken, taken - 1}
    before = world.rows("SELECT count(*) FROM mails"), world.rows("SELECT count(*) FROM letters")
    assert FULL == await world.send("b@city.furui.lg.jp")
    assert before == (world.rows("SELECT count(*) FROM mails"), world.rows("SELECT count(*) FROM letters"))
    (octets,) = world.rows("SELECT sum(octets) FROM proven_mail")
    (kept,) = world.rows(f"SELECT sum(length(raw) + {ROW_BYTES}) FROM mails")  # noqa: S608 - a number
    assert DAILY >= int(str(octets[0])) == kept[0]


async def test_names_below_share_the_total_of_their_unit(world: World) -> None:
    await world.flood("a@dept.city.furui.lg.jp")
    assert FULL == await world.send("a@city.furui.lg.jp")


async def test_another_organisation_and_the_next_day_are_free(world: World) -> None:
    await world.flood("a@city.furui.lg.jp")
    assert (await world.send("hanako@town.mihon.lg.jp")).startswith(TAKEN)
    world.days = 1
    assert (await world.send("a@city.furui.lg.jp")).startswith(TAKEN)


async def test_a_flood_from_the_house_of_the_staff_does_not_stop_them(world: World) -> None:
    await world.flood(f"anybody@{SATO.domain}")
    assert (await world.send(str(SATO))).startswith(TAKEN)
    assert str(SATO) not in str(world.rows("SELECT sender FROM proven_mail"))


async def test_a_member_has_a_total_too(world: World) -> None:
    await world.flood(str(SATO))
    assert (await world.send(f"anybody@{SATO.domain}")).startswith(TAKEN)


async def test_a_bounce_is_taken_when_the_domain_has_no_room(world: World) -> None:
    await world.flood(f"a@{APPLICANT.domain}")

    def owe(tx: Transaction) -> None:
        tx.enqueue(None, [OutgoingLetter(Letter.HOW_TO_APPLY, APPLICANT, {})], NOW, None)
        row = next(one for one in tx.claim(NOW, NOW + timedelta(hours=1), 99) if one.to == APPLICANT)
        tx.keep_token(tokens.token_hash("t" * 26), Purpose.BOUNCE, row, NOW + timedelta(days=90))

    await world.store.transact(owe)
    assert FULL == await world.send(str(APPLICANT))
    assert (await world.send("<>", 500, f"bounce+{'t' * 26}")).startswith(TAKEN)
