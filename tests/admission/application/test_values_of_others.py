"""Values that are somebody else's, of another time or of another kind, and such that only resemble them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.labels import Item
from gateway.admission.application.layout.table.several import names_several
from gateway.admission.application.short_answer import read_short_answer
from gateway.admission.organisations import codes

OF_OTHERS = {
    "区分": """民間（自治体の委託先） 自治体の委託業者 自治体でした 元自治体職員 自治体向けベンダー 自治体OB
        自治体を退職 会社員（自治体担当） 自治体職員の家族 第三セクター（自治体出資） 自治体の外郭団体
        政府機関の委託業者 自治体に就職予定""",
    "団体名": "見本町の委託業者 見本町（委託先） 見本町から委託を受けた会社 見本町指定管理者 民間",
    "部課名": """見本町の委託業者 民間（自治体の委託先） 委託業者 総務課に出入りの業者 総務課のはず
        総務課（3月まで） 総務課でした""",
}
OWN = {
    "区分": """自治体 地方自治体 自治体（市町村） 地方公営企業（自治体） 市役所 国家公務員 自治体職員
        企業局（自治体） 地方公共団体（一部事務組合） 自治体（国から出向中） 自治体（会計年度任用職員）""",
    "団体名": "見本町 見本町企業団 元町 総務省 見本広域連合 株式会社見本システム",
    "部課名": """総務課 業務委託契約係 契約・委託担当 業者指導係 企業誘致課 民間活力推進室 予定地対策課
        元気づくり課 会社設立支援室 取引指導課 委託訓練係 家族支援課 退職手当係 総務課（兼務）""",
}
SEVERAL = """堀内 真紀、加藤 健
    堀内 真紀と加藤 健
    堀内真紀 加藤健
    堀内、加藤
    堀内さん、加藤さん
    ①堀内 真紀 ②加藤 健
    堀内 真紀（主）加藤 健（副）
    主任 堀内 真紀、主事 加藤 健
    Maki Horiuchi and Ken Kato"""
ONE = """堀内 真紀
    佐藤 健太郎
    須　賀　　千　尋
    五十嵐 一二三
    長谷川 美里
    金子 真理子
    山田 花子（旧姓 田中）
    堀内 真紀（ほりうち まき）
    主任 堀内 真紀
    マリア・サントス
    Horiuchi, Maki
    Hanako Mihon, Deputy Director"""
ITEMS = {"区分": "category", "団体名": "organisation", "部課名": "department"}


def split_rows(rows: dict[str, str]) -> list[tuple[str, str]]:
    """Label and value of each row."""
    return [(label, value) for label, values in rows.items() for value in values.split()]


@pytest.mark.parametrize(("label", "value"), split_rows(OF_OTHERS))
def test_who_works_for_a_body_or_did_has_no_value(label: str, value: str) -> None:
    assert "" == getattr(parse_form(f"氏名：見本 千尋\n{label}：{value}\n"), ITEMS[label])


@pytest.mark.parametrize(("label", "value"), split_rows(OWN))
def test_a_value_that_contains_such_a_word_stays(label: str, value: str) -> None:
    found = getattr(parse_form(f"氏名：見本 千尋\n{label}：{value}\n"), ITEMS[label])
    assert found if label == "区分" else found == value


@pytest.mark.parametrize("name", [row.strip() for row in SEVERAL.split("\n")])
def test_several_names_are_several_people(name: str) -> None:
    assert names_several(name)


@pytest.mark.parametrize("name", [row.strip() for row in ONE.split("\n")])
def test_one_name_is_one_person(name: str) -> None:
    assert not names_several(name)


@pytest.mark.parametrize(
    "value", ["12345", "001234", "123456", "016366", "01636", "99999", "コードは12345です"]
)
def test_digits_that_prove_no_code_answer_no_question(value: str) -> None:
    assert read_short_answer(value, [Item.CODE]).is_empty


@pytest.mark.parametrize("value", ["016365", "16365", "01636-5", "０１６３６５", "990019"])
def test_a_code_with_its_check_digit_answers_the_question(value: str) -> None:
    assert value == read_short_answer(f"{value}です。", [Item.CODE]).code


@given(st.integers(1, 47), st.integers(0, 999))
def test_a_code_is_checked_with_and_without_its_first_zero(prefecture: int, number: int) -> None:
    five = f"{prefecture:02}{number:03}"
    six = five + codes.check_digit(five)
    assert codes.is_checked(six)
    assert codes.is_checked(str(int(six))) or prefecture > 9
    assert not codes.is_checked(five + str((int(six[5]) + 1) % 10))


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("総務課でした。", ""),
        ("部課名は総務課でした。", ""),
        ("確認したところ、総務課でした。", "総務課"),
        ("すみません、総務課でした。", "総務課"),
        ("記入漏れでした。総務課です。", "総務課"),
    ],
)
def test_what_was_once_is_no_answer(words: str, wanted: str) -> None:
    assert wanted == read_short_answer(words, [Item.DEPARTMENT]).department
