"""Checks of `store.url`, a PostgreSQL connection URI: what libpq would reject only when it connects.

https://www.postgresql.org/docs/current/libpq-connect.html, Connection URIs and Parameter Key Words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

SHAPE = "postgresql://USER@HOST/DATABASE, or HOST,HOST for the servers of a cluster"
# One server, or those of a cluster separated by commas.
_SERVER = r"(?:\[[0-9A-Fa-f:.]+\]|[^\s@/?#,:\[\]]*)(?::[0-9]{1,5})?"
_DATABASE = re.compile(
    r"postgres(?:ql)?://(?:(?P<user>[^\s@/?#:]*)(?P<password>:[^\s@/?#]*)?@)?"
    rf"(?P<servers>{_SERVER}(?:,{_SERVER})*)/[^\s/?#]+(?:\?(?P<query>[^\s#]*))?"
)
_SECRETS = frozenset({"password", "sslpassword"})
_PORT = r"(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
_NUMBER, _FILE, _NAME = r"[0-9]{1,9}", r"/[^\0]+|system", r"[^\s\0]{1,255}"
_TLS = r"TLSv1(?:\.[123])?"
# Parameters that an operator may set, and their values. The gateway itself sets encoding and time-outs.
_PARAMETERS = {
    "channel_binding": "disable|prefer|require",
    "gssencmode": "disable|prefer|require",
    "gsslib": "gssapi|sspi",
    "host": _NAME,
    "hostaddr": r"[0-9A-Fa-f:.,]{2,255}",
    "keepalives": "[01]",
    "keepalives_count": _NUMBER,
    "keepalives_idle": _NUMBER,
    "keepalives_interval": _NUMBER,
    "krbsrvname": _NAME,
    "load_balance_hosts": "disable|random",
    "passfile": _FILE,
    "port": rf"{_PORT}(?:,{_PORT})*",
    "require_auth": "[a-z0-9!,-]{1,100}",
    "requirepeer": _NAME,
    "ssl_max_protocol_version": _TLS,
    "ssl_min_protocol_version": _TLS,
    "sslcert": _FILE,
    "sslcertmode": "disable|allow|require",
    "sslcrl": _FILE,
    "sslcrldir": _FILE,
    "sslkey": _FILE,
    "sslmode": "disable|allow|prefer|require|verify-ca|verify-full",
    "sslrootcert": _FILE,
    "sslsni": "[01]",
    "target_session_attrs": "any|primary|read-write",
    "user": _NAME,
}


def is_database(url: str) -> bool:
    """Return whether a URL is a PostgreSQL database, on one server or on several of a cluster."""
    return _DATABASE.fullmatch(url) is not None


def holds_password(url: str) -> bool:
    """Return whether a database URL contains its password."""
    found = _DATABASE.match(url)
    is_open = found is not None and found["password"] is not None
    return is_open or any(name.lower() in _SECRETS for name, _ in _list_parameters(url))


def find_unusable(url: str) -> tuple[str, str] | None:
    """Return the first port or parameter that the gateway cannot use, as in the URL, and what is allowed."""
    found = _DATABASE.match(url)
    for port in re.findall(r":([0-9]+)(?:,|$)", found["servers"]) if found is not None else ():
        if re.fullmatch(_PORT, port) is None:
            return port, "a port from 1 to 65535"
    for name, value in _list_parameters(url):
        allowed = _PARAMETERS.get(name)
        if allowed is None:
            return name, f"one of {', '.join(_PARAMETERS)}"
        if re.fullmatch(allowed, value) is None:
            return f"{name}={value}", _describe(allowed)
    return None


def _describe(allowed: str) -> str:
    if allowed in {_FILE, _NAME}:
        return "an absolute path" if allowed == _FILE else "a name"
    is_list = re.fullmatch(r"[a-z|-]+", allowed) is not None
    return allowed.replace("|", ", ") if is_list else "a value as in the documentation of libpq"


def _list_parameters(url: str) -> Iterator[tuple[str, str]]:
    """Yield the names and values behind the question mark, decoded as libpq does."""
    found = _DATABASE.match(url)
    for part in filter(None, (found["query"] or "").split("&") if found is not None else ()):
        name, _, value = part.partition("=")
        yield unquote(name), unquote(value)
