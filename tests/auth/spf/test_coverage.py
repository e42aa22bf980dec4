"""How many addresses a record names: labelled records, and sums that are counted once."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.auth.spf.coverage import MAX_IPV4, is_too_wide, is_wide
from tests.support.dns import ZoneResolver

HALVES = "ip4:10.0.0.0/9 ip4:10.128.0.0/9"
OTHERS = f"""
wide.example TXT v=spf1 ip4:20.0.0.0/7 ?all
eight.example TXT v=spf1 {HALVES} -all
more.example TXT v=spf1 ip4:192.0.2.1 -all
loop.example TXT v=spf1 include:loop.example ip4:192.0.2.1 -all
open.example TXT v=spf1 +all
neutral.example TXT v=spf1 ?ip4:0.0.0.0/0 ~all
down.example TEMPFAIL
two.example TXT v=spf1 +all
two.example TXT v=spf1 -all
host.example A 192.0.2.7
host.example AAAA 2001:db8::7
host.example MX 10 host.example
"""


@pytest.mark.parametrize(
    ("record", "wide"),
    [
        ("ip4:192.0.2.0/24 -all", False),
        ("ip4:10.0.0.0/8 -all", False),
        (f"{HALVES} -all", False),
        (f"{HALVES} ip4:10.3.0.0/16 ip4:10.0.0.0/8 -all", False),
        (f"{HALVES} ip4:192.0.2.1 -all", True),
        ("ip4:0.0.0.0/1 -all", True),
        ("ip4:8.0.0.0/7 -all", True),
        ("+all", True),
        ("all", True),
        ("-all", False),
        ("?all", False),
        ("~all", False),
        ("-ip4:240.0.0.0/4 +all", True),
        ("-all ip4:0.0.0.0/0", False),
        ("?ip4:0.0.0.0/0 -ip4:0.0.0.0/1 -all", False),
        ("+ip4:8.0.0.0/7 -all", True),
        ("IP4:8.0.0.0/7 -ALL", True),
        ("ip6:2000::/3 -all", True),
        ("ip6:2001::/16 -all", False),
        ("ip6:2001::/16 ip6:2002::/64 -all", True),
        ("ip6:2a01:111:f400::/48 ip6:2001:4860:4000::/36 -all", False),
        ("include:wide.example -all", True),
        ("?include:wide.example -all", False),
        ("include:neutral.example -all", False),
        ("include:eight.example -all", False),
        ("include:eight.example include:more.example -all", True),
        ("include:open.example -all", True),
        ("include:loop.example -all", False),
        ("include:two.example -all", False),
        ("include:down.example ip4:192.0.2.1 -all", False),
        ("include:%{i}.wide.example -all", False),
        ("redirect=wide.example", True),
        ("redirect=wide.example -all", False),
        ("a:host.example/7 -all", True),
        ("a:host.example/8 -all", False),
        ("a:host.example//15 -all", True),
        ("a:host.example/24//64 -all", False),
        ("mx:host.example/7 -all", True),
        ("a/0 -all", False),
        ("ip4:banana ip4:1.2.3.4/99 a:/ -all", False),
    ],
)
async def test_what_a_record_names(record: str, wide: bool) -> None:
    zone = ZoneResolver(f"a.example TXT v=spf1 {record}\n{OTHERS}")
    assert wide is await is_too_wide("a.example", zone)


async def test_a_record_asks_no_more_than_an_evaluation_may() -> None:
    chain = "\n".join(f"n{n}.example TXT v=spf1 include:n{n + 1}.example -all" for n in range(50))
    zone = ZoneResolver(chain)
    assert not await is_too_wide("n0.example", zone)
    assert 11 == len(zone.queries)


networks = st.builds(
    lambda start, bits: IPv4Network((start, bits), strict=False),
    st.integers(0, 2**32 - 1),
    st.integers(6, 32),
)


@given(st.lists(networks, max_size=12))
def test_each_address_is_counted_once(found: list[IPv4Network]) -> None:
    edges = sorted((int(one.network_address), int(one.broadcast_address) + 1) for one in found)
    covered, reached = 0, 0
    for start, end in edges:
        covered += max(0, end - max(start, reached))
        reached = max(reached, end)
    texts = " ".join(map(str, found))
    assert (covered > MAX_IPV4) is is_wide(texts)
    assert is_wide(texts) is is_wide(f"{texts} {texts} 2001:db8::/32")
