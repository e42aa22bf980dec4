"""Faults of the storage and of the clock: 451 or a visible state, nothing lost, recovery without hands.

The table of faults with their outcome is docs/faults.md.
"""

import asyncio
import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.admission.authority.tokens import token_hash
from gateway.admission.case.model import Letter, OutgoingLetter
from gateway.admission.eligibility.assess import Rules
from gateway.housekeeping import Housekeeping
from gateway.inbound.screening import LocalScreener
from gateway.mail.address import parse
from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.mailboxes import Mailboxes, Purpose
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.store.privacy.retention import Periods
from gateway.store.protocol import LetterState
from gateway.store.sqlite import backup
from gateway.store.sqlite import store as sqlite
from gateway.store.sqlite.integrity.verify import verify
from gateway.store.sqlite.store import SqliteStore
from tests.inbound.test_receive import ZONE, entropy, raw
from tests.store.filled import DOMAIN, demo
from tests.support.clock import Clock
from tests.support.dns import ZoneResolver
from tests.support.factories import APPLICANT, DESK, NOW, SATO, case
from tests.support.path_in import build_path

LEASE = timedelta(minutes=15)


async def send(store: SqliteStore, number: int, to: str = "request") -> SmtpReply:
    """An application comes in; every number is another mail."""
    boxes = Mailboxes(DOMAIN)
    screener = LocalScreener(ZoneResolver(ZONE), boxes)
    receiver = build_path(store, screener, DESK, boxes, Rules, entropy=entropy)
    envelope = Envelope("192.0.2.1", "mx", APPLICANT, (parse(f"{to}@{DOMAIN}"),), NOW)
    return await receiver.receive(envelope, raw(f"X-Number: {number}").replace(b"<1@", b"<%d@" % number))


def mails(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("SELECT count(*) FROM mails").fetchone()[0])
    finally:
        connection.close()


async def pragma(store: SqliteStore, words: str) -> None:
    """Set something of the writer's own connection."""
    await store.transact(lambda tx: tx.connection.execute(f"PRAGMA {words}").fetchall())


@contextlib.contextmanager
def small_disk(folder: Path, size_kb: int, options: str = "") -> Iterator[Path]:
    """A file system of its own; skips where none may be mounted."""
    place = folder / "disk"
    place.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size_kb}k{options}", "tmpfs", str(place)]
    if os.geteuid() != 0 or shutil.which("mount") is None or subprocess.run(command, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


# --- the disk is full -------------------------------------------------------------------------


async def test_a_full_database_is_451_and_goes_on_when_there_is_room(store: SqliteStore) -> None:
    assert smtp_reply.ACCEPTED == await send(store, 1)
    await pragma(store, "max_page_count = 1")
    answers = [await send(store, number) for number in range(2, 12)]
    assert smtp_reply.STORE_UNAVAILABLE in answers
    taken = answers.count(smtp_reply.ACCEPTED)
    assert 1 + taken == mails(store.path)
    await pragma(store, "max_page_count = 1000000")
    assert [smtp_reply.ACCEPTED, smtp_reply.DUPLICATE] == [await send(store, 99), await send(store, 1)]
    assert verify(store.path).is_sound


async def test_a_full_disk_is_451_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path, 2_048) as disk:
        store = SqliteStore(disk / "gateway.db", DOMAIN)
        store.open()
        assert smtp_reply.ACCEPTED == await send(store, 1)
        with (disk / "ballast").open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
            while ballast.write(b"x" * 4096):
                pass
        answers = [await send(store, number) for number in range(2, 40)]
        assert smtp_reply.STORE_UNAVAILABLE == answers[-1]
        assert 1 + answers.count(smtp_reply.ACCEPTED) == mails(store.path)
        with pytest.raises((OSError, sqlite3.Error)):
            backup.make(store.path, disk / "backups", NOW)
        assert [] == list((disk / "backups").glob("*"))
        (disk / "ballast").unlink()
        assert smtp_reply.ACCEPTED == await send(store, 99)
        store.close()
        assert verify(store.path).is_sound


