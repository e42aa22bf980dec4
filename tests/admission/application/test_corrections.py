"""Corrections in words beside a form: they replace the mistake, and limit no consent."""

from __future__ import annotations

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent

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


_HONEST = (
    "団体名：見本町\nコード：990019\n部課名：企画課\n役職：主任\n氏名：見本 花子\n規約への同意：同意する\n"
)


@pytest.mark.parametrize(
    ("said", "item", "value"),
    [
        ("コードの末尾が誤りで、990027 が正しいです。", "code", "990027"),
        ("先ほどの団体コードに誤りがありました。正しくは990027です。", "code", "990027"),
        ("申し訳ありませんが、コードは誤りで、正しくは990027です。失礼しました。", "code", "990027"),
        (
            "追伸\n送る前に見直しましたら、上のコードは試作町のものでした。\n正しくは 990027 です。",
            "code",
            "990027",
        ),
        ("1点だけ、役職が古くなっております。正しくは「係長」です", "title", "係長"),
        ("誤：企画課\n正：総務課", "department", "総務課"),
        ("部課名を次のとおり訂正いたします。\n誤 企画課\n正 総務課", "department", "総務課"),
        ("誤　見本　花子\n正　見本　華子", "name", "見本　華子"),
    ],
)
def test_the_own_form_is_corrected(said: str, item: str, value: str) -> None:
    assert value == getattr(parse_form(f"{_HONEST}\n{said}\n"), item)


@pytest.mark.parametrize(
    "said",
    [
        "同僚のコードに誤りがありました。正しくは990027です。",
        "隣町のコードに誤りがありました。正しくは990027です。",
        "貴ページのコードに誤りがありました。正しくは990027です。",
        "鈴木の申請の団体コードは誤りで、正しくは990027です。",
        "鈴木の申請です。コードに誤りがありました。正しくは990027です。",
        "鈴木の申請です。\nコードに誤りがありました。正しくは990027です。",
        "同僚が申請した際の\nコードに誤りがありました。正しくは990027です。",
        "団体コードは誤りで、正しくは990027ですか？",
        "団体コードは誤りで、正しくは990027ですよね。",
        "団体コードは誤りで正しくは990027ですが、確認中です。",
        "役職が古くなっています。正しくは「係長」ですか。",
        "役職が古くなっています。正しくは「確認中」です。",
        "誤：企画課\n正：確認中",
        "誤：企画課\n正：なし",
        "誤：企画課\n正：企画課のまま",
        "誤：見本 花子\n正：未定",
        "鈴木の分：\n誤 企画課\n正 総務課",
        "田中の申請について\n\n誤：主任\n正：係長",
        "前任者の申請の訂正です。\n誤：主任\n正：係長",
    ],
)
def test_what_is_about_another_form_or_open_corrects_nothing(said: str) -> None:
    before, after = parse_form(_HONEST), parse_form(f"{_HONEST}\n{said}\n")
    assert (before.code, before.department, before.title, before.name) == (
        after.code,
        after.department,
        after.title,
        after.name,
    )
