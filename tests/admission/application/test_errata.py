"""Pairs of 誤 and 正 beside a consent: one that corrects an item of the form leaves it, any other may not."""

from __future__ import annotations

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent

FORM = "団体名：見本町\nコード：990019\n部課名：企画課\n役職：主任\n氏名：見本 花子\n規約への同意：同意する\n"


@pytest.mark.parametrize(
    "said",
    [
        "正：同意しない",
        "正：辞退",
        "正　やめる",
        "正：✕",
        "正：無回答",
        "誤：同意する　正：保留",
        "誤：する\n正：しない",
        "誤：企画課　正：いいえ",
        "誤：見本 花子　正：×",
        "誤：主任\n正：しません",
        "誤：990019　正：NO",
        "誤：総務課　正：財政課",
        "誤：企画課",
    ],
)
def test_an_erratum_that_corrects_no_item_may_take_the_consent_back(said: str) -> None:
    assert Consent.YES is not parse_form(f"{FORM}\n{said}\n").consent
    assert Consent.YES is not parse_form(f"{said}\n\n{FORM}").consent


@pytest.mark.parametrize(
    "said",
    [
        "誤：企画課　正：総務課",
        "誤　企画課\n正　総務課",
        "誤　見本　花子\n正　見本　華子",
        "誤：主任、正：係長",
        "【誤】企画課【正】企画財政課",
        "誤：990019　正：990027",
    ],
)
def test_an_erratum_of_an_item_leaves_the_consent(said: str) -> None:
    assert Consent.YES is parse_form(f"{FORM}\n{said}\n").consent
