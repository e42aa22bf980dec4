"""What must hold whatever happened: nothing lost, nothing twice, every decision with its letters."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from gateway.store.sqlite.integrity.verify import open_read_only, verify
from gateway.store.sqlite.migrations.schema import is_empty
from tests.crash.story import message_id

# A letter as it must come out of every run of the same story: its kind and its addressee.
Kinds = Counter[tuple[str, str]]


@dataclass
class Found:
    """What was found in one run. `problems` says every invariant that does not hold."""

    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    repeated: int = 0
    letters: int = 0
    invitations: int = 0
    problems: list[str] = field(default_factory=list)

    def add(self, other: Found) -> None:
        for name in ("acknowledged", "lost", "doubled", "repeated", "letters", "invitations"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.problems += other.problems


def recorded(database: Path, acknowledged: Iterable[str]) -> Found:
    """Every mail that was answered 250 is there once."""
    found = Found()
    wanted = set(acknowledged)
    found.acknowledged = len(wanted)
    counts: Counter[str] = Counter()
    with closing(open_read_only(database)) as connection:
        rows = _rows(connection, "SELECT message_id, count(*) FROM mails GROUP BY 1")
        counts.update({str(name): int(str(count)) for name, count in rows})
    lost = sorted(one for one in wanted if not counts[one])
    doubled = sorted(one for one, count in counts.items() if count > 1)
    found.lost, found.doubled = len(lost), len(doubled)
    found.problems += [f"{one} was answered 250 and is not there" for one in lost]
    found.problems += [f"{one} is there {counts[one]} times" for one in doubled]
    return found


def sound(database: Path) -> list[str]:
    """What `gateway verify` finds."""
    return [f"{check.name}: {one}" for check in verify(database).checks for one in check.found]


def after_a_death(database: Path, acknowledged: set[str]) -> list[str]:
    """The same right after the process was killed, in a copy: its next life finds the files as they are."""
    with tempfile.TemporaryDirectory(dir=database.parent) as folder:
        for part in database.parent.glob(f"{database.name}*"):
            if part.is_file() and not part.name.endswith((".lock", "-shm")):
                shutil.copy(part, folder)
        copy = Path(folder) / database.name
        if not copy.exists():
            return [f"{one} was answered 250, and there is no database" for one in acknowledged]
        with closing(sqlite3.connect(copy)) as connection:  # what was half written is undone by this
            fresh = is_empty(connection)
        if fresh:
            return [f"{one} was answered 250, and there are no tables" for one in acknowledged]
        return recorded(copy, acknowledged).problems + sound(copy)


def kinds(database: Path) -> Kinds:
    """Letters by kind and addressee."""
    with closing(open_read_only(database)) as connection:
        return Counter(
            (str(a), str(b)) for a, b in _rows(connection, "SELECT letter, recipient FROM letters")
        )


def at_the_end(
    database: Path,
    acknowledged: set[str],
    handed_over: list[tuple[str, str, bytes]],
    expected: Kinds,
    *,
    most: int = 1,
) -> Found:
    """All of them, after a story has come to its end. `expected`: the letters of a run without trouble.

    `most`: so often a letter may have been handed over, always with its own Message-ID.
    """
    found = recorded(database, acknowledged)
    found.problems += sound(database)
    with closing(open_read_only(database)) as connection:
        applicants = Counter(row[0] for row in _rows(connection, "SELECT applicant_key FROM cases"))
        letters = _rows(connection, "SELECT message_id, letter, recipient, state FROM letters")
        unapproved = _rows(connection, _UNAPPROVED)
        twice = _rows(connection, _TOLD_TWICE)
    for who, count in applicants.items():
        if count > 1:
            found.doubled += count - 1
            found.problems.append(f"{who} has {count} cases")
    copies = Counter((message_id(raw), to.strip("<>")) for _, to, raw in handed_over)
    found.letters, found.repeated = len(letters), sum(copies.values()) - len(copies)
    known = {(str(row[0]), str(row[2])): row for row in letters}
    found.problems += [f"{one} was handed over, and is no letter" for one in copies.keys() - known.keys()]
    found.problems += [f"{one} was handed over {n} times" for one, n in copies.items() if n > most]
    found.problems += [
        f"{row[1]} to {row[2]} counts as sent and never arrived"
        for place, row in known.items()
        if row[3] == "sent" and not copies[place]
    ]
    found.invitations = sum(1 for place, row in known.items() if row[1] == "invitation" and copies[place])
    found.problems += [f"invitation of {row[0]}, which nobody approved" for row in unapproved]
    found.problems += [f"{row[1]} stands {row[2]} times in the journal of {row[0]}" for row in twice]
    there = Counter((str(row[1]), str(row[2])) for row in letters)
    found.problems += [f"a letter is missing: {one}" for one in (expected - there).elements()]
    found.problems += [f"a letter too many: {one}" for one in (there - expected).elements()]
    return found


def _rows(connection: sqlite3.Connection, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(sql)]


_UNAPPROVED = """
SELECT c.number FROM letters l JOIN cases c ON c.id = l.case_id
WHERE l.letter = 'invitation' AND NOT EXISTS (
  SELECT 1 FROM journal j WHERE j.case_id = c.id AND j.event = 'decision.approve')
"""
# What became of a letter is written down once.
_TOLD_TWICE = """
SELECT c.number, j.event, count(*) FROM journal j JOIN cases c ON c.id = j.case_id
WHERE j.event IN ('invitation.handed', 'letter.undelivered') GROUP BY c.id, c.number, j.event
HAVING count(*) > (
  SELECT count(*) FROM letters l WHERE l.case_id = c.id
  AND CASE j.event WHEN 'invitation.handed' THEN l.letter = 'invitation' ELSE l.state = 'refused' END)
"""
