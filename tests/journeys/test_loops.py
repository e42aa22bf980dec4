"""Two real gateways that answer each other over loopback fall silent by themselves."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiosmtplib
import pytest

from gateway import settings
from gateway.admission.case.model import STAFF_LETTERS, Letter, LetterCaps
from gateway.app.service import Gateway
from gateway.demo import fixtures
from gateway.demo.fixtures import DESK_DOMAIN, DomainFixtures
from gateway.demo.people.messages import Person, build_mail
from gateway.demo.people.stories import form
from gateway.mail.address import Address
from gateway.net.dns import server as nameserver
from gateway.net.host.sockets import bind
from gateway.outbound.protocols import Courier, Delivery
from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource

OTHER_DOMAIN = "uketsuke.mihon.lg.jp"
QUIET_LOOKS = 25

SETTINGS = """
[desk]
domain = "{domain}"
undo_minutes = 0
digest = false
[[staff]]
address = "sato@{staff}"
name = "佐藤"
[listen]
host = "127.0.0.1"
front_processes = {fronts}
[dns]
nameservers = ["127.0.0.1"]
port = {dns_port}
[store]
path = "{folder}/gateway.db"
[delivery]
transport = "smarthost"
host = "127.0.0.1"
port = {port}
tls = "none"
[invitation]
join_link = "https://join.example/x"
"""


@dataclass
class Stripping:
    """A way that takes away every mark of an automatic mail, as a bad relay does."""

    inner: Courier

    async def deliver(self, reverse_path: Address, forward_path: Address, raw: bytes) -> Delivery:
        """Hand on what looks like a person's mail."""
        header, _, rest = raw.partition(b"\r\n\r\n")
        header = re.sub(
            rb"(?im)^(?:auto-submitted|x-auto-response-suppress|precedence):.*\r\n", b"", header + b"\r\n"
        )
        return await self.inner.deliver(
            reverse_path, forward_path, header.removesuffix(b"\r\n") + b"\r\n\r\n" + rest
        )


@dataclass
class Pair:
    """Both gateways, and the port of the first."""

    apps: tuple[Gateway, Gateway]
    port: int

    def letters(self) -> list[str]:
        rows = [row for app in self.apps for row in Reader(SqliteSource(app.store.path)).letters(limit=1000)]
        return [str(row["letter"]) for row in rows]

    async def silence(self) -> list[str]:
        """All letters, once none is added for a while."""
        seen, quiet = -1, 0
        for _ in range(2000):
            found = len(self.letters())
            quiet = quiet + 1 if found == seen else 0
            seen = found
            if quiet > QUIET_LOOKS and not any([await self.busy(app) for app in self.apps]):
                return self.letters()
            await asyncio.sleep(0.02)
        raise AssertionError(f"they go on: {self.letters()}")

    async def busy(self, app: Gateway) -> bool:
        """Whether a letter of a first attempt is still queued."""
        return bool(
            [
                row
                for row in Reader(SqliteSource(app.store.path)).letters(["queued"], 1000)
                if row["attempts"] == 0
            ]
        )


@asynccontextmanager
async def pair(folder: Path, *, stripping: bool) -> AsyncIterator[Pair]:
    world = DomainFixtures()
    for domain in (DESK_DOMAIN, OTHER_DOMAIN):
        world.zone.add(domain, "MX", f"10 mx.{domain}")
        world.zone.add(f"mx.{domain}", "A", "192.0.2.11")
        world.zone.add(domain, "TXT", "v=spf1 ip4:127.0.0.0/8 -all")
    server = await nameserver.serve(world.zone)
    socks = [bind("127.0.0.1", 0), bind("127.0.0.1", 0)]
    ports = [sock.getsockname()[1] for sock in socks]
    apps = (
        made(folder / "one", DESK_DOMAIN, "kyoso.mihon.go.jp", ports[1], server.port),
        made(folder / "two", OTHER_DOMAIN, "town.mihon.lg.jp", ports[0], server.port),
    )
    for app, sock in zip(apps, socks, strict=True):
        if stripping:
            app.dispatch._courier = Stripping(app.dispatch._courier)
        await app.start([sock])
    try:
        yield Pair(apps, ports[0])
    finally:
        for app in apps:
            await app.stop()
            await app.resolver.close()
        await server.close()


def made(folder: Path, domain: str, staff: str, port: int, dns_port: int) -> Gateway:
    folder.mkdir()
    text = SETTINGS.format(
        domain=domain,
        staff=staff,
        folder=folder,
        port=port,
        fronts=fixtures.FRONT_PROCESSES,
        dns_port=dns_port,
    )
    return Gateway(settings.parse(text.encode(), "test"), folder)


async def begin(running: Pair, text: str) -> None:
    """A mail to the first gateway, in the name of the second's mailbox."""
    person = Person("受付", f"request@{OTHER_DOMAIN}")
    raw = build_mail(person, f"request@{DESK_DOMAIN}", "参加申請", text)
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=running.port, start_tls=False, timeout=10)
    async with client:
        await client.sendmail(person.address, [f"request@{DESK_DOMAIN}"], raw)


TEXTS = {
    "no-application": "お世話になっております。",
    "application": form("見本町", "受付 窓口", code="990019"),
    "half-an-application": "団体名: 見本町\n氏名: 受付 窓口\n",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_an_automatic_letter_is_never_answered(tmp_path: Path, text: str) -> None:
    async with pair(tmp_path, stripping=False) as running:
        await begin(running, text)
        to_applicant = [letter for letter in await running.silence() if letter not in STAFF_LETTERS]
        assert 1 == len(to_applicant)
        assert [] == Reader(SqliteSource(running.apps[1].store.path)).letters()


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_without_any_mark_the_daily_caps_bring_silence(tmp_path: Path, text: str) -> None:
    async with pair(tmp_path, stripping=True) as running:
        await begin(running, text)
        letters = await running.silence()
        for letter in set(letters) - STAFF_LETTERS:
            assert letters.count(letter) <= 2 * LetterCaps().per_case
        assert letters.count(Letter.REVIEW_REQUEST) <= 50
