"""Straight to the recipients' servers: which hosts are asked, and which never."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from gateway.net.delivery.mx import DOWN_S, LOOP, NOWHERE, MxCourier, is_global_address
from gateway.net.dns.resolver import DnsResolver
from gateway.net.dns.server import Zone, respond, serve
from gateway.outbound.protocols import Delivery, Outcome
from tests.net.delivery.test_maildir import FROM, RAW, TO
from tests.support.certificates import serving
from tests.support.dns import ZoneResolver
from tests.support.sink import sink

MX = "town.mihon.lg.jp MX 10 mx.town.mihon.lg.jp\n"


async def deliver(zone: str, port: int = 25, *, inside: bool = False, **options: object) -> Delivery:
    courier = MxCourier(ZoneResolver(zone), "gw.example.go.jp", port=port, inside=inside, **options)  # type: ignore[arg-type]
    return await courier.deliver(FROM, TO, RAW)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.5", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.1.2.3",
        "224.0.0.5", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.5",
        "64:ff9b::7f00:1", "2002:7f00:1::", "not-an-address",
    ],
)  # fmt: skip
def test_a28_addresses_inside_are_not_outside(address: str) -> None:
    assert not is_global_address(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_public_addresses_are_outside(address: str) -> None:
    assert is_global_address(address)


@pytest.mark.parametrize("address", ["A 127.0.0.1", "A 169.254.169.254", "AAAA ::1"])
async def test_a28_a_domain_that_leads_inside_is_refused(address: str) -> None:
    async with sink() as server:
        delivery = await deliver(f"{MX}mx.town.mihon.lg.jp {address}", server.port)
    assert (Outcome.REFUSED, NOWHERE) == (delivery.outcome, delivery.reply)
    assert 0 == server.connections


async def test_a28_the_switch_for_tests_lets_letters_inside() -> None:
    async with sink() as server:
        delivery = await deliver(f"{MX}mx.town.mihon.lg.jp A 127.0.0.1", server.port, inside=True)
    assert Outcome.SENT is delivery.outcome


@pytest.mark.parametrize(
    "zone",
    [
        "town.mihon.lg.jp MX 10 gw.example.go.jp",
        "town.mihon.lg.jp MX 10 gw.example.go.jp\ntown.mihon.lg.jp MX 20 mx.town.mihon.lg.jp",
    ],
)
async def test_a_domain_that_leads_back_to_us_is_refused(zone: str) -> None:
    delivery = await deliver(zone)
    assert (Outcome.REFUSED, LOOP) == (delivery.outcome, delivery.reply)


async def test_a29_of_a_thousand_servers_the_best_five_are_looked_up() -> None:
    zone = "\n".join(f"town.mihon.lg.jp MX {n} mx{n}.town.mihon.lg.jp" for n in range(1000))
    resolver = ZoneResolver(zone)
    courier = MxCourier(resolver, "gw.example.go.jp")
    assert Outcome.REFUSED is (await courier.deliver(FROM, TO, RAW)).outcome
    assert {f"mx{n}.town.mihon.lg.jp" for n in range(5)} == {
        name for name, rtype in resolver.zone.queries if rtype == "A"
    }


async def test_the_next_server_is_asked_when_the_first_defers() -> None:
    zone = (
        "town.mihon.lg.jp MX 10 a.town.mihon.lg.jp\ntown.mihon.lg.jp MX 20 b.town.mihon.lg.jp\n"
        "a.town.mihon.lg.jp A 127.0.0.2\nb.town.mihon.lg.jp A 127.0.0.1"
    )
    async with sink() as server:
        delivery = await deliver(zone, server.port, inside=True)
    assert Outcome.SENT is delivery.outcome
    assert 1 == server.connections


async def test_one_dead_name_server_does_not_hide_the_other_mail_server() -> None:
    zone = (
        "town.mihon.lg.jp MX 10 a.town.mihon.lg.jp\ntown.mihon.lg.jp MX 20 b.town.mihon.lg.jp\n"
        "a.town.mihon.lg.jp TEMPFAIL\nb.town.mihon.lg.jp A 127.0.0.1"
    )
    async with sink() as server:
        delivery = await deliver(zone, server.port, inside=True)
    assert Outcome.SENT is delivery.outcome


async def test_a_domain_that_cannot_be_reached_is_left_alone_for_a_while() -> None:
    seconds = [0.0]
    resolver = ZoneResolver("town.mihon.lg.jp TEMPFAIL")
    courier = MxCourier(resolver, "gw.example.go.jp", clock=lambda: seconds[0])
    for moment in (0.0, 30.0, 61.0):
        seconds[0] = moment
        assert Outcome.DEFERRED is (await courier.deliver(FROM, TO, RAW)).outcome
    assert 2 == len([name for name, rtype in resolver.zone.queries if rtype == "MX"])


class LateServer(asyncio.DatagramProtocol):
    """Answers for a zone after `late_s`."""

    def __init__(self, zone: Zone, late_s: float) -> None:
        self._zone = zone
        self._late_s = late_s
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        reply = respond(self._zone, data, udp=True)
        assert reply is not None
        assert self._transport is not None
        asyncio.get_running_loop().call_later(self._late_s, self._transport.sendto, reply, addr)


def over_dns(resolver: DnsResolver, port: int, clock: Callable[[], float]) -> MxCourier:
    return MxCourier(resolver, "gw.example.go.jp", port=port, inside=True, clock=clock)


@pytest.mark.parametrize(
    "silent", [("town.mihon.lg.jp", "MX"), ("mx.town.mihon.lg.jp", "A")], ids=["silent-mx", "silent-address"]
)
async def test_silent_dns_defers_and_the_letter_leaves_when_it_speaks_again(silent: tuple[str, str]) -> None:
    seconds = [0.0]
    zone = Zone.parse(f"{MX}mx.town.mihon.lg.jp A 127.0.0.1\n{silent[0]} SILENT")
    server = await serve(zone)
    resolver = DnsResolver([server.host], server.port, timeout_s=0.1, lifetime_s=0.2, failure_ttl_s=0.0)
    async with sink() as to:
        courier = over_dns(resolver, to.port, lambda: seconds[0])
        delivery = await courier.deliver(FROM, TO, RAW)
        assert Outcome.DEFERRED is delivery.outcome
        assert "DNS" in delivery.reply
        zone.remove(silent[0], "SILENT")
        seconds[0] = DOWN_S + 1
        assert Outcome.SENT is (await courier.deliver(FROM, TO, RAW)).outcome
    await server.close()


@pytest.mark.parametrize(("late_s", "outcome"), [(0.05, Outcome.SENT), (0.6, Outcome.DEFERRED)])
async def test_slow_dns_is_waited_for_and_no_longer_than_its_time(late_s: float, outcome: Outcome) -> None:
    zone = Zone.parse(f"{MX}mx.town.mihon.lg.jp A 127.0.0.1")
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: LateServer(zone, late_s), local_addr=("127.0.0.1", 0)
    )
    resolver = DnsResolver(
        ["127.0.0.1"], transport.get_extra_info("sockname")[1], timeout_s=0.3, lifetime_s=0.3
    )
    async with sink() as to:
        courier = over_dns(resolver, to.port, lambda: 0.0)
        assert outcome is (await courier.deliver(FROM, TO, RAW)).outcome
    transport.close()


async def test_t08_a_server_that_hides_starttls_gets_no_letter_of_a_listed_domain() -> None:
    async with sink() as server:
        delivery = await deliver(
            f"{MX}mx.town.mihon.lg.jp A 127.0.0.1", server.port, inside=True, require_tls={"mihon.lg.jp"}
        )
    assert Outcome.DEFERRED is delivery.outcome
    assert [] == server.messages


async def test_t09_answers_injected_before_tls_are_dropped_on_the_way_to_an_mx(tmp_path: Path) -> None:
    """The forged answers would take the letter for delivered; what counts is said inside TLS."""
    async with sink(tls=serving(tmp_path), END="451 4.3.0 not yet") as server:
        server.injected = b"250 sink\r\n250 ok\r\n250 ok\r\n354 go\r\n250 kept\r\n"
        delivery = await deliver(f"{MX}mx.town.mihon.lg.jp A 127.0.0.1", server.port, inside=True)
    assert Outcome.DEFERRED is delivery.outcome
