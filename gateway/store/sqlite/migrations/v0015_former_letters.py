"""Marks answers to letters of earlier releases, and their confirmations, which count by other rules.

A letter handed over by an earlier release has another text and no code: a reply to it gets a new letter.
"""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE tokens ADD COLUMN former INTEGER NOT NULL DEFAULT 0",
    "UPDATE tokens SET former = 1 WHERE purpose <> 'BOUNCE'",
    "ALTER TABLE cases ADD COLUMN confirmed_formerly INTEGER NOT NULL DEFAULT 0",
    "UPDATE cases SET confirmed_formerly = 1 WHERE confirmed_by <> ''",
)
