"""What a storm, a silence and a cold start of DNS do to the proof, over real sockets on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.auth.authenticate import authenticate
from gateway.auth.dkim.sign import Signer, public_record
from gateway.auth.dns.resolver import Answer, TempFail
from gateway.auth.results import AnswerStatus, MxState, Outcome, Result, Verdict
from gateway.mail import address, message
from gateway.mail.smtp.envelope import Envelope
from gateway.net.dns.resolver import DnsResolver
from gateway.net.dns.server import serve
from gateway.net.dns.zone import Zone

AUTHOR = "city.mihon.lg.jp"
KEY = Ed25519PrivateKey.generate()
ZONE = f"""
{AUTHOR} TXT v=spf1 include:_spf.{AUTHOR} -all
_spf.{AUTHOR} TXT v=spf1 ip4:203.0.113.0/24 -all
{AUTHOR} MX 10 mx.{AUTHOR}
mx.{AUTHOR} A 203.0.113.5
sel._domainkey.{AUTHOR} TXT {public_record(KEY)}
"""
MAIL = f"From: rei@{AUTHOR}\r\nSubject: request\r\n\r\nHello\r\n".encode()
SIGNED = message.parse(Signer(AUTHOR, "sel", KEY).sign(MAIL) + MAIL)
ENVELOPE = Envelope(
    "203.0.113.9", "mta.example", address.parse(f"rei@{AUTHOR}"), (), datetime(2026, 11, 20, tzinfo=UTC)
)


async def test_a_hundred_mails_at_once_from_one_cold_domain_cost_at_most_ten_questions() -> None:
    zone = Zone.parse(ZONE)
    server = await serve(zone)
    resolver = DnsResolver([server.host], server.port)
    verdicts = await asyncio.gather(*(authenticate(SIGNED, ENVELOPE, AUTHOR, resolver) for _ in range(100)))
    await resolver.close()
    await server.close()
    assert {Outcome.PROVEN} == {verdict.outcome for verdict in verdicts}
    assert 10 >= len(zone.queries), zone.queries
    assert len(set(zone.queries)) == len(zone.queries)


class Mute(asyncio.DatagramProtocol):
    """Takes every question and answers none."""

    def __init__(self) -> None:
        self.asked = 0

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.asked += 1


@pytest_asyncio.fixture
async def silence() -> AsyncIterator[tuple[Mute, DnsResolver]]:
    loop = asyncio.get_running_loop()
    transport, mute = await loop.create_datagram_endpoint(Mute, local_addr=("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    resolver = DnsResolver(["127.0.0.1"], port, timeout_s=0.05, lifetime_s=0.12)
    yield mute, resolver
    await resolver.close()
    transport.close()


def everything_is_unknown(verdict: Verdict) -> bool:
    return (
        Outcome.TEMPERROR is verdict.outcome
        and Result.TEMPERROR is verdict.spf.result
        and [Result.TEMPERROR] == [one.result for one in verdict.dkim]
        and Result.TEMPERROR is verdict.dmarc.result
        and MxState.TEMP is verdict.mx
        and {AnswerStatus.TEMPFAIL} == {one.status for one in verdict.answers}
    )


async def test_total_silence_is_temperror_everywhere(silence: tuple[Mute, DnsResolver]) -> None:
    mute, resolver = silence
    assert everything_is_unknown(await authenticate(SIGNED, ENVELOPE, AUTHOR, resolver))
    assert mute.asked > 0


async def test_after_a_silence_the_next_mail_waits_for_nothing(silence: tuple[Mute, DnsResolver]) -> None:
    mute, resolver = silence
    await authenticate(SIGNED, ENVELOPE, AUTHOR, resolver)
    asked = mute.asked
    assert everything_is_unknown(await authenticate(SIGNED, ENVELOPE, AUTHOR, resolver))
    assert asked == mute.asked


class Rounds:
    """Every question waits until the test lets one whole life of a question pass; then it fails."""

    def __init__(self) -> None:
        self._end = asyncio.Event()
        self.waiting = 0

    async def resolve(self, name: str, rtype: str) -> Answer:
        self.waiting += 1
        await self._end.wait()
        raise TempFail(f"{rtype} {name}")

    def has_cached(self, questions: object) -> bool:
        return False

    def pass_a_life(self) -> None:
        self.waiting = 0
        self._end.set()
        self._end = asyncio.Event()


async def test_a_silence_costs_one_life_of_a_question_and_that_is_under_five_seconds() -> None:
    rounds, lives = Rounds(), 0
    task = asyncio.create_task(authenticate(SIGNED, ENVELOPE, AUTHOR, rounds))
    while not task.done():
        # Let everything run that can; what waits then waits for DNS.
        for _ in range(50):
            await asyncio.sleep(0)
        if rounds.waiting:
            lives += 1
            rounds.pass_a_life()
    assert everything_is_unknown(task.result())
    assert 1 == lives
    assert 5.0 >= DnsResolver(["127.0.0.1"])._upstream.lifetime


@pytest.mark.parametrize("mails", [20])
async def test_the_loop_goes_on_while_dns_is_silent(silence: tuple[Mute, DnsResolver], mails: int) -> None:
    _, resolver = silence
    turns = 0
    tasks = asyncio.gather(*(authenticate(SIGNED, ENVELOPE, AUTHOR, resolver) for _ in range(mails)))
    while not tasks.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert all(everything_is_unknown(verdict) for verdict in await tasks)
    assert 10 <= turns
