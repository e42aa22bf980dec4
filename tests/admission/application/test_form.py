"""Reading an application: labels, boxes, blanks, and text of any kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import (
    FORM_FIELDS,
    Category,
    Consent,
    Form,
    merge,
    missing_items,
    render_form,
)
from gateway.admission.application.items.labels import Item

FULL = Form(
    category=Category.LOCAL,
    organisation="例示市",
    code="131016",
    department="情報政策課",
    title="係長",
    name="例示 花子",
    consent=Consent.YES,
)
JAPANESE = {
    Item.CATEGORY: "自治体",
    Item.ORGANISATION: "例示市",
    Item.CODE: "131016",
    Item.DEPARTMENT: "情報政策課",
    Item.TITLE: "係長",
    Item.NAME: "例示 花子",
    Item.CONSENT: "同意する",
}
ENGLISH = JAPANESE | {Item.CATEGORY: "local government", Item.CONSENT: "I agree"}


@pytest.mark.parametrize("english", [False, True])
@pytest.mark.parametrize("mark", ["", "> ", "＞", ">> ", "| "])
def test_a_filled_copy_of_the_printed_form_reads_back(english: bool, mark: str) -> None:
    text = render_form(FORM_FIELDS, ENGLISH if english else JAPANESE, english=english)
    assert parse_form("\n".join(mark + line for line in text.split("\n"))) == FULL


@pytest.mark.parametrize("english", [False, True])
def test_an_unfilled_copy_of_the_printed_form_is_empty(english: bool) -> None:
    assert parse_form(render_form(FORM_FIELDS, {}, english=english)).is_empty


@pytest.mark.parametrize("english", [False, True])
def test_a_copy_filled_on_the_next_line_reads_back(english: bool) -> None:
    values = ENGLISH if english else JAPANESE
    lines = render_form(FORM_FIELDS, {}, english=english).split("\n")
    filled = [f"{line}\n  {values[entry.item]}" for line, entry in zip(lines, FORM_FIELDS, strict=True)]
    assert parse_form("\n".join(filled)) == FULL


@pytest.mark.parametrize(
    "line",
    [
        "氏名：例示 花子",
        "氏名: 例示 花子",
        "お名前=例示 花子",
        "申請者＝例示 花子",
        "氏名\t例示 花子",
        "氏名　例示 花子",
        "■氏名：例示 花子",
        "・氏名　：　例示 花子",
        "１．氏名：例示 花子",
        "(3) 氏名：例示 花子",
        "⑤氏名：例示 花子",
        "【氏名】例示 花子",
        "【氏名】\n例示 花子",
        "氏名\n\n　例示 花子",
        "氏名【　例示 花子　】",
        "氏名：【例示 花子】",
        "氏名（　例示 花子　）",
        "[氏名] 例示 花子",
        "氏名】例示 花子",
        "氏名（漢字）：例示 花子",
        "氏名（必須）\n例示 花子",
        "氏名/Name: 例示 花子",
        "> 氏名: 例示 花子",
        "＞＞　氏名：例示 花子",
        "| 氏名 | 例示 花子 |",
        "Ｎａｍｅ：例示 花子",
        "Full name: 例示 花子",
        "- Name (first and last): 例示 花子",
        "氏名：（例：見本 太郎）例示 花子",
    ],
)
def test_the_name_is_found(line: str) -> None:
    assert parse_form(line).name == "例示 花子"


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("自治体名：例示町", "organisation", "例示町"),
        ("勤務先：例示県", "organisation", "例示県"),
        ("Organization: City of Mihon", "organisation", "City of Mihon"),
        ("ご所属：情報政策課", "department", "情報政策課"),
        ("Department and section: IT Division", "department", "IT Division"),
        ("職名：主事", "title", "主事"),
        ("Job title: Chief", "title", "Chief"),
        ("団体コード：１３１０１６", "code", "１３１０１６"),
        ("E-mail＝ a@b.example", "email", "a@b.example"),
        ("メールアドレス：a@b.example", "email", "a@b.example"),
        ("規約の版：第3版", "version", "第3版"),
        ("区分：地方公共団体（市区町村）", "category", "local"),
        ("【区分】\n自治体", "category", "local"),
        ("職員区分：国家公務員", "category", "national"),
        ("区分：国の機関", "category", "national"),
        ("区分：四国の市町村", "category", "local"),
        ("区分：□自治体 ☑政府機関", "category", "national"),
        ("区分：( )自治体 (○)政府機関", "category", "national"),
        ("区分：自治体 / 政府機関", "category", ""),
        ("区分：□自治体 □政府機関", "category", ""),
        ("Category: ministry", "category", "national"),
    ],
)
def test_other_items_are_found(line: str, field: str, value: str) -> None:
    assert getattr(parse_form(line), field) == value


@pytest.mark.parametrize(
    "rest",
    [
        "（記入してください）",
        "____",
        "＿＿＿＿",
        "【　　】",
        "（　）",
        "[ ]",
        "・・・",
        "-",
        "〇〇",
        "なし",
        "(required)",
        "（例：例示市）",
        "",
    ],
)
def test_what_the_template_left_is_empty(rest: str) -> None:
    assert parse_form(f"団体名：{rest}").organisation == ""


@pytest.mark.parametrize("name", ["髙﨑 𠮷", "神\ufa19", "葛\U000e0100城 花子", "ｻﾄｳ 花子", "①課 花子"])
def test_names_stay_as_received(name: str) -> None:
    assert parse_form(f"氏名：{name}").name == name


def test_harmful_characters_go_and_length_is_bounded() -> None:
    assert parse_form("氏名：\u202e例示\x00\ud800花子\u2028").name == "例示花子"
    assert len(parse_form("氏名：" + "花" * 5_000).name) == 200


def test_the_first_value_that_says_something_counts() -> None:
    got = parse_form(
        "> 氏名：例示 花江\n> 団体名：例示市\n\n氏名：例示 花子\n区分：自治体 または 政府機関\n区分：自治体"
    )
    assert (got.name, got.organisation, got.category) == ("例示 花子", "例示市", Category.LOCAL)


def test_body_and_department_in_one_value_are_told_apart() -> None:
    got = parse_form("所属：例示県 例示市 総務部 情報政策課")
    assert (got.organisation, got.department) == ("例示県 例示市", "総務部 情報政策課")


@pytest.mark.parametrize(
    "text",
    ["", "例示市の例示花子です。参加したいです。", "名前は例示です。", "----\n=====\n", "承認します。"],
)
def test_prose_is_no_form(text: str) -> None:
    assert parse_form(text).is_empty


def test_missing_items_come_in_printed_order() -> None:
    assert missing_items(FULL) == ()
    expected = (Item.CATEGORY, Item.ORGANISATION, Item.DEPARTMENT, Item.NAME, Item.CONSENT)
    assert missing_items(Form()) == expected


def test_the_code_is_asked_of_local_governments_only_and_once() -> None:
    form = Form(organisation="例示市", department="課", name="例示", consent=Consent.YES)
    assert missing_items(form, category="local") == (Item.CODE,)
    assert missing_items(form, category="local", code_asked=True) == ()
    assert missing_items(form, category="national") == ()


def test_consent_refused_is_asked_again() -> None:
    assert missing_items(parse_form(render_form(FORM_FIELDS, JAPANESE | {Item.CONSENT: "□同意する"}))) == (
        Item.CONSENT,
    )


def test_merging_keeps_what_the_new_form_does_not_say() -> None:
    got = merge(FULL, Form(department="総務課", code="131024"))
    assert (got.department, got.code, got.name, got.consent) == ("総務課", "131024", "例示 花子", Consent.YES)
    assert merge(FULL, Form()) == FULL
    assert merge(Form(), FULL) == FULL
    assert merge(FULL, Form(consent=Consent.NO)).consent is Consent.NO


PIECES = st.sampled_from(
    [
        "氏名",
        "団体名",
        "：",
        ":",
        "【",
        "】",
        "（",
        "）",
        "同意",
        "□",
        "☑",
        "[",
        "]",
        "\n",
        ">",
        "　",
        "例",
        "記入",
        "自治体",
        "a",
        "1.",
        "|",
    ]
)


@given(st.text(max_size=2_000))
def test_any_text_is_read(text: str) -> None:
    parse_form(text)


@given(st.lists(PIECES, max_size=80).map("".join))
def test_any_mixture_of_form_pieces_is_read_and_bounded(text: str) -> None:
    form = parse_form(text)
    assert max(len(value) for value in (form.name, form.organisation, form.department, form.code)) <= 200


VALUE = st.text(st.sampled_from("例示見本花子太郎髙﨑𠮷ｱｲ"), min_size=2, max_size=20)


@given(
    name=VALUE,
    mark=st.sampled_from(["", "> ", "■", "3. "]),
    separator=st.sampled_from(["：", ":", " = ", "\t"]),
)
def test_a_labelled_name_comes_back_unchanged(name: str, mark: str, separator: str) -> None:
    assert parse_form(f"{mark}氏名{separator}{name}").name == name


def test_every_item_is_a_field_of_the_form() -> None:
    assert set(Item) - {Item.AFFILIATION} == set(Form.__slots__)
