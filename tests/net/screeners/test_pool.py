"""Mails screened in another process: the same result, and a lost process costs one mail a 451."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.auth.authenticate import DEFAULT_CHECK_LIMITS, TRUST_NOBODY
from gateway.inbound.screening import LocalScreener, Rejected, Screened
from gateway.mail.address import parse
from gateway.mail.message import Caps
from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.mailboxes import Mailboxes
from gateway.net.dns import server as nameserver
from gateway.net.dns.resolver import DnsResolver
from gateway.net.dns.zone import Zone
from gateway.net.screeners.pool import ScreenerPool, WorkerConfig, WorkerLostError
from tests.inbound.test_receive import HONEST, STRANGER, ZONE, raw
from tests.support.factories import NOW
from tests.support.paths import DATA

BOXES = Mailboxes("gw.example.go.jp")
BOUNDS = replace(DEFAULT_CHECK_LIMITS, caps=Caps(parts=3))  # a message keeps its caps on the way
VECTORS = [json.loads(line) for line in (DATA / "hostile.jsonl").read_text(encoding="utf-8").splitlines()]
SILENT = "city.damari.lg.jp"
PATIENCE_S = 10.0


def envelope(client_ip: str = HONEST) -> Envelope:
    sender = parse("hanako@town.mihon.lg.jp")
    return Envelope(client_ip, "mx.town.mihon.lg.jp", sender, (parse("request@gw.example.go.jp"),), NOW)


@asynccontextmanager
async def screeners(count: int = 1) -> AsyncIterator[tuple[ScreenerPool, int]]:
    """Started, with a name server; gives them and its port."""
    server = await nameserver.serve(Zone.parse(f"{ZONE}{SILENT} SILENT\n"))
    made = ScreenerPool(WorkerConfig(BOXES, TRUST_NOBODY, BOUNDS, ("127.0.0.1",), server.port, 4.5), count)
    await made.start()
    try:
        yield made, server.port
    finally:
        await made.stop()
        await server.close()


def children() -> set[int]:
    """Process numbers of our workers."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    return {
        int(pid)
        for pid in listed
        if b"gateway.net.screeners.pool" in Path(f"/proc/{pid}/cmdline").read_bytes()
    }


@pytest.mark.parametrize(
    ("mail", "client_ip"),
    [
        (raw(), HONEST),
        (raw(), STRANGER),
        (raw("From: second@town.mihon.lg.jp"), HONEST),
        (b"no header at all", HONEST),
    ],
    ids=["proven", "unproven", "two-authors", "no-message"],
)
async def test_the_result_is_that_of_a_screener_here(mail: bytes, client_ip: str) -> None:
    async with screeners() as (made, port):
        resolver = DnsResolver(["127.0.0.1"], port)
        here = await LocalScreener(resolver, BOXES, bounds=BOUNDS).screen(envelope(client_ip), mail)
        assert here == await made.screen(envelope(client_ip), mail)
        await resolver.close()


async def test_hostile_mails_are_seen_as_here() -> None:
    """Whatever a mail holds travels there and back, or is refused there as here."""
    mails = [b64decode(row["b64"]) for row in VECTORS if row["kind"] == "message"]
    mails += [
        mail.replace(b"From: a@a.test", b"From: hanako@town.mihon.lg.jp")
        for mail in mails
        if b"From: a@a.test" in mail
    ]
    async with screeners() as (made, port):
        resolver = DnsResolver(["127.0.0.1"], port)
        screener = LocalScreener(resolver, BOXES, bounds=BOUNDS)
        here = [await screener.screen(envelope(), mail) for mail in mails]
        assert here == [await made.screen(envelope(), mail) for mail in mails]
        assert {Screened, Rejected} == {type(found) for found in here}
        await resolver.close()


async def test_mails_are_examined_side_by_side_and_answers_find_their_mails() -> None:
    mails = [raw(f"X-Number: {number}") for number in range(40)]
    async with screeners(2) as (made, _):
        found = await asyncio.gather(*(made.screen(envelope(), mail) for mail in mails))
    assert mails == [one.arrival.message.raw for one in found if isinstance(one, Screened)]


async def test_a_lost_process_loses_its_mail_and_is_started_again() -> None:
    async with screeners() as (made, _):
        slow = raw().replace(b"town.mihon.lg.jp", SILENT.encode())
        waiting = asyncio.create_task(made.screen(envelope(), slow))
        await asyncio.sleep(0.3)
        (lost,) = children()
        os.kill(lost, signal.SIGKILL)
        with pytest.raises(WorkerLostError):
            await waiting
        async with asyncio.timeout(PATIENCE_S):
            assert isinstance(await made.screen(envelope(), raw()), Screened)
        assert {lost} != children()
    assert set() == children()


async def test_the_end_waits_for_what_is_in_hand_and_hears_no_signal() -> None:
    async with screeners() as (made, _):
        for pid in children():
            os.kill(pid, signal.SIGTERM)
        waiting = asyncio.create_task(made.screen(envelope(STRANGER), raw()))
        await asyncio.sleep(0)
        await made.stop()
        found = await waiting
    assert isinstance(found, Rejected)
    assert smtp_reply.SENDER_UNAUTHENTICATED == found.reply
