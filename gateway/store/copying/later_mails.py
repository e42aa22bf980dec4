"""Mails that only a replaced database holds, because they arrived after the backup: listed and exported.

Each becomes a file ID.eml with its raw message; `index.json` beside them holds the data of the SMTP session,
so that applications can be taken in again. The folder is private, and is removed with the replaced database.
"""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

from gateway.store import private_files
from gateway.store.sqlite.integrity.verify import open_read_only
from gateway.store.tables import rows

INDEX, SUFFIX = "index.json", "-mails"


@dataclass(frozen=True, slots=True)
class LaterMail:
    """A mail that arrived after the backup.

    `file` is empty if the raw message was erased; `case` is the number of its case in the replaced database,
    or empty.
    """

    id: int
    file: str
    received_at: str
    author: str
    subject: str
    kind: str
    case: str
    mailbox: str
    client_ip: str
    helo: str
    reverse_path: str


def find_later_mails(replaced: sqlite3.Connection, copied: sqlite3.Connection) -> tuple[LaterMail, ...]:
    """Return all mails of one database that the other does not hold, compared by key, the oldest first."""
    replaced.row_factory = sqlite3.Row
    known = "SELECT 1 FROM mails WHERE key = :key"
    kept = (row for row in replaced.execute(_MAILS) if not row["key"].startswith("erased "))
    return tuple(_build(row) for row in kept if copied.execute(known, {"key": row["key"]}).fetchone() is None)


def _build(row: sqlite3.Row) -> LaterMail:
    values = {name: row[name] for name in LaterMail.__slots__ if name not in {"file", "case", "mailbox"}}
    name = f"{row['id']}.eml" if row["size"] else ""
    return LaterMail(**values, file=name, case=row["number"] or "", mailbox=row["forward_path"])


def write_out(replaced: Path, mails: tuple[LaterMail, ...], folder: Path) -> None:
    """Write the mails of a database into a private folder. Raises OSError, sqlite3.Error."""
    private_files.ensure_private_folder(folder)
    with contextlib.closing(open_read_only(replaced)) as connection:
        for mail in mails:
            sql = "SELECT raw FROM mails WHERE id = :id"
            if mail.file:
                octets = connection.execute(sql, {"id": mail.id}).fetchone()[0]
                private_files.write(folder / mail.file, bytes(octets))
    told = [asdict(mail) for mail in mails]
    private_files.write(folder / INDEX, rows.to_json(told).encode())


def read_index(folder: Path) -> tuple[LaterMail, ...]:
    """Return the index of exported mails. Raises OSError, msgspec.MsgspecError."""
    return msgspec.json.decode((folder / INDEX).read_bytes(), type=tuple[LaterMail, ...])


_MAILS = """
SELECT m.id, m.key, m.received_at, m.author, m.subject, m.kind, m.client_ip, m.helo, m.reverse_path,
  m.forward_path, length(m.raw) AS size, c.number
FROM mails m LEFT JOIN cases c ON c.id = m.case_id ORDER BY m.id
"""
