"""Counts failures to build a letter: after some tries it is held, so that the others continue."""

STATEMENTS = ("ALTER TABLE letters ADD COLUMN failures INTEGER NOT NULL DEFAULT 0",)
