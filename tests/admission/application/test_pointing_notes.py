"""What an arrow, a reading in brackets or a line below says of an item or of who wrote the form."""

from __future__ import annotations

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent

ITEMS = "区分：自治体\n団体名：札幌市\n部課名：総務課\n役職：主事\n氏名：田中 花子\n"
FORM = f"{ITEMS}規約への同意：同意する"


@pytest.mark.parametrize("note", ["替え玉", "部長が書いた", "うそ", "妻が記入", "架空", "昨年のもの"])
@pytest.mark.parametrize("arrow", ["←", " ← ", "\n↑", "\n^^ "])
@pytest.mark.parametrize("item", ["氏名：田中 花子", "役職：主事", "規約への同意：同意する"])
def test_what_an_arrow_says_leaves_no_plain_consent(note: str, arrow: str, item: str) -> None:
    assert Consent.YES is not parse_form(FORM.replace(item, f"{item}{arrow}{note}")).consent


@pytest.mark.parametrize("note", ["のつもり", "ということで", "ないしょ", "だけ"])
def test_words_of_grammar_are_no_reading(note: str) -> None:
    assert Consent.YES is not parse_form(FORM.replace("田中 花子", f"田中 花子（{note}）")).consent


@pytest.mark.parametrize("reading", ["たなか はなこ", "タナカ ハナコ", "はなこ", "Tanaka Hanako"])
def test_a_reading_leaves_the_consent(reading: str) -> None:
    assert Consent.YES is parse_form(FORM.replace("田中 花子", f"田中 花子（{reading}）")).consent


@pytest.mark.parametrize("author", ["部長", "佐藤さん", "上記は佐藤", "これは妻", "秘書"])
@pytest.mark.parametrize("said", ["が書いた", "が書きました", "が書いた:", "が書きました：\n部長の分です"])
def test_who_wrote_it_is_no_attribution_of_nothing(author: str, said: str) -> None:
    assert Consent.YES is not parse_form(f"{FORM}\n{author}{said}\n").consent


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("said", ["佐藤さんが書きました:", "佐藤のメール:", "Sato wrote:"])
def test_above_a_quotation_it_is_one(said: str, gap: str) -> None:
    assert (
        Consent.YES
        is parse_form(f"{FORM}{gap}{said}\n> 参加のご案内です。\n> ぜひご検討ください。\n").consent
    )


@pytest.mark.parametrize(
    "said", ["I will confirm tomorrow.", "I will let you know soon.", "I'll write again."]
)
def test_what_is_still_to_come_opens_no_plain_consent(said: str) -> None:
    assert Consent.YES is not parse_form(f"{said}\n\n{FORM}").consent


@pytest.mark.parametrize("said", ["I will be glad to join.", "I will follow the rules."])
def test_what_follows_from_joining_does(said: str) -> None:
    assert Consent.YES is parse_form(f"{said}\n\n{FORM}").consent
