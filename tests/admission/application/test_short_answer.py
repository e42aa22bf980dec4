"""Short answers to a letter that asked for items: what fills them, and what is never taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.items.fields import Consent, Form
from gateway.admission.application.items.labels import Item
from gateway.admission.application.short_answer import is_thanks, read_short_answer

ALL = (Item.CATEGORY, Item.ORGANISATION, Item.CODE, Item.DEPARTMENT, Item.NAME, Item.CONSENT)


@pytest.mark.parametrize(
    ("words", "asked", "said"),
    [
        ("同意します。", (Item.CONSENT,), Form(consent=Consent.YES)),
        ("同意します。", ALL, Form(consent=Consent.YES)),
        ("はい", (Item.CONSENT,), Form(consent=Consent.YES)),
        ("I agree.", (Item.CONSENT,), Form(consent=Consent.YES)),
        ("同意します。\n\n見本町役場 総務課 試作 葉子\nTEL 0155-11-2233", ALL, Form(consent=Consent.YES)),
        ("危機管理室です。よろしくお願いします。", ALL, Form(department="危機管理室")),
        ("部課は、危機管理室になります。", ALL, Form(department="危機管理室")),
        ("総務部危機管理室", ALL, Form(department="総務部危機管理室")),
        ("My department is Crisis Office.", ALL, Form(department="Crisis Office")),
        ("見本町の危機管理室です。", ALL, Form(organisation="見本町", department="危機管理室")),
        ("団体名は見本町です。", ALL, Form(organisation="見本町")),
        ("試作 葉子と申します。", ALL, Form(name="試作 葉子")),
        ("堀内真紀です。", (Item.NAME,), Form(name="堀内真紀")),
        ("小野寺一郎と申します。", (Item.NAME,), Form(name="小野寺一郎")),
        ("コードは990019です。", ALL, Form(code="990019")),
        ("田中 一郎です。\n田中 一郎", (Item.NAME,), Form(name="田中 一郎")),
        ("My name is Ichiro Tanaka.", (Item.NAME,), Form(name="Ichiro Tanaka")),
        ("I work for Mihon Town.", (Item.ORGANISATION, Item.NAME), Form()),
        ("団体コードは990019です。", ALL, Form(code="990019")),
        ("コードは不明です。", ALL, Form(code="不明")),
    ],
)
def test_a_short_answer_fills_what_was_asked_for(words: str, asked: tuple[Item, ...], said: Form) -> None:
    assert said == read_short_answer(words, asked)


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("同意します。", (Item.DEPARTMENT,)),
        ("はい", (Item.CONSENT, Item.DEPARTMENT)),
        ("承知しました。", (Item.CONSENT,)),
        ("同意します。\n第3条を除く", (Item.CONSENT,)),
        ("同意します。ところで費用はかかりますか。", (Item.CONSENT,)),
        ("☑同意する\n☑同意しない", (Item.CONSENT,)),
        ("危機管理室です。費用は？", ALL),
        ("危機管理室ですか。", ALL),
        ("来月から総務課です。", ALL),
        ("よろしくお願いします。\n総務課 試作 葉子", ALL),
        ("まだ決まっていません。", ALL),
        ("I work for Ichiro Tanaka", (Item.NAME,)),
        ("小野寺です。", (Item.NAME,)),
        ("堀内の後任です。", (Item.NAME,)),
        ("佐藤と同じ総務課です。", (Item.DEPARTMENT,)),
        ("番号は123456です", (Item.CODE,)),
        ("番号は123456です", ALL),
        ("田中 一郎\n鈴木 花子", (Item.NAME,)),
        ("田中 一郎です。\n鈴木 花子です。", (Item.NAME,)),
        ("", ALL),
    ],
)
def test_what_is_not_understood_whole_fills_nothing(words: str, asked: tuple[Item, ...]) -> None:
    assert read_short_answer(words, asked).is_empty


@pytest.mark.parametrize(
    "words",
    [
        "見落としていました。同意します。",
        "返信が遅くなりました。規約に同意いたします。",
        "大変お待たせいたしました。同意します。",
        "記載漏れで申し訳ありません。同意します。",
        "外出先から失礼いたします。同意します。",
        "同意いたしますので、お手続きのほどよろしくお願いいたします。",
        "規約に同意しますので登録をお願いします。",
    ],
)
def test_why_an_answer_comes_late_and_what_it_asks_for_limit_no_consent(words: str) -> None:
    assert read_short_answer(words, (Item.CONSENT,)) == Form(consent=Consent.YES)


@pytest.mark.parametrize(
    "words",
    [
        "見落としていました。課長が同意します。",
        "見落としていました。同意はまだです。",
        "お待たせしました。",
        "お待たせしました。同意は来月します。",
        "返信が遅くなりましたが、同意できません。",
        "記載漏れで申し訳ありません。同意するか確認します。",
        "スマホから失礼します。同僚が同意します。",
        "同意しますので取消の手続きをお願いします。",
        "佐藤が同意しますので手続きをお願いします。",
        "同意しますので登録は来月にお願いします。",
        "同意しますので手続きをお願いしますか。",
        "同意しませんので手続きをお願いします。",
    ],
)
def test_a_late_answer_or_a_request_gives_no_consent_that_is_not_there(words: str) -> None:
    assert read_short_answer(words, (Item.CONSENT,)).consent is not Consent.YES


SIGNS = "同意しますはい。、危機管理室見本町です\n 第3条除くか？a1"


@given(st.text(SIGNS, max_size=40), st.lists(st.sampled_from(ALL), unique=True))
def test_only_what_was_asked_for_is_filled_and_with_what_was_written(words: str, asked: list[Item]) -> None:
    said = read_short_answer(words, asked)
    filled = {name for name in Form.__slots__ if getattr(said, name) not in {"", Consent.ABSENT}}
    assert filled <= {item.value for item in asked}
    for name in filled - {"category", "consent"}:
        assert getattr(said, name) in words
    assert Consent.YES is not said.consent or not set("第3条除くか？a1") & set(words)


@pytest.mark.parametrize(
    ("words", "thanks"),
    [
        ("ありがとうございます。", True),
        ("承知しました。よろしくお願いします。", True),
        ("ありがとうございました。\n見本町役場総務課 試作葉子", True),
        ("Thank you very much.", True),
        ("よろしくお願いします", False),
        ("ありがとうございます。いつ頃になりますか。", False),
        ("ありがとうございます。取り下げます。", False),
        ("", False),
    ],
)
def test_thanks_alone_are_told_from_words_that_say_more(words: str, thanks: bool) -> None:
    assert thanks is is_thanks(words)
