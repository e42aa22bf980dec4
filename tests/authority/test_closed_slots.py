"""No slot of a reply is open: another word in the place of a name, a number or a street makes it unclear."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.admission.replies.decision import parse
from gateway.admission.replies.grammar.names.places import MUNICIPALITIES
from gateway.admission.replies.grammar.names.signs import is_plain_name
from gateway.admission.replies.grammar.parsing.matching import is_understood
from gateway.admission.replies.grammar.vocabulary import TERMINALS
from gateway.admission.replies.reading import Decision
from tests.support.authority import LETTER_SUBJECT
from tests.support.replies import CONTEXT

ASKED = replace(CONTEXT, code="4F7K", letter_subject=LETTER_SUBJECT)
SUBJECT = f"Re: {LETTER_SUBJECT}"
KANJI = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA0), min_size=2, max_size=6)
KANA = st.text(alphabet=st.characters(min_codepoint=0x3041, max_codepoint=0x3093), min_size=2, max_size=6)
KATAKANA = st.text(alphabet=st.characters(min_codepoint=0x30A1, max_codepoint=0x30F6), min_size=2, max_size=6)
LATIN = st.text(alphabet=st.characters(min_codepoint=0x61, max_codepoint=0x7A), min_size=2, max_size=8)
MEANT = st.sampled_from(
    (
        "在籍未確認",
        "来月",
        "明日",
        "まだ",
        "うそ",
        "ウソ",
        "テスト",
        "マダ",
        "保留中",
        "例外",
        "wait",
        "not",
        "未定",
    )
)
WORD = st.one_of(MEANT, KANJI, KANA, KATAKANA, LATIN)
# A slot each: a street, a building, a reading, initials, a body, what was checked, an office above.
FRAMES = (
    "承認します。\n佐藤\n札幌市{}1-1",
    "承認します。\n佐藤\n札幌市{}1丁目2番3号",
    "承認します。\n佐藤\n見本県見本郡見本町大字{}100番地",
    "承認します。\n佐藤\n{}部{}課",
    "承認します。\n佐藤\n{}広域連合 事務局",
    "承認します。\n佐藤\n〒100-0001 {}12-1",
    "承認します。\n佐藤\n〒100-0001 霞が関1-1{}ビル",
    "承認します。\n佐藤\n見本市本町1-1 {}館",
    "承認します。\n佐藤（さとう {}）",
    "承認します。\n{}> 総務課",
    "{}の在籍を確認しました。承認します。",
    "承認します。{}に問題はありません。",
    "{}\n承認しました。",
    "{}課\n承認しました。\n佐藤",
    "承認 4F7K\n\n佐藤\n札幌市{}1-1",
    "承認 4F7K\n\n佐藤（さとう {}）",
    "却下 4F7K\n\n{}> 待って",
)
# What stands in the list of the slot: the case's own, the words of the grammar's support, nothing.
LISTED = (
    *(
        "見本市",
        "総務課",
        "見本市総務課",
        "要件",
        "資格",
        "在籍",
        "所属",
        "申請",
        "本件",
        "内容",
        "書類",
        "記載",
    ),
    *("本人", "身分", "勤務", "在職", "団体", "こちら"),
)


@given(WORD, st.sampled_from(FRAMES))
def test_another_word_in_a_slot_makes_it_unclear(word: str, frame: str) -> None:
    assume(not is_plain_name(word))  # what a town or an office may be called
    assume(word not in LISTED and not is_understood(frame.replace("{}", word).split("\n")[-1], ASKED))
    assume(not is_understood(f"{word}の在籍を確認しました。", ASKED) and not is_understood(word, ASKED))
    got = parse(frame.replace("{}", word), SUBJECT, ASKED)
    assert (Decision.NONE, word) == (got.decision, word)


@given(st.sampled_from(sorted(MUNICIPALITIES - {"見本市"})))
def test_what_was_checked_of_another_body_supports_nothing(body: str) -> None:
    for said in ("の在籍を確認しました", "に問題はありません", "の招待をお願いします", ""):
        got = parse(f"承認します。{body}{said}。", SUBJECT, ASKED)
        assert (Decision.NONE, body) == (got.decision, body)


@given(st.dates(), st.sampled_from(("%m-%d-%Y", "%d-%m-%Y", "%m%d-%Y", "%m %d %Y", "0%m%d-%Y", "(%m)%d-%Y")))
def test_no_date_is_a_telephone_number(day: object, form: str) -> None:
    said = format(day, form)
    for text in (f"承認します。\n{said}", f"承認します。\n佐藤 {said}", f"承認 4F7K\n\n佐藤 TEL {said}"):
        assert Decision.NONE is parse(text, SUBJECT, ASKED).decision


TAGS = ("[{} 1]", "[{}:0123]", "【{}】", "【{} K7QM-4T】", "[{} K7QM-4T]", "({})", "〔{}〕")
DOUBTS = (
    "仮",
    "練習",
    "テスト",
    "下書き",
    "訂正",
    "誤送信",
    "wait",
    "draft",
    "not sure",
    "mistake",
    "ignore this",
)
OTHERS = tuple(word for name in ("decline", "hold", "undo") for word in TERMINALS[name])


@given(st.sampled_from(TAGS), st.sampled_from((*DOUBTS, *OTHERS)), st.booleans())
def test_a_tag_of_a_subject_that_decides_or_doubts(tag: str, word: str, before: bool) -> None:
    said = tag.format(word)
    subject = f"{said} {SUBJECT}" if before else f"{SUBJECT} {said}"
    for text in ("承認します。", "承認 4F7K"):
        assert Decision.NONE is parse(text, subject, ASKED).decision


@given(st.sampled_from(("[{} 1]", "[{}:0123]", "【{}】", "[{}-{} 123]")), WORD)
def test_a_tag_that_is_no_list_is_read(tag: str, word: str) -> None:
    assume(not is_understood(word, ASKED))
    subject = f"{tag.replace('{}', word)} {SUBJECT}"
    assert parse("承認します。", subject, ASKED).decision is Decision.NONE or word in {"dx", "ml", "all"}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "却下 4F7K\n\n問題ありません",
            "却下 4F7K\n\n招待をお願いします。",
            "却下 4F7K\n\n対象外ではありません。",
        ),
        *(
            "却下 4F7K\n\n退職していません。",
            "取消 4F7K\n\n招待をお願いします。",
            "取消 4F7K\n\n要件を満たしています。",
        ),
        *(
            "照会 4F7K\n\n怪しい人です。",
            "照会 4F7K\n\n鈴木さん、どう思いますか？",
            "照会 4F7K\n\n問題ありません。",
        ),
        *(
            "承認 4F7K\n\nPS> 待って",
            "承認 4F7K\n\n大阪市の在籍を確認しました。",
            "保留 4F7K\n\n進めてください",
        ),
        *("承認 4F7K、お願いします", "鈴木課長\n承認 4F7K", "承認 4F7K\n\n鈴木さん、お願いします"),
    ],
)
def test_word_and_code_beside_what_turns_it(text: str) -> None:
    assert Decision.NONE is parse(text, SUBJECT, ASKED).decision


@pytest.mark.parametrize(
    ("plain", "shown"),
    [
        ("却下", "却下\n問題ありません"),
        ("却下します。", "却下します。\n招待をお願いします。"),
        ("承認します。問題ありません", "承認します。問題ありません？"),
        ("却下 4F7K", "却下 4F7K\n\n問題ありません"),
        ("取り消します", "取り消します\n進めてください"),
        ("承認", "鈴木課長\n承認"),
        ("承認しました。", "人事課\n承認しました。"),
        ("承認", "承認\nお願いします。"),
        ("承認でお願いします", "鈴木様\n承認でお願いします"),
        ("照会：部署は？", "照会：部署は？\n問題ありません"),
    ],
)
def test_an_html_part_that_turns_a_word(plain: str, shown: str) -> None:
    assert Decision.NONE is not parse(plain, SUBJECT, ASKED, html_text=plain).decision
    assert Decision.NONE is parse(plain, SUBJECT, ASKED, html_text=shown).decision


FAULTS = (
    "対象外",
    "民間企業",
    "退職",
    "異動",
    "虚偽",
    "重複",
    "違反",
    "不備",
    "誤り",
    "学生",
    "個人",
    "フリーメール",
)
DENIALS = (
    *("{}ではありません", "{}ではないです", "{}はありません", "{}はなかったです", "{}ではありませんでした"),
    *(
        "{}していません",
        "{}しておりません",
        "{}は見当たりません",
        "{}とは言えません",
        "申請者は{}ではありません",
    ),
)
PLACES = (
    "却下します。{}。",
    "却下 4F7K\n\n{}。",
    "却下: {}",
    "却下（{}）",
    "却下します。\n理由：{}",
    "{}ので、却下します。",
)


@given(st.sampled_from(FAULTS), st.sampled_from(DENIALS), st.sampled_from(PLACES))
def test_a_fault_that_is_denied_is_no_reason(fault: str, denial: str, place: str) -> None:
    said = place.format(denial.format(fault))
    assert (Decision.NONE, said) == (parse(said, SUBJECT, ASKED).decision, said)


@pytest.mark.parametrize(
    ("local_part", "decision"),
    [
        ("sato", Decision.APPROVE),
        ("t-ohno2", Decision.APPROVE),
        ("dx_suishin", Decision.APPROVE),
        ("shimbashi.joho", Decision.APPROVE),
        ("general.affairs", Decision.APPROVE),
        ("suzuki.decides", Decision.NONE),
        ("suzuki-rejects", Decision.NONE),
        ("pending", Decision.NONE),
        ("ask.suzuki.instead", Decision.NONE),
    ],
)
def test_an_address_in_a_signature_names_a_box_and_says_nothing(local_part: str, decision: Decision) -> None:
    text = f"承認します。\n\n佐藤 一郎\n総務課\n{local_part}@city.mihon.lg.jp"
    assert decision is parse(text, SUBJECT, CONTEXT).decision
