"""When each person was invited, so that an invitation can run out; and what was answered to each attempt."""

STATEMENTS = (
    "ALTER TABLE cases ADD COLUMN invited_at TEXT",
    "UPDATE cases SET invited_at = coalesce(decided_at, opened_at) WHERE state = 'invited'",
    "CREATE INDEX cases_invited ON cases (invited_at) WHERE state = 'invited'",
    # JSON: the attempts that did not end with the letter sent, each with its time and the answer.
    "ALTER TABLE letters ADD COLUMN history TEXT NOT NULL DEFAULT '[]'",
)
