"""The last journal line that this machine saw committed, in a file beside the database.

A database that lacks this line is *behind*: an older copy was put in its place, its log was deleted, or a
server was promoted that did not have it. It does not know about mails that were accepted (250) since.
"""

from __future__ import annotations

import contextlib
import threading
import time
from pathlib import Path

from gateway.store import private_files
from gateway.store.integrity.hash_chain import NOTHING, Head, read_head
from gateway.store.protocol import Connection

EVERY_S = 1.0


class HeadFile:
    """The head file: noted with each commit, but written at most once a second.

    After a crash, it is up to a second old.
    """

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(f"{database.name}.head")
        self._lock = threading.Lock()
        self._known: Head | None = None
        self._written = NOTHING
        self._written_at = 0.0

    def load(self) -> Head:
        """Return the known head; empty if there is no readable file."""
        if self._known is None:
            self._known = self._written = _read(self.path)
        return self._known

    def note(self, head: Head) -> None:
        """Record the last line after a commit."""
        with self._lock:
            self._known = head

    def write(self, *, at_once: bool = False) -> None:
        """Write the noted head, unless it was written within the last second."""
        with self._lock:
            head, now = self._known, time.monotonic()
            if head is None or head == self._written or not (at_once or now >= self._written_at + EVERY_S):
                return
            self._written, self._written_at = head, now
        with contextlib.suppress(OSError):  # the mail does not depend on it
            private_files.write(self.path, f"{head.number} {head.hash.hex()}\n".encode(), durable=False)

    def find_missing(self, connection: Connection) -> str:
        """Return why the database is behind, in a sentence; empty if it has the line."""
        head = self.load()
        row = connection.execute(_LINE, {"number": head.number}).fetchone()
        if not head.number or (row is not None and bytes(row["hash"]) == head.hash):
            return ""
        return (
            f"the database is behind: it lacks line {head.number} of the journal, which this machine has "
            f"seen committed; its last line is {read_head(connection).number}. Restore the newer database, "
            f"or "
            "continue with this one: gateway store accept --behind"
        )


def forget(database: Path) -> None:
    """Forget the head, because the database was replaced on purpose."""
    HeadFile(database).path.unlink(missing_ok=True)


def _read(path: Path) -> Head:
    try:
        number, digest = path.read_text(encoding="ascii").split()
        return Head(int(number), bytes.fromhex(digest))
    except (OSError, ValueError):
        return NOTHING


_LINE = "SELECT hash FROM journal WHERE id = :number"
