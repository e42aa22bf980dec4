"""Forms without labels, labels with single blanks between, marks behind their choices, cells on two lines."""

from __future__ import annotations

from itertools import permutations

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent, Form

VALUES = {
    "category": "自治体",
    "organisation": "糸島市",
    "code": "402303",
    "department": "DX推進室",
    "name": "波多江 柚",
    "consent": "同意します",
}


def read(text: str) -> tuple[str, ...]:
    form = parse_form(text)
    return (form.category, form.organisation, form.code, form.department, form.name, form.consent)


WHOLE = ("local", *(VALUES[item] for item in ("organisation", "code", "department", "name")), "yes")


@pytest.mark.parametrize("between", ["\n", "\n\n", "／", "、", "　", "  ", "\t", " / "])
@pytest.mark.parametrize("order", list(permutations(VALUES))[::97])
def test_values_without_labels_are_told_by_their_kind(order: tuple[str, ...], between: str) -> None:
    assert WHOLE == read(f"参加申請です。\n\n{between.join(VALUES[item] for item in order)}\n")


@pytest.mark.parametrize("front", ["・", "1. ", "① ", "■"])
def test_bullets_and_verbs_are_no_part_of_a_value(front: str) -> None:
    assert WHOLE == read(
        "\n".join(f"{front}{value}です。" if value != "同意します" else value for value in VALUES.values())
    )


@pytest.mark.parametrize(
    "text",
    [
        "糸島市\nDX推進室\n主査\n波多江 柚",  # a signature
        "よろしくお願いします。\n\n--\n糸島市 DX推進室\n波多江 柚\n402303",
        "自治体\n糸島市\n402303\n波多江 柚と上田 学\n同意します",
        "自治体\n糸島市\n前原市\n402303\n同意します",  # two bodies
        "自治体\n402303\n主査\n同意します",  # no place
    ],
)
def test_what_is_no_form_stays_none(text: str) -> None:
    form = parse_form(text)
    assert ("", "") == (form.code, form.category)
    assert Consent.YES is not form.consent


@pytest.mark.parametrize("said", ["同意しますが、上司の許可待ちです", "同意しない", "規約", "同意する予定"])
def test_a_consent_among_them_is_read_as_elsewhere(said: str) -> None:
    assert Consent.YES is not parse_form(f"自治体\n糸島市\nDX推進室\n波多江 柚\n{said}").consent


def test_labels_with_single_blanks_between() -> None:
    line = (
        "区分 自治体 団体名 坂出市 団体コード 372030 部課名 総務部職員課 氏名 三谷 蒼 規約への同意 同意する"
    )
    assert ("local", "坂出市", "372030", "総務部職員課", "三谷 蒼", "yes") == read(line)
    assert Form() == parse_form("区分 団体名 団体コード 部課名 氏名 規約への同意")


FORM = "団体名：見本町\n氏名：見本 花子\n規約への同意："


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("同意する　☑　　同意しない　☐", "yes"),
        ("同意する ☐ 同意しない ☑", "no"),
        ("同意しない □ 同意する ■", "yes"),
        ("同意する □ 同意しない □", "no"),
        ("同意する ☑ 同意しない ☑", "no"),
        ("同意する ☑", "yes"),
        ("同意する □", "no"),
        ("規約に ☑ 同意する □", "absent"),
        ("条件付きで同意する ☑ 同意しない □", "absent"),
    ],
)
def test_marks_may_stand_behind_their_choices(answer: str, said: str) -> None:
    assert said == parse_form(FORM + answer).consent


def test_a_label_and_its_hint_below_each_other_are_one() -> None:
    form = parse_form(
        "団体名\n（正式名称）\t西予市\n部課名\t政策部\nまちづくり課\n氏名\n（ふりがな）\t宇都宮 匠\n"
    )
    assert ("西予市", "政策部 まちづくり課", "宇都宮 匠") == (form.organisation, form.department, form.name)


@pytest.mark.parametrize("value", ["*見本町*", "**見本町**", "見本町"])
def test_signs_of_bold_letters_are_no_part_of_a_value(value: str) -> None:
    assert "見本町" == parse_form(f"団体名：{value}\n氏名：見本 花子").organisation


