"""Layouts of people who never saw our form: labels in kana, two items a line."""

from __future__ import annotations

import pytest

from gateway.admission.application.fields import Category, Consent, Form
from gateway.admission.application.form import parse_form

WHOLE = Form(Category.LOCAL, "例示市", "011002", "税務課", "主査", "佐藤 実", consent=Consent.YES)
VALUES = ["自治体", "例示市", "011002", "税務課", "主査", "佐藤 実"]
LABELS = ["区分", "団体名", "コード", "部課", "役職", "氏名"]


def lay(labels: list[str], gap: str, *more: str) -> str:
    """A form with the same gap between labels and values, and more lines."""
    pairs = zip(labels, VALUES, strict=True)
    return "\n".join([*(f"{label}{gap}{value}" for label, value in pairs), *more])


KANA = ["くぶん", "だんたい", "こーど", "ぶか", "やくしょく", "しめい"]


@pytest.mark.parametrize("label", ["きやく", "りようきやく", "キヤク", "規約"])
@pytest.mark.parametrize("gap", ["　", "：", "＝"])
def test_a_form_in_kana_is_read_whole(gap: str, label: str) -> None:
    assert parse_form(lay(KANA, gap, f"{label}{gap}同意する")) == WHOLE


@pytest.mark.parametrize("said", ["よく分からない", "課長に聞いてから", "同意するか考え中"])
def test_no_other_answer_in_kana_is_a_consent(said: str) -> None:
    assert parse_form(lay(KANA, "：", f"きやく：{said}")).consent is Consent.ABSENT


def test_how_our_letters_break_a_consent_is_no_label() -> None:
    form = parse_form(lay(KANA, "：", "きやくへのどうい：する"))
    assert form.consent is Consent.ABSENT


@pytest.mark.parametrize("gap", [" ", "　", "　　", " - ", "  "])
def test_an_answer_that_reads_like_part_of_its_label_is_an_answer_in_its_column(gap: str) -> None:
    assert parse_form(lay(LABELS, gap, f"規約{gap}同意")) == WHOLE


def test_values_in_one_column_have_gaps_of_any_width() -> None:
    rows = [f"{label:　<6}{value}" for label, value in zip(LABELS, VALUES, strict=True)]
    assert parse_form("\n".join([*rows, f"{'利用規約':　<6}同意"])) == WHOLE


@pytest.mark.parametrize(
    "text",
    [
        lay(LABELS, "：", "規約　同意"),  # a label without an answer
        lay(LABELS, "：", "規約 同意", ""),
        lay(LABELS, "　　", "規約　同意"),  # in no column, and with another gap
        lay(LABELS, "　", "規　約　同　意"),
        "氏名　佐藤 実\n規約　同意",  # too little to compare with
    ],
)
def test_a_label_of_two_words_is_no_answer(text: str) -> None:
    assert parse_form(text).consent is Consent.ABSENT


@pytest.mark.parametrize("gap", ["　　　　", "     ", "\t", "、"])
def test_two_items_a_line_are_cut_before_a_spaced_label(gap: str) -> None:
    text = f"""区　分：自治体{gap}団体名：例示市
コード：011002{gap}部課名：税務課
役　職：主査{gap}氏　　名：佐藤 実
規約への同意：同意する"""
    assert parse_form(text) == WHOLE


@pytest.mark.parametrize("note", ["備　考：練習", "代　理：田中 翔"])
def test_what_is_beside_a_value_is_no_part_of_a_name(note: str) -> None:
    form = parse_form(f"区　分：自治体\n氏　名：佐藤 実　　　{note}\n団体名：例示市\n規約への同意：同意する")
    assert form.consent is not Consent.YES
