"""What was said before this release counts by other rules: answers to its letters, and confirmations.

A letter that an earlier release handed over has another text and no code: a reply gets a new one.
"""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE tokens ADD COLUMN former INTEGER NOT NULL DEFAULT 0",
    "UPDATE tokens SET former = 1 WHERE purpose <> 'BOUNCE'",
    "ALTER TABLE cases ADD COLUMN confirmed_formerly INTEGER NOT NULL DEFAULT 0",
    "UPDATE cases SET confirmed_formerly = 1 WHERE confirmed_by <> ''",
)
