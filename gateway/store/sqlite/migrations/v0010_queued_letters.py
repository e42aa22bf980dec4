"""Renames the state of letters that wait for their first attempt from `owed` to `queued`.

The journal contains no letter states, so its hash chain is unaffected.
"""

STATEMENTS = (
    "DROP INDEX letters_due",
    "UPDATE letters SET state = 'queued' WHERE state = 'owed'",
    """
    CREATE INDEX letters_due ON letters (not_before)
    WHERE state IN ('queued', 'deferred') AND leased_until IS NULL
    """,
    # SQLite renames the column in the indexes too.
    "ALTER TABLE letters RENAME COLUMN owed_at TO queued_at",
)
