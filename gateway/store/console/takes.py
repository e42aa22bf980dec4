"""Cases claimed in the console: each claim expires, so that none blocks a case for long."""

from __future__ import annotations

from datetime import datetime

from gateway.admission.authority.brakes import find_end
from gateway.admission.case.decide import decide
from gateway.admission.case.events import LetGo
from gateway.admission.case.model import Case, Desk, State
from gateway.mail import address
from gateway.mail.address import Address
from gateway.store.protocol import Connection, Transaction
from gateway.store.repositories import case_repository
from gateway.store.tables import rows

MAX_ENDED = 200
# While the case waits for somebody else, its handler keeps it.
_WAITING = (State.RECEIVED, State.NEEDS_INFORMATION, State.UNDELIVERABLE)


def note(tx: Transaction, case: Case, member: Address, now: datetime, desk: Desk) -> datetime:
    """Record a claim; return when it expires: at the end of the next business day in Japan."""
    ends_at = find_end(now, desk.closings)
    values = {"case": case.id, "member": member.key, "ends": rows.to_text(ends_at)}
    tx.connection.execute(_NOTE, values)
    return ends_at


def renew(tx: Transaction, case: Case, member: Address, now: datetime, desk: Desk) -> None:
    """Renew a claim made in the console after its member acted; a claim by mail does not expire."""
    if find_end_of(tx.connection, case) is not None:
        note(tx, case, member, now, desk)


def find_end_of(connection: Connection, case: Case) -> datetime | None:
    """Return when the claim on a case expires; None if it does not."""
    values = {"case": case.id, "member": case.handler.lower()}
    row = connection.execute(_ENDS, values).fetchone()
    return rows.from_text(row["ends_at"]) if row is not None else None


def end(tx: Transaction, now: datetime, desk: Desk) -> int:
    """End the expired claims; return how many."""
    ended = tx.connection.execute(_ENDED, {"now": rows.to_text(now), "limit": MAX_ENDED}).fetchall()
    for row in ended:
        tx.connection.execute("DELETE FROM console_takes WHERE case_id = :case", {"case": row["case_id"]})
        case = tx.case(row["case_id"])
        if case is None:
            continue
        done = decide(case, LetGo(address.parse(row["member"])), now, desk)
        saved = case_repository.save(tx, case, done)
        case_repository.enqueue(tx, saved, done, now, None, desk.caps)
    return len(ended)


_NOTE = """
INSERT INTO console_takes (case_id, member, ends_at) VALUES (:case, :member, :ends)
ON CONFLICT (case_id) DO UPDATE SET member = :member, ends_at = :ends
"""
_ENDS = "SELECT ends_at FROM console_takes WHERE case_id = :case AND member = :member"
_ENDED = f"""
SELECT t.case_id, t.member FROM console_takes t JOIN cases c ON c.id = t.case_id
WHERE t.ends_at <= :now AND c.state NOT IN ({", ".join(f"'{state.value}'" for state in _WAITING)})
ORDER BY t.ends_at LIMIT :limit
"""  # noqa: S608 - our own constants
