"""Straight to the recipients' servers: which hosts are asked, and which never."""

import pytest

from gateway.dispatch import Delivery, Outcome
from gateway.net.mx_courier import LOOP, NOWHERE, MxCourier, is_outside
from tests.net.sink import sink
from tests.net.test_courier import FROM, RAW, TO
from tests.zone import ZoneResolver

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
    assert not is_outside(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_public_addresses_are_outside(address: str) -> None:
    assert is_outside(address)


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
