"""A consent counts only where all that speaks of it is understood: second thoughts, names, ends."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.admission.application.consent.around.mentions import is_about
from gateway.admission.application.consent.people import build_writer, is_address, is_place, is_writer
from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent

FORM = "区分：自治体\n団体名：見本町\n部課名：危機管理室\n氏名：試作 葉子\n"
AGREED = f"{FORM}規約への同意：同意する\n\nよろしくお願いします。\n\n"
SECOND_THOUGHTS = [
    "上記の同意は取り消します。",
    "同意は撤回します。",
    "やっぱり同意はやめます。",
    "なお、同意については上司の承認待ちです。",
    "同意は条件付きです。",
    "同意は4月1日からとします。",
    "※第5条は別途協議させてください。",
    "I have not read section 5.",
    "Article 5 is not acceptable.",
    "I take it back.",
    "上記は取り消します。",
    "やっぱりやめます。",
    "前言を撤回します。",
    "規約はまだ読んでいません。",
    "規約の件は課長に確認中です。",
    "承諾は後日とします。",
    "ルールには一部従えません。",
    "備考：第5条を除く",
    "規約：上司の承認待ち",
    "役職：同意は保留",
    "部課名：同意は保留課",
    "同\n意は取り消します。",
    "上記は撤\n回します。",
    "-- \n同意は撤回します。",
    "-----Original Message-----\nFrom: a\n同意はなしで。",
    "異議があります。",
    "ただし、会議には出られません。",
]


@pytest.mark.parametrize("said", SECOND_THOUGHTS)
@pytest.mark.parametrize("between", ["", "\n\n\n", "利用目的は情報の共有です。\n" * 5])
def test_a_second_thought_anywhere_below_leaves_no_consent(said: str, between: str) -> None:
    assert Consent.YES is not parse_form(AGREED + between + said).consent


@pytest.mark.parametrize("said", SECOND_THOUGHTS[:18])
def test_a_doubt_above_the_form_leaves_no_consent(said: str) -> None:
    assert Consent.YES is not parse_form(f"{said}\n\n{AGREED}").consent


@pytest.mark.parametrize("far", ["\n" * 1_200, "あ" * 450, "x " * 300, "業務で使います。\n" * 13_000])
def test_what_is_cut_off_is_still_looked_at(far: str) -> None:
    assert Consent.YES is not parse_form(f"{AGREED}{far}同意は撤回します。").consent


@pytest.mark.parametrize("far", ["防災業務" * 120, "業務で使います。\n" * 1_200])
def test_a_long_text_that_speaks_of_something_else_leaves_the_consent(far: str) -> None:
    assert Consent.YES is parse_form(f"{AGREED}{far}").consent


def test_a_consent_taken_back_in_a_later_mail_is_none() -> None:
    assert Consent.NO is parse_form("先日の同意は撤回します。").consent
    assert Consent.NO is parse_form("I withdraw my consent.").consent


ABOUT = ["同意", "規約", "ルール", "第3条", "承諾", "利用条件", "consent", "rules", "section 5", "I agree"]
_AROUND = "はがをにもの先日上司件別途来月様子見少々次第先方考慮x"


@given(
    st.sampled_from(ABOUT),
    st.text(_AROUND, max_size=12),
    st.text(_AROUND, min_size=3, max_size=12),
    st.sampled_from(["\n", "\n\n\n"]),
)
def test_a_sentence_about_the_rules_that_is_no_known_one_leaves_no_consent(
    word: str, before: str, after: str, gap: str
) -> None:
    assert Consent.YES is not parse_form(f"{AGREED}{gap}{before} {word} {after}。").consent


@given(st.text("見本市役所窓口電話業務情報共有職員、", max_size=40))
def test_a_text_that_speaks_of_nothing_of_the_kind_takes_no_consent_away(text: str) -> None:
    assert not is_about(text)
    assert Consent.YES is parse_form(f"{text}を担当しております。\n\n{AGREED}").consent


@pytest.mark.parametrize(
    "said",
    [
        "ご連絡をお待ちしております。",
        "-- \n見本町役場 危機管理室\n試作 葉子\n〒080-8670 帯広市西5条南7丁目1\nTEL 0155-11-2233",
        "札幌市中央区北1条西2丁目",
        "規約を遵守します。",
        "利用規約に同意のうえ、参加を申請いたします。",
        "規約の内容を確認のうえ、申請します。",
        "利用規約に同意します。",
        "規約：https://example.jp/rules",
        "上司の承諾を得ています。",
        "様式第1号（第3条関係）",
        "参加規約同意書",
        "条例担当の職員として参加を希望します。",
        "交通ルールを守りましょう！",
        "I have read the rules.",
        "General Affairs Section",
        "本メールの内容を送信者の同意なく転載することを禁じます。",
        "利用規約をお読みのうえ、ご同意いただける場合は\n「同意する」とご記入ください。",
        "> 上記の同意は取り消します。",
    ],
)
def test_what_is_known_to_say_nothing_against_it_leaves_the_consent(said: str) -> None:
    assert Consent.YES is parse_form(AGREED + said).consent


@pytest.mark.parametrize("name", ["三条 実美", "北条 政子"])
def test_a_name_is_no_article(name: str) -> None:
    assert Consent.YES is parse_form(AGREED.replace("試作 葉子", name) + f"三条市役所 総務課\n{name}").consent


@pytest.mark.parametrize("form", ["", FORM])
@pytest.mark.parametrize(
    "said",
    [
        *("規約に同意します。\n総務課 要確認", "規約に同意します。\n総務課 決裁前"),
        *(
            "規約に同意します。\n課長 未決裁",
            "規約に同意します。\n要 相談です。",
            "規約に同意します。\n総務課 様子見",
        ),
        *(
            "規約に同意します。\n〒100-0001 第五条除外3",
            "規約に同意します。\n未読",
            "規約に同意します。\n三条",
        ),
        *("I agree to the rules. Nah", "I agree to the rules. Hantai", "I agree to the rules. Zannen Nagara"),
        *(
            "I agree to the rules.\nMada Mada",
            "I agree to the rules. I am Hantai.",
            "I agree to the rules.\nDame",
        ),
        *("I am Chotto Matte. I agree to the rules.", "My name is Iya Da. I agree to the rules."),
    ],
)
def test_what_is_no_name_of_a_closed_class_is_nobody(form: str, said: str) -> None:
    assert Consent.YES is not parse_form(form + said).consent


_HEADS = frozenset(f"{unit}長" for unit in "局部課室係班所")
_ROLES = "担当 担当者 主任 主査 主事 主幹 参事 技師 技監 技官 書記 書記官 次長 理事 係員 職員"
ROLES = frozenset(_ROLES.split()) | _HEADS
KANJI = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)


@given(st.text(KANJI, min_size=1, max_size=6))
def test_beside_a_stated_name_no_other_word_is_a_person(word: str) -> None:
    """Any kanji at all below a consent: the form says who writes."""
    writer = build_writer("試作 葉子", ("見本町", "危機管理室"))
    assume(word not in {"試作", "試作葉子"} and word not in ROLES and not is_place(word))
    assert not is_writer(f"危機管理室 {word}", writer)
    assert Consent.YES is not parse_form(f"{FORM}規約に同意します。\n総務課 {word}").consent


@pytest.mark.parametrize(
    "said",
    [
        *("見本町 危機管理室 試作 葉子", "見本町役場危機管理室　試作葉子", "危機管理室の試作です"),
        *("総務課 課長補佐 試作", "私は、見本町の試作葉子と申します。"),
    ],
)
def test_the_writer_is_known_by_the_form(said: str) -> None:
    assert is_writer(said, build_writer("試作 葉子", ("見本町", "危機管理室")))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("〒080-8670 帯広市西5条南7丁目1", True),
        ("札幌市中央区北1条西2丁目", True),
        ("第5条1丁目", False),
        ("札幌市第5条を除く", False),
        ("〒100-0000 同意は保留1", False),
        ("〒100-8926 東京都千代田区霞が関2-1-2 中央合同庁舎第2号館", True),
        ("札幌市課長不在1", False),
        ("札幌市明日決断1-2", False),
        ("札幌市大町1-2 未決定ビル", False),
    ],
)
def test_an_address_names_a_place_and_nothing_else(line: str, expected: bool) -> None:
    assert expected is is_address(line)


@pytest.mark.parametrize(
    "value",
    [
        *(
            "同意する 2027年4月1日",
            "同意する 令和9年4月1日",
            "同意する 2027/04/01",
            "同意する（2027年4月1日から）",
        ),
        *(
            "同意する…",
            "…同意する",
            "同意する‥",
            "同意する・・・",
            "同意する。。。",
            "同意します...",
            "I agree...",
        ),
        *("同意する～", "同意するー", "同意する?", "同意する(手書)", "同意する（4月1日から）"),
        *("○同意しない・×同意する", "×同意する", "●同意しない ○同意する", "△同意する"),
    ],
)
def test_a_day_a_pause_or_another_choice_is_no_consent(value: str) -> None:
    assert Consent.YES is not parse_form(f"{FORM}規約への同意：{value}").consent


@given(
    st.text(".。・…‥～", min_size=2, max_size=6),
    st.sampled_from(["同意する", "同意します", "はい", "I agree"]),
)
def test_who_breaks_off_does_not_agree(end: str, said: str) -> None:
    assert Consent.YES is not parse_form(f"{FORM}規約への同意：{said}{end}").consent


@pytest.mark.parametrize(
    "line",
    [
        *("規約への同意：同意する(手書)", "規約への同意：同意する（手書 太郎）", "規約への同意：済"),
        *("規約への同意：全て同意", "規約への同意：すべて同意します", "規約への同意：●同意する ○同意しない"),
        *("●同意する ○同意しない", "規約への同意：○同意する・×同意しない"),
        *("規約への同意（同意する/しない）：同意する", "規約への同意（同意する／しない）：同意する"),
    ],
)
def test_honest_ways_to_agree_are_read(line: str) -> None:
    assert Consent.YES is parse_form(FORM.replace("試作 葉子", "手書 太郎") + line).consent
