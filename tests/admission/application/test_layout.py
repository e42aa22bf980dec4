"""How forms are laid out: sheets, boxes, numbers, dashes, folded values; and nothing that nobody wrote."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Category, Consent, Form, merge, missing_items
from gateway.admission.application.items.labels import Item, find_item
from gateway.mail import message
from gateway.mail.mime import content

WHOLE = Form(
    category=Category.LOCAL,
    organisation="見本町",
    code="990019",
    department="危機管理室",
    title="主事",
    name="試作 葉子",
    consent=Consent.YES,
)
LABELS = ["区分", "団体名", "団体コード", "部課名", "役職", "氏名", "規約への同意"]
VALUES = ["自治体", "見本町", "990019", "危機管理室", "主事", "試作 葉子", "同意する"]
PAIRS = list(zip(LABELS, VALUES, strict=True))
SPACED = ["区　分", "団 体 名", "団体コード", "部　課　名", "役　　職", "氏　　名", "規約への同意"]


def lines(pattern: str, labels: list[str] = LABELS) -> str:
    """One line an item."""
    rows = enumerate(zip(labels, VALUES, strict=True), 1)
    return "\n".join(pattern.format(n=n, label=label, value=value) for n, (label, value) in rows)


def rows(between: str, edge: str = "") -> str:
    """Labels in a row, values in the next."""
    return "\n".join(edge + between.join(cells) + edge for cells in (LABELS, VALUES))


LAYOUTS = {
    "numbered with a wide blank": lines("{n}　{label}：{value}"),
    "numbered, no colons": lines("{n} {label}　{value}"),
    "numbered in brackets": lines("({n}) {label}　　{value}"),
    "spaced labels with colons": lines("{label}：{value}", SPACED),
    "spaced labels with gaps": lines("{label}　　　{value}", SPACED),
    "numbered spaced labels": lines("{n}　{label}　　{value}", SPACED),
    "dashes": lines("{label} - {value}"),
    "long dashes": lines("{label} ― {value}"),
    "dots": lines("{label}……{value}"),
    "one line, commas": lines("{label}：{value}").replace("\n", "、"),
    "one line, Latin commas": lines("{label}: {value}").replace("\n", ", "),
    "one line, spaces": lines("{label}：{value}").replace("\n", " "),
    "two rows, tabs": rows("\t"),
    "two rows, gaps": rows("　"),
    "two rows, many spaces": rows("    "),
    "two rows, commas": rows(","),
    "two rows, bars": rows("|", "|"),
    "two rows, a box": "┌──┐\n" + rows("│", "│").replace("\n", "\n├──┤\n") + "\n└──┘",
    "two rows, Markdown": rows(" | ", "| ").replace("\n", "\n|" + "---|" * len(LABELS) + "\n"),
    "two rows, quoted": "> " + rows("\t").replace("\n", "\n> "),
    "two rows, an unknown column": "No.\t" + rows("\t").replace("\n", "\n1\t"),
    "a box": "\n".join(f"│{label}│{value}│\n├──┼──┤" for label, value in PAIRS),
    "a heavy box": "\n".join(f"┃{label}┃{value}┃\n┣━━╋━━┫" for label, value in PAIRS),
    "a box of signs": "\n".join(f"| {label} | {value} |\n+----+----+" for label, value in PAIRS),
    "side by side": "\n".join(
        "\t".join(PAIRS[at] + (PAIRS[at + 1] if at + 1 < len(PAIRS) else ())) for at in (0, 2, 4, 6)
    ),
    "a note in a third cell": lines("{label}\t{value}\t※必須"),
    "a group's cell in front": lines("申請者\t{label}\t{value}"),
    "an unknown cell in front": lines("{n}\t{label}\t{value}"),
    "a line each, commas": lines("{label},{value}"),
    "a line each, wide commas": lines("{label}，{value}"),
    "one line, circled numbers": "".join(f"{chr(0x2460 + at)}{a}：{b}" for at, (a, b) in enumerate(PAIRS)),
    "one line, squares": lines("■{label}：{value}").replace("\n", ""),
    "one line, no colons": lines("{label}　{value}").replace("\n", "　"),
    "one sentence": lines("{label}は{value}").replace("\n", "、") + "です。",
    "lines to write on": lines("{label}：＿＿{value}＿＿"),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_form_is_read_however_it_is_laid_out(name: str) -> None:
    assert parse_form(LAYOUTS[name]) == WHOLE


@pytest.mark.parametrize(
    ("text", "item", "value"),
    [
        ("Name - Hanako Mihon", "name", "Hanako Mihon"),
        ("Org: Mihon Town", "organisation", "Mihon Town"),
        ("Dept – Crisis Office", "department", "Crisis Office"),
        ("氏名：試作 葉子（しさく ようこ）", "name", "試作 葉子"),
        ("氏名：試作 葉子 (Yoko Shisaku)", "name", "試作 葉子"),
        ("氏名：試作 葉子【ふりがな：しさく ようこ】", "name", "試作 葉子"),
        ("氏名：Yoko Shisaku（試作 葉子）", "name", "Yoko Shisaku（試作 葉子）"),
        ("所属：見本町\n部署：危機管理室", "organisation", "見本町"),
        ("所属：見本町\n部署：危機管理室", "department", "危機管理室"),
        ("団体名：見本町\n所属：危機管理室", "department", "危機管理室"),
        ("部課名：総合政策部\n　　　　情報政策課", "department", "総合政策部 情報政策課"),
        ("Department: Digital Strategy\n            Office", "department", "Digital Strategy Office"),
        ("部課名：危機管理室\n　本日は申請いたします。", "department", "危機管理室"),
        ("氏名：試作 葉子\n　　以上、よろしくお願いします", "name", "試作 葉子"),
        ("区分：市", "category", "local"),
        ("団体コード：不明", "code", "不明"),
        ("団体コード：\n不明", "code", "不明"),
        ("コード：わかりません。", "code", "わかりません。"),
        ("階級：消防司令補", "title", "消防司令補"),
        ("氏名：署名のとおり\n--\n試作 葉子", "name", ""),
        ("部課名：下記参照", "department", ""),
        ("団体名：変更ありません", "organisation", ""),
        ("Name: see signature below", "name", ""),
        ("申請者\t団体名", "name", ""),
        ("氏名、部課名を書きました。", "name", ""),
        ("部課名,氏名を書きました。", "department", ""),
        ("部課名　総務部　総務課　課", "department", "総務部　総務課　課"),
    ],
)
def test_a_value_is_read_as_its_reader_does(text: str, item: str, value: str) -> None:
    assert value == getattr(parse_form(text), item)


NOT_VALUES = [
    "On Mon, 23 Nov 2026 at 10:00, 窓口 <request@gw.example.go.jp> wrote:",
    "2026年11月23日(月) 10:00 窓口 <request@gw.example.go.jp>:",
    "2026/11/23 10:00、窓口さんのメール:",
    "-----Original Message-----",
    "差出人: 窓口 <request@gw.example.go.jp>",
    "> 何か",
    ">",
    "お世話になっております。",
    "よろしくお願いいたします",
    "以上、よろしくお願いします。",
    "Best regards,",
    "-- ",
    "--------",
    "TEL 03-0000-0000",
    "iPhoneから送信",
    "Sent from my phone",
]


@pytest.mark.parametrize("below", NOT_VALUES)
@pytest.mark.parametrize("label", ["氏名：", "団体コード：", "部課名：", "団体名"])
def test_what_is_no_value_is_taken_for_none(label: str, below: str) -> None:
    assert parse_form(f"区分：自治体\n{label}\n\n{below}\n") == Form(category=Category.LOCAL)


@pytest.mark.parametrize("below", NOT_VALUES)
def test_an_unknown_code_takes_no_value_from_below(below: str) -> None:
    assert parse_form(f"団体コード：不明\n\n{below}\n").code == "不明"


def test_a_code_that_is_not_known_is_not_asked_for() -> None:
    form = merge(WHOLE, Form(code="不明"))
    assert Item.CODE not in missing_items(form, category="local")


def test_a_row_of_labels_alone_says_nothing() -> None:
    assert parse_form("\t".join(LABELS)).is_empty
    assert parse_form("　".join(LABELS)).is_empty


def test_a_second_row_is_another_person_and_does_not_mix() -> None:
    second = "\t".join(["自治体", "例示市", "131016", "総務課", "係長", "例示 花子", "同意する"])
    assert parse_form(f"{LAYOUTS['two rows, tabs']}\n{second}") == WHOLE


@pytest.mark.parametrize(
    "text",
    [
        "規約に同意します。\nただし、第3条を除きます。",
        "規約への同意：同意する\n※ただし第3条は除く",
        "規約に同意します。ただし第3条を除きます。",
        "規約への同意：同意する\n\n第3条には同意できません。",
        "規約への同意：同意する（後日）",
        "規約に同意するかどうかは、まだ決めていません。",
        "規約には後日同意します。",
        "I agree to the rules, except section 3.",
        "I agree to the rules. However, I do not agree to section 3.",
        "区分\t規約への同意\n自治体\t\n",
        "> 規約に同意します。",
    ],
)
def test_no_consent_is_read_that_was_not_given(text: str) -> None:
    assert parse_form(text).consent is not Consent.YES


@pytest.mark.parametrize(
    "text",
    [
        "見本町危機管理室\n主事　試作 葉子\n\n参加を申し込みます。規約に同意します。",
        "見本町 危機管理室 主事 試作 葉子です。参加を希望します。\n規約に同意します。",
        "見本町危機管理室の試作 葉子と申します。\n利用規約に同意します。",
    ],
)
def test_who_agrees_to_the_rules_applies_with_what_the_letterhead_says(text: str) -> None:
    form = parse_form(text)
    assert ("見本町", "危機管理室", "試作 葉子") == (form.organisation, form.department, form.name)
    assert form.consent is Consent.YES


@pytest.mark.parametrize(
    "text",
    [
        "見本町危機管理室の試作 葉子と申します。参加したいです。",
        "規約に同意します。\n\n-- \n見本町危機管理室\n主事　試作 葉子",
        "規約に同意します。\n\n見本町危機管理室\n主事　試作 葉子",
        "> 見本町危機管理室\n> 主事　試作 葉子\n規約に同意します。",
    ],
)
def test_signature_quotation_and_introduction_without_consent_fill_no_form(text: str) -> None:
    form = parse_form(text)
    assert ("", "", "") == (form.organisation, form.department, form.name)


@pytest.mark.parametrize(
    ("text", "organisation", "department"),
    [
        ("四日市市総務部総務課", "四日市市", "総務部総務課"),
        ("大町市総務課", "大町市", "総務課"),
        ("那覇市市民課", "那覇市", "市民課"),
        ("石川県中能登町総務課", "石川県中能登町", "総務課"),
        ("石川県総務部市町支援課", "石川県", "総務部市町支援課"),
        ("京都市総務課", "京都市", "総務課"),
        ("総務省自治行政局住民制度課", "総務省", "自治行政局住民制度課"),
    ],
)
def test_body_and_section_in_a_letterhead_are_told_apart(
    text: str, organisation: str, department: str
) -> None:
    form = parse_form(f"{text}\n規約に同意します。")
    assert (organisation, department) == (form.organisation, form.department)


SIGNS = ["：", ": ", "\t", "　", "    ", " - ", "、", "|", "│", "\n", "\n", "\n\n", "> ", "├──┤", "□", "☑"]
WORDS = [
    "所属",
    "1　",
    "Name",
    "見本町危機管理室",
    "規約に同意します。",
    "です。",
    "私は",
    "主事　試作 葉子",
    "不明",
]
ENGLISH = ["My name is Yoko Shisaku", "（しさく）", "I agree to the rules."]
PIECES = st.sampled_from([*LABELS, *VALUES, *SPACED, *NOT_VALUES, *SIGNS, *WORDS, *ENGLISH])


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


@given(st.lists(PIECES, max_size=40).map("".join))
@example("団体コード：1　TEL 03-0000-0000区分")
def test_no_value_is_invented(text: str) -> None:
    form, mail = parse_form(text), folded(text)
    for item in ("organisation", "code", "department", "title", "name", "email", "version"):
        assert folded(getattr(form, item)) in mail


BETWEEN = st.sampled_from(["：", ": ", "\t", ",", "，", "は", "　", "\n", " - ", "：＿", "　　"])
BEFORE = st.sampled_from(["", "①", "■", "申請者\t", "1\t", "1. ", "・", "(1) "])
BEHIND = st.sampled_from(["\n", "、", "　", "　　", ",", "\n\n", "。\n", "①", "■", "／", "です。\n"])


@given(st.permutations(PAIRS), st.lists(st.tuples(BETWEEN, BEFORE, BEHIND), min_size=7, max_size=7))
def test_in_a_mixture_of_layouts_no_item_gets_the_label_of_another(
    pairs: list[tuple[str, str]], signs: list[tuple[str, str, str]]
) -> None:
    told = (f"{head}{a}{joint}{b}{end}" for (a, b), (joint, head, end) in zip(pairs, signs, strict=True))
    form = parse_form("".join(told))
    for value in (form.organisation, form.department, form.title, form.name):
        assert find_item(value) is None


@given(st.lists(PIECES.filter(lambda piece: "同意" not in piece and "agree" not in piece), max_size=40))
def test_no_consent_is_read_where_no_word_of_it_stands(pieces: list[str]) -> None:
    assert parse_form("".join(pieces)).consent is not Consent.YES


@pytest.mark.parametrize(
    ("text", "title", "name"),
    [
        ("役職・氏名：主事　試作 葉子", "主事", "試作 葉子"),
        ("3　職名／氏名：課長補佐 試作葉子", "課長補佐", "試作葉子"),
        ("役職・氏名：試作葉子", "", ""),
        ("氏名／Name：試作 葉子", "", "試作 葉子"),
    ],
)
def test_a_label_of_two_items_has_two_values(text: str, title: str, name: str) -> None:
    assert (title, name) == (parse_form(text).title, parse_form(text).name)


@pytest.mark.parametrize("inner", ["{}", "<p>{}</p>", "<p><span>{}</span></p>", "<div>{}</div>"])
def test_paragraphs_in_the_cells_of_a_table_change_nothing(inner: str) -> None:
    rows = "".join(
        f"<tr><td>{inner.format(label)}</td><td>{inner.format(value)}</td></tr>" for label, value in PAIRS
    )
    head = "From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    raw = f"{head}<table>{rows}</table>\r\n".encode()
    assert WHOLE == parse_form(content.extract(message.parse(raw)).text)


@pytest.mark.parametrize("rests", [1, 2, 3])
def test_a_value_goes_on_over_lines_that_are_indented_alike(rests: int) -> None:
    below = "".join(f"　　　　第{at}課\n" for at in range(rests))
    assert rests == parse_form(f"部課名: 総務局\n{below}氏名: 見本 花子\n").department.count("課")


@pytest.mark.parametrize(
    ("said", "organisation"),
    [
        ("千葉市総務局業務改革推進課", "千葉市"), ("見本町役場総務課", "見本町"),
        ("四日市市総務部", "四日市市"),
        ("都市整備課", ""), ("中心市街地活性化推進室", ""), ("農村整備課", ""), ("市町村課", ""),
        ("土地区画整理課", ""), ("市民課", ""), ("都市計画部村づくり課", ""),
    ],
)  # fmt: skip
def test_a_body_in_front_of_its_section_is_told_from_a_noun(said: str, organisation: str) -> None:
    assert organisation == parse_form(f"所属：{said}\n氏名：見本 花子").organisation


def test_a_persons_name_behind_another_heading_is_not_the_applicants() -> None:
    assert "" == parse_form("上司：氏名：見本 太郎／規約への同意：同意する").name
