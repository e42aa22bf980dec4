"""Forms of several people in one mail, and two names that are or are not one person's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.application.layout.lines import split_every_line
from gateway.admission.application.layout.people import has_several_people, is_other_person
from gateway.admission.application.layout.table.several import names_several

ONE = "団体名：見本町\n部課名：危機管理室\n氏名：試作 葉子\n"
TWO = "団体名：見本町\n部課名：総務課\n氏名：見本 花子\n"


@pytest.mark.parametrize(
    ("text", "several"),
    [
        (ONE + "\n" + TWO, True),
        ("団体名\t部課名\t氏名\n見本町\t危機管理室\t試作 葉子\n見本町\t総務課\t見本 花子", True),
        (ONE, False),
        (ONE + ONE, False),
        (ONE + "担当者：見本 花子", False),
        (ONE + "氏名（フリガナ）：シサク ヨウコ", False),
        (f"{ONE}\n団体名：見本町\n氏名：試作　葉子（しさく ようこ）", False),
        (ONE + "氏名：見本 花子\n", True),
        (ONE + "氏名：試作 洋子\n", False),
        (ONE + "氏名：シサク ヨウコ\n", False),
        (ONE + "氏名：署名のとおり\n", False),
        ("団体名：見本町\n氏名：試作 葉子、見本 花子\n", True),
        ("団体名：見本町\n氏名：試作葉子・見本花子\n", True),
        ("団体名：見本町\n氏名：試作 葉子（主事）及び見本 花子（主査）\n", True),
        ("団体名：見本町\n氏名：試作 葉子　外1名\n", True),
        ("団体名：見本町\n氏名：主査／試作 葉子\n", False),
        ("団体名：見本町\n氏名：総務課長、試作葉子\n", False),
        ("団体名：見本町\n氏名：シサク・ヨウコ\n", False),
        ("団体名：見本町\n氏名：Shisaku, Yoko\n", False),
    ],
)
def test_two_forms_in_one_mail_are_seen(text: str, several: bool) -> None:
    assert several is has_several_people(split_every_line(text))


@pytest.mark.parametrize(
    ("old", "new", "other"),
    [
        ("試作 葉子", "見本 花子", True),
        ("試作葉子", "見本花子", True),
        ("Yoko Shisaku", "Hanako Mihon", True),
        ("試作 葉子", "試作 洋子", False),
        ("試作 葉子", "見本 葉子", False),
        ("試作 葉子", "試作　葉子", False),
        ("試作 葉子", "試作 葉子（しさく ようこ）", False),
        ("", "見本 花子", False),
    ],
)
def test_another_name_is_told_from_a_corrected_one(old: str, new: str, other: bool) -> None:
    assert other is is_other_person(old, new)


NAMES = st.tuples(st.sampled_from(["佐藤", "鈴木", "試作"]), st.sampled_from(["葉子", "健", "一郎"]))


@given(NAMES, NAMES)
def test_two_whole_forms_are_several_exactly_when_the_names_differ(
    one: tuple[str, str], two: tuple[str, str]
) -> None:
    forms = [f"団体名：見本町\n氏名：{' '.join(name)}\n" for name in (one, two)]
    assert (one != two) is has_several_people(split_every_line("\n".join(forms)))


@pytest.mark.parametrize(
    ("name", "several"),
    [
        ("試作 葉子 見本 花子", True),
        ("見本町 総務課 試作 葉子", False),
        ("試作 葉子（見本 花子の後任）", False),
        ("試作 葉子（試作 葉子）、試作葉子", False),
    ],
)
def test_a_value_with_the_names_of_several_is_told_from_one_with_more_about_one(
    name: str, several: bool
) -> None:
    assert several is names_several(name)


@given(
    st.lists(NAMES, min_size=1, max_size=4), st.sampled_from(["、", "，", "／", "・", " と ", "及び", "; "])
)
def test_names_in_one_value_are_several_exactly_when_they_differ(
    names: list[tuple[str, str]], sign: str
) -> None:
    assert (len(set(names)) > 1) is names_several(sign.join(map(" ".join, names)))


@given(NAMES, NAMES, st.sampled_from(["|{}|{}|{}|", "{}\t{}\t{}", "│{}│{}│{}│"]))
def test_two_people_in_one_row_of_a_table_are_not_merged(
    one: tuple[str, str], two: tuple[str, str], row: str
) -> None:
    rows = [
        ("団体名", "見本町", "見本町"),
        ("氏名", " ".join(one), " ".join(two)),
        ("規約への同意", "", "同意する"),
    ]
    form = parse_form("\n".join(row.format(*cells) for cells in rows))
    assert (one != two) is names_several(form.name)
    assert form.name.startswith(" ".join(one))


@pytest.mark.parametrize("note", ["必須", "みほん はなこ", "主査", "総務課", "※姓と名の間を空ける"])
def test_what_else_stands_beside_a_name_in_a_table_is_no_second_person(note: str) -> None:
    assert "見本 花子" == parse_form(f"|団体名|見本町|必須|\n|氏名|見本 花子|{note}|\n").name
