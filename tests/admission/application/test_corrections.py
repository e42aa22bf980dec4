"""Corrections in words beside a form: they replace the mistake, and limit no consent."""

from __future__ import annotations

import pytest

from gateway.admission.application.fields import Consent
from gateway.admission.application.form import parse_form

FORM = "団体名：氷見市\nコード：162055\n役職：主任\n氏名：見本 隆之\n規約同意：同意する\n"


def test_a_corrected_code_replaces_the_mistake() -> None:
    said = "書いてから気づきました。コードの末尾が誤りで、162051 が正しいです。"
    form = parse_form(f"{FORM}\n【訂正】\n{said}\n失礼いたしました。\n")
    assert ("162051", Consent.YES) == (form.code, form.consent)


def test_a_value_in_quotes_replaces_the_one_of_a_draft() -> None:
    form = parse_form(f"下書きの役職が古くなっております。正しくは「主幹」です。\n\n{FORM}")
    assert "主幹" == form.title


@pytest.mark.parametrize(
    "said",
    [
        "コードは162051が正しいでしょうか。",
        "コードが誤りで、162051 が正しいです。コードが誤りで、162052 が正しいです。",
        "電話が誤りで、162051 が正しいです。",
        "規約が古くなっております。正しくは「同意しない」です。",
        "訂正：正しくはこれから調べます。",
    ],
)
def test_what_corrects_no_item_leaves_the_form(said: str) -> None:
    form = parse_form(f"{FORM}\n{said}\n")
    assert ("162055", "主任") == (form.code, form.title)


@pytest.mark.parametrize(
    "said",
    [
        "【訂正】\n同意しません。",
        "訂正：第5条は除きます。",
        "送ってから気づきました。規約は読んでいません。",
        "コードの末尾が誤りで、同意は取り消します。",
        "規約への同意が誤りです。正しくは「同意しない」です。",
    ],
)
def test_a_correction_of_the_consent_leaves_none(said: str) -> None:
    assert Consent.YES is not parse_form(f"{FORM}\n{said}\n").consent


@pytest.mark.parametrize(
    ("said", "consent"),
    [
        ("規約：□ 同意する\n質問が二つあります。", Consent.NO),
        ("規約：同意する\n\n上の「同意する」はいったん取り消します。", Consent.NO),
        ("規約：□ 同意する\n□ 同意しない", Consent.NO),
    ],
)
def test_an_empty_box_and_an_answer_taken_back_are_no_consent(said: str, consent: Consent) -> None:
    assert consent is parse_form(f"団体名：氷見市\n氏名：見本 隆之\n{said}\n").consent


def test_a_number_that_is_no_code_is_none() -> None:
    assert "" == parse_form("名称：氷見市\n番号：0766-00-0000\n氏名：見本 隆之\n").code
    assert "162051" == parse_form("名称：氷見市\n番号：162051\n氏名：見本 隆之\n").code
