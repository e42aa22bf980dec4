"""`gateway mail`: what nobody was told of is listed, and a form among it is taken as an application."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.admission.case.model import Letter, State
from gateway.cli import main
from gateway.mail.address import Address
from gateway.mail.smtp.mailboxes import Purpose
from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from tests.cli.office.test_case_revoke import made
from tests.inbound.test_unheard import WEAK, Mail, receive
from tests.support.factories import APPLICANT, FORM_TEXT, SATO


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["mail", *arguments, "--config", str(folder)])


def received(folder: Path, text: str, author: Address = APPLICANT) -> Path:
    """A database of an office to which one mail with a weak mark came."""
    path = made(folder, State.DECLINED)

    async def put() -> None:
        store = SqliteStore(path, "gw.example.go.jp")
        store.open()
        mail = Mail(author, Purpose.REQUEST, Letter.ACKNOWLEDGMENT, WEAK, text, State.DECLINED)
        assert (await receive(store, mail, 1)).startswith("250")
        store.close()

    asyncio.run(put())
    return path


def test_a_form_that_a_program_marked_is_listed_and_taken(tmp_path: Path) -> None:
    path = received(tmp_path, FORM_TEXT)
    (listed,) = json.loads(run(tmp_path, "list", "--json").output)
    assert ("form", str(APPLICANT), "automatic") == (listed["holds"], listed["author"], listed["kind"])
    taken = json.loads(run(tmp_path, "take", str(listed["id"]), "--json").output)
    assert "under_review" == taken["is"]
    found = Reader(SqliteSource(path)).case(taken["number"])
    assert found is not None
    assert "見本町" == found["form"]["organisation"]
    assert "local_gov_lg" == found["background"]["domain_kind"]
    assert {"acknowledgment", "review_request"} == {row["letter"] for row in found["letters"]}
    assert "mail.taken" == found["journal"][0]["event"]
    assert found["journal"][0]["actor"].reveal().startswith("operator")
    assert "No matching mail." in run(tmp_path, "list").output
    assert 0 != run(tmp_path, "take", str(listed["id"])).exit_code


@pytest.mark.parametrize(("text", "author"), [("質問です。", APPLICANT), ("", APPLICANT), ("承認", SATO)])
def test_what_is_no_form_cannot_be_taken(tmp_path: Path, text: str, author: Address) -> None:
    path = received(tmp_path, text, author)
    refused = run(tmp_path, "take", "1")
    assert "contains no form fields" in refused.output
    assert [] == Reader(SqliteSource(path)).letters()
    assert 1 == len(json.loads(run(tmp_path, "list", "--json").output))


def test_a_mail_that_is_not_there_cannot_be_taken(tmp_path: Path) -> None:
    received(tmp_path, FORM_TEXT)
    assert "gateway mail list shows" in run(tmp_path, "take", "99").output


def test_the_words_of_any_mail_are_shown_also_of_one_without_case(tmp_path: Path) -> None:
    path = received(tmp_path, "こんにちは。\r\nお尋ねします。")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE mails SET case_id = NULL")
    (loose,) = json.loads(run(tmp_path, "list", "--no-case", "--json").output)
    assert (1, None) == (loose["id"], loose["case"])
    assert [loose] == json.loads(run(tmp_path, "list", "--all", "--json").output)
    assert [] == json.loads(run(tmp_path, "list", "--case", "K7QM-4T", "--json").output)
    shown = json.loads(run(tmp_path, "show", "1", "--json").output)
    assert "お尋ねします。" in shown["words"]
    assert "raw" not in shown
    text = run(tmp_path, "show", "1")
    assert (0, True) == (text.exit_code, "お尋ねします。" in text.output)
    absent = run(tmp_path, "show", "9")
    assert (1, True) == (absent.exit_code, "no message" in absent.output)
    assert 2 == run(tmp_path, "list", "--all", "--no-case").exit_code
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE mails SET raw = x''")
    assert "(text erased)" in run(tmp_path, "show", "1").output
