"""Whether a domain can receive mail."""

from __future__ import annotations

import pytest

from gateway.auth.dns import mx
from gateway.auth.results import MxState
from tests.support.dns import ZoneResolver


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("d.example MX 10 h.example\nh.example A 198.51.100.7", MxState.MX),
        ("d.example MX 10 h.example\nh.example AAAA 2001:db8::7", MxState.MX),
        ("d.example MX 10 gone.example\nd.example MX 20 h.example\nh.example A 8.8.8.8", MxState.MX),
        ("d.example MX 0 .", MxState.NULL_MX),
        ("d.example MX 0 .\nd.example A 8.8.8.8", MxState.NULL_MX),
        ("d.example MX 0 .\nd.example MX 5 h.example\nh.example A 8.8.8.8", MxState.MX),
        ("d.example A 8.8.8.8", MxState.IMPLICIT),
        ("d.example AAAA 2606:4700::1111", MxState.IMPLICIT),
        ("d.example TXT x", MxState.NONE),
        ("d.example A 10.0.0.1", MxState.NONE),
        ("below.d.example A 8.8.8.8", MxState.NONE),
        ("", MxState.NXDOMAIN),
        ("d.example MX 10 gone.example", MxState.NONE),
        ("d.example MX 10 192.0.2.1", MxState.NONE),
        ("d.example TEMPFAIL", MxState.TEMP),
        ("d.example MX 10 h.example\nh.example TEMPFAIL", MxState.TEMP),
        (
            "d.example MX 10 h.example\nh.example TEMPFAIL\nd.example MX 20 i.example\ni.example A 8.8.8.8",
            MxState.MX,
        ),
        ("d.example MX 10 h.example\nh.example CNAME i.example\ni.example A 8.8.8.8", MxState.MX),
    ],
)
async def test_states(zone: str, expected: MxState) -> None:
    assert expected == await mx.check("d.example", ZoneResolver(zone))


@pytest.mark.parametrize(
    "address",
    ["0.0.0.1", "10.0.0.5", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.31.0.1", "192.168.1.1",
     "224.0.0.1", "255.255.255.255", "::1", "::", "fc00::1", "fe80::1", "ff02::1", "::ffff:10.0.0.5",
     "64:ff9b::127.0.0.1", "2002:a00:5::1"],
)  # fmt: skip
async def test_a_host_inside_somebodys_network_is_none(address: str) -> None:
    rtype = "AAAA" if ":" in address else "A"
    zone = ZoneResolver(f"d.example MX 10 h.example\nh.example {rtype} {address}")
    assert MxState.NONE == await mx.check("d.example", zone)


@pytest.mark.parametrize(
    ("address", "expected"),
    [("127.0.0.1", MxState.MX), ("127.9.9.9", MxState.MX), ("10.0.0.1", MxState.NONE)],
)
async def test_loopback_counts_where_it_is_allowed(address: str, expected: MxState) -> None:
    zone = ZoneResolver(f"d.example MX 10 h.example\nh.example A {address}")
    assert expected == await mx.check("d.example", zone, allow_loopback=True)


async def test_only_the_five_best_hosts_are_asked() -> None:
    lines = [f"d.example MX {number} h{number}.example" for number in range(1000, 0, -1)]
    zone = ZoneResolver("\n".join([*lines, "h6.example A 8.8.8.8"]))
    assert MxState.NONE == await mx.check("d.example", zone)
    assert {f"h{number}.example" for number in range(1, 6)} == {name for name, _ in zone.queries} - {
        "d.example"
    }