@pytest.mark.parametrize("said", ["自治体です。", "自治体になります"])
def test_a_value_below_its_label_may_be_told_by_a_verb(said: str) -> None:
    form = parse_form(
        f"> ・区分（自治体 または 政府機関）：\n{said}\n> ・氏名（姓と名）：\n見本 花子です。\n"
    )
    assert ("local", "見本 花子") == (form.category, form.name)


def test_a_label_in_two_languages_is_one() -> None:
    form = parse_form("団体名 / Organization：別府市\n役職 / Title：主任\n氏名 / Name：安部 梢\n")
    assert ("別府市", "主任", "安部 梢") == (form.organisation, form.title, form.name)


def test_questions_and_answers_are_labels_and_values() -> None:
    text = (
        "Q1. 区分を教えてください。\nA1. 自治体\nQ2. 氏名をご記入ください。\nA2. 文屋 澪\n"
        "Q3. 規約に同意しますか。\nA3. {}\n"
    )
    form = parse_form(text.format("同意します"))
    assert ("local", "文屋 澪", "yes") == (form.category, form.name, form.consent)
    assert Consent.YES is not parse_form(text.format("検討します")).consent


@pytest.mark.parametrize(("who", "said"), [("延原", "瀬戸内市"), ("延原 慧", "瀬戸内市"), ("中村", "")])
def test_a_sentence_that_names_the_person_of_the_form_says_where_they_work(who: str, said: str) -> None:
    text = f"瀬戸内市企画振興課の{who}と申します。\n\n氏名：延原 慧\n役職：主任\n"
    assert said == parse_form(text).organisation


def test_labels_in_english_on_one_line_are_parted() -> None:
    form = parse_form(
        "Category: local government Organisation: Town of Niseko Name: Ryo Kataoka Consent: yes"
    )
    assert ("local", "Town of Niseko", "Ryo Kataoka", "yes") == (
        form.category, form.organisation, form.name, form.consent,
    )  # fmt: skip


def test_an_arrow_behind_a_label_in_brackets_is_no_part_of_the_value() -> None:
    assert "南大隅町" == parse_form("【団体名】⇒ 南大隅町\n【氏名】→ 鍋多 つむぎ").organisation


@pytest.mark.parametrize(
    "line",
    [
        "（団体名）伊江村",
        "(団体名)伊江村",
        "団体名\t：伊江村",
        "団体名：伊江村、",
        "団体名 = 伊江村。",
        "【団体名】：伊江村",
        "団体名-----伊江村",
    ],
)
def test_signs_around_a_value_are_no_part_of_it(line: str) -> None:
    assert "伊江村" == parse_form(f"{line}\n氏名：東江 海音").organisation


_SIX = ("自治体", "見本町", "990019", "企画課", "主任", "見本 花子")
_NUMBERED = "".join(f"{at} {value}\n" for at, value in enumerate(_SIX, 1)) + "7 "
_ABOVE = {"numbered": _NUMBERED, "lines": "\n".join(_SIX) + "\n", "commas": "、".join(_SIX) + "、"}


@pytest.mark.parametrize("above", _ABOVE.values(), ids=_ABOVE)
@pytest.mark.parametrize(
    ("last", "consent"),
    [
        ("同意する", Consent.YES),
        ("同意します。", Consent.YES),
        ("同意です。", Consent.YES),
        ("規約に同意いたします", Consent.YES),
        ("同意すると聞いています", Consent.ABSENT),
        ("同意と伺いました。", Consent.ABSENT),
        ("同意済みと聞いています", Consent.ABSENT),
        ("規約に同意と聞いております", Consent.ABSENT),
        ("同意でした", Consent.ABSENT),
        ("同意と申します", Consent.ABSENT),
        ("同意と存じます", Consent.ABSENT),
        ("同意となります", Consent.ABSENT),
    ],
)
def test_a_consent_without_a_label_is_the_writers_own_and_present(
    above: str, last: str, consent: Consent
) -> None:
    assert consent is parse_form(above + last).consent
