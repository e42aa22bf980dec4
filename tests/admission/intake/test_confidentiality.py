"""Marks of class 3 are found; sentences that speak of the class are not marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.intake.confidentiality import has_own_mark, is_class_3


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
        ("申請", "機密\u200b性3"),
        ("機密\u200b性3", ""),
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


SIGNS = "機密性の格3３三は区(（【】）:：・ \u3000>\n\u200b\u0301\ufe00\u00ad"
CLASSES = ("機密性", "機密性3", "レベル", "ﾚﾍﾞﾙ", "分類", "格付け", "iii", "情報", "級")
OTHERS = ("完全性2", "可用性1", "取扱注意", "です。", "\n\n", "-- \n")
PIECES = st.sampled_from([*SIGNS, *CLASSES, *OTHERS])


@given(st.lists(PIECES, max_size=12).map("".join))
def test_a_mark_is_found_fast_as_plainly(text: str) -> None:
    assert has_own_mark(text) == is_class_3("", text)
