"""Later applications are taken in again, each proven anew; no word of the staff or of a confirmer is."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway import settings
from gateway.cli import main
from gateway.cli.run.recovery.replay import Replayed, replay_applications
from gateway.net.dns import server as nameserver
from gateway.net.dns.zone import Zone
from gateway.store.copying.later_mails import LaterMail
from gateway.store.tables import rows
from tests.cli.trial.test_explain import ZONE, eml
from tests.store.filled import settings_folder

STAFF_ZONE = """
kyoso.mihon.go.jp MX 10 mx.kyoso.mihon.go.jp
mx.kyoso.mihon.go.jp A 192.0.2.12
kyoso.mihon.go.jp TXT v=spf1 ip4:192.0.2.0/24 -all
"""
SATO, NEW = "sato@kyoso.mihon.go.jp", "shinki@town.mihon.lg.jp"
KNOWN = "kumi@town.mihon.lg.jp"
LATER = LaterMail(
    1,
    "1.eml",
    "2026-11-26T01:00:00.000000+00:00",
    NEW,
    "",
    "application",
    "",
    "request",
    "192.0.2.1",
    "",
    NEW,
)


def given(folder: Path, *mails: tuple[LaterMail, str]) -> Path:
    """A folder as a restore writes it."""
    place = folder / "later"
    place.mkdir()
    (place / "index.json").write_text(rows.to_json([mail for mail, _ in mails]))
    for mail, text in mails:
        (place / mail.file).write_bytes(text.replace("\n", "\r\n").encode())
    return place


async def replay(folder: Path, later: Path) -> list[Replayed]:
    server = await nameserver.serve(Zone.parse(ZONE + STAFF_ZONE))
    try:
        with (folder / "gateway.toml").open("a") as file:
            file.write(f'[dns]\nnameservers = ["127.0.0.1"]\nport = {server.port}\n')
        return await replay_applications(later, settings.load(folder / "gateway.toml"), folder)
    finally:
        await server.close()


def states(folder: Path) -> dict[str, str]:
    with sqlite3.connect(folder / "gateway.db") as db:
        found = dict(db.execute("SELECT applicant, state FROM cases").fetchall())
    db.close()
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return settings_folder(tmp_path)


async def test_an_application_is_taken_once(folder: Path) -> None:
    twice = replace(LATER, id=2, file="2.eml")
    done = await replay(folder, given(folder, (LATER, eml(NEW)), (twice, eml(NEW))))
    assert [True, False] == [one.taken for one in done], done
    assert NEW in states(folder)


@pytest.mark.parametrize(
    ("mail", "text"),
    [
        pytest.param(replace(LATER, mailbox="decide"), eml(SATO, "承認 4F7K"), id="decision"),
        pytest.param(replace(LATER, mailbox="decide"), eml(NEW), id="form-to-a-token"),
        pytest.param(replace(LATER, mailbox="confirm"), eml(KNOWN, "はい、在籍しています"), id="confirmer"),
        pytest.param(LATER, eml(SATO, "承認 4F7K", "Subject: Re: [WAKC-25]"), id="decision-to-the-desk"),
        pytest.param(LATER, eml(KNOWN, "取り下げます", "Subject: Re: [WAKC-25]"), id="words-of-an-applicant"),
        pytest.param(replace(LATER, client_ip="198.51.100.7"), eml(NEW), id="not-proven"),
        pytest.param(LATER, "no mail at all", id="no-mail"),
        pytest.param(replace(LATER, kind="application"), eml(NEW, "こんにちは"), id="called-an-application"),
    ],
)
async def test_nothing_else_is_taken(folder: Path, mail: LaterMail, text: str) -> None:
    before = states(folder)
    (done,) = await replay(folder, given(folder, (mail, text)))
    assert (False, True) == (done.taken, bool(done.why))
    assert before == states(folder)


async def test_a_file_outside_the_folder_is_not_read(folder: Path) -> None:
    later = given(folder, (LATER, eml(NEW)))
    (folder / "outside.eml").write_text(eml(NEW))
    (later / "index.json").write_text(rows.to_json([replace(LATER, file="../outside.eml")]))
    with pytest.raises(FileNotFoundError):
        await replay(folder, later)


def test_a_folder_that_no_restore_wrote_is_refused(folder: Path, tmp_path: Path) -> None:
    for text in (None, "[]x", '[{"id": 1}]'):
        place = tmp_path / "empty"
        place.mkdir(exist_ok=True)
        if text is not None:
            (place / "index.json").write_text(text)
        asked = ["restore", "--replay-applications", str(place), "--config", str(folder)]
        result = CliRunner().invoke(main, asked)
        assert (1, True) == (result.exit_code, "index.json" in result.output), result.output
    assert 2 == CliRunner().invoke(main, ["restore", "--config", str(folder)]).exit_code
