"""The letters that the desk writes: their kinds, and one that is to be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.mail.address import Address


class Letter(StrEnum):
    """Every letter the desk can write; each has its template of the same name."""

    ACKNOWLEDGMENT = "acknowledgment"
    MISSING_FIELDS = "missing_fields"
    AFFILIATION_REQUEST = "affiliation_request"
    AFFILIATION_CHECK = "affiliation_check"
    INVITATION = "invitation"
    INVITATION_NOTICE = "invitation_notice"
    INVITATION_REMINDER = "invitation_reminder"
    HANDOFF = "handoff"
    DECLINE = "decline"
    ALREADY_ADMITTED = "already_admitted"
    WITHDRAWAL_RECEIPT = "withdrawal_receipt"
    REPLACEMENT_CHECK = "replacement_check"
    OWN_STATUS = "own_status"
    HELD_DATA = "held_data"
    HOW_TO_APPLY = "how_to_apply"
    PASSED_ON = "passed_on"
    ONE_BY_ONE = "one_by_one"
    NOT_KEPT = "not_kept"
    REVIEW_REQUEST = "review_request"
    DECISION_RECEIPT = "decision_receipt"
    DECISION_SUMMARY = "decision_summary"
    UNCLEAR_DECISION = "unclear_decision"
    REOPENED = "reopened"
    DESK_REPLY = "desk_reply"
    CASE_NOTICE = "case_notice"
    CASE_STATUS = "case_status"
    QUESTION = "question"
    EXPIRED = "expired"
    DIGEST = "digest"
    TRANSCRIPT = "transcript"
    PRACTICE_REQUEST = "practice_request"
    PRACTICE_RESULT = "practice_result"
    CONSOLE_CODE = "console_code"


# About many cases at once: in the outbox they belong to none.
GENERAL_LETTERS = frozenset({Letter.DIGEST, Letter.TRANSCRIPT, Letter.DECISION_SUMMARY})
# They tell of words that were said: an answer to them takes back, and does nothing else.
RECEIPTS = frozenset({Letter.DECISION_RECEIPT, Letter.DECISION_SUMMARY, Letter.TRANSCRIPT})
# About a case that does not exist; a reply to them changes none.
PRACTICE_LETTERS = frozenset({Letter.PRACTICE_REQUEST, Letter.PRACTICE_RESULT})
STAFF_LETTERS = (
    GENERAL_LETTERS
    | PRACTICE_LETTERS
    | {
        Letter.REVIEW_REQUEST,
        Letter.DECISION_RECEIPT,
        Letter.UNCLEAR_DECISION,
        Letter.CASE_NOTICE,
        Letter.CASE_STATUS,
        Letter.CONSOLE_CODE,
    }
)
# Letters that show a code, which an answer gives back beside its word.
CODED_LETTERS = (STAFF_LETTERS - {Letter.CONSOLE_CODE}) | {Letter.AFFILIATION_CHECK}
# What the staff's own word sends to an applicant; until it leaves, the word can be taken back.
RECALLABLE_LETTERS = (Letter.INVITATION, Letter.DECLINE, Letter.QUESTION)


@dataclass(frozen=True, slots=True)
class OutgoingLetter:
    """A letter to send: the template's name, the addressee, and all that the template may say."""

    letter: Letter
    to: Address
    facts: Mapping[str, object]
    not_before: datetime | None = None
