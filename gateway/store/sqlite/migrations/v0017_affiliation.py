"""Affiliation checks: the addresses written to about a case, and their answers, as JSON."""

STATEMENTS = ("ALTER TABLE cases ADD COLUMN affiliation TEXT NOT NULL DEFAULT '{}'",)
