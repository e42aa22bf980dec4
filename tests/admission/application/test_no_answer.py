"""Text in place of a value that is none: other numbers, examples, questions, denials, addressees, devices."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Form

CODED = (
    "団体名：見本町\n全国地方公共団体コード：{}\n部課名：総務課\n氏名：見本 花子\n規約への同意：同意する\n"
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("不明（電話 011002）", "不明"),
        ("不明 内線 011002", "不明"),
        ("わかりません（代表 011002）", "わかりません"),
        ("不明（〒011002）", "不明"),
        ("電話 011002", ""),
        ("なし（電話 011002）", ""),
        ("調べます（電話 011002）", ""),
        ("011-0021", ""),
        ("〒011-0021", ""),
        ("990019（電話 011002）", "990019"),
        ("990019 電話 011002", "990019"),
        ("011002", "011002"),
        ("（011002）", "011002"),
    ],
)
@pytest.mark.parametrize("gap", ["", "\n"])
def test_a_number_of_a_telephone_or_an_address_is_no_code(value: str, expected: str, gap: str) -> None:
    found = parse_form(CODED.format(gap + value)).code
    assert found in ({expected, ""} if gap else {expected})


@given(
    st.sampled_from(["電話", "内線", "直通", "代表", "TEL", "tel:", "FAX", "☎", "〒", "電話番号："]),
    st.text("0123456789", min_size=6, max_size=6),
    st.sampled_from(
        ["不明（{}）", "{}", "なし（{}）", "不明 {}", "\n{}", "\n（{}）", "990019 {}", "990019（{}）"]
    ),
)
def test_a_code_is_never_taken_from_contact_details(label: str, digits: str, layout: str) -> None:
    found = parse_form(CODED.format(layout.format(f"{label} {digits}"))).code
    assert digits == "990019" or digits not in found


@pytest.mark.parametrize("label", ["担当者氏名", "担当者", "担当者名"])
@pytest.mark.parametrize("own", ["申請者氏名", "氏名", "申請者"])
def test_the_applicants_name_wins_over_a_contact_person(label: str, own: str) -> None:
    lines = [f"{label}：佐藤 一郎", f"{own}：見本 花子"]
    for said in (lines, lines[::-1]):
        text = "\n".join(["団体名：見本町", *said, "規約への同意：同意する"])
        assert "見本 花子" == parse_form(text).name


def test_a_contact_person_alone_is_the_applicant() -> None:
    assert "佐藤 一郎" == parse_form("団体名：見本町\n担当者：佐藤 一郎\n").name


LABELS = {"団体名": "organisation", "部課名": "department", "役職": "title", "氏名": "name"}
NO_ANSWERS = [
    *("（例）税務課", "例）税務課", "例：税務課", "（例：税務課）", "記入例を参照"),
    *("見本市ではない", "見本市ではありません", "見本市じゃないです"),
    *("見本市ですか？", "見本市でよいですか", "どう書けばいい？", "?", "何を書けばよいのですか"),
    *("ご担当者様", "参加受付窓口様", "事務局　御中", "各位"),
    *("Outlook for iOS を入手", "iPhoneから送信", "Get Outlook for iOS"),
    *("後日連絡します", "未定"),
]


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("gap", ["：", "：\n", "\n\n", "　"])
@pytest.mark.parametrize("said", NO_ANSWERS)
def test_what_is_no_answer_is_no_value(label: str, gap: str, said: str) -> None:
    form = parse_form(f"区分：自治体\n{label}{gap}{said}\n規約への同意：同意する\n")
    assert "" == getattr(form, LABELS[label])


@pytest.mark.parametrize(
    ("label", "value"),
    [
        *(("団体名", "例示市"), ("団体名", "見本市"), ("団体名", "奈井江町"), ("団体名", "日高市")),
        *(("部課名", "窓口サービス課"), ("部課名", "受付係"), ("部課名", "条例担当"), ("役職", "担当")),
        *(("氏名", "西村 はるか"), ("氏名", "例 太郎"), ("氏名", "大井 いいか"), ("氏名", "見本 様子")),
    ],
)
def test_names_that_look_alike_are_values(label: str, value: str) -> None:
    assert value == getattr(
        parse_form(f"区分：自治体\n{label}：{value}\n規約への同意：同意する\n"), LABELS[label]
    )


FREE = st.text("見本市町村総務課部長例様？担当者はないですか（）：", min_size=1, max_size=12)


@given(FREE, st.sampled_from(sorted(LABELS)))
def test_no_value_ends_in_a_question(said: str, label: str) -> None:
    form = parse_form(f"{label}：{said}\n")
    assert not any(str(getattr(form, item)).endswith(("?", "？", "ですか")) for item in Form.__slots__)
