"""DMARC by RFC 9989: the tree walk, the policy that applies, alignment, and what is unknown."""

from __future__ import annotations

import pytest

from gateway.auth.dmarc import evaluate, record
from gateway.auth.results import Dkim, Dmarc, Result, Spf
from tests.support.dns import ZoneResolver

NO_SPF = Spf(Result.NONE, "")


def signed(*domains: str, result: Result = Result.PASS) -> tuple[Dkim, ...]:
    return tuple(Dkim(result, domain, "sel") for domain in domains)


def sent(domain: str, result: Result = Result.PASS) -> Spf:
    return Spf(result, domain)


async def checked(zone: ZoneResolver, author: str, spf: Spf = NO_SPF, dkim: tuple[Dkim, ...] = ()) -> Dmarc:
    walk = await record.walk_tree(author, zone)
    return evaluate.evaluate(await evaluate.look_up(walk, spf, dkim, zone), spf, dkim)


def records(**texts: str) -> ZoneResolver:
    """Records by name with `__` for the dot: `example__com="p=reject"`."""
    zone = ZoneResolver()
    for name, text in texts.items():
        zone.add("_dmarc." + name.replace("__", "."), "TXT", f"v=DMARC1; {text}")
    return zone


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("jp", ["jp"]),
        ("a.example.com", ["a.example.com", "example.com", "com"]),
        (
            "b.c.d.e.f.g.com",
            [f"{name}.com" for name in ("b.c.d.e.f.g", "c.d.e.f.g", "d.e.f.g", "e.f.g", "f.g", "g")]
            + ["com"],
        ),
        (
            "a.b.c.d.e.f.g.com",
            [
                f"{name}.com"
                for name in ("a.b.c.d.e.f.g", "b.c.d.e.f.g", "c.d.e.f.g", "d.e.f.g", "e.f.g", "f.g", "g")
            ]
            + ["com"],
        ),
        (
            "z.y.x.a.b.c.d.e.f.g.com",
            [
                f"{name}.com"
                for name in (
                    "z.y.x.a.b.c.d.e.f.g",
                    "b.c.d.e.f.g",
                    "c.d.e.f.g",
                    "d.e.f.g",
                    "e.f.g",
                    "f.g",
                    "g",
                )
            ]
            + ["com"],
        ),
    ],
)
def test_a_walk_asks_at_most_eight_names(domain: str, expected: list[str]) -> None:
    assert tuple(expected) == record.tree_domains(domain)


@pytest.mark.parametrize(
    ("texts", "start", "organisational", "policy_at"),
    [
        ({}, "a.example.com", "a.example.com", None),
        ({"example__com": "p=none"}, "a.example.com", "example.com", "example.com"),
        ({"a__example__com": "p=none"}, "a.example.com", "a.example.com", "a.example.com"),
        (
            {"a__example__com": "p=none", "example__com": "p=none"},
            "a.example.com",
            "example.com",
            "a.example.com",
        ),
        (
            {"b__example__com": "p=none", "example__com": "p=none"},
            "a.b.example.com",
            "example.com",
            "example.com",
        ),
        (
            {"b__example__com": "psd=n; p=none", "example__com": "p=none"},
            "a.b.example.com",
            "b.example.com",
            "b.example.com",
        ),
        (
            {"a__example__com": "psd=n; p=none", "example__com": "p=none"},
            "a.example.com",
            "a.example.com",
            "a.example.com",
        ),
        ({"com": "psd=y; p=none"}, "a.example.com", "example.com", "com"),
        ({"example__com": "p=none", "com": "psd=y; p=none"}, "a.example.com", "example.com", "example.com"),
        ({"bank__example": "psd=y; p=none"}, "bank.example", "bank.example", "bank.example"),
        ({"bank__example": "psd=y; p=none"}, "a.b.bank.example", "b.bank.example", "bank.example"),
        (
            {"bank__example": "psd=y; p=none", "example": "p=none"},
            "b.bank.example",
            "b.bank.example",
            "bank.example",
        ),
        ({"com": "psd=x; p=none"}, "a.example.com", "com", "com"),
    ],
)
async def test_organisational_domain_and_place_of_the_policy(
    texts: dict[str, str], start: str, organisational: str, policy_at: str | None
) -> None:
    walk = await record.walk_tree(start, records(**texts))
    assert organisational == walk.organizational_domain
    assert policy_at == (walk.policy_record.domain if walk.policy_record else None)


@pytest.mark.parametrize(
    ("text", "policy", "usable"),
    [
        ("p=reject", "reject", True),
        ("p=REJECT; pct=0", "reject", True),
        ("rua=mailto:a@b.example", "none", True),
        ("p=foo; rua=x, mailto:a@b.example", "none", True),
        ("p=reject; sp=foo; rua=mailto:a@b.example", "none", True),
        ("p=reject; np=foo", "none", False),
        ("", "none", False),
        ("p=; rua=", "none", False),
        ("p=none; p=reject", "none", True),
        ("zz; ;=; p = quarantine ;", "quarantine", True),
    ],
)
def test_records_are_read_with_defaults(text: str, policy: str, usable: bool) -> None:
    got = record.parse("example.com", f"v=DMARC1; {text}")
    assert (policy, usable) == (got.policy, got.usable)


@pytest.mark.parametrize(
    "text",
    ["v=DMARC2; p=none", "v=dmarc1; p=none", "V=DMARC1; p=none", "p=none; v=DMARC1", "v=DMARC1x", "v=spf1"],
)
async def test_a_record_of_another_version_is_no_record(text: str) -> None:
    zone = ZoneResolver(f"_dmarc.example.com TXT {text}")
    assert Result.NONE == (await checked(zone, "example.com", dkim=signed("example.com"))).result


