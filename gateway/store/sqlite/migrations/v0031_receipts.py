"""Finds the last receipt to a person, and the summary that waits, by index, however many there were.

Letters are linked to other cases when they are queued (`gateway.store.tables.letters.links`), no longer by
triggers.
"""

from __future__ import annotations

STATEMENTS = (
    "DROP TRIGGER letters_linked",
    "DROP TRIGGER letters_linked_again",
    """
    CREATE INDEX letters_receipts ON letters (recipient_key, coalesce(sent_at, not_before))
    WHERE letter IN ('decision_receipt', 'decision_summary') AND state <> 'recalled'
    """,
    """
    CREATE INDEX letters_summaries ON letters (recipient_key, id)
    WHERE letter = 'decision_summary' AND state IN ('queued', 'deferred')
    """,
)
