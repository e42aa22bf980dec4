"""A connection for a node: sets its settings at the start, and rejects unsuitable servers with a reason.

Connection options override the settings of roles and databases
(https://www.postgresql.org/docs/current/config-setting.html).
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import psycopg
from psycopg import conninfo

from gateway.store.postgres.connecting import connection as rows
from gateway.store.postgres.connecting import handshake
from gateway.store.postgres.faults import REMEDIES
from gateway.store.postgres.schema import VERSION
from gateway.store.protocol.opening import OtherVersionError, ReplicaError, UnusableStoreError

MIN_VERSION = 150000
_TIMES: dict[str, str | int] = {
    "connect_timeout": 3,
    "tcp_user_timeout": 10_000,
    "application_name": "gateway",
}
LOCAL = ("localhost", "127.0.0.1", "::1")
SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}")
# Settings that every transaction depends on. `on` waits for the standby if there is one.
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
    """Location of a desk: a URL that may contain a password, and its own schema."""

    url: str
    schema: str = "gateway"
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        """The location for operators, without the password."""
        known = conninfo.conninfo_to_dict(self.url)
        hosts, ports = (str(known.get(name) or "").split(",") for name in ("host", "port"))
        ports = ports if len(ports) == len(hosts) else ports[:1] * len(hosts)
        said = (
            f"{host or 'local'}{f':{port}' if port else ''}" for host, port in zip(hosts, ports, strict=True)
        )
        return f"postgresql://{','.join(said)}/{known.get('dbname') or ''} ({self.schema})"


def replace_user(place: Place, user: str) -> Place:
    """Return the place for another role."""
    return replace(place, url=conninfo.make_conninfo(place.url, user=user))


def connect(
    place: Place,
    holder: str = "",
    settings: Mapping[str, str] = MappingProxyType({}),
    guard: Callable[[int], AbstractContextManager[None]] = lambda _fd: contextlib.nullcontext(),
    *,
    any_version: bool = False,
) -> psycopg.Connection[Any]:
    """Open a connection and check it, with `any_version` all but the version of the schema.

    `guard` watches its socket during the check.

    Raises psycopg.Error if there is none, UnusableStoreError if the server must not be used.
    """
    options = {**SETTINGS, "search_path": f"{place.schema},pg_temp", "gateway.holder": holder, **settings}
    words = " ".join(f"-c {name}={_escape(value)}" for name, value in options.items())
    try:
        said = conninfo.make_conninfo(place.url, **_TIMES, **_secure(place), **_choose(place), options=words)
    except psycopg.ProgrammingError as error:
        raise UnusableStoreError(f"store.url: {error}: correct it") from error
    found = _open(said)
    try:
        rows.adapt(found)
        with guard(found.fileno()):
            _check_server(found, place)
            if not any_version:
                _check_version(found, place)
    except BaseException:
        found.close()
        raise
    return found


def _open(said: str) -> psycopg.Connection[Any]:
    try:
        return psycopg.connect(said, autocommit=True)
    except psycopg.OperationalError as error:
        handshake.add_sqlstate(error, said)
        raise


def _secure(place: Place) -> dict[str, str]:
    """Return the password, and for a remote server the requirement that it proves its identity."""
    known = conninfo.conninfo_to_dict(place.url)
    hosts = str(known.get("host") or known.get("hostaddr") or "").split(",")
    remote = any(each and not each.startswith("/") and each not in LOCAL for each in hosts)
    found = {"password": place.password} if place.password else {}
    return found | ({"sslmode": "verify-full"} if remote and "sslmode" not in known else {})


def _choose(place: Place) -> dict[str, str]:
    """Choose the server that accepts writes, if there are several."""
    known = conninfo.conninfo_to_dict(place.url)
    several = "," in str(known.get("host") or known.get("hostaddr") or "")
    return {"target_session_attrs": "primary"} if several and "target_session_attrs" not in known else {}


def _escape(value: str) -> str:
    """Escape a value for the connection options, which are separated by blanks."""
    return value.replace("\\", r"\\").replace(" ", r"\ ")


def check(connection: psycopg.Connection[Any], place: Place) -> None:
    """Raise UnusableStoreError for a server or schema that a gateway must not work on."""
    _check_server(connection, place)
    _check_version(connection, place)


def _check_server(connection: psycopg.Connection[Any], place: Place) -> None:
    if connection.info.server_version < MIN_VERSION:
        raise UnusableStoreError(
            f"{place}: PostgreSQL {connection.info.server_version // 10000}: expected 15 or later"
        )
    found: Any = connection.execute(_FACTS).fetchone()
    if found["pid"] != connection.info.backend_pid:
        raise UnusableStoreError(
            f"{place}: this is a pooler: connect to the server itself, not through PgBouncer or similar"
        )
    if found["encoding"] != "UTF8":
        raise UnusableStoreError(
            f"{place}: the database encoding is {found['encoding']}: create the database with encoding UTF8"
        )
    if found["replica"]:
        raise ReplicaError(f"{place}: this is a replica: {REMEDIES['25006'].partition(': ')[2]}")


def _check_version(connection: psycopg.Connection[Any], place: Place) -> None:
    table: Any = connection.execute(_TABLE, {"schema": place.schema}).fetchone()
    if table["closed"]:
        raise UnusableStoreError(
            f"{place}: the user may not use the schema: correct the user in store.url, or run the GRANT "
            "statements from `gateway store sql`"
        )
    if not table["there"]:
        raise UnusableStoreError(
            f"{place}: no gateway schema: run the output of `gateway store sql` as a superuser"
        )
    if not table["permitted"]:
        raise UnusableStoreError(
            f"{place}: the user lacks read privileges: run the GRANT statements from `gateway store sql`"
        )
    found: Any = connection.execute(_VERSION).fetchone()
    if found["name"] != VERSION:
        is_newer = found["name"] > VERSION
        raise OtherVersionError(
            f"{place}: the schema is version {found['name'] or 'unknown'}, but this gateway needs "
            f"{VERSION}: {_INSTALL if is_newer else _UPGRADE}",
            is_newer=is_newer,
            found=found["name"],
            active=found["active"],
        )


def check_rights(connection: psycopg.Connection[Any], place: Place) -> None:
    """Check all privileges, which would otherwise only fail with a mail. Raises UnusableStoreError."""
    found: Any = connection.execute(_LACKING).fetchone()
    if found["tables"]:
        raise UnusableStoreError(
            f"{place}: the user lacks write privileges on {found['tables']}: run the GRANT statements from "
            "`gateway store sql`"
        )


_FACTS = """
SELECT pg_backend_pid() AS pid, current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS replica
"""
_TABLE = """
SELECT NOT coalesce(has_schema_privilege(to_regnamespace(quote_ident(%(schema)s)), 'USAGE'), true) AS closed,
       to_regclass('versions') IS NOT NULL AS there,
       coalesce(has_table_privilege(to_regclass('versions'), 'SELECT'), false) AS permitted
"""
_VERSION = """
SELECT coalesce(max(name), '') AS name, coalesce(max(active), '') AS active
FROM versions
LEFT JOIN (SELECT split_part(holder, '/', 1) AS active FROM turn WHERE held_until > clock_timestamp()) held
  ON true
"""
_INSTALL = "install the version that created it"
_UPGRADE = "run the output of `gateway store sql --upgrade` as the owner"
# The role needs each of them; a list in a single call would ask for any.
_LACKING = """
SELECT coalesce(string_agg(relname, ', ' ORDER BY relname), '') AS tables
FROM pg_class
WHERE relnamespace = CAST(current_schema() AS regnamespace) AND relkind = 'r'
  AND relname NOT IN ('turn', 'versions')
  AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
           AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))
"""
