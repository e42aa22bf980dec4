"""Answers of one line to a letter that asked for one item, with a greeting or a signature around them."""

from __future__ import annotations

import pytest

from gateway.admission.application.consent.people import build_writer
from gateway.admission.application.form import parse_form
from gateway.admission.application.items.labels import Item
from gateway.admission.application.short_answer import read_short_answer

PLACES = ("北海道斜里町", "企画総務課")
NOTHING = {"", "absent", "no"}


def _read(words: str, item: Item) -> set[str]:
    """Return what is read as an answer, and as a form."""
    writer = build_writer("" if item is Item.NAME else "高橋 一郎", PLACES)
    forms = (read_short_answer(words, (item,), writer), parse_form(words, writer))
    return {str(getattr(form, item)) for form in forms} - NOTHING


@pytest.mark.parametrize(
    ("item", "words", "value"),
    [
        (Item.CONSENT, "規約に同意します。よろしくお願いいたします。", "yes"),
        (
            Item.CONSENT,
            "お世話になっております。\n"
            "斜里町の高橋です。\n"
            "\n"
            "規約に同意いたします。\n"
            "\n"
            "以上、よろしくお願いいたします。",
            "yes",
        ),
        (
            Item.CONSENT,
            "お世話になります。高橋です。\n"
            "同意いたします。\n"
            "--\n"
            "斜里町役場 企画総務課\n"
            "高橋 一郎\n"
            "TEL 0152-00-0000\n"
            "Mail: ichiro@town.shari.lg.jp",
            "yes",
        ),
        (Item.CONSENT, "同意します。\n\niPhoneから送信", "yes"),
        (Item.CONSENT, "はい、同意します。ご確認のほどよろしくお願いします。", "yes"),
        (
            Item.CONSENT,
            "ご連絡ありがとうございます。\n規約を確認し、同意します。\n\n斜里町 企画総務課 高橋",
            "yes",
        ),
        (Item.CONSENT, "記入漏れ失礼いたしました。同意いたします。", "yes"),
        (Item.CONSENT, "ご指摘ありがとうございます。同意します。引き続きよろしくお願いいたします。", "yes"),
        (Item.CONSENT, "承知しました。規約に同意いたします。", "yes"),
        (Item.CONSENT, "規約を拝読しました。同意いたします。\n取り急ぎご返信まで。", "yes"),
        (
            Item.CONSENT,
            "お手数をおかけしました。規約に同意いたします。\n"
            "******************\n"
            "斜里町役場企画総務課\n"
            "主事　高橋一郎\n"
            "〒099-4192 北海道斜里郡斜里町本町12番地\n"
            "電話：0152-23-3131（内線 212）\n"
            "******************",
            "yes",
        ),
        (Item.CONSENT, "I agree to the rules.\n\nBest regards,\nIchiro Takahashi", "yes"),
        (Item.CONSENT, "Hello,\nYes, I agree.\nThank you.", "yes"),
        (Item.CONSENT, "同意する", "yes"),
        (Item.CONSENT, "同意です。よろしくお願いします。", "yes"),
        (
            Item.DEPARTMENT,
            "お世話になっております。\n企画総務課です。\nよろしくお願いいたします。",
            "企画総務課",
        ),
        (Item.DEPARTMENT, "部課名は企画総務課です。", "企画総務課"),
        (Item.DEPARTMENT, "図書館です。", "図書館"),
        (Item.DEPARTMENT, "企画総務課 企画係になります。よろしくお願いします。", "企画総務課 企画係"),
        (
            Item.DEPARTMENT,
            "お世話になります、斜里町の高橋です。\n所属は企画総務課です。\n以上よろしくお願いいたします。",
            "企画総務課",
        ),
        (Item.DEPARTMENT, "ご連絡ありがとうございます。部課名は「企画総務課」です。", "企画総務課"),
        (Item.DEPARTMENT, "企画総務課でございます。記載漏れ失礼いたしました。", "企画総務課"),
        (Item.DEPARTMENT, "部課名：企画総務課\n\n--\n斜里町 高橋 一郎\nTEL: 0152-00-0000", "企画総務課"),
        (Item.DEPARTMENT, "所属部署は総務部企画総務課です。ご確認ください。", "総務部企画総務課"),
        (Item.DEPARTMENT, "企画総務課\n\niPhoneから送信", "企画総務課"),
        (Item.CODE, "015458です。", "015458"),
        (Item.CODE, "団体コードは015458です。よろしくお願いいたします。", "015458"),
        (Item.CODE, "お世話になっております。高橋です。\n団体コード：015458", "015458"),
        (Item.CODE, "お調べしたところ、015458でした。", "015458"),
        (Item.CODE, "コードは 015458 になります。お手数をおかけしました。", "015458"),
        (Item.CODE, "全国地方公共団体コードは015458です。", "015458"),
        (Item.NAME, "高橋 一郎です。", "高橋 一郎"),
        (Item.NAME, "氏名は高橋 一郎です。失礼いたしました。", "高橋 一郎"),
        (
            Item.NAME,
            "お世話になっております。\n斜里町企画総務課の高橋一郎と申します。\nよろしくお願いいたします。",
            "高橋一郎",
        ),
        (Item.ORGANISATION, "斜里町です。", "斜里町"),
        (Item.ORGANISATION, "団体名は北海道斜里町です。よろしくお願いいたします。", "北海道斜里町"),
        (Item.ORGANISATION, "北海道斜里町役場です。", "北海道斜里町役場"),
        (Item.CATEGORY, "自治体です。", "local"),
        (Item.CATEGORY, "区分は自治体です。よろしくお願いします。", "local"),
        (Item.CATEGORY, "地方公共団体です。", "local"),
        (
            Item.CONSENT,
            "いつもお世話になっております、斜里町の高橋です。\n"
            "規約に同意いたします。\n"
            "どうぞよろしくお願いいたします。",
            "yes",
        ),
        (Item.CONSENT, "ご連絡いただきありがとうございます。規約を確認のうえ同意いたします。", "yes"),
        (Item.CONSENT, "同意いたします。\nお手数をおかけして申し訳ございません。", "yes"),
        (
            Item.CONSENT,
            "利用規約に同意します。\n"
            "_____________________\n"
            "斜里町 企画総務課\n"
            "高橋 一郎\n"
            "TEL 0152-00-0000\n"
            "_____________________",
            "yes",
        ),
        (Item.CONSENT, "規約に同意します。\n\nGet Outlook for iOS", "yes"),
        (Item.CONSENT, "ご丁寧なご案内ありがとうございます。同意します。", "yes"),
        (Item.CONSENT, "はい。", "yes"),
        (Item.CONSENT, "取り急ぎご返信まで。規約に同意します。", "yes"),
        (
            Item.CONSENT,
            "お忙しいところ恐れ入ります。規約に同意いたしますので、手続きをお願いいたします。",
            "yes",
        ),
        (Item.CONSENT, "同意します！", "yes"),
        (Item.DEPARTMENT, "市立図書館です。よろしくお願いします。", "市立図書館"),
        (Item.DEPARTMENT, "お世話になっております、高橋です。部課名は企画総務課になります。", "企画総務課"),
        (Item.DEPARTMENT, "企画総務課です。\nお手数をおかけしました。", "企画総務課"),
        (Item.DEPARTMENT, "消防署です。", "消防署"),
        (Item.DEPARTMENT, "総務課でございます。取り急ぎご返信まで。", "総務課"),
        (Item.CODE, "ご指摘ありがとうございます。015458です。\n\niPhoneから送信", "015458"),
        (Item.CODE, "015458\n--------------------\n斜里町 高橋\n--------------------", "015458"),
        (Item.ORGANISATION, "お世話になります、斜里町です。", "斜里町"),
        (Item.CATEGORY, "自治体でございます。お手数をおかけしました。", "local"),
        (Item.NAME, "高橋 一郎と申します。記載漏れで失礼いたしました。", "高橋 一郎"),
    ],
)
def test_a_short_answer_is_read(item: Item, words: str, value: str) -> None:
    assert {value} == _read(words, item)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (Item.CONSENT, "同意しますが、第3条は除きます。"),
        (Item.CONSENT, "同意するかどうか、課長に確認します。"),
        (Item.CONSENT, "同意は後日いたします。よろしくお願いいたします。"),
        (Item.CONSENT, "お世話になっております。高橋です。\n同意の件、承知しました。"),
        (Item.CONSENT, "同意した覚えがありません。"),
        (Item.CONSENT, "同意します。\n\n上記は係長の指示待ちです。"),
        (Item.CONSENT, "同意します、と前任が申しておりました。"),
        (Item.CONSENT, "同意とは何に対してでしょうか。"),
        (Item.CONSENT, "まだ規約を読んでおりません。"),
        (Item.CONSENT, "はい、確認して返信します。"),
        (Item.CONSENT, "同意します。\n--\n鈴木 花子（代理送信）"),
        (Item.CONSENT, "I agree with most of the rules."),
        (Item.CONSENT, "Yes, I will check."),
        (Item.DEPARTMENT, "企画総務課でした。今は違います。"),
        (Item.DEPARTMENT, "企画総務課か税務課です。"),
        (Item.DEPARTMENT, "企画総務課に確認します。"),
        (Item.DEPARTMENT, "所属は未定です。"),
        (Item.CODE, "0152-23-3131です。"),
        (Item.NAME, "担当の者です。"),
        (Item.NAME, "鈴木の代理です。"),
        (Item.ORGANISATION, "斜里町ではありません。"),
        (Item.CATEGORY, "自治体ではありません。"),
        (Item.CONSENT, "お世話になっております、高橋です。\n同意するかは追って連絡します。"),
        (Item.CONSENT, "お忙しいところ恐れ入ります。同意の前に質問があります。"),
        (Item.CONSENT, "取り急ぎご返信まで。同意は後ほど。"),
        (Item.CONSENT, "同意します。\n--------------------\nと言いたいところですが、まだです。"),
        (Item.CONSENT, "ご連絡ありがとうございます。同意しかねます。"),
        (Item.CONSENT, "****\n同意します\n**** と書けばよいのでしょうか。"),
        (Item.CONSENT, "お手数をおかけしました。同意の件は白紙でお願いします。"),
        (Item.DEPARTMENT, "市立図書館に確認します。"),
        (Item.DEPARTMENT, "図書館か公民館です。"),
        (Item.ORGANISATION, "お世話になります、斜里町ではありません。"),
    ],
)
def test_what_answers_nothing_is_none(item: Item, words: str) -> None:
    assert not _read(words, item)
