"""What a subject may say beside a consent: that somebody applies; any other word leaves no consent."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.admission.application.consent.around.subject import (
    _PARTS,
    _is_part_known,
    _read_name,
    is_known,
    is_plain_subject,
    is_reply_mark,
)
from gateway.admission.application.consent.people import Writer, build_writer, is_place, is_role
from gateway.admission.replies.grammar.names.people import FAMILY_NAMES

WRITER = build_writer("見本 花子", ("見本町", "総務課"))
PLAIN = {
    "nothing": ["", " ", "無題", "件名なし", "(no subject)", "-"],
    "an application": [
        *(
            "参加申請",
            "参加の申込みについて",
            "申請書の送付",
            "Slack参加希望",
            "コミュニティに参加したいです",
        ),
        *("共創プラットフォームへの参加について（申請）", "招待おねがいします🙏", "さんかしんせい", "ﾓｳｼｺﾐ"),
        *("参加申請①", "参加申請 (1/1)", "令和8年度　新規参加の申請", "参加申請書.xlsx", "【再送】参加申請"),
    ],
    "who writes": [
        *("参加申請（見本町 見本）", "見本町総務課 見本 花子", "【見本町】参加申請", "（練馬区）参加申請"),
        *("参加申請_見本町_見本花子", "参加申請（総務課・主査 見本）", "富谷市から申請"),
        *("Request for an invitation (Mihon Tourism Agency)", "Participation request (Mihon Town)"),
    ],
    "marks of gateways and replies": [
        *(
            "[EXTERNAL]【外部メール】参加申請",
            "【庁外】参加申請",
            "[SPAM?] 参加の申込み",
            "【要返信】参加申請",
        ),
        *("Re: 参加のご案内", "RE: FW: 【情報提供】共創プラットフォームについて", "返信: 申請方法のご案内"),
        *("Re: 昨年の申請について", "Re: 【追記のお願い K7QM-4T】参加申請の記入について"),
    ],
    "another item": ["登録申請について（12月から所属が変わります）", "参加申請（質問あり）"],
    "why": [
        "異動に伴う参加申請",
        "人事異動による登録のお願い",
        "着任のための参加申込み",
        "組織改編に伴う申請",
    ],
}
DOUBTFUL = {
    "a draft": [
        "【下書き】参加申請",
        "（案）参加申請",
        "参加申請_案",
        "参加申請（仮）",
        "[DRAFT] Application",
    ],
    "not decided": [
        "参加申請（未決裁）",
        "【課長確認中】参加申請",
        "参加申請（予定）",
        "【保留】参加申請",
        "Not yet: application",
    ],
    "taken back": [
        *("【取消】参加申請", "参加申請を取り下げます", "参加辞退", "やっぱりやめます", "参加できません"),
        *("規約には同意できません", "Re: 規約には同意できません", "参加申請（同意は後日）"),
    ],
    "no application": [
        "テスト",
        "Test",
        "練習",
        "参加申請（記入例）",
        "【例】参加申請",
        "参加申請（控え）",
        "Sample application",
    ],
    "a question": ["記入例の確認", "参加申請の書き方について", "これでいいでしょうか", "参加申請の相談"],
    "another person": [
        *("参加申請（鈴木分）", "鈴木の参加申請", "代理申請（鈴木）", "後任の参加申請について", "部下の申請"),
        "Application on behalf of Suzuki",
    ],
}


@pytest.mark.parametrize("subject", [one for row in PLAIN.values() for one in row])
def test_a_subject_of_an_application_is_plain(subject: str) -> None:
    assert is_plain_subject(subject, WRITER)


@pytest.mark.parametrize("subject", [one for row in DOUBTFUL.values() for one in row])
def test_a_subject_that_says_more_is_not(subject: str) -> None:
    assert not is_plain_subject(subject, WRITER)


@given(
    st.sampled_from(["参加申請", "【見本町】参加申請", "Re: 参加申請について"]),
    st.text("棄否拒疑懸躊躇渋逡巡厭忌却未案仮試", min_size=1, max_size=4),
    st.sampled_from(["{0}（{1}）", "【{1}】{0}", "{0} {1}", "{1}{0}", "{0}_{1}"]),
)
def test_any_word_that_is_not_of_an_application_is_seen(subject: str, word: str, shape: str) -> None:
    assert not is_plain_subject(shape.format(subject, word), WRITER)


@given(
    st.sampled_from(sorted(FAMILY_NAMES)), st.sampled_from(["参加申請（{}）", "{}の参加申請", "参加申請 {}"])
)
def test_another_persons_name_is_seen(name: str, shape: str) -> None:
    assume(not set(name) & set("見本町総務課"))
    assume(not is_place(name) and not is_role(name))  # some family names are those of towns
    assert not is_plain_subject(shape.format(name), WRITER)


@given(
    st.lists(st.sampled_from(("参加", "申請", "見本", "町", "総務", "課", "花子", "主任", "本"))).map(
        "".join
    ),
    st.integers(0, 9),
)
def test_a_name_is_read_only_if_it_is_longer_than_the_known_word(part: str, known: int) -> None:
    assert max(known, _read_name(part, 0, 0, WRITER)) == _read_name(part, 0, known, WRITER)


@given(st.text(max_size=300))
def test_no_subject_raises(subject: str) -> None:
    assert is_plain_subject(subject, WRITER) in {True, False}
    assert is_reply_mark(f"Re: {subject}")


@pytest.mark.parametrize("writer", [WRITER, build_writer("田中 美咲", ("見本省",)), build_writer("", ())])
@pytest.mark.parametrize("is_reply", [False, True])
def test_what_is_kept_of_a_part_holds_for_each_writer(writer: Writer, is_reply: bool) -> None:
    for subject in (one for table in (PLAIN, DOUBTFUL) for row in table.values() for one in row):
        for part in _PARTS.split(unicodedata.normalize("NFKC", subject).casefold()):
            assert is_known(part, writer, is_reply=is_reply) == _is_part_known(
                part, writer, is_reply=is_reply
            )
