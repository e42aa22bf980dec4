"""All events of a case, and their names in the journal and the log."""

from __future__ import annotations

from gateway.admission.case.events.mail import (
    Apply,
    Confirm,
    FormerLetter,
    Inquire,
    Misuse,
    NameColleague,
    Note,
    Repeat,
    SeveralPeople,
    Supplement,
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
from gateway.admission.case.events.staff import (
    CrossedCases,
    Decide,
    DigestReply,
    DigestRequest,
    Emergency,
    HandOver,
    Practise,
    StaffQuery,
    Unclear,
)
from gateway.admission.case.events.web import LetGo, SendMe

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
    | SendMe
    | LetGo
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
    SendMe: "staff_question",
    LetGo: "agenda",
}


# Names used in journals and `--json` since 0.1; other events are named after their class.
_NAMES: dict[type, str] = {
    DigestRequest: "overview",
    DigestReply: "batch",
    DeadlinePassed: "elapsed",
    InvitationSent: "handed",
}


def event_name(event: CaseEvent | DigestReply) -> str:
    """Return the event's one-word name in the journal and in `gateway explain --json`."""
    return _NAMES.get(type(event)) or type(event).__name__.lower()


def event_kind(event: CaseEvent | DigestReply) -> str:
    """Return the class of a mail for the journal, the log and `gateway case show`."""
    return event.kind if isinstance(event, Note) else _KINDS[type(event)]
