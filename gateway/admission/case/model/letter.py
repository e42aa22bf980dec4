"""The letters of the desk: their kinds, and a letter to be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.mail.address import Address


class Letter(StrEnum):
    """All kinds of letters; each has a template of the same name."""

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
    CONSOLE_CONFIRMATION = "console_confirmation"


# About many cases at once: in the outbox they belong to no case.
GENERAL_LETTERS = frozenset({Letter.DIGEST, Letter.TRANSCRIPT, Letter.DECISION_SUMMARY})
# Letters that report decisions: a reply to one can only undo.
RECEIPTS = frozenset({Letter.DECISION_RECEIPT, Letter.DECISION_SUMMARY, Letter.TRANSCRIPT})
# Letters with a code for the console, derived from the fact of this name; nobody replies to them.
CONSOLE_LETTERS: Mapping[Letter, str] = {
    Letter.CONSOLE_CODE: "browser",
    Letter.CONSOLE_CONFIRMATION: "seal",
}
# About a sample case; a reply to them changes no case.
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
        *CONSOLE_LETTERS,
    }
)
# Letters with a code that a reply must repeat next to its word.
CODED_LETTERS = (STAFF_LETTERS - CONSOLE_LETTERS.keys()) | {Letter.AFFILIATION_CHECK}
# Letters to an applicant caused by a staff decision; until one is sent, the decision can be undone.
RECALLABLE_LETTERS = (Letter.INVITATION, Letter.DECLINE, Letter.QUESTION)


@dataclass(frozen=True, slots=True)
class OutgoingLetter:
    """A letter to send: its kind, the addressee, and all facts that the template may use."""

    letter: Letter
    to: Address
    facts: Mapping[str, object]
    not_before: datetime | None = None
