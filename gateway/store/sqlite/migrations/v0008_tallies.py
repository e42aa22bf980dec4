"""Counts events by the hour as they happen, so that nobody has to count a million rows later.

Tallies only grow: what is erased later was counted once. They contain no address and no case.
"""

from __future__ import annotations

# Upper bounds in seconds: an hour, half a day, one to ten days, and everything above.
_BOUNDS = (
    3_600,
    43_200,
    86_400,
    172_800,
    259_200,
    345_600,
    432_000,
    604_800,
    864_000,
    9_223_372_036_854_775_807,
)

_WAITED = """
(SELECT max(0, CAST(round((julianday(j.at) - julianday(c.opened_at)) * 86400) AS INTEGER))
 FROM cases c WHERE c.id = j.case_id)
"""
_BUCKET = "(SELECT min(b.le) FROM invitation_waits b WHERE b.le >= {})"

STATEMENTS = (
    """
    CREATE TABLE tallies (
      what TEXT NOT NULL,
      label TEXT NOT NULL,
      hour TEXT NOT NULL,
      n INTEGER NOT NULL,
      PRIMARY KEY (what, label, hour)
    ) STRICT, WITHOUT ROWID
    """,
    """
    INSERT INTO tallies (what, label, hour, n)
    SELECT 'mail', kind, substr(received_at, 1, 13), count(*) FROM mails GROUP BY 2, 3
    """,
    """
    INSERT INTO tallies (what, label, hour, n)
    SELECT 'refusal', substr(event, 9), substr(at, 1, 13), count(*) FROM journal
    WHERE event LIKE 'refused.%' GROUP BY 2, 3
    """,
    """
    INSERT INTO tallies (what, label, hour, n)
    SELECT 'letter', state, substr(coalesce(sent_at, not_before), 1, 13), count(*) FROM letters
    WHERE state IN ('sent', 'refused', 'recalled') GROUP BY 2, 3
    """,
    # Letters waiting for an operator are few, and must be found at once.
    "CREATE INDEX letters_held ON letters (owed_at) WHERE state = 'held'",
    """
    CREATE TRIGGER mails_tallied AFTER INSERT ON mails BEGIN
      INSERT INTO tallies (what, label, hour, n) VALUES ('mail', NEW.kind, substr(NEW.received_at, 1, 13), 1)
      ON CONFLICT DO UPDATE SET n = n + 1;
    END
    """,
    """
    CREATE TRIGGER refusals_tallied AFTER INSERT ON journal WHEN NEW.event LIKE 'refused.%' BEGIN
      INSERT INTO tallies (what, label, hour, n)
      VALUES ('refusal', substr(NEW.event, 9), substr(NEW.at, 1, 13), 1)
      ON CONFLICT DO UPDATE SET n = n + 1;
    END
    """,
    """
    CREATE TRIGGER letters_tallied AFTER UPDATE OF state ON letters
    WHEN NEW.state <> OLD.state AND NEW.state IN ('sent', 'refused', 'recalled') BEGIN
      INSERT INTO tallies (what, label, hour, n)
      VALUES ('letter', NEW.state, substr(coalesce(NEW.sent_at, strftime('%Y-%m-%dT%H', 'now')), 1, 13), 1)
      ON CONFLICT DO UPDATE SET n = n + 1;
    END
    """,
    # Seconds from application to invitation: the count up to each bound, above the one below.
    """
    CREATE TABLE invitation_waits (
      le INTEGER PRIMARY KEY,
      n INTEGER NOT NULL,
      seconds INTEGER NOT NULL
    ) STRICT
    """,
    f"INSERT INTO invitation_waits (le, n, seconds) VALUES {', '.join(f'({le}, 0, 0)' for le in _BOUNDS)}",  # noqa: S608 - our own numbers
    f"""
    WITH waited AS (
      SELECT {_WAITED} AS seconds FROM journal j WHERE j.event = 'invitation.handed' AND j.case_id IS NOT NULL
    ), placed AS (
      SELECT {_BUCKET.format("seconds")} AS le, seconds FROM waited WHERE seconds IS NOT NULL
    )
    UPDATE invitation_waits SET
      n = (SELECT count(*) FROM placed p WHERE p.le = invitation_waits.le),
      seconds = (SELECT coalesce(sum(p.seconds), 0) FROM placed p WHERE p.le = invitation_waits.le)
    """,  # noqa: S608 - our own constants
    f"""
    CREATE TRIGGER invitations_timed AFTER INSERT ON journal
    WHEN NEW.event = 'invitation.handed' AND NEW.case_id IS NOT NULL BEGIN
      UPDATE invitation_waits SET n = n + 1, seconds = seconds + {_WAITED.replace("j.", "NEW.")}
      WHERE le = {_BUCKET.format(_WAITED.replace("j.", "NEW."))};
    END
    """,  # noqa: S608 - our own constants
)
