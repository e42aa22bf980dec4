"""Whose decline is looked at again by others, at the applicant's wish."""

from __future__ import annotations

STATEMENTS = ("ALTER TABLE cases ADD COLUMN second_look TEXT NOT NULL DEFAULT ''",)
