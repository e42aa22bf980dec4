"""A disk that takes half a minute to sync: nobody waits for it but those whose mail is being written down."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gateway.demo.messages import Person, build_mail, sign_mail
from gateway.demo.stories import form
from tests.crash.control import Mode
from tests.crash.seat import Seat
from tests.crash.story import REQUEST, TOWN, post
from tests.crash.test_short import folder, needs_compiler, seats  # noqa: F401 - the fixture
from tests.support.ports import wait_until_listening

SYNC_MS = 30_000
PROMPT_S = 0.1
QUICK_COMMITS = 12
TRIES = 10  # a machine that others use may keep one of them waiting
# No mail is in hand longer than three seconds.
HURRIED = "dns_query_s = 1\nchecks_s = 2\nhandler_s = 3"


def build_application(place: Seat, number: int) -> tuple[str, bytes]:
    """The address of an applicant, and the signed mail."""
    person = Person(f"職員 {number:04d}", f"shokuin{number:04d}@{TOWN}")
    raw = build_mail(person, REQUEST, "参加申請", form("見本町", person.name, code="990019"))
    return person.address, sign_mail(raw, place.street.world.signers[person.domain])


def build_post(place: Seat, number: int) -> tuple[str, str, bytes]:
    """Sender, recipient and octets of an application."""
    sender, raw = build_application(place, number)
    return sender, REQUEST, raw


def talk(port: int, sender: str) -> Iterator[float]:
    """Seconds to the greeting, and to the replies to EHLO, MAIL and RCPT."""
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client, client.makefile("rwb") as wire:
        for said in (
            b"",
            b"HELO mx.test\r\n",
            f"MAIL FROM:<{sender}>\r\n".encode(),
            f"RCPT TO:<{REQUEST}>\r\n".encode(),
        ):
            wire.write(said)
            wire.flush()
            assert wire.readline().startswith(b"2")
            yield time.monotonic() - begun
            begun = time.monotonic()
        wire.write(b"QUIT\r\n")
        wire.flush()


def count_mails(place: Seat) -> int:
    """Mails in the database."""
    with closing(sqlite3.connect(place.database)) as found:
        return int(found.execute("SELECT count(*) FROM mails").fetchone()[0])


@needs_compiler
@pytest.mark.parametrize("fronts", [0, 1])
async def test_a_commit_of_half_a_minute_delays_only_who_waits_for_it(folder: Path, fronts: int) -> None:  # noqa: F811 - the fixture
    async with seats(folder, 1) as (place,):
        place.limits, place.fronts = HURRIED, fronts
        place.clear()
        await place.start()
        try:
            await wait_until_listening(place.port)
        except TimeoutError:
            raise AssertionError(place.log) from None
        sender, raw = build_application(place, 1)
        await asyncio.to_thread(list, talk(place.port, sender))  # it listens before its store is open
        for number in range(2, 2 + QUICK_COMMITS):  # all of them quick, so the next is thought to be so too
            assert 250 == await post(place.port, *build_post(place, number))
        assert place.control is not None
        place.control.order(Mode.SLOW, error=SYNC_MS)
        begun = time.monotonic()
        waiting = asyncio.create_task(post(place.port, sender, REQUEST, raw))
        while not place.control.struck:  # noqa: ASYNC110 - another process counts
            await asyncio.sleep(0.01)
        talks = [await asyncio.to_thread(list, talk(place.port, sender)) for _ in range(TRIES)]
        assert max(map(min, zip(*talks, strict=True))) < PROMPT_S
        assert 451 == await waiting
        assert time.monotonic() - begun < SYNC_MS / 2_000
        place.control.order(Mode.OFF)
        assert 250 == await post(place.port, sender, REQUEST, raw)
        assert 1 + QUICK_COMMITS == count_mails(place)
        assert 0 == await place.stop()
