"""A connection for a node: its settings said at the start, and a server that is not fit refused in words.

Whatever a role or a database sets for itself, options of the connection come before it
(https://www.postgresql.org/docs/current/config-setting.html).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import conninfo

from gateway.store.postgres import connection as rows
from gateway.store.postgres.schema import VERSION
from gateway.store.protocol.opening import UnusableStoreError

MIN_VERSION = 150000
_TIMES: dict[str, str | int] = {
    "connect_timeout": 3,
    "tcp_user_timeout": 10_000,
    "application_name": "gateway",
}
LOCAL = ("localhost", "127.0.0.1", "::1")
SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}")
# Seconds and words that every transaction rests on. `on` waits for the standby where there is one.
SETTINGS: dict[str, str] = {
    "client_encoding": "UTF8",
    "TimeZone": "UTC",
    "DateStyle": "ISO",
    "standard_conforming_strings": "on",
    "default_transaction_isolation": "read committed",
    "default_transaction_read_only": "off",
    "default_transaction_deferrable": "off",
    "synchronous_commit": "on",
    "lock_timeout": "5s",
    "statement_timeout": "10s",
    "idle_in_transaction_session_timeout": "10s",
    "idle_session_timeout": "0",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a desk is kept: a URL that may hold a password, a schema of its own."""

    url: str
    schema: str = "gateway"
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        """As operators know it, without password."""
        known = conninfo.conninfo_to_dict(self.url)
        host, port = str(known.get("host") or "local"), str(known.get("port") or "")
        return f"postgresql://{host}{f':{port}' if port else ''}/{known.get('dbname') or ''} ({self.schema})"


def connect(place: Place, holder: str = "", **settings: str) -> psycopg.Connection[Any]:
    """A connection that is fit. Raises psycopg.Error where there is none, UnusableStoreError where the server
    must not be used."""
    options = SETTINGS | {"search_path": f"{place.schema},pg_temp", "gateway.holder": holder} | settings
    words = " ".join(f"-c {name}={_escape(value)}" for name, value in options.items())
    said = conninfo.make_conninfo(place.url, **_TIMES, **_secure(place), options=words)
    found = psycopg.connect(said, autocommit=True)
    try:
        rows.adapt(found)
        check(found, place)
    except BaseException:
        found.close()
        raise
    return found


def _secure(place: Place) -> dict[str, str]:
    """The password, and a proof of who the server is where the network lies between."""
    known = conninfo.conninfo_to_dict(place.url)
    hosts = str(known.get("host") or known.get("hostaddr") or "").split(",")
    remote = any(each and not each.startswith("/") and each not in LOCAL for each in hosts)
    found = {"password": place.password} if place.password else {}
    return found | ({"sslmode": "verify-full"} if remote and "sslmode" not in known else {})


def _escape(value: str) -> str:
    """A value in the options of a connection, which blanks divide."""
    return value.replace("\\", r"\\").replace(" ", r"\ ")


def check(connection: psycopg.Connection[Any], place: Place) -> None:
    """Raises UnusableStoreError for what a gateway must not work on."""
    if connection.info.server_version < MIN_VERSION:
        raise UnusableStoreError(
            f"{place}: PostgreSQL {connection.info.server_version // 10000}: allowed is 15 or later"
        )
    found: Any = connection.execute(_FACTS).fetchone()
    if found["pid"] != connection.info.backend_pid:
        raise UnusableStoreError(
            f"{place}: this is a pooler: connect to the server itself, not through PgBouncer or its like"
        )
    if found["encoding"] != "UTF8":
        raise UnusableStoreError(
            f"{place}: its encoding is {found['encoding']}: create the database with UTF8"
        )
    if found["replica"]:
        raise UnusableStoreError(f"{place}: this is a replica: name the primary in store.url")
    _check_version(connection, place)


def _check_version(connection: psycopg.Connection[Any], place: Place) -> None:
    table: Any = connection.execute(_TABLE).fetchone()
    if not table["there"]:
        raise UnusableStoreError(
            f"{place}: there is no schema of a gateway: run what `gateway store sql` prints, as the owner"
        )
    if not table["permitted"]:
        raise UnusableStoreError(f"{place}: the user may not read it: run the grants of `gateway store sql`")
    found = [row["name"] for row in connection.execute("SELECT name FROM versions ORDER BY name")]
    if found[-1:] != [VERSION]:
        raise UnusableStoreError(
            f"{place}: the schema is of version {', '.join(found[-1:]) or 'unknown'}, and this gateway needs "
            f"{VERSION}: install the gateway that made it, or bring it up to date as the owner"
        )


_FACTS = """
SELECT pg_backend_pid() AS pid, current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS replica
"""
_TABLE = """
SELECT to_regclass('versions') IS NOT NULL AS there,
       coalesce(has_table_privilege(to_regclass('versions'), 'SELECT'), false) AS permitted
"""
