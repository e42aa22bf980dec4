"""Looks that spare the patterns for most lines find nothing that the patterns would not find themselves."""

import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.admission.application.consent import beside, people
from gateway.admission.application.consent.answers import answer
from gateway.admission.application.consent.answers.answer import fold, may_answer
from gateway.admission.application.consent.answers.reading import read_every_line
from gateway.admission.application.consent.people import NOBODY, Writer, build_writer, is_person, is_place
from gateway.admission.application.items import values
from gateway.admission.application.items.fields import Consent
from gateway.admission.application.items.labels import ITEM_BY_LABEL
from gateway.admission.application.layout import no_value
from gateway.admission.application.layout.line import parse_every_label
from gateway.admission.application.layout.prose import STARTS_AS_PROSE
from gateway.admission.application.layout.table.rows import unroll, unroll_every_line
from gateway.admission.application.unlabelled import introduction
from gateway.admission.replies.grammar.names import offices, places

PIECES = (
    "同意",
    "同 意",
    "する",
    "します",
    "しました",
    "はい",
    "いいえ",
    "規約",
    "利用規約を確認し",
    "に",
    "の",
    "を",
    "、",
    "。",
    "(必須)",
    "(見本 花子)",
    "【規約の内容】",
    "第3版",
    "version 2",
    "i do",
    "of course, ",
    "yes",
    " ",
    "　",
    "agree",
    "意",
    "同",
    "了承",
    "済み",
    "☑",
    "□",
    "レ",
    "総務課",
    "見本町",
    "役場",
    "情報政策課長",
    "見本",
    "花子",
    "見本 花子",
    "佐藤",
    "長谷川",
    "健一",
    "と申します",
    "です",
    "より",
    "私は、",
    "主任",
    "教育委員会",
    "市町村支援課",
    "と",
    "こども",
    "A",
    "Mihon",
    "Hanako",
    "業務",
)
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=14).map("".join)
WRITERS = st.sampled_from(
    (
        NOBODY,
        build_writer("見本 花子", ("見本町", "総務課")),
        build_writer("Mihon Hanako", ()),
        Writer("佐藤"),
    )
)


@settings(max_examples=400)
@given(TEXTS, WRITERS)
def test_what_is_no_answer_at_a_glance_is_none_for_the_patterns(text: str, writer: Writer) -> None:
    folded = fold(text)
    if answer.says_something_else(folded):
        assert Consent.ABSENT is answer._read_folded(folded, writer)


ANSWERS = st.lists(
    st.sampled_from(
        (
            *PIECES,
            "同意：",
            "規約\t",
            "利用規約　",
            "ドウイスル",
            "する",
            "した",
            "y",
            "no",
            "i do",
            "Ｙｅｓ",
            "は",
            "い",
            "※",
        )
    )
    | st.text(max_size=2),
    max_size=5,
).map("".join)


@settings(max_examples=1_500)
@given(st.lists(ANSWERS, max_size=3), WRITERS)
def test_lines_that_hold_no_answer_at_a_glance_give_none(lines: list[str], writer: Writer) -> None:
    if not may_answer("\n".join(lines)):
        assert Consent.ABSENT is read_every_line(lines, writer)


def test_prose_holds_no_answer_at_a_glance() -> None:
    assert not may_answer("災害対応のデジタル化について知りたく参加を希望します。\n業務で使います(1964)。")


def test_an_answer_with_blanks_notes_and_versions_inside_is_none_at_a_glance() -> None:
    for text in (
        "規約の内容をよく確認しましたうえで、同 意 し ま す。規約の内容",
        "同(必須)意" + "します" * 12,
        "同第3版意" * 9,
    ):
        assert not answer.says_something_else(fold(text))


@settings(max_examples=400)
@given(TEXTS)
def test_a_line_that_introduces_nobody_at_a_glance_is_none_for_the_patterns(text: str) -> None:
    said = text.strip(" \t　")
    if not introduction.may_introduce(said):
        patterns = (*introduction._LINES, introduction._SENTENCE)
        assert not any(pattern.fullmatch(said) for pattern in patterns)


@settings(max_examples=400)
@given(TEXTS)
def test_an_office_ends_in_one_of_the_signs(text: str) -> None:
    token = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    if token and token[-1] not in offices.ENDINGS:
        assert offices._WHOLE.fullmatch(token) is None
        assert not offices._is_unlisted(token)


@settings(max_examples=400)
@given(TEXTS, WRITERS)
def test_a_name_behind_an_office_is_looked_for_wherever_one_may_begin(text: str, writer: Writer) -> None:
    written = "".join(unicodedata.normalize("NFKC", text[:60]).split())
    everywhere = (
        is_place(written[:at], writer) and is_person(written[at:], writer) for at in range(2, len(written))
    )
    assert any(everywhere) is people._is_named([written], writer, is_beside=True) or is_person(
        written, writer
    )


@settings(max_examples=400)
@given(TEXTS, WRITERS)
def test_a_sentence_of_many_words_is_left_as_soon_as_it_is_no_name(text: str, writer: Writer) -> None:
    written = " ".join(unicodedata.normalize("NFKC", text[:60]).split()).strip(" 。.、,")
    said = people._SAYS_NAME.sub("", people._I.sub("", written))
    tokens = [token for token in people._BEHIND_BODY.split(said) if token]
    left = [one for one in tokens if not is_place(one, writer) and people._ROLE.fullmatch(one) is None]
    if left and not people.is_latin_name(written, writer):
        whole = people._is_named(left, writer, is_beside=len(left) < len(tokens))
        assert whole is people.is_writer(text[:60], writer)
    if not left and tokens:
        assert people.may_name(said, writer)


