"""The verdict of a review request: ○ only where every automatic check fits, each other thing a point."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.items.fields import Consent, Form
from gateway.admission.case.model import Case, Level, find_attention
from gateway.admission.organisations.domains import DomainKind, Standing
from gateway.preview.sample_cases import TOWN
from gateway.printing.statement import Statement

FLAG = Statement("applied_before")
LISTED = Statement("allow_listed", code="477010")
UNLISTED = Statement("code_not_listed", code="998001")


def case(**background: object) -> Case:
    found = TOWN.case()
    return replace(found, background=replace(found.background, **background))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "expected", "points"),
    [
        pytest.param({}, Level.CLEAR, (), id="all fits"),
        pytest.param({"grade": "dkim", "prover": "town.mihon.lg.jp"}, Level.CLEAR, (), id="own signature"),
        pytest.param({"grade": "spf"}, Level.ATTENTION, ("proof_is_weak",), id="spf alone"),
        pytest.param({"grade": "arc"}, Level.ATTENTION, ("proof_is_weak",), id="a relay's word"),
        pytest.param({"prover": "mihon.lg.jp"}, Level.ATTENTION, ("proof_by_other",), id="a name above"),
        pytest.param(
            {"standing": Standing.CONFIRM}, Level.ATTENTION, ("not_own_domain",), id="no own domain"
        ),
        pytest.param({"flags": (FLAG,)}, Level.ATTENTION, ("applied_before",), id="a flag"),
        pytest.param({"flags": (LISTED,)}, Level.CLEAR, (), id="a town's domain that the office listed too"),
        pytest.param(
            {"flags": (LISTED,), "register_name": ""},
            Level.ATTENTION,
            ("allow_listed",),
            id="listed, and the form names another body",
        ),
        pytest.param(
            {"flags": (LISTED,), "domain_kind": DomainKind.JP_ORGANISATIONAL},
            Level.ATTENTION,
            ("allow_listed",),
            id="the list alone makes it count",
        ),
        pytest.param({"register_name": ""}, Level.UNLISTED, (), id="unknown to the register alone"),
        pytest.param(
            {"register_name": "", "flags": (UNLISTED,)}, Level.UNLISTED, (), id="a code that is not listed"
        ),
        pytest.param(
            {"flags": (UNLISTED,)}, Level.ATTENTION, ("code_not_listed",), id="not the body of the domain"
        ),
        pytest.param(
            {"register_name": "", "flags": (UNLISTED, FLAG)},
            Level.ATTENTION,
            ("applied_before",),
            id="unknown, and a flag",
        ),
    ],
)
def test_each_thing_that_does_not_fit_is_a_point(
    changed: dict[str, object], expected: Level, points: tuple[str, ...]
) -> None:
    found = find_attention(case(**changed))
    assert (expected, points) == (found.level, tuple(point.id for point in found.points))


@pytest.mark.parametrize("item", ["organisation", "code", "department", "name", "consent"])
def test_an_item_that_is_missing_is_a_point(item: str) -> None:
    found = case()
    bare = replace(found, form=replace(found.form, **{item: getattr(Form(), item)}))
    assert ["items_are_missing"] == [point.id for point in find_attention(bare).points]


def test_a_consent_beside_sentences_not_understood_is_a_point() -> None:
    found = case()
    unsure = replace(found, form=replace(found.form, consent=Consent.UNSURE))
    assert ["consent_is_unsure"] == [point.id for point in find_attention(unsure).points]


@given(
    standing=st.sampled_from(Standing),
    grade=st.sampled_from(["dmarc", "dkim", "spf", "arc", "none", ""]),
    flags=st.lists(st.sampled_from([FLAG, UNLISTED, Statement("agency")]), max_size=3).map(tuple),
    name=st.sampled_from(["", "見本県見本町"]),
    prover=st.sampled_from(["", "town.mihon.lg.jp", "mihon.lg.jp", "old.town.mihon.lg.jp"]),
    gone=st.sampled_from(["", "name", "organisation", "department"]),
)
def test_clear_is_only_what_fits_in_every_way(
    standing: Standing, grade: str, flags: tuple[Statement, ...], name: str, prover: str, gone: str
) -> None:
    one = case(standing=standing, grade=grade, flags=flags, register_name=name, prover=prover)
    if gone:
        one = replace(one, form=replace(one.form, **{gone: ""}))
    found = find_attention(one)
    fits = (
        standing is Standing.OWN
        and grade in {"dmarc", "dkim"}
        and prover in {"", one.applicant.domain}
        and not gone
    )
    assert (found.level is Level.CLEAR) == (fits and not flags and bool(name))
    assert (found.level is Level.ATTENTION) == bool(found.points)
    # No flag is lost: what is no point is a note, and only where the register knows nothing.
    assert set(flags) <= {*found.points, *found.notes}
    assert not found.notes or not name
