"""Outcome of the cases of a period, for reports: facts without names and addresses.

`cases_opened` reads the cases themselves; the totals of `gateway.store.tables.days` are checked against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.admission.business_days import TOKYO
from gateway.store.protocol import Row
from gateway.store.queries.reader import Reader
from gateway.store.tables.rows import from_text, to_text


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """One case.

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


class HistoryReader(Reader):
    """The reader of the history of cases."""

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


def to_history(row: Row) -> CaseHistory:
    """Return a row of `case_figures`, with its reason, as one case; times are midnights in Japan."""
    return CaseHistory(
        opened_at=_midnight(row["opened_on"]),
        state=row["state"],
        decided=bool(row["decided"]),
        complete_at=_midnight(row["complete_on"]) if row["complete_on"] else None,
        invited_at=_midnight(row["invited_on"]) if row["invited_on"] else None,
        reason=row["reason"],
        revoked=bool(row["revoked"]),
        code=row["code"],
        category=row["category"],
        domain_kind=row["domain_kind"],
        confirmed=row["confirmed"],
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
