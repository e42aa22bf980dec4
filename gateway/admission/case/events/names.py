"""All events of a case, and what the journal and the log call them."""

from __future__ import annotations

from gateway.admission.case.events.mail import (
    Apply,
    Confirm,
    CrossedCases,
    Decide,
    DigestReply,
    DigestRequest,
    Emergency,
    FormerLetter,
    HandOver,
    Inquire,
    Misuse,
    NameColleague,
    Note,
    Practise,
    Repeat,
    SeveralPeople,
    StaffQuery,
    Supplement,
    Unclear,
    Unknown,
    Withdraw,
)
from gateway.admission.case.events.service import (
    DeadlinePassed,
    InvitationSent,
    Joined,
    Renew,
    Resend,
    Revoke,
    TakeBack,
    Undelivered,
    UnreadReport,
    VoidCall,
)

CaseEvent = (
    Apply
    | Supplement
    | Withdraw
    | Inquire
    | Confirm
    | NameColleague
    | Decide
    | Practise
    | Unclear
    | Misuse
    | DigestRequest
    | StaffQuery
    | HandOver
    | Emergency
    | DeadlinePassed
    | Revoke
    | TakeBack
    | VoidCall
    | Undelivered
    | UnreadReport
    | InvitationSent
    | Joined
    | Resend
    | Note
    | Unknown
    | SeveralPeople
    | Renew
    | FormerLetter
    | Repeat
    | CrossedCases
)


_KINDS: dict[type, str] = {
    Apply: "application",
    Supplement: "case_reply",
    Withdraw: "case_reply",
    Inquire: "case_reply",
    Confirm: "affiliation_answer",
    NameColleague: "case_reply",
    Decide: "staff_decision",
    Practise: "practice",
    Unclear: "staff_decision",
    Misuse: "token_misuse",
    DigestRequest: "staff_question",
    StaffQuery: "staff_question",
    HandOver: "staff_decision",
    Emergency: "emergency",
    DigestReply: "staff_decision",
    DeadlinePassed: "agenda",
    Revoke: "revocation",
    TakeBack: "revocation",
    VoidCall: "revocation",
    InvitationSent: "invitation",
    Joined: "invitation",
    Resend: "invitation",
    Undelivered: "dsn",
    UnreadReport: "unread_report",
    Unknown: "unknown",
    SeveralPeople: "several_people",
    Renew: "renewal",
    FormerLetter: "former_letter",
    Repeat: "repeat",
    CrossedCases: "staff_decision",
}


# Words that a journal or a reader of `--json` knows since 0.1; other events are called after their class.
_NAMES: dict[type, str] = {
    DigestRequest: "overview",
    DigestReply: "batch",
    DeadlinePassed: "elapsed",
    InvitationSent: "handed",
}


def event_name(event: CaseEvent | DigestReply) -> str:
    """The event in one word, as the journal and `gateway explain --json` name it."""
    return _NAMES.get(type(event)) or type(event).__name__.lower()


def event_kind(event: CaseEvent | DigestReply) -> str:
    """The class of a mail, as the journal, the log and `gateway case show` name it."""
    return event.kind if isinstance(event, Note) else _KINDS[type(event)]
