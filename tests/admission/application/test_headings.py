"""Labels below a heading that names somebody else are not the applicant's, nor is a consent among them."""

from __future__ import annotations

import pytest

from gateway.admission.application.evidence.headings import find_others
from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent, Form

OWN = "区分：自治体\n団体名：例示市\n部課名：税務課\n氏名：和泉 さくら\n規約への同意：同意する\n"
OTHERS = {
    "title of a superior": "■直属の上司\n役職：部長\n",
    "person who approves": "【承認者】\n氏名：見本 太郎\n役職：部長\n",
    "predecessor": "◆前任\n氏名：見本 太郎\n部課名：広報課\n",
    "supplier": "〇システムの保守業者\n団体名：アオバ計算\n氏名：見本 太郎\n",
    "between drawn lines": "==== 部長 ====\n氏名：見本 太郎\n役職：部長\n",
    "no mark": "委託先の情報\n団体名：アオバ計算\n",
    "sentence": "以下は紹介者の情報です。\n団体名：見本町\n氏名：見本 太郎\n",
    "emergency": "緊急連絡先\n氏名：見本 太郎\n役職：部長\n",
    "those who are members": "既に参加している人\n氏名：見本 太郎\n部課名：広報課\n",
    "number": "2. 立会者\n役職：部長\n",
    "note among the labels": "【推薦者】\n役職：部長\n※電話は不可\n部課名：広報課\n",
    "blank line among the labels": "【推薦者】\n役職：部長\n\n部課名：広報課\n",
}
OWN_HEADINGS = """
    【申請者】 ■申請者情報 【所属】 ◆勤務先 1.参加希望者 〇担当者 【連絡担当者】 ■利用者 【基本情報】 例示市長
"""


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_others_below_a_heading(text: str) -> None:
    for mail in (f"{text}\n【申請者】\n{OWN}", f"{OWN}\n{text}"):
        form = parse_form(mail)
        assert form == Form(form.category, "例示市", "", "税務課", "", "和泉 さくら", consent=form.consent)


@pytest.mark.parametrize("heading", OWN_HEADINGS.split())
def test_own_below_a_heading(heading: str) -> None:
    form = parse_form(f"{heading}\n{OWN}")
    assert (form.organisation, form.department, form.name) == ("例示市", "税務課", "和泉 さくら")
    assert find_others(f"{heading}\n{OWN}".split("\n")) == frozenset()


@pytest.mark.parametrize(
    "said",
    [
        "同僚からの紹介です。",
        "上司です。",
        "委託業者ではありません。",
        "前任は異動しました。",
        "（別の市です。）",
        "申請者は次の者",
    ],
)
def test_a_sentence_is_no_heading(said: str) -> None:
    assert find_others(f"{said}\n\n{OWN}".split("\n")) == frozenset()


def test_words_without_a_mark_end_the_block_above_a_repeated_item() -> None:
    form = parse_form("既に参加している人\n氏名：見本 太郎\n今回の参加\n氏名：和泉 さくら\n部課名：税務課\n")
    assert (form.name, form.department) == ("和泉 さくら", "税務課")


@pytest.mark.parametrize("label", ["所属長の役職", "課長の役職", "上長の職名"])
def test_a_label_with_a_post_in_front_is_a_superiors(label: str) -> None:
    assert parse_form(f"{OWN}{label}：部長\n").title == ""


def test_consent_of_another_is_none() -> None:
    own, consent = OWN.rsplit("規約", 1)
    form = parse_form(f"【推薦者】\n氏名：見本 太郎\n規約{consent}\n【申請者】\n{own}")
    assert (form.consent, form.name) == (Consent.ABSENT, "和泉 さくら")


def test_contact_with_another_name_is_another() -> None:
    form = parse_form(f"（連絡担当者）\n氏名：見本 太郎\n役職：部長\n\n■申請者\n{OWN}")
    assert (form.name, form.title) == ("和泉 さくら", "")


def test_contact_beside_a_superior_is_the_applicant() -> None:
    form = parse_form(f"【担当者】\n{OWN}\n【代表者】\n氏名：見本 太郎\n役職：部長\n")
    assert (form.name, form.title, form.organisation) == ("和泉 さくら", "", "例示市")


def test_form_below_a_blank_line_is_own() -> None:
    assert parse_form(f"承認者\n役職：部長\n\n{OWN}").title == ""
    assert parse_form(f"承認者\n役職：部長\n\n{OWN}").department == "税務課"


def test_post_that_is_a_value_is_no_heading() -> None:
    form = parse_form("役職\n所属長\n氏名：和泉 さくら\n団体名：例示市\n")
    assert (form.name, form.organisation) == ("和泉 さくら", "例示市")
