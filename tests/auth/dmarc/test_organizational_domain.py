"""Organisation units of JP domains, and what they forbid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.auth.dmarc import evaluate
from gateway.auth.dmarc.organizational_domain import (
    is_domain_or_parent,
    is_same_organisation,
    organizational_domain,
)
from gateway.auth.dmarc.record import TreeWalk, parse
from gateway.auth.dns.public_suffix import is_public_suffix
from gateway.auth.results import Dkim, Result, Spf

NAMES = ["mihon", "osaka", "yokohama", "rei"]
TYPES = ["metro", "pref", "city", "town", "vill", "union", "village", "www"]
TOPS = ["lg.jp", "go.jp", "osaka.jp", "yokohama.jp", "chiyoda.tokyo.jp", "jp", "example", "co.jp"]
domains = st.builds(
    lambda labels, top: ".".join([*labels, top]),
    st.lists(st.sampled_from(NAMES + TYPES), min_size=1, max_size=4),
    st.sampled_from(TOPS),
)


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("pref.osaka.lg.jp", "pref.osaka.lg.jp"),
        ("mail.edu.city.osaka.lg.jp", "city.osaka.lg.jp"),
        ("CITY.Osaka.lg.jp.", "city.osaka.lg.jp"),
        ("osaka.lg.jp", "osaka.lg.jp"),
        ("www.osaka.lg.jp", "osaka.lg.jp"),
        ("lg.jp", ""),
        ("mail.rei.go.jp", "rei.go.jp"),
        ("go.jp", ""),
        ("mail.pref.kyoto.jp", "pref.kyoto.jp"),
        ("mail.city.yokohama.jp", "city.yokohama.jp"),
        ("rei.naka.yokohama.jp", "rei.naka.yokohama.jp"),
        ("naka.yokohama.jp", ""),
        ("mail.city.chiyoda.tokyo.jp", "city.chiyoda.tokyo.jp"),
        ("rei.chiyoda.tokyo.jp", "rei.chiyoda.tokyo.jp"),
        ("chiyoda.tokyo.jp", ""),
        ("tokyo.jp", ""),
        ("mail.rei.co.jp", "rei.co.jp"),
        ("mail.rei.jp", "rei.jp"),
        ("mail.mihon.example", "mihon.example"),
        ("jp", ""),
        ("", ""),
    ],
)
def test_units(domain: str, expected: str) -> None:
    assert expected == organizational_domain(domain)
    assert is_public_suffix(domain) == (not expected)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("city.mihon.lg.jp", "city.mihon.lg.jp", True),
        ("city.mihon.lg.jp", "mail.city.mihon.lg.jp", True),
        ("city.mihon.lg.jp", "a.mail.city.mihon.lg.jp", True),
        ("mail.city.mihon.lg.jp", "city.mihon.lg.jp", False),
        ("a.city.mihon.lg.jp", "b.city.mihon.lg.jp", False),
        ("city.mihon.lg.jp", "pref.mihon.lg.jp", False),
        ("city.mihon.lg.jp", "mihon.lg.jp", False),
        ("mihon.lg.jp", "lg.jp", False),
        ("lg.jp", "lg.jp", False),
        ("xmihon.co.jp", "mihon.co.jp", False),
    ],
)
def test_a_name_vouches_for_itself_and_for_those_below_it_inside_one_unit(
    a: str, b: str, expected: bool
) -> None:
    assert expected == is_domain_or_parent(a, b)


@given(domains, domains)
def test_nobody_vouches_for_a_name_above(a: str, b: str) -> None:
    assert not (a != b and is_domain_or_parent(a, b) and is_domain_or_parent(b, a))


@given(domains, domains)
def test_two_units_are_never_one(a: str, b: str) -> None:
    assert organizational_domain(a) == organizational_domain(b) or not (
        is_domain_or_parent(a, b) or is_same_organisation(a, b)
    )


@given(
    domains,
    domains,
    st.sampled_from(["jp", "lg.jp", "osaka.lg.jp", "mihon.lg.jp", "osaka.jp", "example", "co.jp"]),
)
def test_domains_of_different_units_never_align_whatever_records_stand_above(a: str, b: str, at: str) -> None:
    record = parse(at, "v=DMARC1; p=none")
    walks = [TreeWalk(domain, (parse(domain, "v=DMARC1; p=reject"), record)) for domain in (a, b)]
    lookups = evaluate.DmarcLookups(walks[0], {b: walks[1]})
    got = evaluate.evaluate(lookups, Spf(Result.PASS, b), (Dkim(Result.PASS, b, "sel"),))
    assert a == b or organizational_domain(a) == organizational_domain(b) or got.result is Result.FAIL
