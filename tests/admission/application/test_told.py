"""Values beside their notes, sheets, errata, and what sentences of prose tell of their writer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent

AGREED = "\n規約に同意します。\n"


@pytest.mark.parametrize(
    ("line", "item", "value"),
    [
        ("氏名：工藤 和奏（内線123456）", "name", "工藤 和奏"),
        ("氏名：工藤 和奏（旧姓 見本）", "name", "工藤 和奏"),
        ("氏名：工藤 和奏（くどう わかな）", "name", "工藤 和奏"),
        ("氏名：工藤 和奏（見本 花子の代理）", "name", "工藤 和奏（見本 花子の代理）"),
        ("役職：係長（霧沢市から派遣）", "title", "係長（霧沢市から派遣）"),
        ("役職：主事（会計年度任用職員）", "title", "主事（会計年度任用職員）"),
        ("団体名：府中市（東京都）", "organisation", "府中市（東京都）"),
        ("団体名：見本市（福祉事務所）", "organisation", "見本市（福祉事務所）"),
        ("団体名：鷹栖町（014524）", "code", "014524"),
        ("Organization: Mihon City (見本市)", "organisation", "Mihon City"),
        ("氏名：（担当者が決まり次第お知らせします）", "name", ""),
        ("氏名：承認します。", "name", ""),
        ("氏名：未定", "name", ""),
        ("団体コード：－（該当なし）", "code", ""),
        ("団体コード：手元に資料がありません。後日お知らせします", "code", ""),
        ("◆コ ー ド　991180", "code", "991180"),
        ("２．団体の名称・・・・青森県八戸市", "organisation", "青森県八戸市"),
        ("１．職員の別・・・・・自治体職員", "category", "local"),
        ("申請者の氏名\t野尻　拓", "name", "野尻　拓"),
        ("申込者区分　　■自治体　　□政府機関", "category", "local"),
        ("区分〔　自治体　〕", "category", "local"),
        ("役職〔　課長　〕", "title", "課長"),
        ("【区分】自治体　【団体名】坂出市　【コード】372030", "organisation", "坂出市"),
        ("【区分】自治体　【団体名】坂出市　【コード】372030", "code", "372030"),
        ("氏名：斎藤　実咲\n\n　誤　斎藤　実咲\n　正　齋藤　実咲", "name", "齋藤　実咲"),
        ("氏名：斎藤 実咲\n（誤）見本 花子 →（正）試作 葉子", "name", "斎藤 実咲"),
    ],
)
def test_a_value_is_read_without_its_notes(line: str, item: str, value: str) -> None:
    assert value == str(getattr(parse_form(f"部課名：総務課\n{line}\n規約：同意する"), item))


def test_a_sheet_with_quotation_marks_is_read_by_its_commas() -> None:
    form = parse_form(
        '"団体名","部課名","氏名","規約への同意"\n"見本町","総務課,庶務係","見本 花子","同意する"'
    )
    assert ("見本町", "総務課,庶務係", "見本 花子", Consent.YES) == (
        form.organisation,
        form.department,
        form.name,
        form.consent,
    )


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "初めまして。長崎県の五島市で、地域振興部政策課におります\n出口真央と申します。役職は主事補、\n今年からの新人です。\n"
            "区分は自治体、市の全国地方公共団体コードは422118と聞きました。",
            ("local", "五島市", "422118", "地域振興部政策課", "主事補", "出口真央"),
        ),
        (
            "青瀬町役場の森田です。\n\n青瀬町（団体コード993042）の産業観光課商工係で係長をしております、森田亜希と申します。",
            ("", "青瀬町", "993042", "産業観光課商工係", "係長", "森田亜希"),
        ),
        (
            "自治体職員です。見本町総務課の見本です。",
            ("local", "見本町", "", "総務課", "", "見本"),
        ),
    ],
)
def test_who_agrees_in_prose_is_read_from_it(said: str, told: tuple[str, ...]) -> None:
    form = parse_form(said + AGREED)
    assert told == (str(form.category), form.organisation, form.code, form.department, form.title, form.name)


@pytest.mark.parametrize(
    "said",
    [
        "自治体職員ではありません。",
        "自治体職員の紹介で知りました。",
        "区分は分かりません。",
        "前の役職は主任でした。",
    ],
)
def test_what_is_said_of_something_else_tells_nothing(said: str) -> None:
    form = parse_form(f"団体名：見本町\n氏名：見本 花子\n{said}{AGREED}")
    assert ("", "") == (str(form.category), form.title)


@given(st.text("自治体職員です区分は、。\n長崎県五島市総務課の見本花子と申します係長", max_size=60))
def test_no_value_stands_nowhere_in_the_text(text: str) -> None:
    form = parse_form(text + AGREED)
    said = "".join(text.split())
    for value in (form.organisation, form.department, form.title, form.name, form.code):
        assert "".join(value.split()) in said
