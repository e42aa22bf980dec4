"""Counts per day in Japan instead of rows per mail, so that no stranger can make these tables long."""

from __future__ import annotations

from datetime import date, datetime

from gateway.admission.business_days import tokyo_date
from gateway.store.protocol import Connection
from gateway.store.tables import rows

# Collects the domains beyond the maximum number of rows.
OTHERS = ""


def count_refusal(connection: Connection, reason: str, domain: str, now: datetime, max_domains: int) -> None:
    """Count a rejected mail of `domain`; a new domain counts as OTHERS once the day has `max_domains`."""
    values = {"day": _day(now), "reason": reason, "domain": domain, "at": rows.to_text(now)}
    if connection.execute(_ADD_REFUSAL, values).rowcount:
        return
    there = connection.execute(_COUNT_DOMAINS, {"day": values["day"]}).fetchone()
    if there["n"] >= max_domains:
        values["domain"] = OTHERS
    connection.execute(_BEGIN_REFUSAL, values)


def tally(connection: Connection, what: str, label: str, now: datetime) -> None:
    """Count one event of this hour."""
    connection.execute(_TALLY, {"what": what, "label": label, "hour": rows.to_text(now)[:13]})


def refused_domains(
    connection: Connection, reason: str, first: date, end: date
) -> tuple[tuple[str, int], ...]:
    """Return domains and rejected mails, most mails first, from the day `first` until before `end`."""
    days = {"reason": reason, "first": first.isoformat(), "end": end.isoformat()}
    return tuple((row["domain"], row["n"]) for row in connection.execute(_REFUSED, days))


def add_unproven(connection: Connection, mailbox: str, octets: int, now: datetime, max_octets: int) -> bool:
    """Count the octets kept of a mail for `mailbox`; False, and nothing counted, over `max_octets`."""
    return _add_octets(connection, _ADD_UNPROVEN, mailbox, octets, now, max_octets)


def add_proven(connection: Connection, sender: str, octets: int, now: datetime, max_octets: int) -> bool:
    """Count the octets kept of a proven mail of `sender`; False, and nothing counted, over `max_octets`."""
    return _add_octets(connection, _ADD_PROVEN, sender, octets, now, max_octets)


def _add_octets(
    connection: Connection, sql: str, of: str, octets: int, now: datetime, max_octets: int
) -> bool:
    values = {"day": _day(now), "of": of, "octets": octets, "most": max_octets}
    return octets <= max_octets and connection.execute(sql, values).rowcount == 1


def _day(now: datetime) -> str:
    return tokyo_date(now).isoformat()


_ADD_REFUSAL = """
UPDATE refusals SET n = n + 1, last_at = :at WHERE day = :day AND reason = :reason AND domain = :domain
"""
_COUNT_DOMAINS = "SELECT count(*) AS n FROM refusals WHERE day = :day"
_BEGIN_REFUSAL = """
INSERT INTO refusals (day, reason, domain, n, last_at) VALUES (:day, :reason, :domain, 1, :at)
ON CONFLICT (day, reason, domain) DO UPDATE SET n = refusals.n + 1, last_at = :at
"""
_TALLY = """
INSERT INTO tallies (what, label, hour, n) VALUES (:what, :label, :hour, 1)
ON CONFLICT (what, label, hour) DO UPDATE SET n = tallies.n + 1
"""
_REFUSED = """
SELECT domain, sum(n) AS n FROM refusals WHERE day >= :first AND day < :end AND reason = :reason
GROUP BY domain ORDER BY n DESC, domain
"""
_ADD_UNPROVEN = """
INSERT INTO unproven_mail (day, mailbox, octets) VALUES (:day, :of, :octets)
ON CONFLICT (day, mailbox) DO UPDATE SET octets = unproven_mail.octets + :octets
WHERE unproven_mail.octets + :octets <= :most
"""
_ADD_PROVEN = """
INSERT INTO proven_mail (day, sender, octets) VALUES (:day, :of, :octets)
ON CONFLICT (day, sender) DO UPDATE SET octets = proven_mail.octets + :octets
WHERE proven_mail.octets + :octets <= :most
"""
