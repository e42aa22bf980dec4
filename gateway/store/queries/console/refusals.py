"""Rejected mail of unauthenticated authors, by the domain that they claimed: only numbers are kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gateway.store.protocol import Connection
from gateway.store.tables import rows

DAYS = 7  # the last one is today
MOST = 50  # domains


@dataclass(frozen=True, slots=True)
class Refused:
    """A domain with its rejected messages and the last of them; an empty one stands for all others."""

    domain: str
    count: int
    last_at: datetime


def list_refused(connection: Connection, today: date) -> tuple[Sequence[Refused], int]:
    """Return the domains of the last days, most messages first, and how many more domains there are."""
    values = {"first": (today - timedelta(days=DAYS - 1)).isoformat(), "most": MOST}
    found = connection.execute(_DOMAINS, values).fetchall()
    total = connection.execute(_TOTAL, values).fetchone()["n"]
    told = [Refused(row["domain"], int(row["n"]), rows.from_text(row["last_at"])) for row in found]
    return told, total - len(told)


_DOMAINS = """
SELECT domain, sum(n) AS n, max(last_at) AS last_at FROM refusals WHERE day >= :first
GROUP BY domain ORDER BY n DESC, domain LIMIT :most
"""
_TOTAL = "SELECT count(DISTINCT domain) AS n FROM refusals WHERE day >= :first"
