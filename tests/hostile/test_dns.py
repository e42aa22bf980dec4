"""Zones that want to cost as much as the protocol allows, asked over real UDP and TCP on loopback."""

from __future__ import annotations

import struct
import tracemalloc
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import dns.message
import dns.rrset
import pytest
import pytest_asyncio
from dns.rdatatype import RdataType

from gateway.auth.authenticate import authenticate
from gateway.auth.dns.octet_cache import ENTRY_BYTES, OctetCache, cost_of
from gateway.auth.dns.query_log import BUDGET_BYTES, QueryLog
from gateway.auth.dns.resolver import Answer
from gateway.auth.dns.txt_kinds import is_for_mail
from gateway.auth.results import AnswerStatus, MxState, Outcome, QueryLogEntry, Result, Verdict
from gateway.auth.spf import check
from gateway.mail import address, message
from gateway.mail.smtp.envelope import Envelope
from gateway.net.dns import wire
from gateway.net.dns.resolver import DnsResolver
from tests.support.dns import ZoneResolver
from tests.support.hostile_dns import KINDS, ZONE, encode_name, serving, txt


@pytest_asyncio.fixture
async def resolver() -> AsyncIterator[DnsResolver]:
    async with serving() as port:
        found = DnsResolver(["127.0.0.1"], port)
        yield found
        await found.close()


async def prove(domain: str, resolver: DnsResolver | ZoneResolver) -> Verdict:
    raw = f"From: a@{domain}\r\nSubject: s\r\n\r\nx\r\n".encode()
    envelope = Envelope("192.0.2.1", domain, address.parse(f"a@{domain}"), (), datetime.now(UTC))
    return await authenticate(message.parse(raw), envelope, domain, resolver)


@pytest.mark.parametrize(
    ("name", "rtype"),
    [
        ("h1.m1.mx", "A"),  # 4,000 addresses: 64 KB over TCP
        ("m1.policies", "TXT"),  # 500 policies in 14 KB
        ("m1.huge", "TXT"),  # one record of 60,000 octets
        ("m1.chain", "TXT"),  # 200 aliases
        ("m1.short", "TXT"),  # 4,000 TXT of two octets
    ],
)
async def test_an_answer_that_no_mail_needs_is_refused_as_a_whole(
    resolver: DnsResolver, name: str, rtype: str
) -> None:
    assert Answer(oversized=True) == await resolver.resolve(f"{name}.{ZONE}", rtype)


async def test_64_kilobytes_in_one_datagram_are_refused_too() -> None:
    async with serving(by_tcp=False) as port:
        resolver = DnsResolver(["127.0.0.1"], port)
        assert (await resolver.resolve(f"h1.m1.mx.{ZONE}", "A")).oversized
        await resolver.close()


async def test_txt_of_other_kinds_is_dropped_before_anything_is_counted(resolver: DnsResolver) -> None:
    answer = await resolver.resolve(f"i1.m1.junk.{ZONE}", "TXT")  # behind 900 of two octets
    assert (("v=spf1 ?all",), False) == (answer.records, answer.oversized)


async def test_an_oversized_answer_is_not_asked_for_with_every_mail(resolver: DnsResolver) -> None:
    await resolver.resolve(f"m1.huge.{ZONE}", "TXT")
    assert resolver.has_cached([(f"m1.huge.{ZONE}", "TXT")])


@pytest.mark.parametrize("kind", KINDS)
async def test_a_mail_from_a_hostile_zone_is_refused_for_good_and_takes_no_more_than_its_budget(
    resolver: DnsResolver, kind: str
) -> None:
    verdict = await prove(f"m1.{kind}.{ZONE}", resolver)
    assert verdict.outcome in {Outcome.UNPROVEN, Outcome.UNREACHABLE}
    assert Result.TEMPERROR not in {verdict.spf.result, verdict.dmarc.result}
    assert "DNS" in verdict.reason, "what was too much is named"
    # The budget ends between two answers; a few are on their way side by side.
    assert 30 * (wire.MAX_RECORDS + 1) > sum(len(one.records) for one in verdict.answers)


HONEST = """
a.example TXT v=spf1 ip4:192.0.2.1 -all
a.example MX 10 mx.a.example
mx.a.example A 192.0.2.7
"""


class Oversizing:
    """A zone with one question whose answer can never be used."""

    def __init__(self, name: str, rtype: str, answer: Answer) -> None:
        self._zone, self._question, self._answer = ZoneResolver(HONEST), (name, rtype), answer

    async def resolve(self, name: str, rtype: str) -> Answer:
        if (name, rtype) == self._question:
            return self._answer
        return await self._zone.resolve(name, rtype)

    def has_cached(self, questions: object) -> bool:
        return False


@pytest.mark.parametrize(
    ("answer", "status", "says"),
    [
        (Answer(oversized=True), AnswerStatus.OVERSIZED, "more records than mail needs"),
        (Answer(looped=True), AnswerStatus.LOOPED, "CNAME loop"),
    ],
)
@pytest.mark.parametrize(
    ("name", "rtype", "outcome", "part"),
    [
        ("a.example", "TXT", Outcome.UNPROVEN, "spf"),
        ("a.example", "MX", Outcome.UNREACHABLE, "mx"),
        ("mx.a.example", "A", Outcome.UNREACHABLE, "mx"),
        ("_dmarc.a.example", "TXT", Outcome.PROVEN, "dmarc"),
    ],
)
async def test_one_unusable_answer_is_a_permanent_error_that_the_proof_names(
    name: str, rtype: str, outcome: Outcome, part: str, answer: Answer, status: AnswerStatus, says: str
) -> None:
    zone = Oversizing(name, rtype, answer)
    verdict = await prove("a.example", zone)  # type: ignore[arg-type]  # a third resolver
    assert outcome is verdict.outcome
    assert QueryLogEntry(name, rtype, (), status) in verdict.answers
    assert (outcome is Outcome.PROVEN) or verdict.reason.endswith(f"{says}: {rtype} {name}.")
    wanted = {"spf": Result.PERMERROR, "dmarc": Result.PERMERROR, "mx": MxState.NONE}[part]
    found = verdict.mx if part == "mx" else getattr(verdict, part).result
    assert wanted is found


