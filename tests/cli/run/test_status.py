"""`gateway status` and `gateway metrics`: the screen, the exit codes, the thresholds."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.admission.case.model import Letter, OutgoingLetter, State
from gateway.app.health import format_duration
from gateway.app.wiring.desk import utc_now
from gateway.cli import main
from gateway.demo.fixtures import settings_text
from gateway.store.protocol import LetterState, Transaction
from gateway.store.sqlite import backup
from gateway.store.sqlite.store import SqliteStore
from tests.support.factories import APPLICANT, case


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "gateway.db", "gw.example.go.jp")


def did(store: SqliteStore, *work: Callable[[Transaction], object], words: tuple[str, ...] = ()) -> Result:
    """What the command says while a gateway runs in which this was done."""

    async def run() -> None:
        for each in work:
            await store.transact(each)

    store.open()
    try:
        asyncio.run(run())
        return CliRunner().invoke(main, ["status", "--database", str(store.path), *words])
    finally:
        store.close()


def late(hours: float, state: LetterState | None = None) -> Callable[[Transaction], object]:
    """A letter that was queued that many hours ago."""
    then = utc_now() - timedelta(hours=hours)

    def work(tx: Transaction) -> None:
        tx.enqueue(None, [OutgoingLetter(Letter.HOW_TO_APPLY, APPLICANT, {})], then, None)
        if state is not None:
            (letter,) = tx.claim(utc_now(), utc_now(), 9)
            tx.record_outcome(letter.id, state, then, "451 4.3.0 later", utc_now() + timedelta(hours=1))

    return work


def test_a_quiet_desk_is_ok(store: SqliteStore) -> None:
    today = utc_now().date() + timedelta(days=2)
    result = did(store, lambda tx: tx.save(case(opened_at=utc_now(), due_on=today)))
    assert 0 == result.exit_code
    first, *screen = result.stdout.splitlines()
    assert "GATEWAY OK - 1 open case, 0 messages to send | open=1 overdue=0 letters=0 oldest=0s" == first
    assert "  service        running" in screen
    assert "  cases          under_review 1" in screen
    assert any("oldest case    K7QM-4T" in line for line in screen)


@pytest.mark.parametrize(
    ("hours", "words", "code", "says"),
    [
        (0.9, (), 0, ""),
        (1.1, (), 1, "a message has been deferred for 1 h 6 min"),
        (6.1, (), 2, "a message has been deferred for 6 h 6 min"),
        (1.1, ("--warn-age", "90"), 0, ""),
        (1.1, ("--critical-age", "60"), 2, "deferred"),
    ],
)
def test_late_letters(store: SqliteStore, hours: float, words: tuple[str, ...], code: int, says: str) -> None:
    result = did(store, late(hours, LetterState.DEFERRED), words=words)
    assert code == result.exit_code
    assert says in result.stdout.splitlines()[0]


def test_letters_refused_and_held_are_told(store: SqliteStore) -> None:
    refused = did(store, late(0, LetterState.REFUSED))
    assert (1, True) == (refused.exit_code, "1 message refused in the past day" in refused.stdout)
    held = did(store, late(0, LetterState.HELD))
    assert (2, True) == (held.exit_code, "1 message held" in held.stdout.splitlines()[0])


@pytest.mark.parametrize(("count", "code"), [(0, 0), (1, 1), (2, 2)])
def test_overdue_cases(store: SqliteStore, count: int, code: int) -> None:
    yesterday = utc_now().date() - timedelta(days=2)
    saved = [
        lambda tx, number=f"AAAA-A{place}": tx.save(case(State.UNDER_REVIEW, number=number, due_on=yesterday))
        for place in range(count)
    ]
    assert code == did(store, *saved, words=("--critical-overdue", "2")).exit_code


def test_the_age_of_the_backup_counts_when_asked_for(store: SqliteStore) -> None:
    assert 0 == did(store).exit_code
    none = did(store, words=("--backup-hours", "26"))
    assert (1, True) == (none.exit_code, "there is no backup" in none.stdout)
    backup.make(store.path, backup.backup_folder(store.path), utc_now() - timedelta(hours=30))
    old = did(store, words=("--backup-hours", "26"))
    assert (1, True) == (old.exit_code, "the latest backup is 1 d 6 h old" in old.stdout)
    assert 0 == did(store, words=("--backup-hours", "31")).exit_code


def test_a_stopped_gateway_is_critical(store: SqliteStore) -> None:
    did(store)
    result = CliRunner().invoke(main, ["status", "--database", str(store.path), "--json"])
    assert 2 == result.exit_code
    told = json.loads(result.stdout)
    assert [{"level": "error", "text": told["remarks"][0]["text"]}] == told["remarks"]
    assert told["running"] is False


def test_letters_kept_back_by_the_settings_are_a_warning(store: SqliteStore, tmp_path: Path) -> None:
    settings = settings_text(tmp_path, 25, 53).replace("[delivery]", "[delivery]\nhold = true")
    (tmp_path / "gateway.toml").write_text(settings, encoding="utf-8")
    store.open()
    try:
        result = CliRunner().invoke(main, ["status", "--config", str(tmp_path)])
    finally:
        store.close()
    assert (1, True) == (result.exit_code, "delivery.hold is true" in result.stdout)


def test_no_database_is_unknown_and_metrics_end_with_75(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["status", "--database", str(tmp_path / "none.db")])
    assert (3, True) == (result.exit_code, result.stdout.startswith("GATEWAY UNKNOWN - "))
    assert 75 == CliRunner().invoke(main, ["metrics", "--database", str(tmp_path / "none.db")]).exit_code


def test_metrics_are_written_whole(store: SqliteStore) -> None:
    did(store)
    result = CliRunner().invoke(main, ["metrics", "--database", str(store.path)])
    assert (0, True) == (result.exit_code, result.stdout.endswith("# EOF\n"))


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 min"), (3599, "59 min"), (3600, "1 h 0 min"), (90_000, "1 d 1 h")]
)
def test_lengths_of_time_are_told_in_two_units(seconds: float, words: str) -> None:
    assert words == format_duration(seconds)
