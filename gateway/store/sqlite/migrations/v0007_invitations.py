"""The time of each invitation, so that it can expire, and the reply to each delivery attempt."""

STATEMENTS = (
    "ALTER TABLE cases ADD COLUMN invited_at TEXT",
    "UPDATE cases SET invited_at = coalesce(decided_at, opened_at) WHERE state = 'invited'",
    "CREATE INDEX cases_invited ON cases (invited_at) WHERE state = 'invited'",
    # JSON: the attempts that did not succeed, each with its time and the reply.
    "ALTER TABLE letters ADD COLUMN history TEXT NOT NULL DEFAULT '[]'",
)