async def test_several_records_are_none_and_the_walk_goes_on() -> None:
    zone = records(a__example__com="p=reject", example__com="sp=quarantine; p=none")
    zone.add("_dmarc.a.example.com", "TXT", "v=DMARC1; p=none")
    got = await checked(zone, "a.example.com")
    assert (Result.FAIL, "example.com", "quarantine") == (got.result, got.domain, got.policy)


@pytest.mark.parametrize(
    ("text", "author", "policy"),
    [
        ("p=reject; sp=none; np=quarantine", "example.com", "reject"),
        ("p=reject; sp=none; np=quarantine", "here.example.com", "none"),
        ("p=reject; sp=none; np=quarantine", "gone.example.com", "quarantine"),
        ("p=reject; sp=none; np=quarantine", "text.example.com", "none"),
        ("p=reject; sp=none; np=quarantine", "above.example.com", "none"),
        ("p=reject; sp=quarantine", "gone.example.com", "quarantine"),
        ("p=quarantine; np=reject", "here.example.com", "quarantine"),
        ("p=reject", "gone.example.com", "reject"),
        ("p=reject; t=y", "example.com", "quarantine"),
        ("p=reject; sp=quarantine; t=y", "here.example.com", "none"),
    ],
)
async def test_the_policy_that_applies(text: str, author: str, policy: str) -> None:
    zone = records(example__com=text)
    zone.add("here.example.com", "A", "203.0.113.1")
    # RFC 9989 section 3.2 asks for NXDOMAIN: any record, here or below, makes a name exist.
    zone.add("text.example.com", "TXT", "no address")
    zone.add("x.above.example.com", "A", "203.0.113.1")
    got = await checked(zone, author)
    assert (Result.FAIL, policy) == (got.result, got.policy)


@pytest.mark.parametrize(
    ("text", "author", "spf", "dkim", "result"),
    [
        ("p=none", "example.com", NO_SPF, signed("example.com"), Result.PASS),
        ("p=none", "example.com", sent("example.com"), (), Result.PASS),
        ("p=none", "a.example.com", NO_SPF, signed("b.example.com"), Result.PASS),
        ("p=none", "a.example.com", sent("example.com"), (), Result.PASS),
        ("p=none; adkim=s", "example.com", NO_SPF, signed("a.example.com"), Result.FAIL),
        ("p=none; aspf=s", "example.com", sent("a.example.com"), (), Result.FAIL),
        ("p=none; aspf=s", "example.com", sent("a.example.com"), signed("a.example.com"), Result.PASS),
        ("p=none", "example.com", sent("example.org"), signed("example.org"), Result.FAIL),
        ("p=none", "example.com", sent("example.com", Result.FAIL), (), Result.FAIL),
        ("p=none", "example.com", sent("example.com", Result.SOFTFAIL), (), Result.FAIL),
        ("p=none", "example.com", sent("example.com", Result.TEMPERROR), (), Result.TEMPERROR),
        ("p=none", "example.com", sent("example.org", Result.TEMPERROR), (), Result.FAIL),
        ("p=none", "example.com", sent("example.com", Result.TEMPERROR), signed("example.com"), Result.PASS),
        ("p=none; aspf=s", "example.com", sent("a.example.com", Result.TEMPERROR), (), Result.FAIL),
        ("p=none", "example.com", NO_SPF, signed("a.example.com", result=Result.TEMPERROR), Result.TEMPERROR),
        ("sp=x", "example.com", NO_SPF, signed("example.com"), Result.PERMERROR),
    ],
)
async def test_alignment(text: str, author: str, spf: Spf, dkim: tuple[Dkim, ...], result: Result) -> None:
    assert result == (await checked(records(example__com=text), author, spf, dkim)).result


async def test_governments_of_one_name_do_not_align() -> None:
    zone = records(osaka__lg__jp="p=none", lg__jp="p=none")
    got = await checked(zone, "pref.osaka.lg.jp", sent("city.osaka.lg.jp"), signed("osaka.lg.jp"))
    assert Result.FAIL == got.result


@pytest.mark.parametrize(
    ("down", "author", "dkim", "result"),
    [
        ("_dmarc.example.com", "example.com", signed("example.com"), Result.TEMPERROR),
        ("_dmarc.example.com", "a.example.com", (), Result.TEMPERROR),
        ("_dmarc.com", "example.com", signed("example.com"), Result.PASS),
        ("_dmarc.com", "example.com", signed("a.example.com"), Result.TEMPERROR),
        ("_dmarc.com", "example.com", signed("example.org"), Result.FAIL),
        ("_dmarc.a.example.com", "example.com", signed("a.example.com"), Result.TEMPERROR),
        ("_dmarc.a.example.com", "example.com", signed("a.example.com", "b.example.com"), Result.PASS),
    ],
)
async def test_dns_trouble_counts_only_where_it_could_change_the_result(
    down: str, author: str, dkim: tuple[Dkim, ...], result: Result
) -> None:
    zone = records(example__com="p=reject")
    zone.add(down, "TEMPFAIL")
    assert result == (await checked(zone, author, dkim=dkim)).result


async def test_equal_domains_need_no_further_walk() -> None:
    zone = records(example__com="p=none")
    await checked(zone, "example.com", sent("bounce.example.com"), signed("example.com"))
    assert [("_dmarc.example.com", "TXT"), ("_dmarc.com", "TXT")] == zone.queries
