"""Each mail that decided, confirmed, withdrew or stopped can be shown again, and read again."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gateway import __version__
from gateway.admission.case.model import Letter, State
from gateway.cli import main
from gateway.mail.smtp.mailboxes import Purpose
from gateway.reports import evidence
from gateway.store.queries.evidence import EvidenceReader
from gateway.store.sqlite.store import SqliteStore
from tests.cli.office.test_case_revoke import made
from tests.support.desk_bench import BOXES, CODE, OPENDKIM, DeskBench, Reply, sign
from tests.support.factories import APPLICANT, SATO


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[DeskBench]:
    store = SqliteStore(tmp_path / "gateway.db", BOXES.domain)
    store.open()
    yield DeskBench(store)
    store.close()


def packed(bench: DeskBench, number: str = "K7QM-4T") -> tuple[dict[str, Any], zipfile.ZipFile]:
    found = EvidenceReader(bench.store.path).evidence(number)
    assert found is not None
    archive = zipfile.ZipFile(io.BytesIO(evidence.pack(found, {str(SATO): "佐藤"})))
    return json.loads(archive.read("case.json")), archive


@pytest.mark.parametrize(
    ("said", "event", "word", "by_code"),
    [
        ("承認します。\n", "decision.approve", "approve", False),
        (f"承認 {CODE}\n", "decision.approve", "approve", True),
        ("却下: 対象外の団体です。\n", "decision.decline", "decline", False),
        ("照会: 課名を教えてください。\n", "decision.ask", "ask", False),
        ("停止\n", "desk.stop", "stop", False),
    ],
)
async def test_a_word_of_the_staff_is_shown_as_read_then_and_now(
    bench: DeskBench, said: str, event: str, word: str, by_code: bool
) -> None:
    token = await bench.ask(await bench.open_case())
    raw = sign(Reply(said).octets(bench.mailbox(token)), OPENDKIM)
    await bench.send(raw, token)
    told, archive = packed(bench)
    (mail,) = told["deciding_mails"]
    assert (__version__, str(SATO)) == (mail["release"], mail["author"])
    assert event in {line["event"] for line in mail["reading_then"]}
    assert (word, by_code) == (mail["reading_now"]["word"], mail["reading_now"]["by_code"])
    assert mail["verdict"]["answers"]
    assert archive.read(f"mails/{mail['id']}.eml").endswith(raw[raw.index(b"\r\n\r\n") :])
    assert [name for name in archive.namelist() if name.startswith("letters/")]
    assert told["head"]["hash"]


@pytest.mark.parametrize("said", ["よく分かりません。\n", "状況\n", "承認しますか?\n"])
async def test_what_decided_nothing_is_no_evidence(bench: DeskBench, said: str) -> None:
    token = await bench.ask(await bench.open_case())
    await bench.send(sign(Reply(said).octets(bench.mailbox(token)), OPENDKIM), token)
    assert [] == packed(bench)[0]["deciding_mails"]


async def test_a_withdrawal_is_evidence(bench: DeskBench) -> None:
    token = await bench.ask(await bench.open_case(), APPLICANT, Letter.ACKNOWLEDGMENT)
    raw = Reply("取り下げます。\n", APPLICANT).octets(bench.mailbox(token, Purpose.CASE))
    signed = sign(raw, OPENDKIM, APPLICANT.domain)
    await bench.send(signed, token, reverse_path=APPLICANT, purpose=Purpose.CASE)
    (mail,) = packed(bench)[0]["deciding_mails"]
    assert mail["reading_now"]["withdraws"]


def test_the_command_writes_one_private_file_and_overwrites_none(tmp_path: Path) -> None:
    made(tmp_path, State.UNDER_REVIEW)
    place = tmp_path / "out.zip"
    command = ["case", "evidence", "k7qm-4t", "--out", str(place), "--config", str(tmp_path)]
    assert 0 == CliRunner().invoke(main, command).exit_code
    assert 0o600 == place.stat().st_mode & 0o777
    assert ["case.json"] == zipfile.ZipFile(place).namelist()
    again = CliRunner().invoke(main, command)
    assert 1 == again.exit_code
    assert "exists already" in again.output
    missing = CliRunner().invoke(main, ["case", "evidence", "9999-99", "--config", str(tmp_path)])
    assert 1 == missing.exit_code
