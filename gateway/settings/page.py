"""The desk's own texts in the settings: dated notices, and the rules of use as one page of plain text."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from gateway.settings.errors import SettingsError

MAX_LINES = 60
MAX_OCTETS = 12_000
_NOTICE = re.compile(r"(\d{4}-\d{2}-\d{2})[ 　]+(\S.{0,199})")


def split_notice(text: str) -> tuple[date, str] | None:
    """Split `2026-06-18 WORDS` into date and words; None for anything else, and for words with a link."""
    found = _NOTICE.fullmatch(text)
    if found is None or not found[2].isprintable() or "://" in found[2]:
        return None
    try:
        return date.fromisoformat(found[1]), found[2]
    except ValueError:
        return None


def read_rules(file: str, said: str) -> str:
    """Read the page of at most 60 lines; empty without a file. `said` names the key. Raises SettingsError."""
    if not file:
        return ""
    try:
        raw = Path(file).read_bytes()
        text = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{said}: cannot be read as UTF-8 text: {error}") from error
    lines = text.strip().splitlines()
    if not lines or len(lines) > MAX_LINES or len(raw) > MAX_OCTETS:
        allowed = f"one page: 1 to {MAX_LINES} lines, at most {MAX_OCTETS} octets"
        raise SettingsError(f"{said}: expected {allowed}; {len(lines)} lines, {len(raw)} octets")
    return "\n".join(lines)
