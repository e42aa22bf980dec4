"""Codes in brackets behind a body or among other words, labels of strangers, to whom a mail is addressed."""

from __future__ import annotations

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent


@pytest.mark.parametrize(
    ("line", "organisation", "code"),
    [
        ("団体名：駒ヶ根市（団体コード 202100）", "駒ヶ根市", "202100"),
        ("団体名：駒ヶ根市(202100)", "駒ヶ根市", "202100"),
        ("団体名　秋田県横手市（０５２０３５）", "秋田県横手市", "０５２０３５"),
        ("団体名：駒ヶ根市（202100）\nコード：203858", "駒ヶ根市", "203858"),
        ("団体名：見本組合（一部事務組合）", "見本組合（一部事務組合）", ""),
        ("団体名：駒ヶ根市（電話 0265-00-0000）", "駒ヶ根市（電話 0265-00-0000）", ""),
        ("団体名：東近江市教育委員会\nコード：市と同じ 252131", "東近江市教育委員会", "252131"),
        ("団体名：見本市\nコード：252131 または 252140", "見本市", "252131 または 252140"),
        ("名称：白川村\n6桁コード：216046", "白川村", "216046"),
    ],
)
def test_a_code_is_the_one_run_of_six_digits(line: str, organisation: str, code: str) -> None:
    form = parse_form(f"{line}\n氏名：見本 花子\n規約への同意：同意する")
    assert (organisation, code) == (form.organisation, form.code)


@pytest.mark.parametrize("address", ["ご担当者　様", "担当者 各位", "申請者　殿"])
def test_to_whom_a_mail_is_addressed_is_no_name(address: str) -> None:
    form = parse_form(f"{address}\n\n団体名：見本町\n氏名：見本 花子\n規約への同意：同意する")
    assert "見本 花子" == form.name


def test_labels_and_values_may_be_parted_by_slashes() -> None:
    form = parse_form("◎区分／自治体\n◎自治体／駒ヶ根市\n◎担当者／石川 春樹\n◎規約／読みました。同意します")
    assert ("local", "駒ヶ根市", "石川 春樹") == (form.category, form.organisation, form.name)
    assert Consent.YES is form.consent


@pytest.mark.parametrize(
    ("said", "consent"),
    [
        ("なお、利用規約に同意する旨、申し添えます。", Consent.YES),
        ("利用規約はホームページで拝見し、内容に同意いたします。", Consent.YES),
        ("なお、参加規約の全条項を確認し、これに同意した上で申請するものです。", Consent.YES),
        ("規約：一読し、私本人として同意いたします。", Consent.YES),
        ("規約：ドウイスル", Consent.YES),
        ("I have read the terms of use and I accept them.", Consent.YES),
        ("規約：本人が同意しています", Consent.ABSENT),
        ("規約：第7条の内容について、現時点では同意いたしかねます。", Consent.NO),
        ("なお、利用規約に同意する旨、上司が申し添えます。", Consent.ABSENT),
        ("利用規約は上司が拝見し、内容に同意いたします。", Consent.ABSENT),
    ],
)
def test_a_consent_in_other_words(said: str, consent: Consent) -> None:
    assert consent is parse_form(f"団体名：見本町\n氏名：見本 花子\n{said}").consent
