"""The states of a case, and which of them are open, decidable or admitted."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """The states of a case; `STATE_WORDS` describes each in a sentence."""

    RECEIVED = "received"
    NEEDS_INFORMATION = "needs_information"
    AWAITING_AFFILIATION = "awaiting_affiliation"
    UNDER_REVIEW = "under_review"
    ON_HOLD = "on_hold"
    APPROVED = "approved"
    INVITED = "invited"
    JOINED = "joined"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNDELIVERABLE = "undeliverable"


STATE_WORDS: Mapping[State, str] = {
    State.RECEIVED: "申請を受け取りました",
    State.NEEDS_INFORMATION: "申請者の追記を待っています",
    State.AWAITING_AFFILIATION: "所属の確認を待っています",
    State.UNDER_REVIEW: "担当者の判断を待っています",
    State.ON_HOLD: "保留しています",
    State.APPROVED: "承認され、招待の送信を待っています",
    State.INVITED: "招待を送りました",
    State.JOINED: "参加しました",
    State.DECLINED: "お断りしました",
    State.WITHDRAWN: "申請者が取り下げました",
    State.EXPIRED: "期限までに回答または参加がありませんでした",
    State.UNDELIVERABLE: "申請者にメールが届きません",
}


OPEN = frozenset(
    {
        State.RECEIVED,
        State.NEEDS_INFORMATION,
        State.AWAITING_AFFILIATION,
        State.UNDER_REVIEW,
        State.ON_HOLD,
        State.UNDELIVERABLE,
    }
)
DECIDABLE = frozenset({State.AWAITING_AFFILIATION, State.UNDER_REVIEW, State.ON_HOLD})
ADMITTED = frozenset({State.APPROVED, State.INVITED, State.JOINED})
