"""Letters that wait for their first attempt are `queued`; until here the state was called `owed`.

The journal holds no state of a letter, so its chain of hashes is untouched.
"""

STATEMENTS = (
    "DROP INDEX letters_due",
    "UPDATE letters SET state = 'queued' WHERE state = 'owed'",
    """
    CREATE INDEX letters_due ON letters (not_before)
    WHERE state IN ('queued', 'deferred') AND leased_until IS NULL
    """,
    # SQLite follows the new name into the indexes.
    "ALTER TABLE letters RENAME COLUMN owed_at TO queued_at",
)
