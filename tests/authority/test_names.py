"""Names in replies are put together from what names are made of: no other word stands in their place."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.admission.replies.decision import parse
from gateway.admission.replies.grammar.names.offices import NAMING_WORDS, is_office
from gateway.admission.replies.grammar.names.people import NAME_SIGNS, is_latin_name
from gateway.admission.replies.grammar.names.places import MUNICIPALITIES, PREFECTURES, read_body
from gateway.admission.replies.grammar.names.signs import UNSAFE
from gateway.admission.replies.outsiders.confirmation import Confirmation, parse_confirmation
from gateway.admission.replies.outsiders.withdrawal import is_withdrawal
from gateway.admission.replies.reading import Decision
from gateway.admission.replies.text.sentences import fold_compact
from tests.support.paths import ROOT
from tests.support.replies import CONTEXT

SUFFIXES = ("部", "課", "室", "係", "班", "担当", "市", "町", "村", "省", "庁", "グループ", "長", "課長")
# Words that are no part of any name: of time, doubt, refusal and condition.
WORDS = (
    *(
        "未定",
        "未決",
        "別件",
        "対象外",
        "要確認",
        "判断待",
        "仮",
        "嘘",
        "例",
        "冗談",
        "誤り",
        "訂正",
        "条件",
        "不可",
    ),
    *(
        "反対",
        "検討",
        "保留分",
        "除外",
        "未確認",
        "来月",
        "昨年度",
        "同姓同名",
        "別人",
        "隣",
        "他",
        "ちがう",
        "よその",
    ),
    *("たぶん", "うそ"),
)
NUMBERS = (" 2", " 4-1", "第3条", " 2号", " 2026-4-1", " 20260401", " 03", "1")
CONFIRMED = "手書花子は総務課に在籍しています。"


def test_places_are_those_of_the_register() -> None:
    with (ROOT / "config/organisations.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.reader(file, delimiter="\t") if row and row[0][:1].isdigit()]
    kinds = {
        kind: {row[2] for row in rows if row[4] == kind} for kind in ("prefecture", "municipality", "ward")
    }
    assert kinds["prefecture"] == PREFECTURES
    assert kinds["municipality"] | kinds["ward"] == MUNICIPALITIES | (kinds["municipality"] & PREFECTURES)


@given(
    st.sampled_from(WORDS), st.sampled_from(("", *SUFFIXES, *NUMBERS)), st.sampled_from((" ", "\n", "\n\n"))
)
def test_no_other_word_is_a_line_of_a_signature(word: str, suffix: str, gap: str) -> None:
    for said in (f"{word}{suffix}", f"{word}{suffix} 様", f"{word}{suffix}です", f"総務課 {word}{suffix}"):
        for first in ("承認します。", "承認 4F7K"):
            got = parse(f"{first}{gap}{said}", "", replace(CONTEXT, code="4F7K")).decision
            assert (said, Decision.NONE) == (said, got)
        if gap != " ":
            answer = parse_confirmation(f"{CONFIRMED}{gap}{said}", CONTEXT)
            assert (said, Confirmation.NONE) == (said, answer)


KANJI = st.text(alphabet="".join(chr(sign) for sign in range(0x4E00, 0x9FA0)), min_size=1, max_size=6)
ANY = st.characters(min_codepoint=0x3041, max_codepoint=0x30F6)


@given(KANJI, st.one_of(st.sampled_from((*UNSAFE, *WORDS)), ANY), st.integers(0, 6))
def test_a_word_with_a_sign_of_doubt_or_of_a_sentence_names_no_office(word: str, sign: str, at: int) -> None:
    said = fold_compact(f"{word[:at]}{sign}{word[at:]}担当")
    assume(sign in said)  # a combining sign is folded away
    if is_office(said):  # 不動産 and 変更 are of words that offices are named with
        assert any(sign in naming for naming in NAMING_WORDS) or read_body(said) is not None
    got = parse(f"承認します。\n佐藤\n{said}", "", CONTEXT).decision
    assert got is Decision.NONE or is_office(said)


@pytest.mark.parametrize(
    "line",
    [
        *(
            "総務部総務課",
            "危機管理室",
            "情報政策課",
            "デジタル推進課",
            "こども家庭課",
            "DX推進担当",
            "高知県デジタル政策課",
        ),
        *("札幌市", "さいたま市浦和区役所", "総務省大臣官房総務課", "見本市教育委員会", "香川県庁"),
    ],
)
def test_an_office_is_one(line: str) -> None:
    assert Decision.APPROVE is parse(f"承認します。\n\n{line}\n佐藤 一郎", "", CONTEXT).decision


@pytest.mark.parametrize(
    "line",
    [
        "〒100-8926 東京都千代田区霞が関2-1-2",
        "高松市番町一丁目8番15号",
        "住所: 香川県高松市番町1-8-15",
        "電話 087-839-2011(内線 1234)",
        "+81-87-839-2011",
        "TEL:0878392011 FAX:087-839-2012",
    ],
)
def test_an_address_is_one(line: str) -> None:
    assert Decision.APPROVE is parse(f"承認します。\n\n佐藤 一郎\n{line}", "", CONTEXT).decision


def test_a_name_is_made_of_signs_of_names() -> None:
    assert not set(NAME_SIGNS) & set("未定仮例案別誤来不嘘否待止可人物事時日年月週件")
    for name in ("鈴木様", "高橋さん", "林様", "山本課長", "佐々木 健太様"):
        assert Decision.APPROVE is parse(f"{name}\n承認します。", "", CONTEXT).decision


@pytest.mark.parametrize(
    "last",
    [
        *(
            "No Longer",
            "Not Now",
            "Until March",
            "Just Kidding",
            "外部です。",
            "元夫です。",
            "海外です。",
            "外部",
        ),
        *(
            "総務課（もう いない）",
            "総務課（でも たぶん）",
            "見本市退職済2号",
            "総務課 (not yet)",
            "部長です。",
        ),
    ],
)
def test_what_is_no_name_of_a_colleague(last: str) -> None:
    for said in (CONFIRMED, "はい 4F7K", "いいえ、手書花子は当課に在籍しています。"):
        answer = parse_confirmation(f"{said}\n\n{last}", replace(CONTEXT, code="4F7K"))
        assert Confirmation.NONE is answer
    assert not is_withdrawal(f"取り下げます。\n\n{last}")


@pytest.mark.parametrize("name", ["鈴木です。", "総務課 高橋", "Keiko Maeda", "見本市 総務課\n田中 健"])
def test_what_is_a_name_of_a_colleague(name: str) -> None:
    assert Confirmation.CONFIRM is parse_confirmation(f"{CONFIRMED}\n\n{name}", CONTEXT)
    assert is_withdrawal(f"申請を取り下げます。\n\n{name}")


@given(st.from_regex(r"[A-Z][a-z]{1,9} [A-Z][a-z]{1,9}", fullmatch=True))
def test_two_capital_words_are_a_name_only_with_a_family_name(words: str) -> None:
    answer = parse_confirmation(f"{CONFIRMED}\n\n{words}", CONTEXT)
    assert (Confirmation.CONFIRM if is_latin_name(words) else Confirmation.NONE) is answer
