"""Replaces the database with a backup, so that the desk can continue from it.

A backup does not know what happened after it was made. The replaced database is kept aside, and queried as
far as it is still readable: letters sent since then count as sent, cases erased since then are erased again,
revoked staff mailboxes and pulled brakes stay so. Letters that may or may not have been sent are held, not
sent a second time; an operator releases them. Mails accepted (250) since then are counted and reported, not
guessed at.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from gateway.admission.authority.brakes import BrakeChange
from gateway.admission.case.decide import decide
from gateway.admission.case.events import InvitationSent, Renew
from gateway.admission.case.model import GATEWAY, Desk, JournalEntry, Letter
from gateway.mail import address
from gateway.printing.fields import to_facts
from gateway.store import private_files
from gateway.store.console import sessions
from gateway.store.copying import later_mails
from gateway.store.copying.later_mails import LaterMail
from gateway.store.copying.replaced import ReplacedDatabase, read_replaced
from gateway.store.integrity import journal_head
from gateway.store.integrity.report import Progress, Report
from gateway.store.privacy import erasure_log, person_erasure, tombstones
from gateway.store.privacy.erasure import Eraser
from gateway.store.privacy.erasure_log import Erased
from gateway.store.protocol import NO_LIMIT
from gateway.store.repositories import case_repository
from gateway.store.sqlite.backup import BackupError, copy
from gateway.store.sqlite.integrity.verify import open_read_only, verify
from gateway.store.sqlite.migrations import schema
from gateway.store.sqlite.store import configure, lock
from gateway.store.tables import brakes, rows
from gateway.store.tables.letters.holding import hold_waiting
from gateway.store.tables.letters.outbox import make_message_id
from gateway.store.tables.transaction import SqlTransaction

HELD_BY_RESTORE = "the database was restored, and it is unknown whether this message had already been sent"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RestoreChanges:
    """Changes to the letters that waited in the backup: `held` for an operator, or known to be finished."""

    held: tuple[dict[str, Any], ...] = ()
    sent: int = 0
    erased: int = 0


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """Result of a restore.

    `replaced_path` is the replaced database (None: there was none). `later` are the mails that only it holds
    (None: it is unreadable), exported to `later_folder`.
    """

    report: Report
    changed: RestoreChanges
    replaced_path: Path | None
    later: tuple[LaterMail, ...] | None
    later_folder: Path | None


def restore(
    database: Path,
    source: Path,
    desk: Desk,
    now: datetime,
    domain: str,
    *,
    release: bool = False,
    progress: Progress = lambda _what, _n: None,
) -> RestoreResult:
    """Replace `database`, which no gateway may have open, by `source`; `domain` is the desk's.

    Raises BackupError, SchemaError, DatabaseInUseError, OSError or sqlite3.Error; nothing was replaced then.
    """
    draft = database.with_name(f"{database.name}.restoring")
    with lock(database):
        _clear(draft)
        try:
            _take_over(source, draft, progress)
            known = read_replaced(database, draft)
            key = tombstones.load_or_create_key(database)
            changed = _bring_forward(
                draft,
                source.name,
                known,
                desk,
                now,
                key,
                partial(make_message_id, domain),
                erasure_log.read(database),
                release=release,
            )
            report = verify(draft, progress=progress)
            if not report.checks[0].is_sound:
                raise BackupError(f"{draft}: the copy is damaged: {report.checks[0].found[0]}")
            folder = _write_later(database, known, now)
            aside = _exchange(database, draft, now)
            journal_head.forget(database)
        except BaseException:
            _clear(draft)
            raise
    return RestoreResult(report, changed, aside, known.later, folder)


def _take_over(source: Path, draft: Path, progress: Progress) -> None:
    """Copy the backup, if it is sound, and upgrade the copy to this version of the schema."""
    if not source.is_file():
        raise BackupError(f"{source}: the file does not exist")
    _refuse_foreign(source)
    pages = verify(source, progress=progress).checks[0]
    if not pages.is_sound:
        raise BackupError(f"{source}: the backup is damaged: {pages.found[0]}; use another one")
    private_files.create(draft)
    copy(source, draft)
    with contextlib.closing(sqlite3.connect(draft)) as connection:
        schema.migrate(connection)


def _refuse_foreign(source: Path) -> None:
    """Refuse foreign triggers or views, which would run with our statements, before any can run."""
    with contextlib.closing(open_read_only(source)) as connection:
        try:
            foreign, newer = schema.find_foreign(connection), schema.list_newer(connection)
        except sqlite3.Error as error:
            raise BackupError(f"{source}: the backup is damaged: {error}; use another one") from error
    if foreign and newer:
        raise BackupError(
            f"{source}: the backup was made by a newer gateway ({', '.join(newer)}) and contains "
            f"objects unknown to this one: {', '.join(foreign[:5])}; nothing was read "
            "or changed. Restore it with that version"
        )
    if foreign:
        raise BackupError(
            f"{source}: the backup contains objects that no gateway creates: {', '.join(foreign[:5])}; "
            "nothing was read or changed. Use another backup, and find out who modified this one"
        )


def _bring_forward(
    draft: Path,
    name: str,
    known: ReplacedDatabase,
    desk: Desk,
    now: datetime,
    key: bytes,
    new_message_id: Callable[[], str],
    erased_since: tuple[Erased, ...],
    *,
    release: bool,
) -> RestoreChanges:
    """Record in the copy what is known about letters and erasures, and hold the other letters."""
    with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        configure(connection)
        connection.execute("BEGIN IMMEDIATE")
        tx = SqlTransaction(connection, new_message_id, key)
        sent = sum(_settle(tx, connection, row, desk, now) for row in known.over)
        eraser = Eraser(connection, key, now)
        person_erasure.erase_again(connection, eraser, tx, erased_since)
        for number in known.erased:
            if (case := tx.case_by_number(number)) is not None:
                eraser.case(case.id)
        eraser.sign(tx, GATEWAY, "erased before the database was restored")
        _keep_brakes(tx, known, now)
        renewed = _renew(tx, connection, known, desk, now)
        held = () if release else hold_waiting(connection, HELD_BY_RESTORE)
        detail = {"backup": name, "held": len(held), "sent": sent, "renewed": renewed}
        tx.journal((JournalEntry("restored", detail=to_facts(detail)),), now, None, None)
        connection.execute("COMMIT")
        connection.execute("VACUUM")  # also overwrites what SQLite left of the rows just erased
        connection.execute("PRAGMA journal_mode = DELETE")  # a single file, because it is moved in a moment
    private_files.sync(draft)
    return RestoreChanges(held, sent, len(eraser.done.cases))


def _renew(
    tx: SqlTransaction, connection: sqlite3.Connection, known: ReplacedDatabase, desk: Desk, now: datetime
) -> int:
    """Void the tokens and codes of all sent letters, and send open questions again.

    Answers since the backup are unknown: an old answer must not count for what is waiting now.
    """
    tx.record_acted(known.acted, now)
    connection.execute(
        "UPDATE tokens SET expires_at = :now WHERE purpose <> 'BOUNCE' AND expires_at > :now",
        {"now": rows.to_text(now)},
    )
    count = 0
    for case in tx.open_cases(NO_LIMIT):
        waiting = frozenset(letter for letter in Letter if tx.can_recall(case.id, (letter,)))
        transition = decide(case, Renew(waiting), now, desk)
        case_repository.enqueue(tx, case, transition, now, None, desk.caps)
        count += bool(transition.letters)
    return count


def _keep_brakes(tx: SqlTransaction, known: ReplacedDatabase, now: datetime) -> None:
    """Keep mailboxes revoked and brakes on, although the backup is older.

    Members sign in and link their accounts anew.
    """
    for key in sorted(known.revoked - tx.revoked_staff()):
        member = address.parse(key)
        tx.revoke_staff(member, GATEWAY, now)
        tx.forget_signature(member)
    sessions.forget_ways_in(tx.connection)
    for pulled in known.brakes:
        if brakes.is_on(pulled, now):
            tx.change_brakes(BrakeChange(pulled=pulled))


def _settle(tx: SqlTransaction, connection: sqlite3.Connection, row: Row, desk: Desk, now: datetime) -> bool:
    """Set a letter to its state in the replaced database; return whether it was sent."""
    connection.execute(
        """
        UPDATE letters SET state = :state, attempts = :attempts, last_reply = :last_reply,
          history = :history, sent_at = :sent_at, subject = :subject, sent_text = :sent_text,
          leased_until = NULL
        WHERE message_id = :message_id
        """,
        {name: value for name, value in row.items() if name not in {"tokens", "id", "letter"}},
    )
    connection.executemany(
        """
        INSERT INTO tokens (digest, purpose, letter_id, expires_at)
        SELECT :digest, :purpose, id, :expires_at FROM letters WHERE message_id = :message_id
        ON CONFLICT DO NOTHING
        """,
        [{**token, "message_id": row["message_id"]} for token in row["tokens"]],
    )
    case = tx.case_by_message_ids([row["message_id"]])
    if row["state"] == "sent" and row["letter"] == Letter.INVITATION and case is not None:
        transition = decide(case, InvitationSent(), now, desk)
        case_repository.enqueue(
            tx, case_repository.save(tx, case, transition), transition, now, None, desk.caps
        )
    return bool(row["state"] == "sent")


def _aside(database: Path, now: datetime) -> Path:
    return database.with_name(f"{database.name}.replaced-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")


def _write_later(database: Path, known: ReplacedDatabase, now: datetime) -> Path | None:
    """Export the mails that arrived after the backup; return the folder, or None if there are none."""
    if not known.later:
        return None
    aside = _aside(database, now)
    folder = aside.with_name(f"{aside.name}{later_mails.SUFFIX}")
    later_mails.write_out(database, known.later, folder)
    return folder


def _exchange(database: Path, draft: Path, now: datetime) -> Path | None:
    """Put the copy in place; at every moment the name refers to a whole database, old or new."""
    aside = None
    if database.exists():
        with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(database)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        aside = _aside(database, now)
        os.link(database, aside)
        # A log left behind would be replayed into the new file.
        for suffix in ("-wal", "-shm"):
            log = database.with_name(database.name + suffix)
            if log.exists():
                log.rename(aside.with_name(aside.name + suffix))
    draft.replace(database)
    private_files.sync(database.parent)
    return aside


def _clear(draft: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)
