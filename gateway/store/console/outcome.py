"""The outcome of what a member requests in the console, and the member of a session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gateway.admission.case.model import Desk, OutgoingLetter, Staff, State
from gateway.mail import address
from gateway.printing.statement import Statement
from gateway.store.console import sessions, sign_in
from gateway.store.console.sessions import Session, SessionTimes
from gateway.store.protocol import Transaction

MAX_AN_HOUR = 40  # by one member; each causes letters, and needs no code
_HOUR = timedelta(hours=1)
_WITHOUT_CODE = frozenset({"case.taken", "case.memo", "case.shown", "staff.away", "staff.back", "staff.mail"})


class What(StrEnum):
    """Kind of outcome.

    `ready`: it can be confirmed; `done`; `refused`: by the rules, or because of its text; `changed`: the case
    is not what was shown; `wrong`: no such code, or too late; `full`: no more codes today; `many`: nothing
    more without a code this hour; `ended`: no such session; `gone`: no such case; `off`: disabled in the
    settings.
    """

    READY = "ready"
    DONE = "done"
    REFUSED = "refused"
    CHANGED = "changed"
    WRONG = "wrong"
    FULL = "full"
    MANY = "many"
    ENDED = "ended"
    GONE = "gone"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Outcome of a request.

    `why` and `unread` explain a refusal; `letters` are those to people outside the office, `state` is the new
    state, `is_first`: it is the first approval of two. `is_coded`: a code is needed; `is_granted`: a code was
    correct, so that the browser gets a grant. `parts` are the outcomes of several cases, by number.
    """

    what: What
    why: Statement | None = None
    unread: tuple[str, ...] = ()
    letters: tuple[OutgoingLetter, ...] = ()
    state: State | None = None
    is_first: bool = False
    is_coded: bool = False
    is_granted: bool = False
    parts: tuple[tuple[str, Outcome], ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A live session and its member."""

    session: Session
    staff: Staff

    @property
    def is_operator(self) -> bool:
        """Whether they may do what operators may."""
        return self.session.role.endswith(sign_in.OPERATOR)


def find_member(
    tx: Transaction, secret: str, now: datetime, desk: Desk, times: SessionTimes
) -> Member | None:
    """Return the member of a browser's session; None if it ended, or if its member's role changed."""
    found = sessions.find(tx.connection, secret) if secret else None
    if found is None or not sessions.is_live(found, now, times):
        return None
    staff = desk.member(address.parse(found.member))
    is_same = staff is not None and sign_in.name_role(staff, desk) == found.role
    return Member(found, staff) if staff is not None and is_same else None


def is_busy(tx: Transaction, member: Member, now: datetime) -> bool:
    """Return whether the member has reached the hourly limit on letters sent without a code."""
    return tx.count_said(str(member.staff.address), _WITHOUT_CODE, now - _HOUR) >= MAX_AN_HOUR
