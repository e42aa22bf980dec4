"""Who may confirm: addresses of the claimed body by lists or by name, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.items.fields import Form
from gateway.admission.case.model import Case, State
from gateway.admission.case.model.affiliation import Affiliation, Place
from gateway.admission.eligibility.assess import Rules
from gateway.admission.eligibility.confirmer import claimed_domains, judge
from gateway.admission.organisations import register, register_table
from gateway.admission.organisations.register import Domain, Organisation
from gateway.mail.address import parse
from tests.support.factories import case

SHIPPED = register_table.parse(Path("config/organisations.tsv").read_text(encoding="utf-8"))
MINISTRY = Organisation("1000000000001", "", "見本省", "みほんしょう", "agency", "1000000000001")
INSTITUTE = Organisation(
    "1000000000002", "", "見本研究所", "", "agency", "1000000000002", (Domain("aist.go.jp"),), by_staff=True
)
UNION = Organisation(
    "998001", "", "見本広域連合", "", "association", "998001", (Domain("kouiki.example"),), by_staff=True
)
SHARED = Organisation(
    "998002", "", "見本組合", "", "association", "998002", (Domain("shared.example", shared=True),)
)
RULES = Rules(
    own={"mihon.example": "131016"},
    register=SHIPPED.with_organisations([MINISTRY, INSTITUTE, UNION, SHARED]),
)
DAY = date(2026, 11, 24)


def claim(organisation: str, code: str = "") -> Case:
    """A case that claims a body, with the lists as they are at the claim."""
    form = Form(organisation=organisation, code=code, name="見本 花子")
    known = Affiliation(domains=claimed_domains(form, RULES, DAY))
    return case(State.AWAITING_AFFILIATION, form=form, affiliation=known)


@pytest.mark.parametrize(
    ("organisation", "code", "address", "place"),
    [
        # By its name under lg.jp and the regional kinds, and by the register.
        ("札幌市", "", "t-yamada@city.sapporo.jp", Place.BODY),
        ("札幌市", "011002", "yamada123@city.sapporo.lg.jp", Place.BODY),
        ("札幌市役所", "", "0123456@city.sapporo.lg.jp", Place.BODY),
        ("北海道", "", "yamada@pref.hokkaido.lg.jp", Place.BODY),
        ("千代田区", "131016", "yamada@city.chiyoda.lg.jp", Place.BODY),
        ("千代田区", "131016", "yamada@mihon.example", Place.BODY),
        ("見本省", "", "yamada@mihon.go.jp", Place.BODY),
        ("見本広域連合", "", "yamada@kouiki.example", Place.BODY),
        # Another body, another kind of body, a namesake, a code of another body.
        ("札幌市", "", "yamada@city.otaru.hokkaido.jp", Place.ELSEWHERE),
        ("札幌市", "", "yamada@pref.hokkaido.lg.jp", Place.ELSEWHERE),
        ("札幌市", "", "yamada@town.sapporo.lg.jp", Place.ELSEWHERE),
        ("札幌市", "131016", "yamada@city.sapporo.jp", Place.ELSEWHERE),
        ("札幌市", "131016", "yamada@city.chiyoda.lg.jp", Place.ELSEWHERE),
        ("池田町", "", "yamada@town.ikeda.lg.jp", Place.ELSEWHERE),
        ("池田町", "016446", "yamada@town.ikeda.lg.jp", Place.ELSEWHERE),
        ("池田町", "214043", "yamada@town.hokkaido-ikeda.lg.jp", Place.ELSEWHERE),
        ("府中市", "132063", "yamada@city.fuchu.lg.jp", Place.ELSEWHERE),
        ("札幌市", "", "yamada@soumu.go.jp", Place.ELSEWHERE),
        ("見本省", "", "yamada@betsu.go.jp", Place.ELSEWHERE),
        ("見本省", "", "yamada@town.mihon.lg.jp", Place.ELSEWHERE),
        ("見本広域連合", "", "yamada@union.mihon.lg.jp", Place.ELSEWHERE),
        # A body whose name holds the name of the one whose code stands beside it.
        ("札幌市立大学", "011002", "yamada@city.sapporo.jp", Place.ELSEWHERE),
        ("株式会社札幌市役所サービス", "011002", "yamada@city.sapporo.jp", Place.ELSEWHERE),
        ("札幌市 (委託)", "011002", "yamada@city.sapporo.jp", Place.ELSEWHERE),
        ("札幌市役所 総務課", "011002", "yamada@city.sapporo.jp", Place.BODY),
        ("北海道札幌市教育委員会", "011002", "yamada@city.sapporo.jp", Place.BODY),
        # Names that anybody can have, however they look.
        ("札幌市", "", "yamada@city-sapporo.jp", Place.ELSEWHERE),
        ("札幌市", "", "yamada@city.sapporo.example", Place.ELSEWHERE),
        ("札幌市", "", "yamada@sapporo.hokkaido.jp", Place.ELSEWHERE),
        ("札幌市", "", "yamada@xn--city-x63b.sapporo.example", Place.ELSEWHERE),
        ("札幌市", "", "yamada@gmail.com", Place.ELSEWHERE),
        ("知らない市", "", "yamada@city.shiranai.lg.jp", Place.ELSEWHERE),
        ("", "", "yamada@city.sapporo.jp", Place.ELSEWHERE),
        # Only beside a telephone call: an office's mailbox, a child name, guests.
        ("札幌市", "", "info@city.sapporo.jp", Place.WITH_CALL),
        ("札幌市", "", "jinji-ka@city.sapporo.jp", Place.WITH_CALL),
        ("札幌市", "", "soumuka2@city.sapporo.jp", Place.WITH_CALL),
        ("札幌市", "", "web.form@city.sapporo.jp", Place.WITH_CALL),
        ("札幌市", "", "yamada@gakko.city.sapporo.jp", Place.WITH_CALL),
        ("見本研究所", "", "yamada@aist.go.jp", Place.WITH_CALL),
        ("見本組合", "", "yamada@shared.example", Place.ELSEWHERE),
    ],
)
def test_where_an_address_stands(organisation: str, code: str, address: str, place: Place) -> None:
    assert place is judge(claim(organisation, code), parse(address), RULES).place


def test_what_is_entered_after_the_claim_does_not_count_for_it() -> None:
    claimed = claim("札幌市")
    later = replace(RULES, own={**RULES.own, "later.example": "011002"})
    assert Place.ELSEWHERE is judge(claimed, parse("yamada@later.example"), later).place
    assert ("later.example",) == tuple(
        name for name in claimed_domains(claimed.form, later, DAY) if name.endswith("example")
    )


def test_an_allow_list_counts_for_the_code_that_it_names() -> None:
    unlisted = replace(RULES, own={"kumiai.example": "478016"})
    assert ("kumiai.example",) == claimed_domains(
        Form(organisation="見本消防組合", code="478016"), unlisted, DAY
    )
    assert () == claimed_domains(Form(organisation="見本消防組合"), unlisted, DAY)


BODIES = [body for body in SHIPPED.organisations if body.kind in register.LOCAL_KINDS]


@given(st.sampled_from(BODIES), st.sampled_from(BODIES))
def test_no_domain_that_is_listed_for_one_body_confirms_another(
    claimed: Organisation, other: Organisation
) -> None:
    before = claim(claimed.name, claimed.code)
    for domain in other.domains:
        place = judge(before, parse(f"yamada@{domain.name}"), RULES).place
        assert place is Place.ELSEWHERE or claimed.employer == other.employer
