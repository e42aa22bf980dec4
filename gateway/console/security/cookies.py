"""The cookies of the console: a ticket while a code is on its way, a session, a browser that is known again.

RFC 6265bis: `__Host-` binds a cookie to this very host and to https; on loopback without TLS there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class Cookie(Enum):
    """A cookie by its name, with its seconds; 0 ends with the browser."""

    TICKET = ("ticket", 20 * 60)
    SESSION = ("session", 0)
    BROWSER = ("browser", 180 * 24 * 3600)


MAX_COOKIE = 600


def read(cookies: Mapping[str, str], kind: Cookie, *, secure: bool) -> str:
    """The value that the browser sent; empty for none, and for one that we never gave."""
    value = cookies.get(_name(kind, secure=secure), "")
    return value if len(value) <= MAX_COOKIE else ""


def write(kind: Cookie, value: str, *, secure: bool) -> str:
    """The value of a Set-Cookie field; an empty value takes the cookie away. `value` is ASCII without `;`."""
    parts = [f"{_name(kind, secure=secure)}={value}", "Path=/", "HttpOnly", "SameSite=Lax"]
    _, seconds = kind.value
    if not value:
        parts.append("Max-Age=0")
    elif seconds:
        parts.append(f"Max-Age={seconds}")
    return "; ".join([*parts, "Secure"] if secure else parts)


def _name(kind: Cookie, *, secure: bool) -> str:
    name, _ = kind.value
    return f"__Host-{name}" if secure else name
