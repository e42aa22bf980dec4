"""Labels that contain the answers they offer, or several words for one item, in every layout of a form."""

from __future__ import annotations

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent

LAYOUTS = [
    "{0}：{1}",
    "【{0}】{1}",
    "■{0}\n{1}",
    "{0}\n\n{1}\n",
    "{0}　　　　{1}",
    "・{0} … {1}",
    "(1) {0} {1}",
    "{0}\t{1}",
]
OFFERS = {
    "規約への同意（同意する／同意しない）": "同意する",
    "規約への同意（する・しない）": "する",
    "規約への同意（はい／いいえ）": "はい",
    "規約（同意する・同意しない）": "同意する",
    "規約に同意しますか（はい・いいえ）": "はい",
    "利用規約への同意（同意します または 同意しません）": "同意します",
    "規約に同意する／しない": "同意する",
}
WORDS = {
    "自治体名・省庁名": ("organisation", "長野市"),
    "自治体名／省庁名": ("organisation", "長野市"),
    "部署名・課名": ("department", "総務課"),
    "役職（課長・係長・主任等）": ("title", "主任"),
}


def _write(layout: str, label: str, value: str) -> str:
    rows = {
        "区分": "自治体",
        "団体名": "長野市",
        "団体コード": "202011",
        "部課名": "総務課",
        "役職": "主任",
        "氏名": "更科 恵",
    }
    items = {one: said for one, said in rows.items() if value != said} | {label: value}
    return "\n".join(layout.format(*one) for one in items.items()) + "\n"


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("label", OFFERS)
def test_an_answer_beside_or_below_its_offer_is_read(label: str, layout: str) -> None:
    assert Consent.YES == parse_form(_write(layout, label, OFFERS[label])).consent


@pytest.mark.parametrize(
    "answer", ["", "しない", "同意しない", "いいえ", "検討中", "同意するか検討中", "後日", "佐藤が同意する"]
)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("label", OFFERS)
def test_an_offer_alone_or_another_answer_is_no_consent(label: str, layout: str, answer: str) -> None:
    assert Consent.YES != parse_form(_write(layout, label, answer)).consent


@pytest.mark.parametrize(
    "label",
    [
        "規約への同意（同意する／条件付き）",
        "規約への同意（同意する予定／同意しない）",
        "規約への同意（代理／本人）",
    ],
)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_other_words_in_brackets_are_no_offer(label: str, layout: str) -> None:
    assert Consent.YES != parse_form(_write(layout, label, "同意する")).consent


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("label", WORDS)
def test_the_value_of_a_label_with_several_words_is_read(label: str, layout: str) -> None:
    item, value = WORDS[label]
    assert value == getattr(parse_form(_write(layout, label, value)), item)


@pytest.mark.parametrize(
    ("line", "title", "name"),
    [
        ("氏名/Full Name　　更科 恵", "", "更科 恵"),
        ("団体名・役職　　主任", "", ""),
        ("役職／氏名　　主任", "", ""),
    ],
)
def test_words_for_different_items_share_no_value(line: str, title: str, name: str) -> None:
    form = parse_form(f"区分：自治体\n部課名：総務課\n{line}\n規約への同意：同意する\n")
    assert (title, name) == (form.title, form.name)


def test_a_row_of_values_is_no_label() -> None:
    assert (
        "" == parse_form("自治体／米原市／252140\n政策推進課　主事　醒井 梅\n規約に同意します\n").organisation
    )
