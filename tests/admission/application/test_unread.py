"""A yes beside statements that are not understood is for the staff to judge; what may change it is asked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.admission.application.consent.below.second_thought import is_second_thought, split_sentences
from gateway.admission.application.consent.below.unread import is_unread
from gateway.admission.application.consent.people import NOBODY, build_writer
from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent, Form, merge
from tests.admission.application.beside_a_form import ABOVE, BELOW, FORM

# What people write, and no grammar of ours has words for.
NOT_UNDERSTOOD = [
    "この様式をご教示いただき助かりました。",
    "団体コードを調べるのに時間がかかりました。",
    "病院の職員でも参加できると伺いました。",
    "届いていないようなのでお送りします。",
    "機密性2の情報を含む場合があります。",
    "Our town is next to the sea.",
]
# Built alike: each says something about the consent, or that somebody else gave it.
TWINS = [
    "この様式は下書きです。",
    "団体コードを調べるまで待ってください。",
    "病院の職員として条件をつけて参加します。",
    "当町では規約の審査に力を入れております。",
    "庁舎の移転で課長が代わりに書いております。",
    "広報誌の佐藤が記入しました。",
    "広報誌の記事を読んで気が変わりました。",
    "一部だけ読みました。",
    "名前を伏せていただけると助かります。",
    "月額料金が無料ですと助かります。",
    "I read about it and changed my mind.",
    "Our town will decide next month.",
    "The form was filled in by my supervisor.",
    "My boss wrote this.",
    "This is for my successor to use.",
    "派遣会社の者です。派遣先の職員の方の情報で手続きを進めます。",
]


@pytest.mark.parametrize("place", [ABOVE, BELOW], ids=["above", "below"])
@pytest.mark.parametrize("said", NOT_UNDERSTOOD)
def test_a_statement_that_is_not_understood_leaves_the_consent_to_the_staff(place: str, said: str) -> None:
    assert is_second_thought(said), "understood by now: another sentence is needed here"
    assert Consent.UNSURE is parse_form(place.format(said)).consent


@pytest.mark.parametrize("place", [ABOVE, BELOW], ids=["above", "below"])
@pytest.mark.parametrize("said", TWINS)
def test_its_twin_is_asked_about(place: str, said: str) -> None:
    assert parse_form(place.format(said)).consent in {Consent.ABSENT, Consent.NO}


@pytest.mark.parametrize("twin", TWINS)
@pytest.mark.parametrize("said", NOT_UNDERSTOOD)
def test_one_sentence_that_may_change_it_is_enough(said: str, twin: str) -> None:
    for text in (BELOW.format(f"{said}{twin}"), BELOW.format(f"{said}\n{twin}"), f"{said}\n\n{FORM}\n{twin}"):
        assert parse_form(text).consent in {Consent.ABSENT, Consent.NO}


BRACKETS = ["(not me, my boss)", "（上司）", "(on behalf)", "（私ではなく上司です）", "（鈴木）", "（仮）"]


@pytest.mark.parametrize("note", BRACKETS)
@pytest.mark.parametrize("name", ["高橋 一郎", "Mio Hirose"])
def test_what_is_in_brackets_beside_the_name_is_read_too(name: str, note: str) -> None:
    assert parse_form(FORM.replace("高橋 一郎", f"{name} {note}")).consent in {Consent.ABSENT, Consent.NO}


@pytest.mark.parametrize(
    "name",
    [
        *("高橋 一郎（たかはし いちろう）", "高橋 一郎（Takahashi Ichiro）", "Ichiro Takahashi（高橋 一郎）"),
        *("高橋 一郎（旧姓 見本）", "高橋 一郎（内線 1234）", "高橋 一郎（本人）"),
    ],
)
def test_a_reading_or_a_contact_beside_the_name_leaves_the_consent(name: str) -> None:
    assert Consent.YES is parse_form(FORM.replace("高橋 一郎", name)).consent


@pytest.mark.parametrize("place", [ABOVE, BELOW], ids=["above", "below"])
@pytest.mark.parametrize("label", ["件名", "Subject", "題名"])
@pytest.mark.parametrize("title", ["リハーサル", "登録の抹消を求めます", "Dry run, ignore", "【仮】参加申込"])
def test_a_subject_in_the_text_is_the_writers_line(place: str, label: str, title: str) -> None:
    assert parse_form(place.format(f"{label}：{title}")).consent in {Consent.ABSENT, Consent.NO}
    assert Consent.YES is parse_form(place.format(f"{label}：参加申請")).consent


@pytest.mark.parametrize("said", ["御神輿の担ぎ手を募集中です。", "鳥取砂丘に新しい展示が始まりました。"])
def test_lines_directly_below_a_consent_are_the_staffs_too(said: str) -> None:
    assert Consent.UNSURE is parse_form(f"{FORM}{said}").consent
    assert Consent.UNSURE is not parse_form(f"{FORM}{said}\n規約の第3条は別です。").consent
    assert Consent.UNSURE is not parse_form(f"{FORM}{said}\n鈴木").consent


def test_a_form_in_a_quotation_is_asked_about() -> None:
    quoted = "".join(f"> {line}\n" for line in FORM.splitlines())
    assert Consent.ABSENT is parse_form(f"{NOT_UNDERSTOOD[0]}\n\n{quoted}").consent


def test_the_writer_may_be_named_and_nobody_else() -> None:
    said = "広報誌で高橋の記事が紹介されました。"
    assert is_unread(said, build_writer("高橋 一郎", ()))
    assert not is_unread(said, build_writer("見本 花子", ()))


@settings(max_examples=300)
@given(st.lists(st.sampled_from([*NOT_UNDERSTOOD, *TWINS]), min_size=1, max_size=4))
def test_a_text_is_unread_if_each_of_its_sentences_is(said: list[str]) -> None:
    sentences = [one for text in said for one in split_sentences(text)]
    assert is_unread("".join(said), NOBODY) is all(is_unread(one, NOBODY) for one in sentences)


@pytest.mark.parametrize(
    ("before", "after", "merged"),
    [
        (Consent.YES, Consent.UNSURE, Consent.YES),
        (Consent.NO, Consent.UNSURE, Consent.UNSURE),
        (Consent.ABSENT, Consent.UNSURE, Consent.UNSURE),
        (Consent.UNSURE, Consent.YES, Consent.YES),
        (Consent.UNSURE, Consent.NO, Consent.NO),
        (Consent.UNSURE, Consent.ABSENT, Consent.UNSURE),
    ],
)
def test_a_plain_consent_stays_plain(before: Consent, after: Consent, merged: Consent) -> None:
    assert merged is merge(Form(consent=before), Form(consent=after)).consent


NO_VALUES = [
    *("Dummy", "not me", "入る気なし", "この申込みは没", "審議中につき後日", "抹消願います"),
    "本人は入る気がありません",
]


@pytest.mark.parametrize("item", ["団体名：北海道斜里町", "部課名：企画総務課", "役職：主事", "区分：自治体"])
@pytest.mark.parametrize("note", NO_VALUES)
def test_a_note_beside_a_value_is_read_too(item: str, note: str) -> None:
    said = FORM.replace(item, f"{item}（{note}）")
    assert said != FORM
    assert Consent.YES is not parse_form(said).consent


@pytest.mark.parametrize(
    ("item", "note"),
    [
        ("団体名：北海道斜里町", "015458"),
        ("団体名：北海道斜里町", "自治体"),
        ("部課名：企画総務課", "広報係"),
        ("部課名：企画総務課", "Planning and General Affairs Division"),
        ("役職：主事", "会計年度任用職員"),
        ("役職：主事", "Assistant Manager"),
        ("役職：主事", "県から派遣"),
    ],
)
def test_a_unit_or_a_post_beside_a_value_leaves_the_consent(item: str, note: str) -> None:
    assert parse_form(FORM.replace(item, f"{item}（{note}）")).consent in {Consent.YES, Consent.UNSURE}


@pytest.mark.parametrize(
    "above",
    [
        "下は矢萩さんの分です。",
        "I am filling this in for Keigo, who is on leave.",
    ],
)
def test_whose_form_it_is_is_read_above_it(above: str) -> None:
    assert Consent.YES is not parse_form(f"{above}\n\n{FORM}").consent
