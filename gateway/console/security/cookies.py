"""The cookies of the console.

A ticket while a code is under way, an account that the code is to link, a session, a browser to recognise,
a grant after a code, a draft that waits for a sign-in, and the language. RFC 6265bis: `__Host-` binds a
cookie to this host and to https; on loopback without TLS there is no prefix.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from starlette.responses import Response


class Cookie(Enum):
    """A cookie: its name and lifetime in seconds; 0 ends with the browser."""

    TICKET = ("ticket", 20 * 60)
    ACCOUNT = ("account", 60 * 60)
    SESSION = ("session", 0)
    BROWSER = ("browser", 180 * 24 * 3600)
    GRANT = ("grant", 30 * 60)
    DRAFT = ("draft", 60 * 60)
    LANGUAGE = ("language", 365 * 24 * 3600)


MAX_COOKIE = 1_200


def read(cookies: Mapping[str, str], kind: Cookie, *, secure: bool) -> str:
    """Return the value sent by the browser; empty if there is none, or one that we never set."""
    value = cookies.get(_name(kind, secure=secure), "")
    return value if len(value) <= MAX_COOKIE else ""


def write(kind: Cookie, value: str, *, secure: bool) -> str:
    """Return the value of a Set-Cookie field; an empty `value` (ASCII without `;`) deletes the cookie."""
    parts = [f"{_name(kind, secure=secure)}={value}", "Path=/", "HttpOnly", "SameSite=Lax"]
    _, seconds = kind.value
    if not value:
        parts.append("Max-Age=0")
    elif seconds:
        parts.append(f"Max-Age={seconds}")
    return "; ".join([*parts, "Secure"] if secure else parts)


def put(answer: Response, kind: Cookie, value: str, *, secure: bool) -> None:
    """Set a cookie, or delete it if the value is empty."""
    answer.headers.append("set-cookie", write(kind, value, secure=secure))


def _name(kind: Cookie, *, secure: bool) -> str:
    name, _ = kind.value
    return f"__Host-{name}" if secure else name
