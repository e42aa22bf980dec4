"""The resolver against the small DNS server over real UDP and TCP on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from gateway.auth.dns.resolver import Answer, TempFail
from gateway.net.dns.resolver import DnsResolver
from gateway.net.dns.server import Zone, respond, serve
from tests.support.clock import MonotonicClock

ZONE = f"""
a.example TXT v=spf1 \xe9
a.example TXT some-site-verification=123
a.example A 127.0.0.1
a.example AAAA ::1
a.example MX 10 mx.a.example
null.example MX 0 .
9.0.0.127.in-addr.arpa PTR a.example
alias.example CNAME a.example
dangling.example CNAME gone.example
long.example TXT v=spf1 {"x" * 5000}
down.example TEMPFAIL
silent.example SILENT
x.empty.example TXT below
_dmarc.a.example TXT v=DMARC1; p=none
self.example CNAME self.example
tic.example CNAME tac.example
tac.example CNAME tic.example
into.example CNAME tic.example
servfail.example CNAME tic.example
servfail.example TEMPFAIL TXT
halfdown.example CNAME down.example
"""


class World:
    """A served zone and a resolver that asks it."""

    def __init__(self, zone: Zone, resolver: DnsResolver, clock: MonotonicClock) -> None:
        self.zone, self.resolver, self.clock = zone, resolver, clock


@pytest_asyncio.fixture
async def world() -> AsyncIterator[World]:
    zone, clock = Zone.parse(ZONE), MonotonicClock()
    server = await serve(zone)
    resolver = DnsResolver(
        [server.host], server.port, timeout_s=0.1, lifetime_s=0.3, cache_bytes=30_000, clock=clock
    )
    yield World(zone, resolver, clock)
    await resolver.close()
    await server.close()


@pytest.mark.parametrize(
    ("name", "rtype", "answer"),
    [
        ("a.example", "TXT", Answer(("v=spf1 \xe9",))),
        ("A.Example.", "A", Answer(("127.0.0.1",))),
        ("a.example", "AAAA", Answer(("::1",))),
        ("a.example", "MX", Answer(("10 mx.a.example",))),
        ("null.example", "MX", Answer(("0 .",))),
        ("9.0.0.127.in-addr.arpa", "PTR", Answer(("a.example",))),
        ("alias.example", "A", Answer(("127.0.0.1",), aliases=("a.example",))),
        ("_dmarc.a.example", "TXT", Answer(("v=DMARC1; p=none",))),
        ("long.example", "TXT", Answer(("v=spf1 " + "x" * 5000,))),
        ("a.example", "PTR", Answer()),
        ("empty.example", "TXT", Answer()),
        ("gone.example", "TXT", Answer(exists=False)),
        ("dangling.example", "A", Answer(exists=False, aliases=("gone.example",))),
        ("self.example", "TXT", Answer(looped=True)),
        ("tic.example", "MX", Answer(looped=True)),
        ("into.example", "A", Answer(looped=True)),
        ("servfail.example", "TXT", Answer(looped=True)),
    ],
)
async def test_answers(world: World, name: str, rtype: str, answer: Answer) -> None:
    assert answer == await world.resolver.resolve(name, rtype)
    asked = len(world.zone.queries)
    assert answer == await world.resolver.resolve(name, rtype)
    assert asked == len(world.zone.queries)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "a..b",
        ".a.example",
        "a" * 64 + ".example",
        "a." * 127 + "ab",
        "ごう.example",
        "\udcff.example",
    ],
)
async def test_a_name_that_dns_cannot_hold_is_nothing_and_not_asked(world: World, name: str) -> None:
    assert Answer(exists=False) == await world.resolver.resolve(name, "TXT")
    assert [] == world.zone.queries


async def test_a_name_with_strange_octets_is_asked_as_it_is(world: World) -> None:
    assert not (await world.resolver.resolve('a\\b"@(;.example', "A")).exists
    assert 1 == len(world.zone.queries)


@pytest.mark.parametrize("name", ["down.example", "silent.example", "halfdown.example"])
async def test_failures_are_tempfail_and_kept_for_twenty_seconds(world: World, name: str) -> None:
    for _ in range(3):
        with pytest.raises(TempFail):
            await world.resolver.resolve(name, "TXT")
    asked = len(world.zone.queries)
    world.clock.now_s += 19
    with pytest.raises(TempFail):
        await world.resolver.resolve(name, "TXT")
    assert asked == len(world.zone.queries)
    world.zone.remove(name)
    world.clock.now_s += 2
    assert not (await world.resolver.resolve(name, "TXT")).exists


async def test_answers_and_nothing_are_kept_for_their_ttl(world: World) -> None:
    await world.resolver.resolve("a.example", "A")
    await world.resolver.resolve("new.example", "A")
    world.zone.add("new.example", "A", "127.0.0.2")
    world.zone.remove("a.example", "A")
    world.clock.now_s += 59
    assert ("127.0.0.1",) == (await world.resolver.resolve("a.example", "A")).records
    assert () == (await world.resolver.resolve("new.example", "A")).records
    world.clock.now_s += 2
    assert () == (await world.resolver.resolve("a.example", "A")).records
    assert ("127.0.0.2",) == (await world.resolver.resolve("new.example", "A")).records


async def test_the_cache_forgets_the_least_recently_used(world: World) -> None:
    await world.resolver.resolve("a.example", "A")
    for number in range(48):
        await world.resolver.resolve(f"n{number}.example", "A")
    await world.resolver.resolve("a.example", "A")
    await world.resolver.resolve("n48.example", "A")
    world.zone.queries.clear()
    await world.resolver.resolve("a.example", "A")
    await world.resolver.resolve("n0.example", "A")
    assert [("n0.example", "A")] == world.zone.queries


async def test_identical_questions_on_their_way_are_one(world: World) -> None:
    answers = await asyncio.gather(*(world.resolver.resolve("a.example", "A") for _ in range(100)))
    assert {("127.0.0.1",)} == {answer.records for answer in answers}
    assert [("a.example", "A")] == world.zone.queries


async def test_who_gives_up_does_not_stop_the_others(world: World) -> None:
    first = asyncio.create_task(world.resolver.resolve("a.example", "A"))
    second = asyncio.create_task(world.resolver.resolve("a.example", "A"))
    await asyncio.sleep(0)
    first.cancel()
    assert ("127.0.0.1",) == (await second).records
    assert [("a.example", "A")] == world.zone.queries
    assert first.cancelled()


async def test_closing_turns_what_is_on_its_way_into_tempfail(world: World) -> None:
    waiting = asyncio.create_task(world.resolver.resolve("silent.example", "A"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await world.resolver.close()
    with pytest.raises(TempFail):
        await waiting


async def test_a_server_that_is_not_there_is_tempfail() -> None:
    server = await serve(Zone())
    await server.close()
    resolver = DnsResolver([server.host], server.port, timeout_s=0.1, lifetime_s=0.2)
    with pytest.raises(TempFail):
        await resolver.resolve("a.example", "A")


class Validating(asyncio.DatagramProtocol):
    """A server that sets the AD bit in every answer."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        reply = bytearray(respond(Zone.parse(ZONE), data, udp=True) or b"")
        reply[3] |= 0x20
        self.transport.sendto(bytes(reply), addr)  # type: ignore[attr-defined]  # asyncio's has no better type


@pytest.mark.parametrize(
    ("more", "trusted"),
    [([], True), (["127.0.0.2"], True), (["198.51.100.1"], False), (["2001:db8::1"], False)],
)
async def test_the_ad_bit_counts_only_from_servers_on_loopback(more: list[str], trusted: bool) -> None:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(Validating, local_addr=("127.0.0.1", 0))
    resolver = DnsResolver(["127.0.0.1", *more], transport.get_extra_info("sockname")[1])
    assert trusted == (await resolver.resolve("a.example", "A")).authenticated
    assert trusted == (await resolver.resolve("gone.example", "A")).authenticated
    transport.close()
