"""The commands that change letters in the outbox: retry, drop, hold, release; each is in the journal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from gateway.admission.case.model import JournalEntry
from gateway.mail.text import printable
from gateway.printing.fields import to_facts
from gateway.printing.outside import Outside
from gateway.store.commands.requests import Handler, RefusedError, Request
from gateway.store.protocol import FORMER_STATES, Connection, Row, Transaction
from gateway.store.tables import rows

T = TypeVar("T")

RETRY, DROP, HOLD, RELEASE = "outbox.retry", "outbox.drop", "outbox.hold", "outbox.release"
MAX_REASON = 500
MAX_LETTERS = 20_000
# States that a command may select. A sent letter stays sent.
CHANGEABLE = ("queued", "deferred", "held", "refused")


@dataclass(frozen=True, slots=True)
class Change:
    """The effect of a command: on letters in which states, the SQL, and the event in the journal."""

    states: frozenset[str]
    sql: str
    event: str
    otherwise: str
    needs_reason: bool = False


# A held invitation keeps its earliest time: releasing it does not shorten the undo window.
_AT_ONCE = """
UPDATE letters SET state = 'queued', not_before = :now, queued_at = :now, failures = 0 WHERE id = :id
"""
_WITH_REASON = "UPDATE letters SET state = '{}', last_reply = :why WHERE id = :id"
CHANGES: Mapping[str, Change] = {
    RETRY: Change(
        frozenset({"deferred", "refused"}),
        _AT_ONCE,
        "letter.retried",
        "only a deferred or refused message can be retried; gateway outbox release releases a held one",
    ),
    DROP: Change(
        frozenset({"queued", "deferred", "held"}),
        _WITH_REASON.format("recalled"),
        "letter.dropped",
        "only a queued, deferred or held message can be dropped",
        needs_reason=True,
    ),
    HOLD: Change(
        frozenset({"queued", "deferred"}),
        _WITH_REASON.format("held"),
        "letter.held",
        "only a queued or deferred message can be held",
    ),
    RELEASE: Change(
        frozenset({"held"}),
        """
        UPDATE letters SET state = 'queued', queued_at = :now, failures = 0,
            not_before = CASE WHEN attempts = 0 AND not_before > :now THEN not_before ELSE :now END
        WHERE id = :id
        """,
        "letter.released",
        "only a held message can be released",
    ),
}


def build_handlers() -> Mapping[str, Handler]:
    """Return the handlers of the writing commands of `gateway outbox`, by name."""

    def handler(change: Change) -> Handler:
        return lambda tx, request, now: _apply_change(tx, request, now, change)

    return {name: handler(change) for name, change in CHANGES.items()}


def _apply_change(tx: Transaction, request: Request, now: datetime, change: Change) -> Mapping[str, object]:
    reason = printable(str(request.arguments.get("reason", "")), MAX_REASON)
    if change.needs_reason and not reason:
        raise RefusedError("reason = '': expected a reason")
    done: list[int] = []
    selected = _select_letters(tx.connection, request)
    passed = _unknown(selected, request)
    for row in selected:
        why_not = _why_not(row, change, request.name)
        if why_not:
            passed.append({"id": row["id"], "state": row["state"], "why": why_not})
            continue
        why = f"{change.event.partition('.')[2]} by {request.by}" + (f": {reason}" if reason else "")
        values = {"id": row["id"], "now": rows.to_text(now), "why": why}
        tx.connection.execute(change.sql, values)
        detail = {"id": row["id"], "letter": row["letter"], "to": row["recipient"], "reason": reason}
        tx.journal(
            (JournalEntry(change.event, Outside(request.by), to_facts(detail)),), now, row["case_id"], None
        )
        done.append(row["id"])
    if not done:
        raise RefusedError(
            str(passed[0]["why"]) if passed else f"there is no such message: {change.otherwise}"
        )
    return {"changed": done, "passed_over": passed}


def _unknown(found: Sequence[Row], request: Request) -> list[dict[str, object]]:
    """Return the requested ids and case numbers that have no letter that could be changed."""
    lacking = set(_list(request, "ids", int)) - {row["id"] for row in found}
    why = "there is no message with id {}; see gateway outbox list"
    passed: list[dict[str, object]] = [
        {"id": each, "state": "", "why": why.format(each)} for each in sorted(lacking)
    ]
    numbers = set(_list(request, "numbers", lambda text: str(text).upper()))
    why = "case {} has no such message; see gateway outbox list"
    lacking_numbers = sorted(numbers - {row["number"] for row in found})
    return passed + [{"id": 0, "state": "", "why": why.format(each)} for each in lacking_numbers]


def _why_not(row: Row, change: Change, name: str) -> str:
    if row["leased_until"] is not None:
        return f"message {row['id']} is being sent at the moment; try again in a minute"
    if row["state"] not in change.states:
        return f"message {row['id']} is {row['state']}: {change.otherwise}"
    if name == DROP and row["letter"] == "invitation":
        return (
            f"message {row['id']} is an invitation: use gateway case revoke, which also revokes the approval"
        )
    if name == RETRY and row["letter"] == "invitation" and row["state"] == "refused":
        return f"message {row['id']} is an invitation: gateway case invite sends a new one"
    return ""


def _select_letters(connection: Connection, request: Request) -> Sequence[Row]:
    """Return letters by id, by the numbers of their cases, or all in some states."""
    ids = _list(request, "ids", int)
    numbers = _list(request, "numbers", lambda text: str(text).upper())
    states = [str(FORMER_STATES.get(each, each)) for each in _list(request, "states", str)]
    if unknown := sorted(set(states) - set(CHANGEABLE)):
        raise RefusedError(f"states = {unknown}: expected {', '.join(CHANGEABLE)}")
    where = ["l.id IN (SELECT CAST(value AS BIGINT) FROM json_each(:ids))"] if ids else []
    where += ["c.number IN (SELECT value FROM json_each(:numbers))"] if numbers else []
    where = [f"({' OR '.join(where)})"] if where else []
    if not where and request.arguments.get("all") is not True:
        raise RefusedError("no messages selected: specify IDs, case numbers or --all")
    named = bool(where)
    if states or not named:
        where.append("l.state IN (SELECT value FROM json_each(:states))")
    elif numbers:
        where.append("l.state IN ('queued', 'deferred', 'held', 'refused')" if not ids else "1 = 1")
    found = connection.execute(
        f"""
        SELECT l.id, l.case_id, l.letter, l.recipient, l.state, l.leased_until, c.number
        FROM letters l LEFT JOIN cases c ON c.id = l.case_id
        WHERE {" AND ".join(where)} ORDER BY l.id LIMIT {MAX_LETTERS}
        """,  # noqa: S608 - our own constants and placeholders
        {
            "ids": json.dumps(ids),
            "numbers": json.dumps(numbers),
            "states": json.dumps(states or sorted(CHANGES[request.name].states)),
        },
    )
    return found.fetchall()


def _list(request: Request, key: str, as_type: Callable[[Any], T]) -> list[T]:
    given = request.arguments.get(key, [])
    if not isinstance(given, list):
        raise RefusedError(f"{key} = {given!r}: expected a list")
    try:
        return [as_type(each) for each in given]
    except (TypeError, ValueError):
        raise RefusedError(f"{key} = {given!r}: expected a list of the right type") from None
