"""What an action did, as the page that follows it says: only the session that did it is told.

The address has the word with a MAC by the secret of the session, for some minutes. So neither a link from
somebody else nor a bookmark makes a page say that something was done.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

VALID = timedelta(minutes=10)


def add_done(path: str, word: str, secret: str, now: datetime) -> str:
    """Return the address of a page that says once what was done on it."""
    minute = _count_minutes(now)
    return f"{path}?done={word}.{minute}.{_make_mac(path, word, minute, secret)}"


def read_done(text: str, path: str, secret: str, now: datetime) -> str:
    """Return the word of `done=` on this page; empty if this session was not told it lately."""
    word, _, rest = text.partition(".")
    minute, _, mac = rest.partition(".")
    if not (minute.isascii() and minute.isdecimal() and len(minute) < _MAX_DIGITS):
        return ""
    is_recent = timedelta(0) <= timedelta(minutes=_count_minutes(now) - int(minute)) <= VALID
    is_ours = hmac.compare_digest(mac.encode(), _make_mac(path, word, int(minute), secret).encode())
    return word if is_recent and is_ours else ""


_MAX_DIGITS = 12


def _count_minutes(now: datetime) -> int:
    return int(now.timestamp()) // 60


def _make_mac(path: str, word: str, minute: int, secret: str) -> str:
    said = f"done\0{path}\0{word}\0{minute}".encode()
    return hmac.new(secret.encode(), said, "sha256").hexdigest()[:32]
