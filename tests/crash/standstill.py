"""The disk holds one sync of the database for half a minute: a COMMIT, or the end of a VACUUM."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from gateway.demo.people.messages import Person, build_mail, sign_mail
from gateway.demo.people.stories import form
from tests.crash.control import Control, Mode
from tests.crash.seat import Seat
from tests.crash.story import REQUEST, TOWN, post
from tests.support.manager import Manager
from tests.support.ports import PATIENCE_S, free_port, wait_until_listening
from tests.support.process import run_gateway

SYNC_MS = 120_000  # or until `go_on`: half a minute has to pass on a busy machine too
QUICK_COMMITS = 12
MEGABYTE = 1_000_000
# No mail is in hand longer than three seconds.
SETTINGS = "dns_query_s = 1\nchecks_s = 2\nhandler_s = 3\n[watch]\nmetrics_port = {metrics_port}\n"
WATCHDOG_US = "3000000"
GREETED = (b"", b"HELO mx.test\r\n", b"MAIL FROM:<%b>\r\n", b"RCPT TO:<%b>\r\n")


@dataclass
class Standing:
    """A gateway whose writer waits for the disk, until `go_on`; `mail` is one that comes in the meantime."""

    place: Seat
    manager: Manager
    metrics_port: int
    mail: tuple[str, str, bytes]

    @property
    def control(self) -> Control:
        """What tells the disk."""
        assert self.place.control is not None
        return self.place.control

    async def hold_commit(self) -> asyncio.Task[int]:
        """Let a mail come to its COMMIT; gives what will be its reply."""
        self.control.order(Mode.SLOW, error=SYNC_MS)
        waiting = asyncio.create_task(post(self.place.port, *self.mail))
        await self._until_held()
        return waiting

    async def hold_vacuum(self, megabytes: int) -> asyncio.Task[object]:
        """Erase somebody from a database of this size, and hold the end of the VACUUM that follows."""
        with closing(sqlite3.connect(self.place.database, isolation_level=None)) as found:
            found.execute("CREATE TABLE ballast (octets)")
            for _ in range(megabytes):
                found.execute("INSERT INTO ballast VALUES (zeroblob(?))", (MEGABYTE,))
            found.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        sender, folder = build_post(self.place, 2)[0], str(self.place.database.parent)
        erasing = asyncio.create_task(run_gateway("person", "erase", sender, "--force", "--config", folder))
        log = self.place.database.with_name(f"{self.place.database.name}-wal")
        async with asyncio.timeout(PATIENCE_S):
            while log.stat().st_size < megabytes * MEGABYTE // 2:  # noqa: ASYNC110 - another process writes
                await asyncio.sleep(0.005)
        self.control.order(Mode.SLOW, error=SYNC_MS)
        await self._until_held()
        return erasing

    async def _until_held(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not self.control.struck:  # noqa: ASYNC110 - another process counts
                await asyncio.sleep(0.01)

    def go_on(self) -> None:
        """The disk syncs again."""
        self.control.order(Mode.OFF)


@asynccontextmanager
async def standing(place: Seat, fronts: int) -> AsyncIterator[Standing]:
    """A gateway that has taken some mails quickly, so that the next is thought to be quick too."""
    (place.folder / "notify").unlink(missing_ok=True)
    manager, metrics_port = Manager(place.folder / "notify"), free_port()
    place.limits, place.fronts = SETTINGS.format(metrics_port=metrics_port), fronts
    place.clear()
    await place.start(environment=manager.environment | {"WATCHDOG_USEC": WATCHDOG_US})
    try:
        await wait_until_listening(place.port)
        await manager.hears("READY=1")
        for number in range(2, 2 + QUICK_COMMITS):
            assert 250 == await post(place.port, *build_post(place, number))
        yield Standing(place, manager, metrics_port, build_post(place, 1))
        assert 0 == await place.stop()
    finally:
        manager.close()


def build_post(place: Seat, number: int) -> tuple[str, str, bytes]:
    """Sender, recipient and octets of a signed application."""
    person = Person(f"職員 {number:04d}", f"shokuin{number:04d}@{TOWN}")
    raw = build_mail(person, REQUEST, "参加申請", form("見本町", person.name, code="990019"))
    return person.address, REQUEST, sign_mail(raw, place.street.world.signers[person.domain])


def talk(port: int, sender: str) -> Iterator[float]:
    """Seconds to the greeting, and to the replies to HELO, MAIL and RCPT."""
    values = (b"", b"", sender.encode(), REQUEST.encode())
    begun = time.monotonic()
    with (
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as client,
        client.makefile("rwb") as wire,
    ):
        for said, value in zip(GREETED, values, strict=True):
            wire.write(said % value if value else said)
            wire.flush()
            reply = wire.readline()
            assert reply.startswith(b"2"), reply
            yield time.monotonic() - begun
            begun = time.monotonic()
        wire.write(b"QUIT\r\n")
        wire.flush()


def count_mails(database: Path) -> int:
    """Mails that are committed."""
    with closing(sqlite3.connect(database)) as found:
        return int(found.execute("SELECT count(*) FROM mails").fetchone()[0])


def read_metrics(port: int) -> bytes:
    """The page of the running gateway."""
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE_S) as page:
        octets: bytes = page.read()
        return octets
