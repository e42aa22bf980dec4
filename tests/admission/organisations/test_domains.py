"""Domain classes: every labelled row, and the rules behind them."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.organisations import jp_domains as jp
from gateway.admission.organisations.domains import (
    DomainKind,
    Standing,
    classify,
    load_suffix_list,
    normalise,
)
from gateway.printing.statement import Statement
from tests.support.paths import DATA

CASES = DATA / "domains.tsv"
ROWS = list(csv.DictReader(CASES.read_text(encoding="utf-8").splitlines(), delimiter="\t"))

LABEL = st.from_regex(r"[a-z0-9]([a-z0-9]{0,9}[a-z0-9])?", fullmatch=True)
HOST = st.lists(LABEL, max_size=2).map(lambda labels: "".join(f"{label}." for label in labels))
PREFECTURE = st.sampled_from(sorted(jp.PREFECTURES))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["domain"])
def test_labelled_domain(row: dict[str, str]) -> None:
    got = classify(row["domain"])
    expected = (row["expected_class"], row["expected_decision"], row["organisation"])
    assert expected == (got.kind, got.decision, got.organisation)


@pytest.mark.parametrize(
    ("domain", "kind", "organisation"),
    [
        ("union.a.lg.jp", DomainKind.LOCAL_GOV_LG, "union.a.lg.jp"),
        ("city.lg.jp", DomainKind.LG_SERVICE, "city.lg.jp"),
        ("ＬＧ。ＪＰ", DomainKind.PUBLIC_SUFFIX, ""),
        ("a.example.go.jp", DomainKind.NATIONAL_GOV, "example.go.jp"),
        ("pref.tokyo.jp", DomainKind.PREFECTURE_TYPE, "pref.tokyo.jp"),
        ("metro.tokyo.jp", DomainKind.LOCAL_GOV_REGIONAL, "metro.tokyo.jp"),
        ("city.hamamatsu.shizuoka.jp", DomainKind.LOCAL_GOV_REGIONAL, "city.hamamatsu.shizuoka.jp"),
        ("mihon.例.京都.jp", DomainKind.PREFECTURE_TYPE, "xn--fsq.xn--1lqs03n.jp"),
        ("city.mihon.co.jp", DomainKind.JP_ORGANISATIONAL, "mihon.co.jp"),
        ("mail.ezweb.ne.jp", DomainKind.PERSONAL, ""),
        ("lg.jp.net", DomainKind.IMITATION, "jp.net"),
        ("city.example.com", DomainKind.IMITATION, "example.com"),
        ("pref.mihon.example.net", DomainKind.IMITATION, "example.net"),
        ("mihon-lg-jp.com", DomainKind.IMITATION, "mihon-lg-jp.com"),
        ("city.mihon.lq.jp", DomainKind.IMITATION, "lq.jp"),
        ("city.mihon.Ig.jp", DomainKind.IMITATION, "ig.jp"),
        ("soumu.gо.jp", DomainKind.IMITATION, normalise("gо.jp")),  # a Cyrillic o
        ("example.co.uk", DomainKind.GTLD_OTHER, "example.co.uk"),
        ("a.example.unknowntld", DomainKind.GTLD_OTHER, "example.unknowntld"),
        ("192.0.2.1", DomainKind.INVALID, ""),
        ("city.chiyoda.lg.jp..", DomainKind.INVALID, ""),
        ("a" * 64 + ".lg.jp", DomainKind.INVALID, ""),
        (".".join(["a" * 60] * 5) + ".jp", DomainKind.INVALID, ""),
        ("city chiyoda.lg.jp", DomainKind.INVALID, ""),
        ("xn--a.jp", DomainKind.INVALID, ""),
        ("", DomainKind.INVALID, ""),
        (".", DomainKind.INVALID, ""),
    ],
)
def test_rule(domain: str, kind: DomainKind, organisation: str) -> None:
    got = classify(domain)
    assert (kind, organisation) == (got.kind, got.organisation)


@given(host=HOST, type_label=st.sampled_from(sorted(jp.LG_TYPES)), name=LABEL)
def test_a_type_label_below_lg_jp_is_the_government_itself(host: str, type_label: str, name: str) -> None:
    got = classify(f"{host}{type_label}.{name}.lg.jp")
    assert (DomainKind.LOCAL_GOV_LG, f"{type_label}.{name}.lg.jp") == (got.kind, got.organisation)


@given(host=HOST, fourth=LABEL.filter(lambda label: label not in jp.LG_TYPES), name=LABEL)
def test_any_other_label_below_lg_jp_needs_confirmation(host: str, fourth: str, name: str) -> None:
    assert Standing.CONFIRM is classify(f"{host}{fourth}.{name}.lg.jp").decision


@given(host=HOST, type_label=st.sampled_from(sorted(jp.MUNICIPAL_TYPES)), name=LABEL, prefecture=PREFECTURE)
def test_city_counts_only_below_a_listed_municipality(
    host: str, type_label: str, name: str, prefecture: str
) -> None:
    got = classify(f"{host}{type_label}.{name}.{prefecture}.jp")
    listed = load_suffix_list().is_public(f"{name}.{prefecture}.jp")
    reserved = name in {"pref", "metro", "city"}
    if not reserved:
        assert (Standing.OWN if listed else Standing.CONFIRM) is got.decision


@pytest.mark.parametrize("prefecture", sorted(jp.PREFECTURES))
def test_city_right_below_a_prefecture_is_own_for_ten_cities(prefecture: str) -> None:
    expected = Standing.OWN if prefecture in jp.SAME_NAME_CITIES else Standing.CONFIRM
    assert expected is classify(f"city.{prefecture}.jp").decision
    office = "metro" if prefecture == "tokyo" else "pref"
    assert Standing.OWN is classify(f"mail.{office}.{prefecture}.jp").decision


@pytest.mark.parametrize("city", sorted(jp.WILDCARD_CITIES))
def test_wildcard_city(city: str) -> None:
    assert Standing.OWN is classify(f"a.city.{city}.jp").decision
    assert DomainKind.PUBLIC_SUFFIX is classify(f"naka.{city}.jp").kind
    assert DomainKind.REGIONAL_GENERAL is classify(f"city.naka.{city}.jp").kind


OPEN = st.sampled_from(
    ["example.com", "example.jp", "example.co.jp", "example.tokyo.jp", "example.or.jp", "jp.net"]
)


@given(
    below=st.sampled_from([row["domain"].strip(".") for row in ROWS if row["expected_decision"] == "own"]),
    root=OPEN,
)
def test_no_name_below_an_open_name_is_own(below: str, root: str) -> None:
    assert Standing.CONFIRM is classify(f"{below}.{root}").decision


def test_the_tables_agree_with_the_suffix_list() -> None:
    assert len(jp.PREFECTURES) == len(jp.JAPANESE_PREFECTURES) == 47
    names = jp.PREFECTURES | jp.JAPANESE_PREFECTURES | jp.ORGANISATIONAL | {"lg", "go"} | jp.WILDCARD_CITIES
    assert all(load_suffix_list().is_public(f"{name}.jp") for name in names)
    assert all(not load_suffix_list().is_public(name) for name in jp.PERSONAL)


def test_the_allow_list_makes_a_name_own_and_names_the_code() -> None:
    got = classify("mail.library.chiyoda.tokyo.jp", own={"library.chiyoda.tokyo.jp": "131016"})
    expected = (Standing.OWN, DomainKind.REGIONAL_GENERAL, "library.chiyoda.tokyo.jp", "allow-list")
    assert expected == (got.decision, got.kind, got.organisation, got.rule)
    assert Statement("allow_listed", code="131016") in got.flags


@pytest.mark.parametrize("domain", ["gmail.com", "lg.jp", "example.tokyo.jp", "bad_name.lg.jp"])
def test_the_allow_list_opens_no_suffix_and_no_personal_domain(domain: str) -> None:
    own = {"gmail.com": "131016", "lg.jp": "131016", "tokyo.jp": "131016", "bad_name.lg.jp": "131016"}
    assert Standing.OWN is not classify(domain, own=own).decision


def test_the_list_of_personal_domains_is_an_argument() -> None:
    assert DomainKind.PERSONAL is classify("a.mihon.jp", personal=frozenset({"mihon.jp"})).kind
    assert DomainKind.GTLD_OTHER is classify("gmail.com", personal=frozenset()).kind


@given(st.text(max_size=300))
def test_any_text_has_a_class_and_only_governments_are_own(text: str) -> None:
    got = classify(text)
    assert got.decision is not Standing.OWN or got.domain.endswith(".jp")
    assert got.kind is DomainKind.INVALID or got == classify(got.domain)


@given(
    st.lists(
        st.sampled_from(
            ["city", "lg", "go", "jp", "例", "xn--", "ｃ", "tokyo", "chiyoda", "1g", "a-", "。", "a"]
        ),
        max_size=8,
    )
)
def test_mixed_labels_have_a_class_and_keep_it(labels: list[str]) -> None:
    got = classify(".".join(labels))
    assert got.kind is DomainKind.INVALID or got == classify(got.domain)
