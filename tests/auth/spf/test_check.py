"""SPF through our resolver: results, identities, DNS trouble, hostile records."""

from __future__ import annotations

import pytest

from gateway.auth.results import Result
from gateway.auth.spf import check
from gateway.mail import address
from tests.support.dns import ZoneResolver

ZONE = """
good.example TXT v=spf1 ip4:203.0.113.0/24 ip6:2001:db8::/32 -all
soft.example TXT v=spf1 ~all
open.example TXT v=spf1 ?all
two.example TXT v=spf1 -all
two.example TXT v=spf1 +all
bad.example TXT v=spf1 ip4:999 -all
loop.example TXT v=spf1 include:loop.example -all
mx.example TXT v=spf1 mx -all
mx.example MX 10 host.mx.example
host.mx.example A 203.0.113.5
down.example TEMPFAIL
half.example TXT v=spf1 include:down.example -all
void.example TXT v=spf1 a:a.void.example a:b.void.example a:c.void.example +all
other.example TXT something else
latin.example TXT v=spf1 \xe9 -all
"""


@pytest.mark.parametrize(
    ("client_ip", "domain", "result"),
    [
        ("203.0.113.9", "good.example", Result.PASS),
        ("2001:db8::1", "good.example", Result.PASS),
        ("::ffff:203.0.113.9", "good.example", Result.PASS),
        ("198.51.100.1", "good.example", Result.FAIL),
        ("203.0.113.9", "soft.example", Result.SOFTFAIL),
        ("203.0.113.9", "open.example", Result.NEUTRAL),
        ("203.0.113.9", "other.example", Result.NONE),
        ("203.0.113.9", "missing.example", Result.NONE),
        ("203.0.113.9", "two.example", Result.PERMERROR),
        ("203.0.113.9", "bad.example", Result.PERMERROR),
        ("203.0.113.9", "loop.example", Result.PERMERROR),
        ("203.0.113.9", "void.example", Result.PERMERROR),
        ("203.0.113.9", "latin.example", Result.PERMERROR),
        ("203.0.113.5", "mx.example", Result.PASS),
        ("203.0.113.9", "down.example", Result.TEMPERROR),
        ("203.0.113.9", "half.example", Result.TEMPERROR),
        ("no address", "good.example", Result.PERMERROR),
    ],
)
async def test_results(client_ip: str, domain: str, result: Result) -> None:
    got = await check.check(client_ip, address.parse(f"rei@{domain}"), "mta.example", ZoneResolver(ZONE))
    assert (result, domain, "mailfrom") == (got.result, got.domain, got.identity)
    assert (result is Result.PASS) == (not got.reason)


@pytest.mark.parametrize(
    ("helo", "result", "domain"),
    [
        ("good.example", Result.PASS, "good.example"),
        ("Good.Example.", Result.PASS, "good.example"),
        ("down.example", Result.TEMPERROR, "down.example"),
        ("[203.0.113.9]", Result.NONE, ""),
        ("localhost", Result.NONE, ""),
        ("a..b", Result.NONE, ""),
        ("ごう.example", Result.NONE, ""),
        ("", Result.NONE, ""),
    ],
)
async def test_the_null_reverse_path_is_checked_by_helo(helo: str, result: Result, domain: str) -> None:
    got = await check.check("203.0.113.9", None, helo, ZoneResolver(ZONE))
    assert (result, domain, "helo") == (got.result, got.domain, got.identity)


async def test_an_explanation_is_never_looked_up() -> None:
    zone = ZoneResolver("a.example TXT v=spf1 exp=e.a.example -all\ne.a.example TXT text of a stranger")
    got = await check.check("203.0.113.9", address.parse("rei@a.example"), "a.example", zone)
    assert [("a.example", "TXT")] == zone.queries
    assert "stranger" not in got.reason


async def test_an_exception_of_the_resolver_is_a_result() -> None:
    class Broken(ZoneResolver):
        async def resolve(self, name: str, rtype: str) -> object:  # type: ignore[override]  # broken on purpose
            raise OSError(name, rtype)

    got = await check.check("203.0.113.9", address.parse("rei@good.example"), "good.example", Broken())
    assert Result.PERMERROR == got.result
