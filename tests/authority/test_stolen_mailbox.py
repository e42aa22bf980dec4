"""A mailbox of the staff that was revoked decides nothing, whatever it says and with whatever token."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.case.events import Misuse, Note
from gateway.admission.case.model import Letter
from gateway.admission.intake.classify import classify
from gateway.admission.intake.mail_facts import MailFacts, TokenHolder
from gateway.mail.smtp.mailboxes import Purpose
from tests.support.factories import DESK, SATO, SUZUKI, background, case, form

TEXTS = ("承認", "承認 4F7K", "却下: 対象外", "取消", "一覧", "状況", "K7QM-4T 承認", "")


def holder(letter: Letter, *, expired: bool) -> TokenHolder:
    return TokenHolder(Purpose.DECIDE, SATO, letter, 1, expired, (), recallable=True, code="4F7K")


@given(
    st.sampled_from(TEXTS),
    st.sampled_from([Letter.REVIEW_REQUEST, Letter.DIGEST, Letter.DECISION_RECEIPT, Letter.CASE_STATUS]),
    st.booleans(),
)
def test_nothing_of_it_counts(text: str, letter: Letter, expired: bool) -> None:
    desk = DESK.without(frozenset({SATO.key}))
    mail = MailFacts(SATO, Purpose.DECIDE, "Re:", text, form(""), None, None, background())
    event = classify(mail, holder(letter, expired=expired), case(), desk)
    assert isinstance(event, Note | Misuse)


@pytest.mark.parametrize("keys", [frozenset[str](), frozenset({"nobody@example.go.jp"})])
def test_the_others_decide_as_before(keys: frozenset[str]) -> None:
    assert DESK is DESK.without(keys)
    assert DESK.without(frozenset({SATO.key})).member(SUZUKI) is not None
