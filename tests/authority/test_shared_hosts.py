"""Hosts of a provider are a weak word, by whatever names SPF of the domain leads to them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.store.sqlite.store import SqliteStore
from tests.support.desk_bench import BOXES, PROVIDER, ZONE, DeskBench, Reply
from tests.support.factories import SATO, background

OWN = "kyoso.mihon.go.jp"
PUBLISHED = f"{OWN} TXT v=spf1 ip4:192.0.2.0/28 include:spf.provider.example -all"
ELSEWHERE = f"""\
mx.provider.example A {PROVIDER}
provider.example MX 10 mx.provider.example
{PROVIDER}.ok.provider.example A 127.0.0.2
spf.city.tanin.lg.jp TXT v=spf1 ip4:{PROVIDER} -all
"""
# Of a name N of the domain: how its record leaves the organisation, and the records beside it.
LEAVES = {
    "include": ("include:spf.provider.example -all", ""),
    "another city": ("include:spf.city.tanin.lg.jp -all", ""),
    "redirect": ("redirect=spf.provider.example", ""),
    "a": ("a:mx.provider.example -all", ""),
    "mx": ("mx:provider.example -all", ""),
    "exists": ("exists:%{i}.ok.provider.example -all", ""),
    "include of an alias": ("include:out.N -all", "out.N CNAME spf.provider.example"),
    "redirect to an alias": ("redirect=out.N", "out.N CNAME spf.provider.example"),
    "a of an alias": ("a:out.N -all", "out.N CNAME mx.provider.example"),
    "two aliases": ("a:out.N -all", "out.N CNAME two.N\ntwo.N CNAME mx.provider.example"),
    "an exchange": ("mx:out.N -all", "out.N MX 10 mx.provider.example"),
    "mx of an alias": ("mx:out.N -all", "out.N CNAME provider.example"),
}
STAYS = {
    "addresses": (f"ip4:{PROVIDER} -all", ""),
    "a": ("a:out.N -all", f"out.N A {PROVIDER}"),
    "an alias inside": ("a:out.N -all", f"out.N CNAME in.N\nin.N A {PROVIDER}"),
    "an exchange inside": ("mx:out.N -all", f"out.N MX 10 in.N\nin.N A {PROVIDER}"),
    "an include inside": ("include:out.N -all", f"out.N TXT v=spf1 ip4:{PROVIDER} -all"),
}
HOPS = ("include:{} -all", "redirect={}")


def publish(hops: list[str], last: tuple[str, str]) -> str:
    """A zone in which the own record leads over names of the domain to the last one's."""
    names = [OWN, *(f"h{at}.{OWN}" for at in range(len(hops)))]
    terms = [*(hop.format(name) for hop, name in zip(hops, names[1:], strict=True)), last[0]]
    records = [f"{name} TXT v=spf1 {term}" for name, term in zip(names, terms, strict=True)]
    own = "\n".join([*records, last[1]]).replace("out.N", f"out.{names[-1]}")
    own = own.replace("two.N", f"two.{names[-1]}").replace("in.N", f"in.{names[-1]}")
    zone = ZONE.replace(f"\n{PUBLISHED}\n", f"\n{own}\n")
    return f"{zone}{ELSEWHERE}"


async def decided(bench: DeskBench, zone: str) -> str:
    """The state of a case with something to look at, after an unsigned word by SPF."""
    bench.zone = zone
    token = await bench.ask(await bench.open_case(background=replace(background(), flags=("要確認",))))
    await bench.send(Reply().octets(bench.mailbox(token)), token, client_ip=PROVIDER, reverse_path=SATO)
    return await bench.state()


@pytest.mark.parametrize("last", LEAVES.values(), ids=LEAVES)
async def test_the_hosts_of_others_want_a_second_word(bench: DeskBench, last: tuple[str, str]) -> None:
    assert "under_review" == await decided(bench, publish([], last))
    assert "decision.first_approval" == bench.journal()[-1]


@pytest.mark.parametrize("last", STAYS.values(), ids=STAYS)
async def test_the_hosts_of_the_domain_do_not(bench: DeskBench, last: tuple[str, str]) -> None:
    assert "approved" == await decided(bench, publish([], last))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(HOPS), max_size=4), st.sampled_from(sorted(LEAVES)))
async def test_no_way_over_names_of_the_domain_hides_a_provider(
    tmp_path_factory: pytest.TempPathFactory, hops: list[str], last: str
) -> None:
    store = SqliteStore(tmp_path_factory.mktemp("hosts") / "gateway.db", BOXES.domain)
    store.open()
    bench = DeskBench(store)
    assert "under_review" == await decided(bench, publish(hops, LEAVES[last]))
    assert "decision.first_approval" == bench.journal()[-1]
    store.close()
