"""What can happen to a case: the alternatives that `decide` knows.

Each is a plain value. `classify` settles who may cause it, `decide` what follows from it.
"""

from __future__ import annotations

from gateway.admission.case.events.mail import (
    Apply,
    Confirm,
    CrossedCases,
    Decide,
    DigestReply,
    DigestReplyLine,
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
from gateway.admission.case.events.names import (
    CaseEvent,
    event_kind,
    event_name,
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
)

__all__ = [
    "Apply",
    "CaseEvent",
    "Confirm",
    "CrossedCases",
    "DeadlinePassed",
    "Decide",
    "DigestReply",
    "DigestReplyLine",
    "DigestRequest",
    "Emergency",
    "FormerLetter",
    "HandOver",
    "Inquire",
    "InvitationSent",
    "Joined",
    "Misuse",
    "NameColleague",
    "Note",
    "Practise",
    "Renew",
    "Repeat",
    "Resend",
    "Revoke",
    "SeveralPeople",
    "StaffQuery",
    "Supplement",
    "TakeBack",
    "Unclear",
    "Undelivered",
    "Unknown",
    "UnreadReport",
    "Withdraw",
    "event_kind",
    "event_name",
]
