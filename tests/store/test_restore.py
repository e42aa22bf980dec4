"""Yesterday's backup in the place of the database: sound, nothing sent twice blindly, retried mails go on."""

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.admission.authority.tokens import token_hash
from gateway.admission.case.model import JournalEntry, Letter, OutgoingLetter, State
from gateway.mail.smtp.mailboxes import Purpose
from gateway.store.commands import persons
from gateway.store.commands.requests import Request
from gateway.store.console.accounts import identities
from gateway.store.copying import later_mails, restore
from gateway.store.protocol import LetterState, TokenRow, Transaction
from gateway.store.protocol.opening import DatabaseInUseError
from gateway.store.queries.reader import Reader
from gateway.store.sqlite import backup
from gateway.store.sqlite.integrity.verify import verify
from gateway.store.sqlite.migrations import schema
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from tests.store.filled import DOMAIN, at_version, demo, versions
from tests.store.test_contract import mail
from tests.support.factories import APPLICANT, DESK, NOW, SATO, case

LATER = NOW + timedelta(days=1)


def write(path: Path, *works: Callable[[Transaction], object]) -> list[object]:
    """Do work in the database, one transaction each."""

    async def run() -> list[object]:
        store = SqliteStore(path, DOMAIN)
        store.open()
        done = [await store.transact(work) for work in works]
        store.close()
        return done

    return asyncio.run(run())


def approved(tx: Transaction) -> None:
    """An approved case: the invitation and the receipt wait."""
    saved = tx.save(case(State.APPROVED, decided_by=str(SATO), decided_at=NOW))
    tx.record(mail("first"), saved.id)
    tx.journal([JournalEntry("decision.approve", SATO, {"revision": 1})], NOW, saved.id, None)
    letters = [
        OutgoingLetter(Letter.INVITATION, APPLICANT, {}),
        OutgoingLetter(Letter.DECISION_RECEIPT, SATO, {}),
    ]
    tx.enqueue(saved, letters, NOW, None)


def sent(tx: Transaction) -> None:
    """The invitation leaves, with a token for the answer."""
    (row, *_) = tx.claim(NOW, LATER, 10)
    tx.keep_token(token_hash("secret"), Purpose.CASE, row, LATER + timedelta(days=90))
    tx.record_outcome(row.id, LetterState.SENT, NOW, "250 2.0.0 ok", NOW)


def letters(path: Path) -> dict[str, str]:
    reader = Reader(SqliteSource(path))
    try:
        return {row["letter"]: row["state"] for row in reader.letters()}
    finally:
        reader.close()


def count(found: tuple[object, ...] | None) -> int | None:
    return None if found is None else len(found)


@pytest.fixture
def yesterday(tmp_path: Path) -> tuple[Path, Path]:
    """A database, and its backup from before the invitation left and another mail came."""
    path = tmp_path / "gateway.db"
    write(path, approved)
    made = backup.make(path, tmp_path / "backups", NOW)
    write(path, sent, lambda tx: tx.record(mail("second"), None))
    return path, made.path


def test_letters_that_left_after_the_backup_are_not_sent_again(yesterday: tuple[Path, Path]) -> None:
    path, made = yesterday
    done = restore.restore(path, made, DESK, LATER, DOMAIN)
    assert (1, 1, 1) == (done.changed.sent, len(done.changed.held), count(done.later))
    assert {"invitation": "sent", "decision_receipt": "held"} == letters(path)
    found = write(
        path,
        lambda tx: tx.case_by_number("K7QM-4T").state,  # type: ignore[union-attr]
        lambda tx: tx.token(token_hash("secret")) is not None,
        lambda tx: len(tx.claim(LATER, LATER, 10)),
    )
    assert [State.INVITED, True, 0] == found
    assert verify(path).is_sound


def test_where_the_replaced_database_cannot_be_read_all_that_waits_is_held(
    yesterday: tuple[Path, Path],
) -> None:
    path, made = yesterday
    path.write_bytes(b"\x00" * 8192)
    done = restore.restore(path, made, DESK, LATER, DOMAIN)
    assert (0, 2, None) == (done.changed.sent, len(done.changed.held), count(done.later))
    assert {"held"} == set(letters(path).values())
    assert done.replaced_path is not None
    assert b"\x00" * 8192 == done.replaced_path.read_bytes()
    assert verify(path).is_sound


def test_a_database_that_is_gone_is_restored(yesterday: tuple[Path, Path]) -> None:
    path, made = yesterday
    path.unlink()
    done = restore.restore(path, made, DESK, LATER, DOMAIN)
    assert (None, 2) == (done.replaced_path, len(done.changed.held))
    assert verify(path).is_sound


