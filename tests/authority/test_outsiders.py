"""What people outside the office answer: where somebody works is the claimed body, what is taken back is
one's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.grammar.names.offices import OFFICE
from gateway.admission.replies.outsiders.confirmation import Confirmation, parse_confirmation
from gateway.admission.replies.outsiders.withdrawal import is_withdrawal

CITY = ReplyContext(
    applicant_name="手書 花子",
    organisation="見本市",
    department="総務課",
    organisation_known=True,
    code="4F7K",
)
ENGLISH = ReplyContext(applicant_name="Taro Mihon", organisation="Mihon City", code="4F7K")


@pytest.mark.parametrize(
    "place",
    [
        "民間企業グループに",
        "住民協議会に",
        "スポーツチームに",
        "同じ市に",
        "本県で",
        "当県に",
        "同じ県に",
        "大阪市に",
        "観光協会に",
        "市民センターに",
        "当社に",
        "当法人に",
        "当大学に",
        "国際交流協議会に",
        "消防団に",
        "農業委員会に",
        "労働組合に",
        "別府市の総務課に",
        "市役所に",
        "他の市に",
        "市民グループに",
        "商工会議所に",
        "隣の課に",
        "県の総務課に",
        "当市の委託事業者に",
        "当市で勤務する団体に",
    ],
)
def test_somewhere_else_is_no_confirmation(place: str) -> None:
    for verb in ("在籍しております", "勤務しています", "所属していることを確認しました"):
        assert Confirmation.NONE is parse_confirmation(f"手書花子は{place}{verb}。", CITY)


@given(st.from_regex(OFFICE, fullmatch=True))
def test_no_office_that_may_be_a_body_of_its_own_confirms(office: str) -> None:
    if parse_confirmation(f"手書花子は{office}に在籍しております。", CITY) is Confirmation.CONFIRM:
        assert office[-1] in "局部課室係班"


@pytest.mark.parametrize(
    "text",
    [
        "手書花子は勤務しております。",
        "手書花子は在職しています。",
        "手書花子は当市の職員です。",
        *(f"手書花子は当市に在籍しております。\n{said}です。" for said in ("架空", "見本", "例示", "手書")),
        *(
            f"手書花子は当市に在籍しております。\n\n{said}"
            for said in ("Ask Suzuki", "Not Hara", "Hara Left", "Uso Suzuki", "Mada Hara")
        ),
    ],
)
def test_a_doubtful_sentence_confirms_nothing(text: str) -> None:
    assert Confirmation.NONE is parse_confirmation(text, CITY)


@pytest.mark.parametrize(
    "said",
    [
        "works",
        "works in our city",
        "works in our town",
        "works in the city",
        "works at the office",
        "works for our ministry",
        "is employed",
        "belongs",
        "is a member",
        "is a colleague",
    ],
)
def test_a_place_that_may_be_anywhere_confirms_nothing_in_english(said: str) -> None:
    assert Confirmation.NONE is parse_confirmation(f"Taro Mihon {said}.", ENGLISH)
    assert Confirmation.NONE is parse_confirmation(f"I confirm that Taro Mihon {said}.", ENGLISH)


@pytest.mark.parametrize(
    "text",
    [
        "手書花子は当市の総務課に在籍しております。",
        "手書花子は見本市役所に勤務しております。",
        "手書花子は見本市総務課に在籍しております。",
        "手書花子は総務課に在籍しています。",
        "手書花子は当課の職員に間違いありません。",
        "見本市総務課の手書花子は当市の職員に相違ありません。",
        "手書花子は弊課の職員に間違いございません。",
        "手書花子が当市総務課に在籍していることを確認いたしました。\n\n見本市 人事課\n佐藤 一郎",
        "手書 花子の在籍を確認しました。",
    ],
)
def test_people_of_the_body_confirm(text: str) -> None:
    assert Confirmation.CONFIRM is parse_confirmation(text, CITY)


@pytest.mark.parametrize("said", ["here", "for us", "in our office", "by our city", "for our city"])
def test_people_of_the_body_confirm_in_english(said: str) -> None:
    verb = "is employed" if said.startswith("by") else "works"
    assert Confirmation.CONFIRM is parse_confirmation(f"Taro Mihon {verb} {said}.", ENGLISH)


@pytest.mark.parametrize(
    "text",
    [
        "3月末で退職しました。",
        "手書花子は昨年度末に退職しております。",
        "手書花子は令和8年3月31日付けで退職しました。",
        "手書花子は当市の職員ではありません。",
    ],
)
def test_people_of_the_body_deny(text: str) -> None:
    assert Confirmation.DENY is parse_confirmation(text, CITY)


@pytest.mark.parametrize(
    "text",
    [
        *(
            f"{of}につき、取り下げます。"
            for of in (
                "田中次郎の申請",
                "別の申請",
                "田中次郎の申請の件",
                "同僚の申請",
                "佐藤様",
                "田中次郎",
                "別件",
                "二件目の申請",
            )
        ),
        "田中の申請のため、取り下げます。",
        "田中次郎の申請により、取り下げます。",
        "他課の申請につき、申請を取り下げます。",
        "取り下げます。\n招待をお願いします。",
    ],
)
def test_what_is_somebody_elses_is_not_withdrawn(text: str) -> None:
    assert not is_withdrawal(text, CITY)


@pytest.mark.parametrize(
    "text",
    [
        "異動につき、申請を取り下げます。",
        "都合につき、取り下げます。",
        "不要となったため、取り下げます。",
        "二重に申請したため、取り下げます。",
        "一身上の都合により取り下げます。",
    ],
)
def test_ones_own_is(text: str) -> None:
    assert is_withdrawal(text, CITY)
