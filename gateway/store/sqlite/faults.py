"""What a database that cannot be used says to the operator: which file, why, and what to do about it.

By SQLite's result codes (https://sqlite.org/rescode.html), not by their words.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from gateway.store.protocol import Source

_RESTORE = "stop the gateway and put back a backup: gateway restore --help"
_ACCESS = "see owner and mode: gateway doctor --only installation --only database"
_AGAIN = "try again; if it stays so, see who else has it open"
_ROOM = "make room, or see what fails: gateway doctor --only disk, journalctl -k"
_LOOK = "gateway verify shows more"
REMEDIES: Mapping[int, str] = MappingProxyType(
    {
        sqlite3.SQLITE_CORRUPT: _RESTORE,
        sqlite3.SQLITE_NOTADB: f"correct store.path, or {_RESTORE}",
        sqlite3.SQLITE_ERROR: "correct store.path: this is no database of a gateway",
        sqlite3.SQLITE_CANTOPEN: _ACCESS,
        sqlite3.SQLITE_PERM: _ACCESS,
        sqlite3.SQLITE_READONLY: _ACCESS,
        sqlite3.SQLITE_BUSY: _AGAIN,
        sqlite3.SQLITE_LOCKED: _AGAIN,
        sqlite3.SQLITE_FULL: _ROOM,
        sqlite3.SQLITE_IOERR: _ROOM,
        sqlite3.SQLITE_NOMEM: "more memory, or fewer processes beside it",
    }
)
_FILE_REMEDIES: Mapping[int | None, str] = MappingProxyType(
    {errno.ENOSPC: _ROOM, errno.EDQUOT: _ROOM, errno.EIO: _ROOM, errno.EROFS: _ROOM}
)


def describe_absence(place: Path) -> str:
    """That there is no database at a place."""
    return f"{place}: there is no database; start the gateway once, or correct store.path"


def describe_fault(place: Path | Source, fault: OSError | sqlite3.Error) -> str:
    """Why the database at a place cannot be used, and what to do, in one line."""
    if isinstance(fault, OSError):
        where = fault.filename or place
        return f"{where}: {fault.strerror or fault}; {_FILE_REMEDIES.get(fault.errno, _ACCESS)}"
    # The low octet of an extended code is the primary one.
    code = getattr(fault, "sqlite_errorcode", 0) & 0xFF
    return f"{place}: cannot be used as a database: {fault}; {REMEDIES.get(code, _LOOK)}"