def test_a_file_that_may_not_grow_is_451_and_goes_on_in_the_next_process(tmp_path: Path) -> None:
    child = f"""
import asyncio, resource, sys
from pathlib import Path
from gateway.store.sqlite.store import SqliteStore
from tests.store.sqlite.test_faults import send
async def main():
    store = SqliteStore(Path({str(tmp_path / "gateway.db")!r}), {DOMAIN!r})
    store.open()
    answers = [await send(store, 1)]
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
    answers += [await send(store, number) for number in range(2, 60)]
    print(" ".join(str(answer.code) for answer in answers))
    store.close()
asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", child], capture_output=True, text=True, check=True, timeout=60
    )
    codes = done.stdout.split()
    assert ("250", "451") == (codes[0], codes[-1])

    async def again() -> SmtpReply:
        store = SqliteStore(tmp_path / "gateway.db", DOMAIN)
        store.open()
        answer = await send(store, 99)
        store.close()
        return answer

    assert codes.count("250") == mails(tmp_path / "gateway.db")
    assert smtp_reply.ACCEPTED == asyncio.run(again())
    assert verify(tmp_path / "gateway.db").is_sound


# --- the disk is read-only --------------------------------------------------------------------


async def test_a_database_that_became_read_only_is_451_and_goes_on_later(store: SqliteStore) -> None:
    connection = await store.transact(lambda tx: tx.connection)
    connection.execute("PRAGMA query_only = ON")
    assert smtp_reply.STORE_UNAVAILABLE == await send(store, 1)
    connection.execute("PRAGMA query_only = OFF")
    assert smtp_reply.ACCEPTED == await send(store, 1)


def test_a_read_only_disk_stops_the_start(tmp_path: Path) -> None:
    with small_disk(tmp_path, 2_048) as disk:
        demo(disk / "gateway.db")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with pytest.raises((OSError, sqlite3.Error)):
            SqliteStore(disk / "gateway.db", DOMAIN).open()
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        store = SqliteStore(disk / "gateway.db", DOMAIN)
        store.open()
        store.close()
        assert verify(store.path).is_sound


# --- another process holds the lock -----------------------------------------------------------


async def test_a_lock_of_another_process_is_451_and_goes_on_when_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_S", 0.1)
    store = SqliteStore(tmp_path / "gateway.db", DOMAIN)
    store.open()
    child = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('BEGIN IMMEDIATE');"
    child += "print('held', flush=True); sys.stdin.read()"
    other = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        child,
        str(store.path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert other.stdout is not None
    assert b"held\n" == await other.stdout.readline()
    answers = await asyncio.gather(*(send(store, number) for number in range(3)))
    assert {smtp_reply.STORE_UNAVAILABLE} == set(answers)
    await other.communicate(b"")
    assert smtp_reply.ACCEPTED == await send(store, 1)
    assert 1 == mails(store.path)
    store.close()


# --- a page is corrupt ------------------------------------------------------------------------


def spoil(path: Path, table: str) -> None:
    """Flip every byte of the first page of a table."""
    connection = sqlite3.connect(path)
    (page,) = connection.execute(
        "SELECT rootpage FROM sqlite_schema WHERE name = :n", {"n": table}
    ).fetchone()
    connection.close()
    content = bytearray(path.read_bytes())
    begin = (page - 1) * 4096
    content[begin : begin + 4096] = bytes(byte ^ 0xFF for byte in content[begin : begin + 4096])
    path.write_bytes(content)


async def test_a_corrupt_page_is_451_for_those_who_need_it_and_found_by_verify(tmp_path: Path) -> None:
    path = demo(tmp_path / "gateway.db")
    made = backup.make(path, tmp_path / "backups", NOW)
    spoil(path, "tokens")
    store = SqliteStore(path, DOMAIN)
    store.open()
    answers = await asyncio.gather(send(store, 1, "case+abcdefgh"), send(store, 2), send(store, 3))
    assert [smtp_reply.STORE_UNAVAILABLE, smtp_reply.ACCEPTED, smtp_reply.ACCEPTED] == list(answers)
    store.close()
    report = verify(path)
    assert not report.checks[0].is_sound
    assert "gateway restore" in report.checks[0].advice
    assert verify(made.path).is_sound


# --- the clock jumps back ---------------------------------------------------------------------


async def test_a_letter_waits_for_the_clock_to_catch_up_and_leaves_once(store: SqliteStore) -> None:
    saved = await store.transact(lambda tx: tx.save(case()))
    await store.transact(
        lambda tx: tx.enqueue(saved, [OutgoingLetter(Letter.ACKNOWLEDGMENT, APPLICANT, {})], NOW, None)
    )
    back = NOW - timedelta(hours=1)
    assert () == await store.transact(lambda tx: tx.claim(back, back + LEASE, 10))
    assert await store.transact(lambda tx: tx.next_due()) == NOW  # visible: due in an hour
    (row,) = await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10))
    await store.transact(lambda tx: tx.record_outcome(row.id, LetterState.SENT, back, "250 ok", back))
    assert () == await store.transact(lambda tx: tx.claim(NOW + LEASE, NOW + 2 * LEASE, 10))


async def test_a_lease_from_before_the_jump_ends_with_it_or_with_a_restart(store: SqliteStore) -> None:
    saved = await store.transact(lambda tx: tx.save(case()))
    await store.transact(
        lambda tx: tx.enqueue(saved, [OutgoingLetter(Letter.ACKNOWLEDGMENT, APPLICANT, {})], NOW, None)
    )
    assert 1 == len(await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10)))
    back = NOW - timedelta(hours=1)
    assert () == await store.transact(lambda tx: tx.claim(back, back + LEASE, 10))
    later = NOW + LEASE
    assert 1 == len(await store.transact(lambda tx: tx.claim(later, later + LEASE, 10)))
    store.close()
    store.open()
    assert 1 == len(await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10)))


async def test_a_token_given_before_the_jump_is_still_good(store: SqliteStore) -> None:
    saved = await store.transact(lambda tx: tx.save(case()))
    await store.transact(
        lambda tx: tx.enqueue(saved, [OutgoingLetter(Letter.REVIEW_REQUEST, SATO, {})], NOW, None)
    )
    (row,) = await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10))
    await store.transact(
        lambda tx: tx.keep_token(token_hash("x"), Purpose.DECIDE, row, NOW + 90 * 96 * LEASE)
    )
    kept = await store.transact(lambda tx: tx.token(token_hash("x")))
    assert kept is not None
    assert kept.expires_at > NOW - timedelta(hours=1)


async def test_chores_and_the_nights_work_are_not_done_twice(store: SqliteStore) -> None:
    clock = Clock(NOW)
    keeper = Housekeeping(store, replace(DESK, digest_hour=9), now=clock, periods=Periods())
    assert 1 == await keeper.work_once()  # the digest
    await keeper.run_retention()
    clock.forward(hours=-1)
    assert 0 == await keeper.work_once()
    assert not (await keeper.run_retention()).has_any
    clock.forward(hours=2)
    assert 0 == await keeper.work_once()


async def test_lines_of_the_journal_stay_in_the_order_they_were_written(store: SqliteStore) -> None:
    assert smtp_reply.ACCEPTED == await send(store, 1)
    clock = Clock(NOW - timedelta(hours=1))
    await Housekeeping(store, DESK, now=clock).work_once()
    assert verify(store.path).is_sound
