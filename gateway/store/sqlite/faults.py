"""Error messages for an unusable database: which file, why, and what to do about it.

They depend on SQLite's result codes (https://sqlite.org/rescode.html), not on its messages.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from gateway.store.protocol import Source, Trouble
from gateway.store.sqlite.migrations.schema import NewerSchemaError

_RESTORE = "stop the gateway and restore a backup: gateway restore --help"
_ACCESS = "check owner and mode: gateway doctor --only installation --only database"
_AGAIN = "try again; if it persists, check which process has it open"
_ROOM = "free disk space, or check what fails: gateway doctor --only disk, journalctl -k"
_LOOK = "run gateway verify for details"
REMEDIES: Mapping[int, str] = MappingProxyType(
    {
        sqlite3.SQLITE_CORRUPT: _RESTORE,
        sqlite3.SQLITE_NOTADB: f"correct store.path, or {_RESTORE}",
        sqlite3.SQLITE_ERROR: "correct store.path: this is not a gateway database",
        sqlite3.SQLITE_CANTOPEN: _ACCESS,
        sqlite3.SQLITE_PERM: _ACCESS,
        sqlite3.SQLITE_READONLY: _ACCESS,
        sqlite3.SQLITE_BUSY: _AGAIN,
        sqlite3.SQLITE_LOCKED: _AGAIN,
        sqlite3.SQLITE_FULL: _ROOM,
        sqlite3.SQLITE_IOERR: _ROOM,
        sqlite3.SQLITE_NOMEM: "add memory, or run fewer processes on this machine",
    }
)
_FILE_REMEDIES: Mapping[int | None, str] = MappingProxyType(
    {errno.ENOSPC: _ROOM, errno.EDQUOT: _ROOM, errno.EIO: _ROOM, errno.EROFS: _ROOM}
)


# A file that another account must not read, or only while the gateway has it open.
_TROUBLES: Mapping[int, Trouble] = MappingProxyType(
    {
        sqlite3.SQLITE_CANTOPEN: Trouble.STOPPED,
        sqlite3.SQLITE_PERM: Trouble.STOPPED,
        sqlite3.SQLITE_READONLY: Trouble.STOPPED,
        sqlite3.SQLITE_BUSY: Trouble.BUSY,
        sqlite3.SQLITE_LOCKED: Trouble.BUSY,
        sqlite3.SQLITE_FULL: Trouble.FULL,
    }
)
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def find_trouble(fault: Exception) -> Trouble:
    """Return the kind of a fault of a file, of SQLite or of its schema."""
    if isinstance(fault, OSError):
        return Trouble.FULL if fault.errno in _NO_ROOM else Trouble.BROKEN
    if isinstance(fault, NewerSchemaError):
        return Trouble.NEWER
    return _TROUBLES.get(getattr(fault, "sqlite_errorcode", 0) & 0xFF, Trouble.BROKEN)


def describe_absence(place: Path) -> str:
    """Return the message that there is no database at a path."""
    return f"{place}: there is no database; start the gateway once to create it, or correct store.path"


def describe_fault(place: Path | Source, fault: OSError | sqlite3.Error) -> str:
    """Return why the database at a path cannot be used, and what to do, in one line."""
    if isinstance(fault, OSError):
        where = fault.filename or place
        return f"{where}: {fault.strerror or fault}; {_FILE_REMEDIES.get(fault.errno, _ACCESS)}"
    # The low octet of an extended code is the primary code.
    code = getattr(fault, "sqlite_errorcode", 0) & 0xFF
    return f"{place}: cannot be used as a database: {fault}; {REMEDIES.get(code, _LOOK)}"
