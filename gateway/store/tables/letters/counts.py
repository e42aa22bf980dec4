"""Letters counted by day in Japan and cause: those sent, and those over a cap. No address is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from gateway.admission.business_days import tokyo_date
from gateway.admission.case import caps as letter_caps
from gateway.admission.case.caps import Admission, Bound, Counting, Scope
from gateway.admission.case.digest import summary
from gateway.admission.case.model import Case, Letter, LetterCaps, OutgoingLetter
from gateway.store.protocol import Connection
from gateway.store.tables import rows
from gateway.store.tables.letters import links

MAX_CAPPED = 100


def admit(connection: Connection, counting: Counting, now: datetime) -> Admission:
    """Check whether a cause may add one more letter, and count it as added or as over the cap."""
    admission = letter_caps.admit(counting, lambda bound: _read_count(connection, bound, now))
    for bound in admission.counted:
        if bound.scope is not Scope.ADDRESS:
            _add(connection, bound, now)
    if admission.full is not None:
        _add(connection, _without_address(admission.full), now, capped=True)
    return admission


def space_request(
    connection: Connection,
    case: Case | None,
    outgoing: OutgoingLetter,
    now: datetime,
    caps: LetterCaps,
) -> OutgoingLetter:
    """Merge a review request with one that waits, and delay it if the last one was sent too recently."""
    if case is None or outgoing.letter is not Letter.REVIEW_REQUEST:
        return outgoing
    values, facts = {"case_id": case.id, "key": outgoing.to.key}, outgoing.facts
    for row in connection.execute(_TAKE_REQUEST, values).fetchall():
        facts = letter_caps.merge_request(json.loads(row["facts"]), facts)
    last = _read_last_request(connection, values) if letter_caps.is_spaced(outgoing) else None
    return replace(outgoing, facts=facts, not_before=letter_caps.earliest(last, now, caps))


def gather_receipt(
    connection: Connection,
    case: Case | None,
    outgoing: OutgoingLetter,
    now: datetime,
    caps: LetterCaps,
) -> OutgoingLetter | None:
    """Turn a receipt that is not urgent into a line of a summary.

    Return None if a waiting summary took it, so that nothing is queued; otherwise the new summary.
    """
    if case is None or outgoing.letter is not Letter.DECISION_RECEIPT:
        return outgoing
    values = {"key": outgoing.to.key}
    row = connection.execute(_LAST_RECEIPT, values).fetchone()
    last = rows.from_text(row["at"]) if row["at"] else None
    if not summary.is_gathered(outgoing, last, now, caps):
        return outgoing
    new = summary.summarise(outgoing, case, now, caps)
    for waiting in connection.execute(_WAITING_SUMMARY, values).fetchall():
        joined = summary.join(json.loads(waiting["facts"]), new)
        if joined is not None:
            values = {"id": waiting["id"], "facts": rows.to_json(joined.facts)}
            connection.execute("UPDATE letters SET facts = :facts WHERE id = :id", values)
            links.link(connection, waiting["message_id"], values["facts"])
            return None
    return new


def capped_letters(connection: Connection, first: date, end: date) -> tuple[tuple[str, str, str, int], ...]:
    """Return (name, scope, of, count) of capped letters from the day `first` until before `end`, most first.

    After MAX_CAPPED causes, all others are summed up as `rest`.
    """
    days = {"first": first.isoformat(), "end": end.isoformat()}
    found = tuple(tuple(row) for row in connection.execute(_CAPPED, days | {"limit": MAX_CAPPED}))
    rest = connection.execute(_ALL_CAPPED, days).fetchone()[0] - sum(count for *_, count in found)
    return (*found, ("rest", Scope.DAY.value, "", rest)) if rest else found


def _read_count(connection: Connection, bound: Bound, now: datetime) -> int:
    """Return how many letters a cause had on this day; for an addressee, in the last 24 hours."""
    if bound.scope is not Scope.ADDRESS:
        row = connection.execute(_COUNT, _values(bound, now)).fetchone()
    else:
        since = rows.to_text(now - timedelta(days=1))
        values = {"key": bound.of, "letter": bound.name, "since": since}
        row = connection.execute(_TO_ADDRESS, values).fetchone()
    return 0 if row is None else int(row["n"])


def _add(connection: Connection, bound: Bound, now: datetime, *, capped: bool = False) -> None:
    connection.execute(_ADD, {**_values(bound, now), "n": int(not capped), "capped": int(capped)})


def _without_address(bound: Bound) -> Bound:
    """Return the cause as stored: of an addressee, only the domain."""
    if bound.scope is not Scope.ADDRESS:
        return bound
    return replace(bound, scope=Scope.DOMAIN, of=letter_caps.unit_of(bound.of.rpartition("@")[2]))


def _read_last_request(connection: Connection, values: Mapping[str, object]) -> datetime | None:
    """Return when the last review request about a case to a person was or will be sent."""
    row = connection.execute(_LAST_REQUEST, values).fetchone()
    return rows.from_text(row["at"]) if row["at"] else None


def _values(bound: Bound, now: datetime) -> dict[str, object]:
    return {"day": tokyo_date(now).isoformat(), "name": bound.name, "scope": bound.scope, "of": bound.of}


_COUNT = "SELECT n FROM letter_counts WHERE day = :day AND name = :name AND scope = :scope AND of = :of"
_ADD = """
INSERT INTO letter_counts (day, name, scope, of, n, capped) VALUES (:day, :name, :scope, :of, :n, :capped)
ON CONFLICT (day, name, scope, of) DO UPDATE
SET n = letter_counts.n + :n, capped = letter_counts.capped + :capped
"""
_CAPPED = """
SELECT name, scope, of, sum(capped) FROM letter_counts WHERE day >= :first AND day < :end AND capped > 0
GROUP BY name, scope, of ORDER BY 4 DESC, name, scope, of LIMIT :limit
"""
_ALL_CAPPED = """
SELECT coalesce(sum(capped), 0) FROM letter_counts WHERE day >= :first AND day < :end
"""
_LAST_REQUEST = """
SELECT max(coalesce(sent_at, not_before)) AS at FROM letters INDEXED BY letters_case
WHERE case_id = :case_id AND letter = 'review_request' AND recipient_key = :key AND state <> 'recalled'
"""
_LAST_RECEIPT = """
SELECT max(coalesce(sent_at, not_before)) AS at FROM letters INDEXED BY letters_receipts
WHERE recipient_key = :key AND letter IN ('decision_receipt', 'decision_summary') AND state <> 'recalled'
"""
_WAITING_SUMMARY = """
SELECT id, message_id, facts FROM letters INDEXED BY letters_summaries
WHERE recipient_key = :key AND letter = 'decision_summary'
  AND state IN ('queued', 'deferred') AND attempts = 0 AND leased_until IS NULL
ORDER BY id DESC LIMIT 1
"""
_TO_ADDRESS = """
SELECT count(*) AS n FROM letters WHERE recipient_key = :key AND letter = :letter AND queued_at > :since
"""
_TAKE_REQUEST = """
UPDATE letters SET state = 'recalled' WHERE case_id = :case_id AND letter = 'review_request'
  AND recipient_key = :key AND state IN ('queued', 'deferred', 'held')
  AND attempts = 0 AND leased_until IS NULL
RETURNING facts
"""
