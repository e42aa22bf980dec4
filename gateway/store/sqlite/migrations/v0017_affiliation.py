"""The round trip of an affiliation: whom we wrote to about a case, and what came back, as JSON."""

STATEMENTS = ("ALTER TABLE cases ADD COLUMN affiliation TEXT NOT NULL DEFAULT '{}'",)
