"""Sentences that answer a request or correct a form: where somebody works now, and what an item should be."""

from __future__ import annotations

import pytest

from gateway.admission.application.consent.people import build_writer
from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent, Form
from gateway.admission.application.items.labels import Item
from gateway.admission.application.short_answer import read_correction, read_short_answer

FORM = (
    "区分：自治体\n団体名：例示市\n全国地方公共団体コード：011002\n"
    "部課名：税務課\n役職：主査\n氏名：和泉 さくら\n規約への同意：同意する\n"
)
KNOWN = parse_form(FORM)
WRITER = build_writer(KNOWN.name, (KNOWN.organisation, KNOWN.department))
ENGLISH = (
    "Name: Sakura Izumi\nOrganization: Reiji City\nSection: Tax Division\n"
    "Category: local government\nCode: 011002\n"
)


@pytest.mark.parametrize(
    ("words", "item", "value"),
    [
        ("現在の部署は税務課です。", Item.DEPARTMENT, "税務課"),
        ("現在の所属は税務課です。", Item.DEPARTMENT, "税務課"),
        ("今の部署は税務課です。", Item.DEPARTMENT, "税務課"),
        ("現所属は税務課です。", Item.DEPARTMENT, "税務課"),
        ("私は税務課に在籍しています。", Item.DEPARTMENT, "税務課"),
        ("税務課に在籍しております。", Item.DEPARTMENT, "税務課"),
        ("失礼しました、税務課です。", Item.DEPARTMENT, "税務課"),
        ("例示市に在籍しています。", Item.ORGANISATION, "例示市"),
        ("現在の勤務先は例示市です。", Item.ORGANISATION, "例示市"),
    ],
)
def test_where_somebody_works_now_answers_the_request(words: str, item: Item, value: str) -> None:
    assert value == getattr(read_short_answer(words, (item,)), item.value)


@pytest.mark.parametrize(
    "words",
    [
        "以前の部署は税務課です。",
        "前の部署は税務課です。",
        "来年の部署は税務課です。",
        "上司は税務課に在籍しています。",
        "以前は税務課に在籍していました。",
        "税務課に在籍していました。",
        "税務課に在籍する予定です。",
        "税務課に在籍していません。",
        "佐藤は税務課に在籍しています。",
        "失礼しました、税務課ではありません。",
        "来月から税務課に在籍しています。",
    ],
)
def test_where_somebody_worked_or_another_works_is_no_answer(words: str) -> None:
    assert read_short_answer(words, (Item.DEPARTMENT,)).is_empty


@pytest.mark.parametrize(
    ("words", "item", "value"),
    [
        ("部課名を財政課に直してください。", Item.DEPARTMENT, "財政課"),
        ("部署名を財政課に直していただけますか。", Item.DEPARTMENT, "財政課"),
        ("役職を係長に直します。", Item.TITLE, "係長"),
        ("役職名を係長に修正してもらえますか。", Item.TITLE, "係長"),
        ("誤：税務課　正：財政課", Item.DEPARTMENT, "財政課"),
        ("誤:税務課 正:財政課", Item.DEPARTMENT, "財政課"),
        ("【誤】税務課【正】財政課", Item.DEPARTMENT, "財政課"),
        ("（誤）税務課（正）財政課", Item.DEPARTMENT, "財政課"),
        ("誤：主査、正：係長", Item.TITLE, "係長"),
        ("誤：011002　正：011011", Item.CODE, "011011"),
        ("部課名、財政課に訂正です。", Item.DEPARTMENT, "財政課"),
        ("部署は財政課でお願いします。", Item.DEPARTMENT, "財政課"),
        ("部課名は財政課が正です。", Item.DEPARTMENT, "財政課"),
        ("現在の部課名は財政課です。", Item.DEPARTMENT, "財政課"),
        ("部課名を、税務課→財政課に訂正願います。", Item.DEPARTMENT, "財政課"),
        ("役職は主査でなく係長です。", Item.TITLE, "係長"),
    ],
)
def test_a_correction_in_a_sentence_is_read(words: str, item: Item, value: str) -> None:
    assert Form(**{item.value: value}) == read_correction(words, KNOWN, WRITER)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "words",
    [
        "部課名を直してください。",
        "財政課に直してもらえませんでした。",
        "部課名を財政課に直さないでください。",
        "部課名を財政課に直す予定です。",
        "佐藤の部課名を財政課に直してください。",
        "誤：市民課　正：財政課",
        "正：財政課　誤：税務課か",
        "誤：税務課　正：確認中",
        "誤：税務課　正：未定",
        "誤：税務課　正：来月から財政課",
        "誤：税務課　正：財政課か市民課",
        "以前の部課名は財政課です。",
        "来年の部課名は財政課です。",
        "部署は財政課でお願いしますか。",
        "部課名は財政課が正ですか。",
        "部課名は元財政課です。",
        "番号は011011です。",
    ],
)
def test_what_names_no_item_or_no_value_of_now_corrects_nothing(words: str) -> None:
    assert read_correction(words, KNOWN, WRITER).is_empty


@pytest.mark.parametrize(
    ("said", "department"),
    [
        ("誤：税務課　正：財政課", "財政課"),
        ("【誤】税務課【正】財政課", "財政課"),
        ("誤：市民課　正：財政課", "税務課"),
        ("誤：税務課　正：確認中", "税務課"),
    ],
)
def test_a_wrong_and_a_right_value_on_one_line_correct_the_form_above(said: str, department: str) -> None:
    assert department == parse_form(f"{FORM}\n{said}\n").department


@pytest.mark.parametrize(
    "said",
    [
        "I agree to the terms of use.",
        "Terms of use: I agree",
        "Consent: I agree to the terms of use.",
        "I have read and agree to the terms of use.",
        "I hereby agree to the terms of use.",
    ],
)
def test_an_english_form_is_read_whole(said: str) -> None:
    form = parse_form(f"{ENGLISH}{said}\n")
    assert ("Sakura Izumi", "Reiji City", "Tax Division", "local", "011002", Consent.YES) == (
        form.name,
        form.organisation,
        form.department,
        form.category,
        form.code,
        form.consent,
    )


@pytest.mark.parametrize(
    "said",
    [
        "We agree to the terms of use.",
        "I agree to the terms of use if they are short.",
        "I will agree to the terms of use.",
        "Do you agree to the terms of use?",
        "Do you agree to the terms of use?: Not yet",
        "I agreed to the terms of use last year.",
        "They agree to the terms of use.",
        "My section agrees to the terms of use.",
    ],
)
def test_an_english_form_without_the_applicants_consent_has_none(said: str) -> None:
    assert Consent.YES is not parse_form(f"{ENGLISH}{said}\n").consent
