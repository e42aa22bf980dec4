"""Putting a backup in the place of the database, so that the desk can go on from it.

What a backup cannot know is what happened after it was made. The database that it replaces is kept aside, and
asked as far as it can still be read: letters that left since then count as sent, cases that were erased since
then are erased again, mailboxes of the staff that were revoked and brakes that were pulled stay so. Letters
of which nobody knows whether they left are held, not sent a second time; an operator releases them. Mails
that were answered 250 since then are counted and told of, not guessed at.
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
from gateway.store import case_repository, private_files, rows
from gateway.store.integrity.report import Progress, Report
from gateway.store.privacy import erasure_log, person_erasure
from gateway.store.privacy.erasure import Eraser
from gateway.store.privacy.erasure_log import Erased
from gateway.store.protocol import NO_LIMIT
from gateway.store.queries import later_mails
from gateway.store.queries.later_mails import LaterMail
from gateway.store.queries.replaced import ReplacedDatabase, read_replaced
from gateway.store.sqlite.backup import BackupError, copy
from gateway.store.sqlite.integrity.verify import open_read_only, verify
from gateway.store.sqlite.migrations import schema
from gateway.store.sqlite.store import configure, lock
from gateway.store.tables import brakes, tombstones
from gateway.store.tables.letters.outbox import make_message_id
from gateway.store.tables.transaction import SqlTransaction

HELD_BY_RESTORE = "the database was restored, and it is not known whether this letter left before that"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RestoreChanges:
    """What became of the letters that waited in the backup: `held` for an operator, or known to be over."""

    held: tuple[dict[str, Any], ...] = ()
    sent: int = 0
    erased: int = 0


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """`replaced_path` is where the replaced database lies (None: there was none), `later` are the mails that
    only it holds (None: it cannot be read), written out to `later_folder`."""

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
    """Put `source` in the place of `database`, which no gateway may hold; `domain` is the desk's.

    Raises BackupError, SchemaError, DatabaseInUseError, OSError or sqlite3.Error: nothing was replaced then.
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
                raise BackupError(f"{draft}: the copy is not sound: {report.checks[0].found[0]}")
            folder = _write_later(database, known, now)
            aside = _exchange(database, draft, now)
        except BaseException:
            _clear(draft)
            raise
    return RestoreResult(report, changed, aside, known.later, folder)


def _take_over(source: Path, draft: Path, progress: Progress) -> None:
    """A copy of the backup, in this version of the schema, if the backup is sound."""
    if not source.is_file():
        raise BackupError(f"{source}: there is no such file")
    _refuse_foreign(source)
    pages = verify(source, progress=progress).checks[0]
    if not pages.is_sound:
        raise BackupError(f"{source}: the backup is not sound: {pages.found[0]}; take another one")
    private_files.create(draft)
    copy(source, draft)
    with contextlib.closing(sqlite3.connect(draft)) as connection:
        schema.migrate(connection)


def _refuse_foreign(source: Path) -> None:
    """A trigger or view of another would act in our statements: none is run before this was looked at."""
    with contextlib.closing(open_read_only(source)) as connection:
        try:
            foreign, newer = schema.find_foreign(connection), schema.list_newer(connection)
        except sqlite3.Error as error:
            raise BackupError(f"{source}: the backup is not sound: {error}; take another one") from error
    if foreign and newer:
        raise BackupError(
            f"{source}: was made by a newer gateway ({', '.join(newer)}) and holds what this one does not "
            f"know: {', '.join(foreign[:5])}; nothing was read or changed. Restore it with that version"
        )
    if foreign:
        raise BackupError(
            f"{source}: holds what no gateway makes: {', '.join(foreign[:5])}; nothing was read or changed. "
            "Take another backup, and find out who wrote to this one"
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
    """Write into the copy what is known of its letters and of what was erased, and hold the other letters."""
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
        held = () if release else _hold(connection)
        detail = {"backup": name, "held": len(held), "sent": sent, "renewed": renewed}
        tx.journal((JournalEntry("restored", detail=to_facts(detail)),), now, None, None)
        connection.execute("COMMIT")
        connection.execute("VACUUM")  # also what SQLite left of the rows just erased
        connection.execute("PRAGMA journal_mode = DELETE")  # one file, because it is moved in a moment
    private_files.sync(draft)
    return RestoreChanges(held, sent, len(eraser.done.cases))


def _renew(
    tx: SqlTransaction, connection: sqlite3.Connection, known: ReplacedDatabase, desk: Desk, now: datetime
) -> int:
    """Void the tokens and codes of all letters that left, and ask what is open once more.

    What was answered since the backup is not known: an old answer must not count for what waits now."""
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
    """Trust no mailbox again, and let nothing go, only because the backup is older than the theft."""
    for key in sorted(known.revoked - tx.revoked_staff()):
        member = address.parse(key)
        tx.revoke_staff(member, GATEWAY, now)
        tx.forget_signature(member)
    for pulled in known.brakes:
        if brakes.is_on(pulled, now):
            tx.change_brakes(BrakeChange(pulled=pulled))


def _settle(tx: SqlTransaction, connection: sqlite3.Connection, row: Row, desk: Desk, now: datetime) -> bool:
    """Let a letter be what the replaced database says; whether it had left."""
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


def _hold(connection: sqlite3.Connection) -> tuple[dict[str, Any], ...]:
    """Hold all that waits in the outbox; gives every letter that is held now."""
    connection.execute(
        """
        UPDATE letters SET state = 'held', leased_until = NULL, last_reply = :why
        WHERE state IN ('queued', 'deferred')
        """,
        {"why": HELD_BY_RESTORE},
    )
    found = connection.execute(
        """
        SELECT l.id, c.number AS "case", l.letter, l.recipient, l.queued_at, l.queued_at AS owed_at
        FROM letters l LEFT JOIN cases c ON c.id = l.case_id WHERE l.state = 'held' ORDER BY l.id
        """
    )
    return tuple(dict(row) for row in found)


def _aside(database: Path, now: datetime) -> Path:
    return database.with_name(f"{database.name}.replaced-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")


def _write_later(database: Path, known: ReplacedDatabase, now: datetime) -> Path | None:
    """The folder with the mails that came after the backup; None where there are none."""
    if not known.later:
        return None
    aside = _aside(database, now)
    folder = aside.with_name(f"{aside.name}{later_mails.SUFFIX}")
    later_mails.write_out(database, known.later, folder)
    return folder


def _exchange(database: Path, draft: Path, now: datetime) -> Path | None:
    """Put the copy in place; at every moment there is a whole database under the name, old or new."""
    aside = None
    if database.exists():
        with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(database)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        aside = _aside(database, now)
        os.link(database, aside)
        # A log that stayed behind would be played into the new file.
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
