"""Outcome of the cases of a period, for reports: facts without names and addresses.

`figures` counts the rows that the database keeps for this purpose; `cases_opened` reads the cases themselves,
and the former is checked against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from gateway.admission.business_days import TOKYO
from gateway.store.protocol import Connection
from gateway.store.queries.reader import Reader, Row
from gateway.store.rows import from_text, to_text


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """One case, or `n` of the same kind.

    `complete_at` is when it was first submitted to the staff; times are None for what did not happen.
    `confirmed` is how the affiliation was confirmed: `telephone`, `letter` or empty. `reason` is the staff's
    own text, and `code` and `category` are the applicant's: for sorting, not for printing.
    """

    opened_at: datetime
    state: str
    decided: bool
    complete_at: datetime | None
    invited_at: datetime | None
    reason: str
    revoked: bool
    code: str
    category: str
    domain_kind: str
    confirmed: str = ""
    n: int = 1


@dataclass(frozen=True, slots=True)
class Figures:
    """The same cases, counted three times: by day, by organisation, and the declined ones by reason."""

    days: list[CaseHistory]
    kinds: list[CaseHistory]
    declined: list[CaseHistory]


class HistoryReader(Reader):
    """The reader of the history of cases."""

    def figures(self, since: date, until: date) -> Figures:
        """Count the cases as `load_figures` does."""
        return load_figures(self._db, since, until)

    def cases_opened(self, since: datetime, until: datetime) -> list[CaseHistory]:
        """Return the cases opened from `since` until before `until`, the oldest first."""
        values = {"since": to_text(since), "until": to_text(until)}
        return [
            CaseHistory(
                opened_at=from_text(row["opened_at"]),
                state=row["state"],
                decided=bool(row["decided_by"]),
                complete_at=_moment(row["complete_at"]),
                invited_at=_moment(row["invited_at"]),
                reason=row["reason"],
                revoked=bool(row["revoked"]),
                code=row["code"],
                category=row["category"],
                domain_kind=row["domain_kind"],
                confirmed=row["confirmed"],
            )
            for row in self._query(_PAST, values)
        ]


def load_figures(connection: Connection, since: date, until: date) -> Figures:
    """Count the cases opened on the days from `since` to `until` in Japan; times are midnights there."""
    values = {"since": since.isoformat(), "until": until.isoformat()}

    def count(sql: str) -> list[CaseHistory]:
        return [_to_group(dict(row), since) for row in connection.execute(sql, values)]

    return Figures(count(_DAYS), count(_KINDS), count(_DECLINED))


def _to_group(row: Row, since: date) -> CaseHistory:
    return CaseHistory(
        opened_at=_midnight(row.get("opened_on") or since.isoformat()),
        state=row["state"],
        decided=bool(row.get("decided")),
        complete_at=_midnight(row["complete_on"]) if row.get("complete_on") else None,
        invited_at=_midnight(row["invited_on"]) if row.get("invited_on") else None,
        reason=row.get("reason", ""),
        revoked=bool(row.get("revoked")),
        code=row.get("code", ""),
        category=row.get("category", ""),
        domain_kind=row.get("domain_kind", ""),
        confirmed=row.get("confirmed", ""),
        n=row["n"],
    )


def _midnight(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=TOKYO)


def _moment(text: str | None) -> datetime | None:
    return from_text(text) if text else None


# Each event is aggregated once for all cases: a subquery per case would read all invitations each time.
_PAST = """
WITH complete AS (SELECT case_id, min(queued_at) AS at FROM letters
                  WHERE letter = 'review_request' GROUP BY case_id),
     invited AS (SELECT case_id, min(at) AS at FROM journal
                 WHERE event = 'invitation.handed' GROUP BY case_id)
SELECT c.opened_at, c.state, c.decided_by, c.reason,
       coalesce(json_extract(c.form, '$.code'), '') AS code,
       coalesce(json_extract(c.form, '$.category'), '') AS category,
       coalesce(json_extract(c.background, '$.domain_kind'), '') AS domain_kind,
       complete.at AS complete_at, invited.at AS invited_at,
       CASE WHEN json_extract(c.affiliation, '$.call') IS NOT NULL THEN 'telephone'
            WHEN c.confirmed_by <> '' THEN 'letter' ELSE '' END AS confirmed,
       c.id IN (SELECT case_id FROM journal WHERE event = 'decision.revoke') AS revoked
FROM cases c LEFT JOIN complete ON complete.case_id = c.id LEFT JOIN invited ON invited.case_id = c.id
WHERE c.opened_at >= :since AND c.opened_at < :until ORDER BY c.opened_at, c.id
"""
_SPAN = "opened_on >= :since AND opened_on <= :until"
_DAYS = f"""
SELECT opened_on, complete_on, invited_on, state, decided, confirmed, count(*) AS n
FROM case_figures WHERE {_SPAN} GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1
"""  # noqa: S608 - our own constants
_KINDS = f"""
SELECT code, category, domain_kind, state, max(invited_on) AS invited_on, count(*) AS n
FROM case_figures WHERE {_SPAN} GROUP BY 1, 2, 3, 4, invited_on IS NULL
"""  # noqa: S608 - our own constants
_DECLINED = f"""
SELECT c.reason, f.revoked, f.state, count(*) AS n
FROM case_figures f CROSS JOIN cases c
WHERE c.id = f.case_id AND {_SPAN} AND f.state = 'declined' GROUP BY 1, 2, 3
"""  # noqa: S608 - our own constants
