"""Whoever wishes for a condition, or for a place for somebody else, beside a consent has not agreed yet."""

from __future__ import annotations

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent

FORM = "区分：自治体\n団体名：見本町\n部課名：総務課\n役職：主任\n氏名：{name}\n"
YES = "規約への同意：同意する\n"
PLACES = {
    "below": "{form}{yes}\n{said}\n",
    "behind the consent": "{form}\n規約に同意します。{said}\n",
    "a remark": "{form}{yes}備考：{said}\n",
    "above": "{said}\n\n{form}{yes}",
    "in a letter": "お世話になっております。\n{said}\n\n{form}{yes}\nよろしくお願いいたします。\n",
}
CONDITIONS = {
    "a state": """無料であれば助かります。
        夜間の通知がなければありがたいです。
        月額料金が無料ですと助かります。
        投稿が任意であれば嬉しいです。
        退会がいつでもできると安心です。
        会費が要らなければ嬉しいです。
        発言を求められなければ助かります。
        無料であれば参加を希望します。""",
    "a favour": """名前を伏せていただけると助かります。
        通信費を出していただけると助かります。
        通知の少ない設定にしていただけると助かります。
        町の名前を伏せて登録していただけると助かります。
        個人名を載せないでいただければ幸いです。""",
    "a way to take part": """匿名で参加できるのであれば嬉しいです。
        ニックネームで参加できれば嬉しいです。
        仮名で登録をお願いします。
        無料で使えるとありがたいです。
        二人で使えると助かります。
        スマホで使えれば助かります。""",
    "leave": """上司が許せば参加します。
        課長がよいと言えば使います。
        予算がつけば利用します。
        名前を伏せてもらえるなら助かります。""",
    "another's address": """加藤のアドレスにご招待ください。
        加藤さんのメールアドレス宛に招待をお願いします。
        招待は隣の課の加藤さんへお送りください。
        後輩のアドレスにご招待ください。
        加藤の名前で登録をお願いします。
        隣の席の加藤が使いますので、そちらへ招待をお願いします。""",
}
SAID = [line.strip() for lines in CONDITIONS.values() for line in lines.split("\n")]
HONEST = """年度内に招待をいただけると幸いです。
    資料を送っていただけると助かります。
    説明会の日程を教えていただけるとありがたいです。
    他の自治体の皆様と情報交換できれば嬉しいです。
    防災の取組を学べれば幸いです。
    皆様のお力になれれば嬉しいです。
    来月の研修までに手続きが終わると助かります。
    お返事はメールでいただけると助かります。
    早めに登録していただけると助かります。
    招待メールは課の代表アドレスにいただけると助かります。
    招待は私のアドレスにお送りください。
    参加費は無料でしょうか。
    業務で活用できれば幸いです。
    加藤にご連絡ください。"""
OWN = ("千葉のアドレスにご招待ください。", "千葉 葉子のアドレスにご招待ください。")


def read(place: str, said: str, name: str = "見本 千尋") -> Consent:
    """The consent of a mail with these words in this place."""
    return parse_form(PLACES[place].format(form=FORM.format(name=name), yes=YES, said=said)).consent


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("said", SAID)
def test_a_wish_that_sets_a_condition_leaves_no_consent(said: str, place: str) -> None:
    assert Consent.YES is not read(place, said)
    assert Consent.YES is not read(place, said.rstrip("。"))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("said", [line.strip() for line in HONEST.split("\n")])
def test_a_wish_for_a_mail_or_to_take_part_leaves_the_consent(said: str, place: str) -> None:
    assert Consent.YES is read(place, said)


@pytest.mark.parametrize("place", ["below", "a remark", "above", "in a letter"])
@pytest.mark.parametrize("said", OWN)
def test_an_invitation_to_the_own_name_leaves_the_consent(said: str, place: str) -> None:
    assert Consent.YES is read(place, said, "千葉 葉子")
    assert Consent.YES is not read(place, said, "加藤 健")


@pytest.mark.parametrize("note", ["無料なら参加", "上司が許せば", "匿名希望", "名前を伏せてもらえるなら"])
def test_a_condition_beside_a_value_leaves_no_consent(note: str) -> None:
    assert Consent.YES is not parse_form(FORM.format(name=f"見本 千尋（{note}）") + YES).consent