async def test_what_goes_beyond_the_budget_is_not_asked_for() -> None:
    zone = ZoneResolver("\n".join(f"n{number}.example TXT v=spf1 {'x' * 10_000}" for number in range(20)))
    log = QueryLog(zone)
    answers = [await log.resolve(f"n{number}.example", "TXT") for number in range(20)]
    assert log.is_spent
    assert BUDGET_BYTES // 10_000 + 1 > len(zone.queries) > 10
    assert answers[-1].oversized


async def test_a_budget_that_is_spent_proves_nobody_whatever_passed() -> None:
    zone = ZoneResolver(HONEST)
    for number in range(200):
        zone.add("_dmarc.a.example", "TXT", f"x{number}" + "y" * 1_000)
    verdict = await prove("a.example", zone)
    assert (Outcome.UNPROVEN, Result.PASS) == (verdict.outcome, verdict.spf.result)
    assert str(BUDGET_BYTES) in verdict.reason


async def test_an_evaluation_of_spf_asks_no_more_than_75_questions() -> None:
    zone = ZoneResolver("a.example TXT v=spf1 " + " ".join(f"mx:n{number}.example" for number in range(10)))
    for number in range(100):
        zone.add(f"n{number // 10}.example", "MX", f"10 h{number}.example")
        zone.add(f"h{number}.example", "A", "192.0.2.7")
    found = await check.evaluate("198.51.100.1", "a@a.example", "a.example", zone)
    assert (Result.PERMERROR, check.MAX_QUERIES) == (found.result, len(zone.queries))


@pytest.mark.parametrize(
    ("record", "wanted"),
    [
        ("v=spf1 -all", True),
        ("V=SPF1", True),
        ("v=spf10 -all", False),
        ("spf2.0/pra -all", False),
        ("v=DMARC1; p=none", True),
        ("v = DMARC1", True),
        ("v=dmarc1; x", False),
        ("v=DKIM1; n=x", True),
        ("k=rsa; p=MIG", True),
        (" h=sha256 ; p = ", True),
        ("t=y; g=*;p=", True),
        ("google-site-verification=kp=", False),
        ("", False),
        ("ab", False),
        ("MS=ms123; q", False),
    ],
)
def test_kinds_of_txt(record: str, wanted: bool) -> None:
    assert wanted is is_for_mail(record)


def _reply(*records: tuple[bytes, int, bytes]) -> bytes:
    parts = [owner + struct.pack("!HHIH", kind, 1, 60, len(data)) + data for owner, kind, data in records]
    question = encode_name("A.example") + struct.pack("!HH", 16, 1)
    return struct.pack("!HHHHHH", 7, 0x8580, 1, len(records), 0, 0) + question + b"".join(parts)


def test_names_that_point_into_what_was_dropped_are_kept_in_full() -> None:
    first = 12 + len(encode_name("a.example")) + 4  # the owner of the first record, which is dropped
    octets = _reply(
        (encode_name("a.example"), 16, txt(b"site-verification")),
        (struct.pack("!H", 0xC000 | first), 16, txt(b"v=spf1 -all")),
    )
    found = dns.message.from_wire(wire.trim(octets, RdataType.TXT))
    assert [dns.rrset.from_text("a.example.", 60, "IN", "TXT", '"v=spf1 -all"')] == found.answer


def test_a_name_with_junk_only_keeps_the_ttl_of_it() -> None:
    octets = _reply(*[(b"\xc0\x0c", 16, txt(b"%d" % number)) for number in range(100)])
    found = dns.message.from_wire(wire.trim(octets, RdataType.TXT))
    assert (1, 60) == (len(found.answer[0]), found.answer[0].ttl)


@pytest.mark.parametrize("length", [0, 1, 11, 12, 20, 40, 60])
def test_replies_that_are_cut_short_are_no_message(length: int) -> None:
    octets = _reply((b"\xc0\x0c", 16, txt(b"v=spf1 -all")), (b"\xc0\x0c", 16, txt(b"v=spf1 ?all")))
    with pytest.raises(ValueError, match="not a DNS message"):
        wire.trim(octets[:length], RdataType.TXT)


def test_the_cache_holds_no_more_octets_than_it_may_and_counts_them_as_python_does() -> None:
    for texts in ([], ["x" * 10] * 60, ["x" * 4_000]):
        cache: OctetCache[str, tuple[str, ...]] = OctetCache(1_000_000)
        tracemalloc.start()
        for number in range(5_000):
            made = tuple(f"{number}{text}" for text in texts)
            cache.put(f"n{number}", made, cost_of((f"n{number}", *made)))
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert 1_000_000 >= cache.held_bytes > 1_000_000 - 2 * ENTRY_BYTES - 80 * 64 - 5_000
        assert held < 1_100_000
