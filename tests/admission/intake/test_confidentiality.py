"""Marks of class 3 are found; sentences that speak of the class are not marks."""

import pytest

from gateway.admission.intake.confidentiality import is_class_3


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("【機密性3】参加申請", ""),
        ("参加申請（機密性３情報）", ""),
        ("機密性3 参加申請", ""),
        ("申請", "機密性3"),
        ("申請", "【機密性３情報】\n氏名: 見本"),
        ("申請", "機密性三"),
        ("申請", "情報区分：機密性３"),
        ("申請", "[機密性3 完全性2 可用性2]"),
        ("申請", "機密性レベル：3"),
        ("申請", "※機密性3情報(取扱注意)"),
        ("申請", "> 元の文\n\n■機密性３"),
    ],
)
def test_a_mark_is_found(subject: str, text: str) -> None:
    assert is_class_3(subject, text)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("参加申請", "機密性3の情報を送らないことに同意します。"),
        ("参加申請", "なお、機密性3の情報は、メールでもプラットフォームでも扱えません。"),
        ("参加申請", "機密性2"),
        ("【機密性2】参加申請", "氏名: 見本"),
        ("参加申請", "機密性30"),
        ("Re: 参加申請", "> 機密性3"),
        ("機密性3の扱いについて教えてください", ""),
        ("参加申請", "規約への同意: 機密性3情報を扱わないことに同意する"),
    ],
)
def test_speaking_of_the_class_is_no_mark(subject: str, text: str) -> None:
    assert not is_class_3(subject, text)
