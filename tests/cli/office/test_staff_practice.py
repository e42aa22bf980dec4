"""`gateway staff`: practice requests are queued, the list tells who passed, who left can be erased."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.cli import main
from gateway.mail.address import parse
from gateway.store.protocol import Transaction
from gateway.store.queries.practices import load_practices
from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from tests.store.filled import SETTINGS
from tests.support.factories import NOW

FORMER = parse("former@staff.example")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with settings and a database in which somebody who has left the staff had practised."""
    path = tmp_path / "gateway.db"
    (tmp_path / "gateway.toml").write_text(SETTINGS.format(path=path), encoding="utf-8")

    def fill(tx: Transaction) -> None:
        tx.keep_practice(FORMER, ["節電にご協力ください"], NOW, passed=True)
        tx.keep_lines(FORMER, ["祝50周年"], 3, NOW)

    async def made() -> None:
        store = SqliteStore(path, "gw.example.go.jp")
        store.open()
        await store.transact(fill)
        store.close()

    asyncio.run(made())
    return tmp_path


def run(desk: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--config", str(desk)])


def member(desk: Path) -> str:
    return str(json.loads(run(desk, "staff", "list", "--json").output)[0]["address"])


def test_a_practice_request_is_queued_for_a_member(desk: Path) -> None:
    done = run(desk, "staff", "try", member(desk).upper())
    assert (0, True) == (done.exit_code, "has been queued" in done.output)
    (letter,) = Reader(SqliteSource(desk / "gateway.db")).letters()
    assert ("practice_request", "queued") == (letter["letter"], letter["state"])


def test_whoever_is_no_member_is_refused(desk: Path) -> None:
    refused = run(desk, "staff", "try", str(FORMER))
    assert 1 == refused.exit_code
    assert "is not in a [[staff]] table" in refused.output
    assert [] == list(Reader(SqliteSource(desk / "gateway.db")).letters())


def test_the_list_tells_who_passed(desk: Path) -> None:
    def passed(tx: Transaction) -> None:
        tx.keep_practice(parse(who), ["納税"], NOW, passed=True)

    who = member(desk)
    store = SqliteStore(desk / "gateway.db", "gw.example.go.jp")
    before = run(desk, "staff", "list").output
    store.open()
    asyncio.run(store.transact(passed))
    store.close()
    told = run(desk, "staff", "list").output
    assert before.count("never") - 1 == told.count("never")
    assert "2026-11-24" in told


def test_what_is_known_of_a_former_member_is_shown_and_erased(desk: Path) -> None:
    shown = json.loads(run(desk, "person", "show", str(FORMER), "--json").output)
    assert {"節電にご協力ください", "祝50周年", ""} == {row["line"] for row in shown["signature"]}
    erased = json.loads(run(desk, "person", "erase", str(FORMER), "--json").output)
    assert 3 == erased["signatures"]
    assert {} == load_practices(SqliteSource(desk / "gateway.db"))


def test_a_revoked_mailbox_is_forgotten_and_asked_nothing(desk: Path) -> None:
    def passed(tx: Transaction) -> None:
        tx.keep_practice(parse(who), ["納税"], NOW, passed=True)

    who = member(desk)
    store = SqliteStore(desk / "gateway.db", "gw.example.go.jp")
    store.open()
    asyncio.run(store.transact(passed))
    store.close()
    assert 0 == run(desk, "staff", "revoke", who).exit_code
    assert {str(FORMER)} == set(load_practices(SqliteSource(desk / "gateway.db")))
    asked = run(desk, "staff", "try", who)
    assert 1 == asked.exit_code
    assert "access revoked" in asked.output