@settings(max_examples=400)
@given(TEXTS)
def test_an_address_begins_with_a_sign_of_one(text: str) -> None:
    token = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    if text[:1] and not people.may_be_address(text):
        assert places.read_body(token) is None
        assert people._POST.match(token).end() == 0  # type: ignore[union-attr]


@settings(max_examples=800)
@given(TEXTS, WRITERS)
def test_who_does_not_sign_at_a_glance_is_no_writer(text: str, writer: Writer) -> None:
    written = unicodedata.normalize("NFKC", text).strip(" \t　。.、,!")
    if not people.may_sign(written, writer):
        assert not people.is_writer(written, writer)


@settings(max_examples=400)
@given(st.lists(TEXTS.filter(str.strip), min_size=2, max_size=3).map("。".join))
def test_several_sentences_are_none_that_is_harmless(text: str) -> None:
    written = unicodedata.normalize("NFKC", text).strip(" \t　。.、,!")
    if "。" in written:
        folded = fold(text).strip(" 。.、,!")
        assert not any(kind.fullmatch(folded) for kind in (beside._HARMLESS, beside._REACHED))
        assert not any((people.is_address(written), beside._says_who(written, NOBODY)))


@settings(max_examples=400)
@given(TEXTS)
def test_a_body_begins_with_two_signs_of_one_and_ends_as_one(text: str) -> None:
    token = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    names = (places.PREFECTURES, places._CITIES, places._BODIES)
    if any(places._cut(token, of)[1] for of in names):
        assert token[:2] in places.BEGINNINGS
        assert places.read_body(token) != "" or token[-1] in places.ENDINGS
    else:
        assert places.read_body(token) is None


LABELLED = st.lists(
    st.sampled_from(
        (
            *ITEM_BY_LABEL,
            "必須",
            "欄",
            "ご",
            "：",
            ":",
            "　",
            " ",
            "・",
            "は",
            "(",
            ")",
            "【",
            "】",
            "一",
            "、",
            *PIECES,
        )
    ),
    max_size=6,
).map("".join)


@settings(max_examples=800)
@given(LABELLED)
def test_a_line_that_begins_as_prose_has_no_label(line: str) -> None:
    if STARTS_AS_PROSE.match(line):
        assert parse_every_label(line) is None


ROWS = st.lists(
    LABELLED | st.sampled_from(("", "例示市、総務課", "氏名、部課名", "自治体,見本町", "です")), max_size=6
)


@settings(max_examples=800)
@given(ROWS)
def test_rows_are_unrolled_fast_as_plainly(lines: list[str]) -> None:
    assert unroll_every_line(lines) == unroll(lines)


SIGNS = st.text("☑□[(【])】xvo○ レ*同意はいok 規約。\n", max_size=12)


@settings(max_examples=400)
@given(SIGNS | TEXTS)
def test_a_box_begins_where_the_glance_says(text: str) -> None:
    folded = fold(text)
    found = {mark.start() for mark in answer._MARK.finditer(folded)}
    assert found <= {sign.start() for sign in answer._MAY_MARK.finditer(folded)}


_SPACED = "|".join(" ?".join(word) for word in answer._SHORT)
_PLAIN_SHORT = re.compile(rf"(?<![^\W_])(?:{_SPACED})(?![^\W_])|i do(?![^\W_])|ドウイ|どうい")


@settings(max_examples=400)
@given(st.lists(st.sampled_from((*answer._SHORT, *PIECES, "_", "「", "1")), max_size=5).map("".join) | SIGNS)
def test_a_short_answer_is_found_behind_a_blank_as_at_the_beginning(text: str) -> None:
    folded = fold(text)
    found = answer._SHORT_ANSWER.search(f" {folded}") or answer._OTHER_ANSWER.search(folded)
    assert (_PLAIN_SHORT.search(folded) is None) == (found is None)


@settings(max_examples=400)
@given(
    st.lists(st.sampled_from((*values._BEFORE, *values._BEHIND, " ", "　", "\t", "見本", "\n")), max_size=6)
)
def test_a_value_is_freed_from_what_parts_it_as_by_the_pattern(pieces: list[str]) -> None:
    value = "".join(pieces).strip()
    assert values._AROUND.sub("", value) == values._strip_around(value)


@settings(max_examples=400)
@given(TEXTS, WRITERS)
def test_a_sentence_that_names_nobody_at_a_glance_names_nobody(text: str, writer: Writer) -> None:
    look = beside._look_at(text)
    if look.written and not look.may_sign and look.lasts.isdisjoint(writer.endings):
        assert not beside._says_who(look.written, writer)


@settings(max_examples=400)
@given(
    st.lists(st.sampled_from((*no_value._SAID, "見本", " ", ":", "2026/1/2", "a")), max_size=5).map("".join)
)
def test_an_attribution_ends_in_what_somebody_did(text: str) -> None:
    if no_value._IS_SAID.fullmatch(no_value._fold(text)):
        assert no_value.is_mark_of_mail(text)
