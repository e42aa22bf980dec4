"""The member whose decline others review again at the applicant's request."""

from __future__ import annotations

STATEMENTS = ("ALTER TABLE cases ADD COLUMN second_look TEXT NOT NULL DEFAULT ''",)
