"""Kana as letters, and letters as keys that two people's spellings share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.organisations.romaji import (
    domain_label_key,
    is_label_for_name,
    name_label_keys,
    to_romaji,
)

SYLLABLES = """あ い う え お か き く け こ が さ し す せ そ ざ じ ず た ち つ て と だ っか っち っぽ な の
    は ひ ふ ほ ば ぱ
    ま み む も や ゆ よ ら り る ろ わ ん きゃ しゅ しょ じょ ちょ にゅ りょ"""
KANA = st.lists(st.sampled_from(SYLLABLES.split()), max_size=12).map("".join)


@pytest.mark.parametrize(
    ("kana", "letters"),
    [
        ("ちよだ", "chiyoda"),
        ("しんじゅく", "shinjuku"),
        ("とうきょう", "toukyou"),
        ("さっぽろ", "sapporo"),
        ("はっちょう", "hacchou"),
        ("ぎふ", "gifu"),
        ("ちゃたん", "chatan"),
        ("ジュウ", "juu"),
        ("っ", ""),
        ("ゃ", "ya"),
        ("市", ""),
    ],
)
def test_kana_as_hepburn(kana: str, letters: str) -> None:
    assert letters == to_romaji(kana)


@pytest.mark.parametrize(
    ("label", "other"),
    [
        ("koto", "koutou"),
        ("osaka", "oosaka"),
        ("kambara", "kanbara"),
        ("shizuoka", "sizuoka"),
        ("chiba", "tiba"),
        ("tsu", "tu"),
        ("fuchu", "hutyuu"),
        ("joetsu", "zyouetu"),
        ("jo", "jyo"),
        ("hatchobori", "hacchoubori"),
        ("minami-ise", "minamiise"),
        ("tohma", "touma"),
        ("suo-oshima", "suouooshima"),
        ("kōtō", "koto"),
    ],
)
def test_spellings_of_one_name_share_a_key(label: str, other: str) -> None:
    assert domain_label_key(other) == domain_label_key(label)


@pytest.mark.parametrize(("label", "other"), [("chiyoda", "chuo"), ("osaka", "akashi"), ("kita", "kitami")])
def test_different_names_have_different_keys(label: str, other: str) -> None:
    assert domain_label_key(other) != domain_label_key(label)


@pytest.mark.parametrize(
    ("label", "kana", "prefecture"),
    [
        ("chiyoda", "ちよだく", "とうきょうと"),
        ("fukushima-date", "だてし", "ふくしまけん"),
        ("hokkaido-mori", "もりまち", "ほっかいどう"),
        ("morimachi", "もりまち", "しずおかけん"),
        ("ohi", "おおいちょう", "ふくいけん"),
        ("suttu", "すっつちょう", "ほっかいどう"),
        ("minami-alps", "みなみあるぷすし", "やまなしけん"),
        ("toon", "とうおんし", "えひめけん"),
        ("shoo", "しょうおうちょう", "おかやまけん"),
        ("sanyo-onoda", "さんようおのだし", "やまぐちけん"),
        ("setouchi", "せとうちし", "おかやまけん"),
    ],
)
def test_a_label_fits_its_town(label: str, kana: str, prefecture: str) -> None:
    assert is_label_for_name(label, kana, prefecture)


@pytest.mark.parametrize(
    ("label", "kana"),
    [("osaka", "ちよだく"), ("mori", "おおもりまち"), ("tokyo", "ちよだく"), ("", "ちよだく")],
)
def test_a_label_does_not_fit_another_town(label: str, kana: str) -> None:
    assert not is_label_for_name(label, kana, "とうきょうと")


def test_the_word_for_the_kind_may_stand_or_not() -> None:
    assert {"sapporo", "sapporoshi"} == name_label_keys("さっぽろし")


@given(KANA)
def test_folding_a_key_again_changes_nothing(kana: str) -> None:
    key = domain_label_key(to_romaji(kana)[:63])
    assert key == domain_label_key(key)
    assert key.isalpha() or not key


@given(st.text(max_size=300))
def test_any_text_has_a_key_of_letters(text: str) -> None:
    assert all("a" <= c <= "z" for c in domain_label_key(text) + to_romaji(text))
