"""`gateway staff`: a stolen mailbox is stopped, and trusted again."""

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.admission.case.model import State
from gateway.cli import main
from gateway.settings import load
from gateway.store.console.accounts import identities
from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from tests.cli.office.test_case_revoke import made
from tests.support.factories import NOW


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["staff", *arguments, "--config", str(folder)])


def member(folder: Path) -> str:
    return load(folder / "gateway.toml").staff[0].address


def revoked(path: Path) -> frozenset[str]:
    async def ask() -> frozenset[str]:
        store = SqliteStore(path, "gw.example.go.jp")
        store.open()
        try:
            return await store.transact(lambda tx: tx.revoked_staff())
        finally:
            store.close()

    return asyncio.run(ask())


def test_a_mailbox_is_revoked_for_good_until_it_is_restored(tmp_path: Path) -> None:
    path = made(tmp_path, State.UNDER_REVIEW)
    who = member(tmp_path)
    result = run(tmp_path, "revoke", who, "--json")
    assert (0, {"address": who, "tokens": 0, "calls": [], "decided": []}) == (
        result.exit_code,
        json.loads(result.output),
    )
    assert frozenset({who}) == revoked(path)
    listed = json.loads(run(tmp_path, "list", "--json").output)
    assert [bool(one["revoked"]) for one in listed] == [one["address"] == who for one in listed]
    again = run(tmp_path, "revoke", who)
    assert (True, True) == (again.exit_code != 0, "has already been revoked" in again.output)
    told = [row for row in Reader(SqliteSource(path)).letters() if row["letter"] == "case_notice"]
    assert len({row["recipient"] for row in told}) == len(told)
    assert who not in {row["recipient"] for row in told}
    assert 0 == run(tmp_path, "restore", who).exit_code
    assert frozenset() == revoked(path)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("revoke", "nobody@example.go.jp"), "is not in a [[staff]] table"),
        (("revoke", "not an address"), "expected an ASCII address of the form"),
        (("restore",), "has not been revoked"),
        (("unlink", "3f9c0a61d2e4"), "is not a linked account"),
    ],
)
def test_what_cannot_be_done_says_why(tmp_path: Path, arguments: tuple[str, ...], why: str) -> None:
    made(tmp_path, State.UNDER_REVIEW)
    given = arguments if len(arguments) > 1 else (*arguments, member(tmp_path))
    result = run(tmp_path, *given)
    assert result.exit_code != 0
    assert why in result.output


def test_a_linked_account_is_listed_and_unlinked(tmp_path: Path) -> None:
    path = made(tmp_path, State.UNDER_REVIEW)
    who, issuer, digest = member(tmp_path), "https://login.example.go.jp", "3f9c0a61d2e4" + "0" * 52
    assert "No account is linked." in run(tmp_path, "accounts").output

    async def link() -> None:
        store = SqliteStore(path, "gw.example.go.jp")
        store.open()
        try:
            await store.transact(lambda tx: identities.link(tx.connection, digest, who, issuer, NOW))
        finally:
            store.close()

    asyncio.run(link())
    (listed,) = json.loads(run(tmp_path, "accounts", "--json").output)
    assert ("3f9c0a61d2e4", who, issuer) == (listed["account"], listed["address"], listed["provider"])
    result = run(tmp_path, "unlink", listed["account"], "--json")
    assert (0, {"account": "3f9c0a61d2e4", "address": who}) == (result.exit_code, json.loads(result.output))
    assert [] == json.loads(run(tmp_path, "accounts", "--json").output)
