"""Notes for the office about mails that changed no case and queued no letter."""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE mails ADD COLUMN unheard TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX mails_unheard ON mails (id) WHERE unheard <> ''",
)
