"""A consent is the applicant's: a name below it that is somebody else's is asked about."""

from __future__ import annotations

import pytest

from gateway.admission.application.consent.around.signers import find_signer
from gateway.admission.application.consent.people import build_writer
from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent
from gateway.admission.application.items.labels import Item
from gateway.admission.application.short_answer import read_short_answer

FORM = (
    "区分：自治体\n団体名：例示市\n全国地方公共団体コード：011002\n部課名：税務課\n役職：主査\n"
    "氏名：和泉 さくら\n規約への同意：同意する\n"
)
TOLD = "見本町税務課の見本 花子です。\n規約に同意します。\n"
ENGLISH = (
    "Category: local government\nOrganization: Reiji City\nCode: 011002\nSection: Tax Division\n"
    "Name: Sakura Izumi\nI agree to the rules.\n"
)
GAPS = ("\n", "\n\n", "\nよろしくお願いいたします。\n\n")
OTHERS = (
    "財政課 佐藤 健",
    "財政課 佐藤",
    "例示市役所 財政課\n佐藤 健",
    "財政課長 佐藤 健",
    "佐藤 健",
    "佐藤　健",
    "佐藤健",
    "佐藤 さくら",
    "（佐藤 健）",
    "鈴木 葵\n例示市 市民課",
    "例示市 市民課 主事 鈴木 葵",
    "--\n例示市役所 財政課\n佐藤 健\nTEL 011-222-3333",
    "===============\n例示市 財政課 係長\n佐藤 健\n内線 123\n===============",
    "Ken Sato",
    "KEN Sato\nFinance Division",
    "和泉 さくら\n佐藤 健",
)
OWN = (
    "税務課 和泉 さくら",
    "例示市役所 税務課\n和泉 さくら",
    "税務課 和泉",
    "和泉さくら",
    "和泉",
    "和泉 桜",
    "例示市役所税務課",
    "税務課主査 和泉 さくら（いずみ さくら）",
    "例示市 税務課\n担当：佐藤",
    "例示市 税務課\n庶務担当　佐藤 健",
    "【問い合わせ先】\n例示市 税務課 佐藤 健",
    "〔事務担当〕\n総務課　佐藤\n電話 011-222-3333",
    "連絡担当者：佐藤 健（内線123）",
    "--\n例示市役所 税務課\n和泉 さくら\nTEL 011-222-3333",
    "和泉 さくら\nSakura Izumi",
    "Sakura Izumi",
    "例示市 税務課 市民税係",
    "〒060-0001\n北海道例示市中央1丁目1番\n例示市役所 総務部 税務課",
    "--------------\n例示市 税務課\n課長 佐藤 健\nTEL 011-222-3333\n--------------",
)


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("name", OTHERS)
def test_the_name_of_somebody_else_below_the_form_is_asked_about(name: str, gap: str) -> None:
    assert Consent.ABSENT is parse_form(f"{FORM}{gap}{name}\n").consent


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("name", OWN)
def test_the_applicants_name_or_a_contact_below_the_form_leaves_the_consent(name: str, gap: str) -> None:
    """A clerk of the same section may send the form: a mail program writes that signature."""
    assert Consent.YES is parse_form(f"{FORM}{gap}{name}\n").consent


@pytest.mark.parametrize("gap", ["", "\n"])
@pytest.mark.parametrize(
    ("name", "consent"),
    [
        ("税務課 見本 花子", Consent.YES),
        ("見本町役場 税務課\n見本", Consent.YES),
        ("財政課 佐藤 健", Consent.ABSENT),
        ("見本町役場 財政課\n佐藤 健", Consent.ABSENT),
        ("財政課長 佐藤 健", Consent.ABSENT),
    ],
)
def test_a_sentence_of_consent_is_signed_by_whom_the_greeting_names(
    name: str, consent: Consent, gap: str
) -> None:
    assert consent is parse_form(f"{TOLD}{gap}{name}\n").consent


@pytest.mark.parametrize(
    ("name", "consent"),
    [
        ("Sakura Izumi", Consent.YES),
        ("Sakura IZUMI\nTax Division", Consent.YES),
        ("Ken Sato", Consent.ABSENT),
    ],
)
def test_an_english_consent_is_signed_by_the_name_of_the_form(name: str, consent: Consent) -> None:
    assert consent is parse_form(f"{ENGLISH}\n{name}\n").consent


@pytest.mark.parametrize(
    "line",
    [
        "",
        "税務課",
        "例示市",
        "よろしくお願いします",
        "担当：佐藤 健",
        "佐藤様",
        "電話 011-222-3333",
        "以上",
        "敬具",
    ],
)
def test_a_line_without_a_name_has_no_signer(line: str) -> None:
    assert "" == find_signer(line)


@pytest.mark.parametrize(
    ("words", "name", "consent"),
    [
        ("I agree.\nKen Sato", "和泉 さくら", Consent.ABSENT),
        ("I agree.\nSakura Izumi", "和泉 さくら", Consent.YES),
        ("同意します。\nKen Sato", "鈴木 花子", Consent.ABSENT),
        ("同意します。\nHanako Suzuki", "鈴木 花子", Consent.YES),
        ("I agree.\nHanako Mihon", "見本 花子", Consent.YES),
        ("I agree.\nKen Sato", "Sakura Izumi", Consent.ABSENT),
        ("I agree.\nIzumi Sakura", "Sakura Izumi", Consent.YES),
        ("I agree.\nKen Sato", "", Consent.YES),
    ],
)
def test_a_short_answer_in_latin_letters_is_signed_by_the_applicant(
    words: str, name: str, consent: Consent
) -> None:
    assert consent is read_short_answer(words, (Item.CONSENT,), build_writer(name, ())).consent
