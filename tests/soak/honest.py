"""The honest side of the soak: applications, signed and retried as mail servers do, counted to their end."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from gateway.demo.fixtures import DESK_DOMAIN, DomainFixtures
from gateway.demo.people.messages import Person, build_mail, sign_mail
from gateway.demo.people.stories import form
from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource
from tests.support.smtp_server import Client

REQUEST = f"request@{DESK_DOMAIN}"
DOMAINS = (
    "town.mihon.lg.jp",
    "city.rei.lg.jp",
    "mihon.go.jp",
    "union.mihon-kouiki.lg.jp",
    "vill.furukanji.lg.jp",
)
# RFC 5321 section 4.5.3.2.6: a client waits ten minutes for the answer to its message. We ask for less.
LATE_S = 60.0
RETRY_S = 2.0
GIVE_UP_S = 300.0


@dataclass
class Honest:
    """Sends at `per_s` and keeps account. An application without 250 in time is lost."""

    world: DomainFixtures
    port: int
    per_s: float
    dice: random.Random = field(default_factory=lambda: random.Random(2))  # noqa: S311 - no secrets here
    made: int = 0
    acknowledged: dict[str, float] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    retries: int = 0
    waits_s: list[float] = field(default_factory=list)
    slowest_s: float = 0.0
    under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self, until_s: float) -> None:
        """Start applications until the time is over, then wait for those under way."""
        while monotonic() < until_s:
            task = asyncio.create_task(self._apply(self.made))
            self.made += 1
            self.under_way.add(task)
            task.add_done_callback(self.under_way.discard)
            await asyncio.sleep(self.dice.expovariate(self.per_s))
        if self.under_way:
            await asyncio.wait(self.under_way)

    async def _apply(self, number: int) -> None:
        person = Person(f"職員 {number}", f"shokuin{number:07d}@{DOMAINS[number % len(DOMAINS)]}")
        text = form("見本町", person.name, code="990019") + "志望の理由です。" * self.dice.randrange(400)
        raw = sign_mail(build_mail(person, REQUEST, "参加申請", text), self.world.signers[person.domain])
        began_s = monotonic()
        while monotonic() - began_s < GIVE_UP_S:
            answer = await self._attempt(person.address, raw, number)
            if answer.startswith("250"):
                self.acknowledged[person.address] = monotonic()
                self.waits_s.append(monotonic() - began_s)
                return
            if answer.startswith("5"):
                self.refused.append(f"{person.address}: {answer}")
                return
            self.retries += 1
            await asyncio.sleep(RETRY_S)
        self.lost.append(person.address)

    async def _attempt(self, sender: str, raw: bytes, number: int) -> str:
        """The answer that ends the attempt; empty when the connection did."""
        try:
            async with asyncio.timeout(120):
                streams = await asyncio.open_connection(
                    "127.0.0.1", self.port, local_addr=(f"127.0.1.{number % 40 + 1}", 0)
                )
                client = Client(*streams)
                try:
                    return await _transaction(client, sender, raw, slow=number % 25 == 0)
                finally:
                    await client.close()
        except (OSError, TimeoutError, UnicodeDecodeError):
            return ""

    def missing(self, database: Path) -> list[str]:
        """Who was answered 250 and has no case."""
        reader = Reader(SqliteSource(database))
        known = {str(row["applicant"]) for row in reader.cases(limit=10_000_000)}
        reader.close()
        return sorted(set(self.acknowledged) - known)


async def _transaction(client: Client, sender: str, raw: bytes, *, slow: bool) -> str:
    answer = await client.reply()
    for line in (
        f"EHLO mx.{sender.partition('@')[2]}",
        f"MAIL FROM:<{sender}>",
        f"RCPT TO:<{REQUEST}>",
        "DATA",
    ):
        if answer[:1] not in {"2", "3"}:
            return answer
        answer = await client.ask(line)
    if not answer.startswith("354"):
        return answer
    # Some lines are slow, and that is nobody's fault.
    step = max(len(raw) // 8, 1) if slow else len(raw)
    for start in range(0, len(raw), step):
        await client.send(raw[start : start + step])
        await asyncio.sleep(0.5 if slow else 0)
    await client.send(b"\r\n.\r\n")
    return await client.reply()
