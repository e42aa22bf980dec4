"""The corpus: invented Japanese mails as their programs write them, through screen, plan and receive."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from gateway import settings
from gateway.admission.application.items.fields import Form
from gateway.admission.case.events import Confirm, Decide, Note, event_kind, event_name
from gateway.app.wiring import reception
from gateway.app.wiring.files.resources import load_active_rules, load_directory
from gateway.cli import main
from gateway.inbound.front import Front
from gateway.inbound.plan import MessagePlan
from gateway.inbound.receive import Receiver
from gateway.inbound.record.submission import MailRecord
from gateway.inbound.screening import Rejected, Screened
from gateway.printing.sentences.stating import say
from tests.corpus.before import CorpusStore, prepare, wait
from tests.corpus.entries import FOLDER, SETTINGS, Entry, entries
from tests.support.dns import ZoneResolver
from tests.support.factories import NOW

ENTRIES = list(entries())
BY_NAME = {entry.name: entry for entry in ENTRIES}


async def found(entry: Entry, folder: Path) -> dict[str, Any]:
    """What becomes of the mail, under the keys that an .expect may name."""
    config = settings.load(SETTINGS)
    store = CorpusStore(folder / "corpus.db", config.desk.domain, entry.before.get("message_id", ""))
    store.open()
    try:
        if entry.before:
            await store.transact(lambda tx: prepare(tx, entry.before))
        if "waiting" in entry.before:
            await store.transact(lambda tx: wait(tx, entry.before))
        book = load_active_rules(config, FOLDER, load_directory(FOLDER), lambda: NOW)
        receiver = reception.build_receiver(config, book, store)
        front = reception.build_front(config, ZoneResolver(entry.zone), receiver.submit)
        return await _through(front, receiver, store, entry)
    finally:
        store.close()


async def _through(front: Front, receiver: Receiver, store: CorpusStore, entry: Entry) -> dict[str, Any]:
    envelope = entry.as_envelope()
    screened = await front.screen(envelope, entry.raw)
    plan = record = None
    if isinstance(screened, Screened):
        record = receiver.complete(front.build_record(screened))
        plan = await store.transact(lambda tx: receiver.plan(tx, record))
    told = {"reply": str(await front.receive(envelope, entry.raw)), **_proof(screened)}
    if record is not None:
        told |= _read(record)
    if plan is not None:
        told |= _step(plan)
    return told


def _proof(screened: Screened | Rejected) -> dict[str, Any]:
    verdict = screened.verdict
    if verdict is None:
        return {}
    return {
        "outcome": verdict.outcome.value,
        "grade": verdict.grade.value,
        "spf": verdict.spf.result.value,
        "dkim": [one.result.value for one in verdict.dkim],
        "dmarc": verdict.dmarc.result.value,
        "mx": verdict.mx.value,
    }


def _read(record: MailRecord) -> dict[str, Any]:
    mail = record.mail
    return {
        "author": record.author,
        "subject": mail.subject,
        "automatic": mail.automatic is not None,
        "class_3": mail.class_3,
        "attachments": mail.attachments,
        "kind": mail.background.domain_kind if mail.background else "",
        "form": said(mail.form),
        "flags": [say(flag) for flag in mail.background.flags] if mail.background else [],
    }


def _step(plan: MessagePlan) -> dict[str, Any]:
    event, transition = plan.event, plan.transition
    told: dict[str, Any] = {
        "class": event_kind(event),
        "intent": event_name(event),
        "case": plan.before.number if plan.before else "",
        "state": transition.case.state.value if transition.case else "",
        "letters": [f"{outgoing.letter.value} {outgoing.to}" for outgoing in transition.letters],
        "asked": [item for outgoing in transition.letters for item in _list(outgoing.facts.get("missing"))],
    }
    if isinstance(event, Decide):
        told |= {"decision": event.reply.decision.value, "note": event.reply.note}
    if isinstance(event, Note):
        told["holds"] = event.holds
    if isinstance(event, Confirm):
        told["answer"] = event.answer.value
    if transition.case is not None:
        told |= {
            "after": said(transition.case.form),
            "flags": [say(flag) for flag in transition.case.background.flags],
        }
    return told


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def said(form: Form) -> dict[str, str]:
    """What a form says; items that it is silent about are left out."""
    silent = asdict(Form())
    return {name: str(value) for name, value in asdict(form).items() if value != silent[name]}


@pytest.mark.parametrize("name", BY_NAME)
async def test_each_mail_of_the_corpus_becomes_what_its_expectation_says(name: str, tmp_path: Path) -> None:
    entry = BY_NAME[name]
    told = await found(entry, tmp_path)
    expect = dict(entry.expect)
    assert told["reply"].startswith(expect.pop("reply"))
    missing_flags = [part for part in expect.pop("flags", []) if not any(part in f for f in told["flags"])]
    assert [] == missing_flags
    wrong = [(key, want, told.get(key)) for key, want in expect.items() if want != told.get(key)]
    assert [] == wrong


EXPLAINED = [entry.name for entry in ENTRIES if not entry.before][::12]


@pytest.mark.parametrize("name", EXPLAINED)
def test_explain_tells_the_same_class_reply_and_form(name: str, tmp_path: Path) -> None:
    entry = BY_NAME[name]
    (tmp_path / "mail.eml").write_bytes(entry.raw)
    (tmp_path / "answers.zone").write_text(entry.zone, encoding="utf-8")
    options = {
        "--mail-from": f"<{entry.mail_from}>",
        "--rcpt-to": entry.rcpt_to,
        "--from-ip": entry.client_ip,
    }
    arguments = [word for pair in options.items() for word in pair]
    files = ["--zone", str(tmp_path / "answers.zone"), "--config", str(SETTINGS)]
    result = CliRunner().invoke(
        main, ["explain", str(tmp_path / "mail.eml"), *arguments, *files, "--json"], catch_exceptions=False
    )
    assert 0 == result.exit_code, result.output
    told = json.loads(result.stdout)
    assert told["reply"].startswith(entry.expect["reply"])
    assert entry.expect.get("class") == told.get("class")
    assert entry.expect.get("state", "") == (told.get("state") or "")
    if "form" in entry.expect:
        assert entry.expect["form"] == said(msgspec.convert(told["form"], Form))


def test_the_corpus_is_large_and_from_many_programs() -> None:
    clients = Counter(entry.client for entry in ENTRIES)
    assert 120 <= len(ENTRIES)
    assert 15 <= len(clients)


def test_every_mail_has_an_expectation_and_every_file_its_mail() -> None:
    mails = {path.stem for path in FOLDER.glob("*.eml")}
    others = {path.stem for kind in ("*.expect", "*.zone") for path in FOLDER.glob(kind)} - {"default"}
    assert mails == others
    numbers = [name.partition("-")[0] for name in sorted(mails)]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("name", BY_NAME)
def test_each_mail_is_kept_as_the_wire_had_it(name: str) -> None:
    raw = BY_NAME[name].raw
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert 998 >= max(len(line) for line in raw.split(b"\r\n"))
