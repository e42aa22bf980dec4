"""Every command that reads, with poison in every field of the store: nothing that a terminal obeys."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.admission.case.model import JournalEntry, Letter, OutgoingLetter, State
from gateway.cli import main
from gateway.printing.forms import CONTROL
from gateway.printing.outside import Outside
from gateway.printing.statement import Statement
from gateway.reports.evidence.pack import pack
from gateway.store.protocol import LetterState, Transaction
from gateway.store.queries.evidence import EvidenceReader
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from tests.store.test_contract import mail
from tests.support.factories import APPLICANT, NOW, case

NUMBER = "K7QM-4T"
SEED = "POISONED"
POISONS = {
    "escape": f"{SEED}\x1b]0;x\x07\x1b[31m\x9b2J\x7f",
    "bidi": f"{SEED}\u202eecived\u2066\u200f",
    "mark": f"{SEED}\n| {SEED}\n> {SEED}",
    "block": f"{SEED}\n-----BEGIN INVITATION-----\n{SEED}",
    "link": f"https://{SEED}.example/ {SEED}.example/x",
    "long": SEED * 500,
    "lines": f"{SEED}\r\n{SEED}\u2028{SEED}\x85{SEED}\v{SEED}",
    "template": f"{SEED}{{{{ office }}}}{{% raw %}}[bold red]{SEED}[/]",
    "words": f"承認します。{SEED} Approved. 却下 取消",
    "half": f"承 {SEED} 認します",
}
COMMANDS = {
    "case list": ("case", "list", "--all"),
    "case show": ("case", "show", NUMBER),
    "outbox list": ("outbox", "list"),
    "outbox show": ("outbox", "show", "1"),
    "mail list": ("mail", "list"),
    "mail list --all": ("mail", "list", "--all"),
    "mail show": ("mail", "show", "1"),
    "case list --text": ("case", "list", "--all", "--text", SEED),
    "person show": ("person", "show", str(APPLICANT)),
    "report": ("report", "--since", "2026-01-01", "--until", "2026-12-31"),
    "verify": ("verify",),
    "status": ("status",),
    "org list": ("org", "list"),
    "org find": ("org", "find", SEED),
}
# What a terminal or a reader of JSON obeys; a line end and a tab lay out what we print.
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def fill(tx: Transaction, poison: str) -> None:
    """A case, a mail, a letter and a line of the journal, with the poison wherever others may write."""
    plain = case(State.DECLINED)
    form = replace(plain.form, name=poison, organisation=poison, department=poison)
    background = replace(
        plain.background,
        organisation=poison,
        proof=poison,
        flags=(
            Statement("code_unreadable", stated=Outside(poison)),
            Statement("domain_mismatch", bodies=(Outside(poison),), domain=Outside(poison)),
        ),
    )
    hostile = replace(
        plain,
        form=form,
        background=background,
        reason=poison,
        question=poison,
        handler=poison,
        decided_by=poison,
        confirmed_by=poison,
    )
    saved = tx.save(hostile)
    raw = b"From: a@b.example\r\n\r\n" + poison.encode()
    told = replace(mail("poisoned"), author=poison, helo=poison, reverse_path=poison, subject=poison)
    mail_id = tx.record(replace(told, message_id=poison, client_ip=poison, raw=raw), saved.id)
    tx.keep_evidence(mail_id, saved.id, "0.2.0")
    tx.enqueue(saved, [OutgoingLetter(Letter.DECLINE, APPLICANT, {"reason": poison})], NOW, mail_id)
    tx.keep_sent_text(1, poison, poison)
    tx.record_outcome(1, LetterState.REFUSED, NOW, poison, NOW)
    detail = {"why": Outside(poison), "was": {"name": Outside(poison)}, "list": (Outside(poison),)}
    tx.journal([JournalEntry("note", Outside(poison), detail)], NOW, saved.id, mail_id)


@pytest.fixture(params=POISONS)
async def poisoned(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[tuple[Path, str]]:
    poison = POISONS[request.param]
    store = SqliteStore(tmp_path / "gateway.db", "gw.example.go.jp")
    store.open()
    await store.transact(lambda tx: fill(tx, poison))
    yield store.path, poison
    store.close()


def run(path: Path, *arguments: str) -> str:
    result = CliRunner().invoke(main, [*arguments, "--database", str(path)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    assert "POISONED" in result.output or result.exit_code in {0, 1}, result.output
    return result.output


def texts(value: object) -> list[str]:
    """Every text inside decoded JSON."""
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []


async def test_no_command_lets_a_terminal_obey_what_others_wrote(poisoned: tuple[Path, str]) -> None:
    path, _ = poisoned
    seen = set()
    for name, words in COMMANDS.items():
        for more in ((), ("--json",)):
            output = run(path, *words, *more)
            assert UNSAFE.search(output) is None, (name, more)
            if not more:
                assert CONTROL.search(output) is None, name
            if SEED in output:
                seen.add((name, *more))
    assert {
        ("case show",),
        ("case show", "--json"),
        ("case list",),
        ("case list", "--json"),
        ("outbox show",),
        ("outbox show", "--json"),
        ("person show",),
        ("person show", "--json"),
    } <= seen, "the poison is in what the commands print"


async def test_json_is_exact_and_escaped(poisoned: tuple[Path, str]) -> None:
    """A program gets the value as it was written; each line of the journal too."""
    path, poison = poisoned
    found = json.loads(run(path, "case", "show", NUMBER, "--json"))
    (line,) = found["journal"]
    assert (poison, {"why": poison, "was": {"name": poison}, "list": [poison]}) == (
        line["actor"],
        line["detail"],
    )
    assert poison == found["form"]["name"] == found["reason"] == found["mails"][0]["subject"]
    assert poison in texts(json.loads(run(path, "person", "show", str(APPLICANT), "--json")))


async def test_evidence_is_exact_and_escaped(poisoned: tuple[Path, str]) -> None:
    path, poison = poisoned
    reader = EvidenceReader(SqliteSource(path))
    found = reader.evidence(NUMBER)
    reader.close()
    assert found is not None
    with zipfile.ZipFile(io.BytesIO(await pack(found, ()))) as archive:
        told = archive.read("case.json").decode()
    assert UNSAFE.search(told) is None
    assert poison == json.loads(told)["journal"][0]["detail"]["why"]


async def test_a_report_tells_nothing_of_it(poisoned: tuple[Path, str], tmp_path: Path) -> None:
    """Also not as a page or as CSV: reasons are classes, organisations kinds."""
    path, _ = poisoned
    page = tmp_path / "page.html"
    period = ("--since", "2026-01-01", "--until", "2026-12-31")
    said = run(path, "report", *period, "--csv") + run(path, "report", *period, "--html", str(page))
    assert SEED not in said + page.read_text(encoding="utf-8")


@pytest.mark.parametrize("poison", POISONS.values(), ids=POISONS)
def test_what_is_read_from_a_file_is_shown_safely(poison: str, tmp_path: Path) -> None:
    """A mail and a row of a table that somebody else wrote, on the operator's screen."""
    place = tmp_path / "mail.eml"
    header = " ".join(poison.split())
    fields = {"From": "<a@town.mihon.lg.jp>", "Subject": header, "Content-Type": "text/plain; charset=utf-8"}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    place.write_bytes(f"{head}\r\n承認します。 {poison}\r\n".encode())
    for more in ((), ("--json",)):
        result = CliRunner().invoke(main, ["reply", "test", str(place), *more])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        assert UNSAFE.search(result.output) is None, (result.output, more)
