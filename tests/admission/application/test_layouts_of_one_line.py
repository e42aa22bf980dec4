"""Items with other marks around labels and values, or all on one line; anything more is no consent."""

from __future__ import annotations

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Category, Consent, Form
from gateway.admission.application.items.values import strip_note
from gateway.admission.application.layout.line import parse_line

WHOLE = Form(Category.LOCAL, "例示市", "011002", "税務課", "主査", "佐藤 実", consent=Consent.YES)
VALUES = ["自治体", "例示市", "011002", "税務課", "主査", "佐藤 実", "同意する"]
LABELS = ["区分", "団体名", "団体コード", "部課名", "役職", "氏名", "規約への同意"]
PAIRS = list(enumerate(zip(LABELS, VALUES, strict=True), 1))
CIRCLED = "①②③④⑤⑥⑦"
LAYOUTS = {
    "angle brackets": "\n".join(f"〈{label}〉　{value}" for _, (label, value) in PAIRS),
    "double angle brackets": "\n".join(f"《{label}》{value}" for _, (label, value) in PAIRS),
    "questions and answers": "\n".join(f"Q{at} {label} A{at} {value}" for at, (label, value) in PAIRS),
    "questions with a stop": "\n".join(f"Ｑ{at}．{label}　Ａ{at}．{value}" for at, (label, value) in PAIRS),
    "circled numbers": " ".join(map("".join, zip(CIRCLED, VALUES, strict=True))),
    "circled numbers and commas": "、".join(map("".join, zip(CIRCLED, VALUES, strict=True))),
    "circled numbers without blanks": "".join(map("".join, zip(CIRCLED, VALUES, strict=True))),
}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_each_layout_is_read_whole(text: str) -> None:
    assert parse_form(text) == WHOLE


@pytest.mark.parametrize(
    "text",
    [
        "自治体 例示市 011002 税務課 佐藤健一 同意するか検討",
        "自治体 例示市 011002 税務課 佐藤健一 同意すると聞いています",
        "自治体 例示市 011002 税務課 佐藤健一 練習 同意する",
        "Q7 規約への同意 A6 同意する",
    ],
)
def test_a_line_with_anything_more_gives_neither_consent_nor_values(text: str) -> None:
    form = parse_form(text)
    assert (form.consent, form.organisation, form.name) == (Consent.ABSENT, "", "")


@pytest.mark.parametrize("said", ["同意しますか", "田中が同意する", "同意でした", ""])
def test_a_last_number_that_is_no_plain_consent_gives_none(said: str) -> None:
    form = parse_form(LAYOUTS["circled numbers"].replace("⑦同意する", f"⑦{said}"))
    assert form.consent is Consent.ABSENT
    assert form.organisation in {"", "例示市"}


def test_values_with_single_blanks_are_read() -> None:
    form = parse_form("自治体 例示市 011002 税務課 佐藤健一 同意します")
    assert (form.organisation, form.name, form.consent) == ("例示市", "佐藤健一", Consent.YES)


def test_an_answer_needs_the_number_of_its_question() -> None:
    assert parse_line("Q2 団体名 A2 例示市") == parse_line("団体名：例示市")
    assert parse_line("Q2 団体名 A3 例示市") != parse_line("団体名：例示市")


def test_a_post_before_a_name_without_a_blank_is_the_title() -> None:
    form = parse_form("例示市税務課 主査 佐藤健一\n\n参加を申請します。規約に同意します。\n")
    assert (form.title, form.name, form.department) == ("主査", "佐藤健一", "税務課")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("佐藤　実　印", "佐藤　実"),
        ("和泉 さくら 印", "和泉 さくら"),
        ("佐　藤　実　印", "佐　藤　実"),
        ("佐藤実㊞", "佐藤実"),
        ("佐藤 実（印）", "佐藤 実"),
        ("佐藤 印", "佐藤 印"),
        ("印 実", "印 実"),
        ("印南 実", "印南 実"),
    ],
)
def test_a_seal_is_no_part_of_a_name(value: str, name: str) -> None:
    assert strip_note(value) == name