def test_beside_a_database_of_0_1_letters_still_due_are_held(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    connection = at_version("v0009", path)
    connection.execute("UPDATE letters SET state = 'owed', sent_at = NULL WHERE id = 1")
    connection.commit()
    connection.close()
    made = backup.make(path, tmp_path / "backups", NOW)
    done = restore.restore(path, made.path, DESK, LATER, DOMAIN)
    held = done.changed.held
    assert (0, 1) == (done.changed.sent, held[0]["id"])
    assert {"review_request"} == {row["letter"] for row in held[1:]}  # what is open, asked again
    assert verify(path).is_sound


def test_release_sends_what_waits(yesterday: tuple[Path, Path]) -> None:
    path, made = yesterday
    done = restore.restore(path, made, DESK, LATER, DOMAIN, release=True)
    assert () == done.changed.held
    assert {"invitation": "sent", "decision_receipt": "queued"} == letters(path)


def test_a_mail_that_its_sender_repeats_is_taken_once(yesterday: tuple[Path, Path]) -> None:
    path, made = yesterday
    restore.restore(path, made, DESK, LATER, DOMAIN)
    seen = write(path, *(lambda tx, key=key: tx.has_mail(key) for key in ("first", "second")))  # type: ignore[misc]
    assert [True, False] == seen
    write(path, lambda tx: tx.record(mail("second"), None))
    assert verify(path).is_sound


def test_a_held_invitation_can_still_be_taken_back(yesterday: tuple[Path, Path]) -> None:
    path, made = yesterday
    path.unlink()
    restore.restore(path, made, DESK, LATER, DOMAIN)
    assert [1] == write(path, lambda tx: tx.recall(1, [Letter.INVITATION]))


def test_a_gateway_at_work_is_not_disturbed(yesterday: tuple[Path, Path]) -> None:
    path, made = yesterday
    store = SqliteStore(path, DOMAIN)
    store.open()
    with pytest.raises(DatabaseInUseError, match="stop it first"):
        restore.restore(path, made, DESK, LATER, DOMAIN)
    store.close()
    assert "sent" == letters(path)["invitation"]


@pytest.mark.parametrize("spoil", ["missing", "half", "text"])
def test_what_is_no_sound_backup_replaces_nothing(tmp_path: Path, spoil: str) -> None:
    path = demo(tmp_path / "gateway.db")
    before = path.read_bytes()
    bad = tmp_path / "bad.db"
    if spoil == "half":
        bad.write_bytes(before[: len(before) // 2])
    elif spoil == "text":
        bad.write_text("a letter to the town hall" * 200)
    with pytest.raises(backup.BackupError):
        restore.restore(path, bad, DESK, LATER, DOMAIN)
    assert before == path.read_bytes()
    assert [] == [place.name for place in tmp_path.iterdir() if "restoring" in place.name]
    assert [] == [place.name for place in tmp_path.iterdir() if "replaced" in place.name]


def test_a_backup_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path) -> None:
    path = demo(tmp_path / "gateway.db")
    at_version("v0001", tmp_path / "old.db").close()
    restore.restore(path, tmp_path / "old.db", DESK, LATER, DOMAIN)
    assert verify(path).is_sound


def test_who_was_erased_after_the_backup_does_not_come_back(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    write(path, approved, sent, lambda tx: tx.save(case(State.DECLINED, number="OTHER", id=0)))
    made = backup.make(path, tmp_path / "backups", NOW)
    asked = {"address": str(APPLICANT), "force": True}
    request = Request("", persons.ERASE, "operator:x", asked, LATER)
    erase = persons.build_handlers(DESK)[persons.ERASE]
    write(path, lambda tx: erase(tx, request, NOW))
    assert APPLICANT.local_part.encode() in made.path.read_bytes()
    done = restore.restore(path, made.path, DESK, LATER, DOMAIN)
    assert 2 == done.changed.erased
    assert APPLICANT.local_part.encode() not in path.read_bytes()
    assert verify(path).checks[2].is_sound
    assert [True] == write(path, lambda tx: tx.has_applied_before(APPLICANT))


def under_review(tx: Transaction) -> None:
    """A case that waits for the staff, whose requests have left; nothing waits in the outbox."""
    saved = tx.save(case(State.UNDER_REVIEW))
    tx.enqueue(saved, [OutgoingLetter(Letter.REVIEW_REQUEST, SATO, {"number": saved.number})], NOW, None)
    (row,) = tx.claim(NOW, LATER, 10)
    tx.keep_token(token_hash("old"), Purpose.DECIDE, row, LATER + timedelta(days=90))
    tx.keep_token(token_hash("bounce"), Purpose.BOUNCE, row, LATER + timedelta(days=90))
    tx.record_outcome(row.id, LetterState.SENT, NOW, "250 2.0.0 ok", NOW)


def test_answers_to_letters_from_before_are_void_and_what_is_open_is_asked_again(tmp_path: Path) -> None:
    """What was said since the backup is not known, so nothing said before may count for what waits now."""
    path = tmp_path / "gateway.db"
    write(path, under_review)
    made = backup.make(path, tmp_path / "backups", NOW)
    write(path, lambda tx: tx.record_acted(["ab" * 32], NOW))
    restore.restore(path, made.path, DESK, LATER, DOMAIN, release=True)
    old, bounce, known, due = write(
        path,
        lambda tx: tx.token(token_hash("old")),
        lambda tx: tx.token(token_hash("bounce")),
        lambda tx: tx.has_acted(["ab" * 32]),
        lambda tx: tx.claim(LATER, LATER + timedelta(hours=1), 10),
    )
    assert isinstance(old, TokenRow)
    assert isinstance(bounce, TokenRow)
    assert old.expires_at <= LATER < bounce.expires_at
    assert known is True
    assert isinstance(due, tuple)
    assert [("review_request", "restored")] * 2 == [(one.letter.value, one.facts["occasion"]) for one in due]
    assert verify(path).is_sound


def test_a_question_that_waits_to_leave_is_not_asked_twice(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"

    def waiting(tx: Transaction) -> None:
        saved = tx.save(case(State.NEEDS_INFORMATION))
        tx.enqueue(saved, [OutgoingLetter(Letter.MISSING_FIELDS, APPLICANT, {})], NOW, None)

    write(path, waiting)
    made = backup.make(path, tmp_path / "backups", NOW)
    restore.restore(path, made.path, DESK, LATER, DOMAIN)
    assert {"missing_fields": "held"} == letters(path)


FOREIGN = {
    "trigger": "CREATE TRIGGER theirs AFTER INSERT ON journal BEGIN DELETE FROM tokens; END",
    "trigger of ours": "CREATE TRIGGER requests_figured AFTER INSERT ON cases BEGIN DELETE FROM tokens; END",
    "view": "CREATE VIEW theirs AS SELECT * FROM cases",
    "view on reading": "CREATE VIEW revoked AS SELECT * FROM revoked_staff WHERE 0",
    "table": "CREATE TABLE theirs (x)",
    "virtual table": "CREATE VIRTUAL TABLE theirs USING fts5(x)",
}


@pytest.mark.parametrize("foreign", FOREIGN)
def test_a_backup_with_foreign_parts_is_refused_before_anything_is_written(
    tmp_path: Path, foreign: str
) -> None:
    path, bad = demo(tmp_path / "gateway.db"), demo(tmp_path / "bad.db")
    with sqlite3.connect(bad) as db:
        if foreign == "trigger of ours":
            db.execute("DROP TRIGGER requests_figured")
        db.execute(FOREIGN[foreign])
    db.close()
    before = {place: place.read_bytes() for place in tmp_path.iterdir() if place.suffix == ".db"}
    with pytest.raises(backup.BackupError, match="contains objects that no gateway creates"):
        restore.restore(path, bad, DESK, LATER, DOMAIN)
    assert before == {place: place.read_bytes() for place in before}
    assert [] == [place.name for place in tmp_path.iterdir() if ".restoring" in place.name]


@pytest.mark.parametrize("version", versions())
def test_no_database_of_ours_holds_foreign_parts(tmp_path: Path, version: str) -> None:
    connection = at_version(version, tmp_path / "old.db")
    assert () == schema.find_foreign(connection)
    schema.migrate(connection)
    assert () == schema.find_foreign(connection)
    connection.close()


def test_what_came_after_the_backup_is_written_out_exactly(yesterday: tuple[Path, Path]) -> None:
    path, made = yesterday
    third = replace(mail("third"), raw=b"From: <x@y.example>\r\n\r\n\xe8\xa6\x8b\r\n", kind="unknown")
    write(path, lambda tx: tx.record(third, None))
    done = restore.restore(path, made, DESK, LATER, DOMAIN)
    assert done.later_folder is not None
    assert ["application", "unknown"] == [each.kind for each in done.later or ()]
    assert done.later == later_mails.read_index(done.later_folder)
    files = {place.name for place in done.later_folder.iterdir()}
    assert {"index.json", *(each.file for each in done.later or ())} == files
    assert third.raw == (done.later_folder / (done.later or ())[-1].file).read_bytes()
    assert 0o700 == done.later_folder.stat().st_mode & 0o777
    gone = backup.prune_default_folder(path, LATER + timedelta(days=31), timedelta(days=30))
    assert done.later_folder in gone
    assert not done.later_folder.exists()


def test_accounts_of_the_console_are_linked_anew_after_a_restore(tmp_path: Path) -> None:
    """One that was unlinked since the backup would let its owner in again."""
    path = tmp_path / "gateway.db"
    write(path, lambda tx: identities.link(tx.connection, "d" * 64, SATO.key, "https://login.example", NOW))
    made = backup.make(path, tmp_path / "backups", NOW)
    restore.restore(path, made.path, DESK, LATER, DOMAIN)
    assert [[]] == write(path, lambda tx: identities.find_all(tx.connection))
