"""Counts of what strangers cause: refusals by domain and day, and octets kept of mail that needs no proof.

A refusal used to be a journal line, kept forever in its chain: anybody could make it grow. Days are days in
Japan. Existing lines are kept; from now on a refusal increments a number.
"""

from __future__ import annotations

_TALLY = """
INSERT INTO tallies (what, label, hour, n) VALUES ('refusal', NEW.reason, substr(NEW.last_at, 1, 13), 1)
ON CONFLICT DO UPDATE SET n = n + 1;
"""

STATEMENTS = (
    """
    CREATE TABLE refusals (
      day TEXT NOT NULL,
      reason TEXT NOT NULL,
      domain TEXT NOT NULL,
      n INTEGER NOT NULL,
      last_at TEXT NOT NULL,
      PRIMARY KEY (day, reason, domain)
    ) STRICT, WITHOUT ROWID
    """,
    # Refusals that the next digest would have reported.
    """
    INSERT INTO refusals (day, reason, domain, n, last_at)
    SELECT date(at, '+9 hours'), substr(event, 9),
           substr(json_extract(detail, '$.author'), instr(json_extract(detail, '$.author'), '@') + 1),
           count(*), max(at)
    FROM journal WHERE event GLOB 'refused.*' AND json_extract(detail, '$.author') LIKE '%@%' GROUP BY 1, 2, 3
    """,
    "DROP TRIGGER refusals_tallied",
    f"CREATE TRIGGER refusals_begun AFTER INSERT ON refusals BEGIN {_TALLY} END",
    f"CREATE TRIGGER refusals_tallied AFTER UPDATE OF n ON refusals BEGIN {_TALLY} END",
    """
    CREATE TABLE unproven_mail (
      day TEXT NOT NULL,
      mailbox TEXT NOT NULL,
      octets INTEGER NOT NULL,
      PRIMARY KEY (day, mailbox)
    ) STRICT, WITHOUT ROWID
    """,
)
