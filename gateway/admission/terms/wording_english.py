"""The terms of `wording` in English, for pages that can be read in both languages; keyed as there."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.admission.case.model import Letter, State
from gateway.admission.organisations.domains import DomainKind
from gateway.printing.outside import Outside

PROOF: Mapping[str, str] = {
    "dmarc": "○ DMARC passed (the author's domain vouches for it)",
    "dkim": "○ a DKIM signature matches the author's domain",
    "spf": "△ only SPF matches the author's domain",
    "arc": "△ vouched for by a trusted relay (ARC)",
    "none": "× not authenticated",
}

KINDS: Mapping[str, str] = {
    DomainKind.LOCAL_GOV_LG: "local government (lg.jp)",
    DomainKind.LG_SERVICE: "lg.jp service name (not an organisation)",
    DomainKind.NATIONAL_GOV: "national government (go.jp)",
    DomainKind.LOCAL_GOV_REGIONAL: "local government (geographic JP domain)",
    DomainKind.REGIONAL_GENERAL: "geographic JP domain (general)",
    DomainKind.REGIONAL_UNLISTED: "resembles the name of a municipality (anyone can register it)",
    DomainKind.PREFECTURE_TYPE: "prefecture type JP domain (anyone can register it)",
    DomainKind.JP_ORGANISATIONAL: "organisational type JP domain",
    DomainKind.IMITATION: "imitates a government domain",
    DomainKind.JP_GENERAL: "general-use JP domain",
    DomainKind.GTLD_OTHER: "other domain",
    DomainKind.PERSONAL: "personal mail service",
    DomainKind.PUBLIC_SUFFIX: "name that cannot be registered",
    DomainKind.INVALID: "not a domain name",
}

LETTERS: Mapping[str, str] = {
    Letter.ACKNOWLEDGMENT: "Acknowledgment",
    Letter.MISSING_FIELDS: "Request for missing items",
    Letter.AFFILIATION_REQUEST: "Request to confirm the affiliation",
    Letter.AFFILIATION_CHECK: "Affiliation check",
    Letter.INVITATION: "Invitation",
    Letter.INVITATION_NOTICE: "Invitation notice",
    Letter.INVITATION_REMINDER: "Invitation reminder",
    Letter.HANDOFF: "Invitation request",
    Letter.DECLINE: "Decline",
    Letter.ALREADY_ADMITTED: "Already admitted",
    Letter.WITHDRAWAL_RECEIPT: "Withdrawal receipt",
    Letter.REPLACEMENT_CHECK: "Replacement check",
    Letter.OWN_STATUS: "Application status",
    Letter.HELD_DATA: "Stored data",
    Letter.HOW_TO_APPLY: "How to apply",
    Letter.ONE_BY_ONE: "Request for one application per person",
    Letter.PASSED_ON: "Passed on to the staff",
    Letter.REOPENED: "Notice that the case has been reopened",
    Letter.DESK_REPLY: "Reply from the desk",
    Letter.NOT_KEPT: "Notice that a message was not kept",
    Letter.REVIEW_REQUEST: "Review request",
    Letter.DECISION_RECEIPT: "Decision receipt",
    Letter.DECISION_SUMMARY: "Summary of decisions",
    Letter.UNCLEAR_DECISION: "Decision not understood",
    Letter.CASE_NOTICE: "Notice",
    Letter.CASE_STATUS: "Case status",
    Letter.QUESTION: "Question",
    Letter.EXPIRED: "Closing notice",
    Letter.DIGEST: "Digest",
    Letter.TRANSCRIPT: "Result of a reply to the digest",
    Letter.PRACTICE_REQUEST: "Practice request",
    Letter.PRACTICE_RESULT: "Practice result",
    Letter.CONSOLE_CODE: "Sign-in code",
    Letter.CONSOLE_CONFIRMATION: "Confirmation code",
}

ANSWERS: Mapping[str, str] = {
    "": "no answer yet",
    "confirm": "answered: works here (does not count as confirmation)",
    "deny": "answered: does not work here",
    "unknown": "answered: not known here",
}
CONFIRMED = "answered: works here (confirmed)"

VALUES: Mapping[tuple[str, str | Outside], str] = {
    ("category", "local"): "local government",
    ("category", "national"): "national government",
    ("consent", "yes"): "agreed",
    ("consent", "unsure"): "agreed (with sentences that could not be parsed)",
    ("consent", "no"): "not agreed",
    ("consent", "absent"): "not stated",
}

STATES: Mapping[State, str] = {
    State.RECEIVED: "application received",
    State.NEEDS_INFORMATION: "waiting for missing items",
    State.AWAITING_AFFILIATION: "waiting for the affiliation to be confirmed",
    State.UNDER_REVIEW: "waiting for a decision",
    State.ON_HOLD: "on hold",
    State.APPROVED: "approved, invitation to be sent",
    State.INVITED: "invited",
    State.JOINED: "joined",
    State.DECLINED: "declined",
    State.WITHDRAWN: "withdrawn by the applicant",
    State.EXPIRED: "did not answer or join in time",
    State.UNDELIVERABLE: "mail to the applicant is undeliverable",
}
