"""What PostgreSQL reports, by SQLSTATE: whether trying again later may help, and what to tell the operator.

https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import psycopg

# Classes and codes under which the database is away: nothing was recorded, the client comes again.
AWAY: Mapping[str, str] = MappingProxyType(
    {
        "08": "the connection is gone",
        "53": "too little of something: connections, disk, memory",
        "57": "an operator, or a shutdown",
        "58": "the system under the server fails",
        "XX": "the server found a fault of its own",
        "25006": "a replica, or a server that is made read-only",
        "25P": "the transaction was ended by the server",
        "40001": "two transactions in each other's way",
        "40P01": "two transactions in each other's way",
        "55P03": "somebody holds a lock for long",
    }
)
_DBA = "ask who runs the database"
_SQL = "run what `gateway store sql` prints, as the owner"
# What to do about a connection that does not come about, the longest code first.
REMEDIES: Mapping[str, str] = MappingProxyType(
    {
        "28": "correct the user or the password in store.url, and see pg_hba.conf",
        "3D000": "correct the database in store.url, or create it",
        "3F000": f"correct store.schema, or {_SQL}",
        "42P01": f"correct store.schema, or {_SQL}",
        "42501": f"rights are missing: {_SQL}",
        "53300": "the server takes no more connections: raise max_connections; a node uses at most 4",
        "53100": "the server's disk is full: make room there",
        "57P03": "the server starts or stops: try again",
        "25006": "this is a replica: name the primary in store.url, or all servers of the cluster",
        "08P01": "connect to the server itself, not to a pooler such as PgBouncer",
    }
)
_UNREACHABLE = "see whether the server runs, and host and port in store.url"


def is_away(error: BaseException) -> bool:
    """Whether the database could not be used, whatever was asked of it."""
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) and error.sqlstate is None:
        return True
    return isinstance(error, psycopg.Error) and (error.sqlstate or "").startswith(tuple(AWAY))


def describe_fault(place: str, error: psycopg.Error) -> str:
    """Why a database cannot be used, and what to do, in one line without a secret."""
    said = " ".join(str(error).split()) or type(error).__name__
    code = error.sqlstate or ""
    known = (remedy for start, remedy in REMEDIES.items() if code.startswith(start))
    remedy = next(known, None) or _guess(said, code)
    return f"{place}: cannot be used as a database: {said}; {remedy}"


def _guess(said: str, code: str) -> str:
    """libpq gives no SQLSTATE for what failed while it connected, only the server's words."""
    if code:
        return _DBA
    if "startup parameter" in said:
        return REMEDIES["08P01"]
    if "password" in said or "authentication" in said or "pg_hba" in said or "role" in said:
        return REMEDIES["28"]
    if 'database "' in said and "does not exist" in said:
        return REMEDIES["3D000"]
    if "too many" in said or "remaining connection slots" in said:
        return REMEDIES["53300"]
    return REMEDIES["57P03"] if "starting up" in said or "shutting down" in said else _UNREACHABLE
