"""PostgreSQL errors by SQLSTATE: whether a retry may help, and what to tell the operator.

https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import psycopg

from gateway.store.protocol import Trouble
from gateway.store.protocol.opening import OtherVersionError, ReplicaError

# Classes and codes that mean the database is unavailable: nothing was recorded, the client retries.
AWAY: Mapping[str, str] = MappingProxyType(
    {
        "08": "the connection was lost",
        "53": "a resource is exhausted: connections, disk, memory",
        "57": "an operator, or a shutdown",
        "58": "the system under the server fails",
        "XX": "the server found a fault of its own",
        "25006": "a replica, or a server that is made read-only",
        "25P": "the transaction was ended by the server",
        "40001": "two transactions blocked each other",
        "40P01": "two transactions blocked each other",
        "55P03": "another transaction holds a lock for too long",
    }
)
_DBA = "ask the administrator of the database"
_SQL = "run the output of `gateway store sql` as a superuser"
# Remedies for a connection that fails, the longest code first.
REMEDIES: Mapping[str, str] = MappingProxyType(
    {
        "28": "correct the user or the password in store.url, and check pg_hba.conf",
        "3D000": "correct the database name in store.url, or create that database",
        "3F000": f"correct store.schema, or {_SQL}",
        "42P01": f"correct store.schema, or {_SQL}",
        "42501": f"privileges are missing: {_SQL}",
        "53300": "the server accepts no more connections: raise max_connections, or the limit of the role "
        "(ALTER ROLE ... CONNECTION LIMIT); a node uses at most 4",
        "53100": "the disk of the database server is full: free space there",
        "57P03": "the server is starting up or shutting down: try again",
        "25006": "this is a replica: set store.url to the primary, or to all servers of the cluster",
        "08001": "the server responds but does not start a session: check sslmode and sslrootcert in "
        "store.url, the server's certificate, and its authentication methods",
        "08P01": "connect to the server itself, not to a pooler such as PgBouncer",
    }
)
_OURS = ("28", "3D000", "3F000", "42P01", "42501", "08P01")
_NO_ROOM = "53100"
_UNREACHABLE = "check that the server is running, and check the host and port in store.url"


def is_away(error: BaseException) -> bool:
    """Return whether the database was unavailable, whatever the request."""
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) and error.sqlstate is None:
        return True
    return isinstance(error, psycopg.Error) and (error.sqlstate or "").startswith(tuple(AWAY))


def find_trouble(error: Exception) -> Trouble:
    """Return the kind of a database fault, or of a server that a gateway must not work on."""
    if isinstance(error, OtherVersionError):
        return Trouble.NEWER if error.is_newer else Trouble.OWNED
    if isinstance(error, psycopg.Error):
        if (error.sqlstate or "").startswith(_NO_ROOM):
            return Trouble.FULL
        return Trouble.BROKEN if is_misconfigured(error) else Trouble.AWAY
    return Trouble.AWAY if isinstance(error, ReplicaError) else Trouble.BROKEN


def is_misconfigured(error: psycopg.Error) -> bool:
    """Return whether waiting does not help: user, password, database, schema or privileges are wrong."""
    return (error.sqlstate or "").startswith(_OURS)


def is_passing(trouble: Trouble) -> bool:
    """Return whether a fault of this kind may pass without a correction here."""
    return trouble in (Trouble.AWAY, Trouble.BUSY, Trouble.FULL)


def describe_fault(place: str, error: psycopg.Error) -> str:
    """Return why a database cannot be used, and what to do, in one line without secrets."""
    said = " ".join(str(error).split()) or type(error).__name__
    return f"{place}: cannot be used as a database: {said}; {_find_remedy(error)}"


def find_remedy(error: psycopg.Error) -> str:
    """Return the remedy for an error reported by the server; empty if there is none."""
    code = error.sqlstate or ""
    return next((remedy for start, remedy in REMEDIES.items() if code.startswith(start)), "")


def prefer_passing(codes: Iterable[str]) -> str:
    """Return the code that counts of those of several servers: if in doubt, they are unavailable."""
    return min(codes, key=lambda code: code.startswith(_OURS))


def _find_remedy(error: psycopg.Error) -> str:
    return find_remedy(error) or (_DBA if error.sqlstate else _UNREACHABLE)
