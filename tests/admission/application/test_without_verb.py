"""Lines without a verb, and words about somebody else, below a consent: they may take it back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.consent.below.second_thought import is_second_thought
from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent
from gateway.admission.replies.grammar.names.people import FAMILY_NAMES

ITEMS = "団体名：見本町\n部課名：総務課\n氏名：見本 花子\n"
FORM = ITEMS + "規約への同意：同意する\n\n{}\n"
WITHOUT_VERB = [
    "辞退",
    "不参加",
    "参加不可",
    "参加辞退",
    "断念",
    "棄権",
    "白票",
    "欠席",
    "延期",
    "拒絶",
    "半信半疑",
    "時期尚早",
    "様子見",
    "名義貸し",
    "対象外",
    "未読",
    "全文は未読",
    "中身は未読",
    "プライバシーポリシーは未読",
    "一部不可",
    "一部除外",
    "一部例外あり",
    "懸念あり",
    "留保付き",
    "組織としては不可",
    "町の方針は不参加",
    "本音は逆",
    "本心は逆",
    "要相談",
    "要検討",
    "課内相談中",
    "稟議中",
    "起案中",
    "決裁待ち",
    "代筆",
    "代理",
    "代理人",
    "代理申請",
    "代行入力",
    "本人不在",
    "本人は不在",
    "本人に無断",
    "同僚の分",
    "部下の分",
    "前任者の申請",
    "昨年の回答",
    "前回の写し",
    "旧版",
    "控え",
    "写し",
    "例文",
    "サンプル文",
    "架空の人物",
    "偽名",
    "ダミーデータ",
    "意見は添付",
    "詳細は別紙",
    "リハーサル",
    "ロールプレイング",
    "プレゼンテーション",
    "＜研修用＞",
    "※演習",
    "【実習】",
    "演習、演習",
    "操作説明会の教材",
    "避難訓練用",
    "AIの生成文",
    "Demo",
    "Placeholder Text",
    "Fire Drill",
    "Mock Application",
    "AUTO-FILLED",
]
PLAIN = [
    "以上",
    "敬具",
    "加藤",
    "総務課",
    "見本町役場",
    "情報政策課長",
    "主任主査",
    "見本町総務課情報係",
    "参加受付窓口",
    "参加受付窓口様",
    "消費者庁",
    "ﾖﾛｼｸｵﾈｶﾞｲｼﾏｽ",
    "デジタル推進課",
    "Training Division",
    "Crisis Management Office",
]


@pytest.mark.parametrize("line", WITHOUT_VERB)
def test_a_line_that_names_nobody_leaves_no_consent(line: str) -> None:
    assert Consent.YES is not parse_form(FORM.format(line)).consent


@pytest.mark.parametrize("line", [*PLAIN, "見本省 北陸見本局 有働", "団体コード 990019"])
def test_a_line_that_names_somebody_leaves_the_consent(line: str) -> None:
    assert Consent.YES is parse_form(FORM.format(line)).consent


@given(st.text("棄否拒疑懸躊躇渋逡巡厭忌却", min_size=1, max_size=8))
def test_a_single_word_that_nobody_is_called_is_a_doubt(word: str) -> None:
    assert is_second_thought(word)


@given(st.sampled_from(sorted(FAMILY_NAMES)))
def test_a_family_name_is_none(name: str) -> None:
    assert not is_second_thought(f"{name} 花子")


OF_ANOTHER = (
    *(
        "佐藤をご招待ください。",
        "後任をご招待ください。",
        "課員を招待してください。",
        "佐藤さんをご登録ください。",
    ),
    *(
        "職員のために申請しています。",
        "担当者の分を申請しました。",
        "でも。",
    ),
    *("氏名は前任者のものです。", "氏名は後任の名前です。", "氏名は偽名です。", "署名は同僚のものです。"),
    *("Conditional", "With reservations", "Proxy: Sato", "on behalf of Mihon Hanako"),
)


@pytest.mark.parametrize("said", OF_ANOTHER)
def test_what_is_said_of_somebody_else_leaves_no_consent(said: str) -> None:
    assert Consent.YES is not parse_form(FORM.format(said)).consent


ABOVE = (
    *(
        "参加するのは後任です。",
        "使うのは別の職員です。",
        "佐藤の代理で申請します。",
        "部下に代わって申請します。",
    ),
    *("課員の分を送ります。", "前任の申請です。", "本人に頼まれて送ります。", "本人は拒否しています。"),
    *("下記は記入例です。", "下記はサンプルです。", "テスト送信です。", "仮の申請です。", "下書きです。"),
    *(
        "正式な申請ではありません。",
        "参加は辞退します。",
        "参加できません。",
        "稟議中です。",
        "許可がまだです。",
    ),
    *("まだ決まっていませんが送ります。", "検討中ですが送ります。"),
)


@pytest.mark.parametrize("said", ABOVE)
@pytest.mark.parametrize("layout", ["お世話になります。\n{0}\n\n{1}", "{1}\n\n-- \n見本町\n{0}\n"])
def test_a_mail_for_somebody_else_or_none_yet_leaves_no_consent(said: str, layout: str) -> None:
    text = layout.format(said, f"{ITEMS}規約への同意：同意する\n")
    assert Consent.YES is not parse_form(text).consent


@pytest.mark.parametrize("said", ["不在", "休暇", "出張", "未読", "拒否", "別人"])
def test_what_the_applicant_is_becomes_no_name_beside_a_consent(said: str) -> None:
    form = parse_form(f"{ITEMS}\n同意します。本人は{said}です。\n")
    assert (Consent.ABSENT, "見本 花子") == (form.consent, form.name)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("プライバシーポリシーに同意します", Consent.ABSENT),
        ("個人情報の取扱いに同意します", Consent.ABSENT),
        ("規約とプライバシーポリシーに同意します", Consent.YES),
    ],
)
def test_agreeing_to_another_document_alone_is_no_consent(value: str, expected: Consent) -> None:
    assert expected is parse_form(f"{ITEMS}規約への同意：{value}\n").consent


def test_two_marks_behind_a_label_choose_nothing() -> None:
    assert Consent.YES is not parse_form(f"{ITEMS}同意：○ ×\n").consent


ABOVE = "{}\n\n" + ITEMS + "規約への同意：同意する\n"


@pytest.mark.parametrize(
    "line",
    [
        "議事録（抜粋）",
        "文化祭の台本",
        "庁内報への寄稿",
        "第二幕",
        "学芸員の日記",
        "Chapter 3",
        "架空請求の実物",
    ],
)
def test_words_above_a_form_that_are_no_head_of_a_letter_are_for_the_staff(line: str) -> None:
    assert Consent.YES is not parse_form(ABOVE.format(line)).consent


@pytest.mark.parametrize(
    "line",
    [
        *(
            "参加申請書",
            "参加申請について（依頼）",
            "コミュニティへの参加について（申請）",
            "拝啓",
            "敬具",
            "記",
        ),
        *(
            "見本町長　見本　太郎",
            "見本町 総務課 見本 花子",
            "令和8年12月1日",
            "総情第123号",
            "━━━━━━━━",
            "┏━━┳━━┓",
        ),
        *("参加受付窓口　御中", "Membership application", "【外部メール】", "申請者情報", "【至急】"),
        *("機密性2　完全性1　可用性1", "【機密性2情報】", "取扱注意", "To whom it may concern"),
    ],
)
def test_the_head_of_a_letter_above_a_form_leaves_the_consent(line: str) -> None:
    assert Consent.YES is parse_form(ABOVE.format(line)).consent


@given(st.text("台詞劇場物語漫画詩歌絵巻", min_size=2, max_size=10))
def test_unknown_words_above_a_form_are_for_the_staff(words: str) -> None:
    assert Consent.YES is not parse_form(ABOVE.format(words)).consent
