"""The events of a case that `decide` handles.

Each is a plain value. `classify` determines who may cause it, `decide` what follows from it.
"""

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
    VoidCall,
)
from gateway.admission.case.events.staff import (
    CrossedCases,
    Decide,
    DigestReply,
    DigestReplyLine,
    DigestRequest,
    Emergency,
    HandOver,
    Practise,
    StaffQuery,
    Unclear,
)
from gateway.admission.case.events.web import LetGo, SendMe

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
    "LetGo",
    "Misuse",
    "NameColleague",
    "Note",
    "Practise",
    "Renew",
    "Repeat",
    "Resend",
    "Revoke",
    "SendMe",
    "SeveralPeople",
    "StaffQuery",
    "Supplement",
    "TakeBack",
    "Unclear",
    "Undelivered",
    "Unknown",
    "UnreadReport",
    "VoidCall",
    "Withdraw",
    "event_kind",
    "event_name",
]
