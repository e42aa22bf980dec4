"""Each mail that decided, confirmed, withdrew or stopped can be shown again, and read again."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from gateway import __version__
from gateway.admission.case.model import Letter, State
from gateway.auth.authenticate import TRUST_NOBODY
from gateway.cli import main
from gateway.inbound.screening import LocalScreener, Screened
from gateway.mail.address import parse
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.mailboxes import Purpose
from gateway.reports.evidence.binding import Office
from gateway.reports.evidence.pack import pack
from gateway.reports.evidence.proof import prove_again, tell_proof
from gateway.store.queries.evidence import EvidenceReader
from gateway.store.sqlite.source import SqliteSource
from tests.cli.office.test_case_revoke import made
from tests.support.desk_bench import (
    BOXES,
    CODE,
    GOOGLE,
    MICROSOFT,
    OPENDKIM,
    OWN_HOST,
    PROVIDER,
    STRANGER,
    DeskBench,
    Reply,
    sign,
)
from tests.support.dns import ZoneResolver
from tests.support.factories import APPLICANT, NOW, SATO, background


async def packed(bench: DeskBench, number: str = "K7QM-4T") -> tuple[dict[str, Any], zipfile.ZipFile]:
    found = EvidenceReader(SqliteSource(bench.store.path)).evidence(number)
    assert found is not None
    archive = zipfile.ZipFile(io.BytesIO(await pack(found, Office(bench.desk, BOXES))))
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
    told, archive = await packed(bench)
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
    assert [] == (await packed(bench))[0]["deciding_mails"]


async def test_a_withdrawal_is_evidence(bench: DeskBench) -> None:
    token = await bench.ask(await bench.open_case(), APPLICANT, Letter.ACKNOWLEDGMENT)
    raw = Reply("取り下げます。\n", APPLICANT).octets(bench.mailbox(token, Purpose.CASE))
    signed = sign(raw, OPENDKIM, APPLICANT.domain)
    await bench.send(signed, token, reverse_path=APPLICANT, purpose=Purpose.CASE)
    (mail,) = (await packed(bench))[0]["deciding_mails"]
    assert mail["reading_now"]["withdraws"]


@pytest.mark.parametrize("said", ["高橋です。見本花子さんは在籍しています。\n", f"はい {CODE}\n"])
async def test_an_answer_about_a_colleague_is_read_again_by_the_name_in_its_from(
    bench: DeskBench, said: str
) -> None:
    asked = parse("takahashi@town.mihon.lg.jp")
    about = await bench.open_case(state=State.AWAITING_AFFILIATION)
    token = await bench.ask(about, asked, Letter.AFFILIATION_CHECK)
    raw = Reply(said, asked).octets(bench.mailbox(token, Purpose.CASE))
    named = raw.replace(b"From: <", b"From: =?utf-8?b?6auY5qmL?= <")
    signed = sign(named, OPENDKIM, asked.domain)
    await bench.send(signed, token, reverse_path=asked, purpose=Purpose.CASE)
    keep_as_evidence(bench)
    (mail,) = (await packed(bench))[0]["deciding_mails"]
    assert ("affiliation_answer", "confirm") == (mail["kind"], mail["reading_now"]["answer"])


def keep_as_evidence(bench: DeskBench) -> None:
    """Of the newest mail, whether it confirmed or not."""
    with sqlite3.connect(bench.store.path) as connection:
        connection.execute(
            "INSERT OR IGNORE INTO evidence SELECT id, case_id, 'test' FROM mails ORDER BY id DESC LIMIT 1"
        )


def test_the_command_writes_one_private_file_and_overwrites_none(tmp_path: Path) -> None:
    made(tmp_path, State.UNDER_REVIEW)
    place = tmp_path / "out.zip"
    command = ["case", "evidence", "k7qm-4t", "--out", str(place), "--config", str(tmp_path)]
    assert 0 == CliRunner().invoke(main, command).exit_code
    assert 0o600 == place.stat().st_mode & 0o777
    assert ["case.json"] == zipfile.ZipFile(place).namelist()
    again = CliRunner().invoke(main, command)
    assert 1 == again.exit_code
    assert "already exists" in again.output
    missing = CliRunner().invoke(main, ["case", "evidence", "9999-99", "--config", str(tmp_path)])
    assert 1 == missing.exit_code


@pytest.mark.parametrize(
    ("names", "client_ip"),
    [(OPENDKIM, STRANGER), (GOOGLE, PROVIDER), (MICROSOFT, PROVIDER), ((), OWN_HOST), ((), PROVIDER)],
)
async def test_the_proof_comes_out_again_from_the_answers_that_were_kept(
    bench: DeskBench, names: list[str], client_ip: str
) -> None:
    token = await bench.ask(await bench.open_case())
    raw = Reply().octets(bench.mailbox(token))
    await bench.send(sign(raw, names) if names else raw, token, client_ip=client_ip)
    (mail,) = (await packed(bench))[0]["deciding_mails"]
    again = mail["proof_now"]
    assert (True, [], [], False) == tuple(again[name] for name in ("same", "not_stored", "cut", "body_cut"))
    assert (mail["verdict"]["spf"]["result"], "decision") == (again["spf"]["result"], again["proof"])
    assert [one["content"] for one in mail["verdict"]["dkim"]] == [one["content"] for one in again["dkim"]]


def change_mail(bench: DeskBench, change: str, **values: object) -> None:
    with sqlite3.connect(bench.store.path) as connection:
        connection.execute(f"UPDATE mails SET {change}", values)  # noqa: S608 - of these tests


async def test_an_octet_changed_in_the_store_is_a_signature_that_fails(bench: DeskBench) -> None:
    token = await bench.ask(await bench.open_case())
    raw = sign(Reply("却下: 対象外の団体です。\n").octets(bench.mailbox(token)), OPENDKIM)
    await bench.send(raw, token)
    new = raw.replace("対象外".encode(), "対象内".encode())
    change_mail(bench, "raw = :raw", raw=new)
    (mail,) = (await packed(bench))[0]["deciding_mails"]
    assert (False, "unproven") == (mail["proof_now"]["same"], mail["proof_now"]["outcome"])
    assert ["fail"] == [one["result"] for one in mail["proof_now"]["dkim"]]


@pytest.mark.parametrize(
    ("kept", "asked"),
    [("TXT", "not_stored"), ("cut", "cut")],
)
async def test_a_question_without_a_kept_answer_is_named_and_asked_of_nobody(
    bench: DeskBench, kept: str, asked: str
) -> None:
    token = await bench.ask(await bench.open_case())
    await bench.send(sign(Reply().octets(bench.mailbox(token)), OPENDKIM), token)
    key = "s1._domainkey.kyoso.mihon.go.jp"
    found = EvidenceReader(SqliteSource(bench.store.path)).evidence("K7QM-4T")
    assert found is not None
    verdict = found["evidence"][0]["verdict"]
    for one in [*verdict["answers"]]:
        if one["name"] == key and kept == "cut":
            one["records"] = [one["records"][0][:99] + "…"]
        elif one["name"] == key:
            verdict["answers"].remove(one)
    change_mail(bench, "verdict = :verdict", verdict=json.dumps(verdict))
    (mail,) = (await packed(bench))[0]["deciding_mails"]
    assert [f"TXT {key}"] == mail["proof_now"][asked]
    assert (False, "temperror") == (mail["proof_now"]["same"], mail["proof_now"]["outcome"])


async def test_a_reply_to_a_digest_is_read_again_line_by_line(bench: DeskBench) -> None:
    cases = [await bench.open_case(), await bench.open_case("9X2B-1C"), await bench.open_case("3HJ5-8W")]
    await bench.ask_digest(cases, code="9Z9Z")
    token = await bench.ask_digest(cases)
    await bench.ask_digest(cases, code="8Y8Y")
    text = f"K7QM-4T 承認 {CODE}\n9X2B-1C 却下 {CODE} 対象外の団体です。\n3HJ5-8W 承認\n"
    await bench.send(sign(Reply(text).octets(bench.mailbox(token)), OPENDKIM), token)
    assert ["approved", "declined", "under_review"] == [await bench.state(one.number) for one in cases]
    for number in ("K7QM-4T", "9X2B-1C"):
        told, archive = await packed(bench, number)
        (mail,) = told["deciding_mails"]
        again = mail["reading_now"]
        assert [
            ("K7QM-4T", "approve", True),
            ("9X2B-1C", "decline", True),
            ("3HJ5-8W", "none", False),
        ] == [(one["number"], one["word"], one["by_code"]) for one in again["lines"]]
        assert (True, True) == (again["letter_kept"], mail["proof_now"]["same"])
        assert not [name for name in archive.namelist() if name.startswith("letters/")]
    assert [] == (await packed(bench, "3HJ5-8W"))[0]["deciding_mails"]


async def test_without_its_digest_no_line_is_read_as_a_decision(bench: DeskBench) -> None:
    first = await bench.open_case()
    token = await bench.ask_digest([first])
    await bench.send(sign(Reply(f"K7QM-4T 承認 {CODE}\n").octets(bench.mailbox(token)), OPENDKIM), token)
    with sqlite3.connect(bench.store.path) as connection:
        connection.execute("UPDATE letters SET sent_text = '' WHERE case_id IS NULL")
    (mail,) = (await packed(bench))[0]["deciding_mails"]
    assert (False, "none") == (
        mail["reading_now"]["letter_kept"],
        mail["reading_now"]["lines"][0]["word"],
    )


@pytest.mark.parametrize("said", ["停止\n", f"停止 {CODE}\n"])
async def test_a_stop_at_a_digest_is_evidence_of_every_open_case(bench: DeskBench, said: str) -> None:
    cases = [await bench.open_case(), await bench.open_case("9X2B-1C")]
    token = await bench.ask_digest(cases)
    raw = sign(Reply(said).octets(bench.mailbox(token)), OPENDKIM)
    await bench.send(raw, token)
    await bench.send(b"X-Any: 1\r\n" + raw, token)
    for number in ("K7QM-4T", "9X2B-1C"):
        told, archive = await packed(bench, number)
        (mail,) = told["deciding_mails"]
        assert ("emergency", "stop") == (mail["kind"], mail["reading_now"]["word"])
        assert ["desk.stop"] == [line["event"] for line in mail["reading_then"]]
        assert archive.read(f"mails/{mail['id']}.eml").endswith(raw[raw.index(b"\r\n\r\n") :])
        assert mail["proof_now"]["same"]


async def test_the_button_of_a_digest_is_shown_as_the_cases_that_it_stood_for(bench: DeskBench) -> None:
    known = replace(background(), register_name="見本町")
    cases = [await bench.open_case(number, background=known) for number in ("K7QM-4T", "9X2B-1C")]
    token = await bench.ask_digest(cases)
    await bench.ask_digest(cases[:1], code="8Y8Y")
    raw = sign(Reply(f"注意のない2件を承認 {CODE}\n").octets(bench.mailbox(token)), OPENDKIM)
    await bench.send(raw, token)
    assert ["approved", "approved"] == [await bench.state(one.number) for one in cases]
    (mail,) = (await packed(bench))[0]["deciding_mails"]
    assert {("K7QM-4T", "approve", True), ("9X2B-1C", "approve", True)} == {
        (one["number"], one["word"], one["together"]) for one in mail["reading_now"]["lines"]
    }


BOUND = {  # (natural, coded, weak)
    "OpenDKIM": (OPENDKIM, STRANGER, "承認します。\n", (True, True, False)),
    "OpenDKIM, by code": (OPENDKIM, STRANGER, f"承認 {CODE}\n", (True, True, False)),
    "Google": (GOOGLE, STRANGER, f"承認 {CODE}\n", (False, True, False)),
    "Microsoft 365": (MICROSOFT, STRANGER, f"承認 {CODE}\n", (False, True, False)),
    "Google, own host": (GOOGLE, OWN_HOST, "承認します。\n", (True, True, False)),
    "provider alone": ([], PROVIDER, "承認します。\n", (True, True, True)),
    "own host alone": ([], OWN_HOST, "承認します。\n", (True, True, False)),
}


@pytest.mark.parametrize(("names", "client_ip", "said", "held"), BOUND.values(), ids=list(BOUND))
async def test_what_bound_a_mail_to_its_letter_comes_out_again(
    bench: DeskBench, names: list[str], client_ip: str, said: str, held: tuple[bool, bool, bool]
) -> None:
    about = await bench.open_case()
    token = await bench.ask(about)
    await bench.ask(about, code="8Y8Y")
    raw = Reply(said).octets(bench.mailbox(token))
    await bench.send(sign(raw, names) if names else raw, token, client_ip=client_ip)
    (mail,) = (await packed(bench))[0]["deciding_mails"]
    again = mail["binding_now"]
    assert (held, "mailbox") == ((again["natural"], again["coded"], again["weak"]), again["letter_by"])
    assert (client_ip != STRANGER, True) == (again["own_host"], again["names_mailbox"])
    covers = {
        "domain": SATO.domain,
        "mailbox": "to" in names,
        "structure": {"content-type", "content-transfer-encoding"} <= {*names},
        "date": True,
        "subject": True,
    }
    assert ([covers] if names else []) == again["signatures"]


async def test_a_mail_to_another_mailbox_is_bound_by_its_code(bench: DeskBench) -> None:
    about = await bench.open_case()
    token = await bench.ask(about)
    await bench.ask(about, code="8Y8Y")
    raw = Reply(f"承認 {CODE}\n", to="<office@kyoso.mihon.go.jp>").octets("")
    await bench.send(sign(raw, OPENDKIM), token)
    (mail,) = (await packed(bench))[0]["deciding_mails"]
    again = mail["binding_now"]
    assert ("text", False, False, True) == tuple(
        again[name] for name in ("letter_by", "names_mailbox", "natural", "coded")
    )


def lead_by_alias(zone: str) -> str:
    """A zone in which a child answers for its parent under relaxed DMARC, by records from elsewhere."""
    kept = [line for line in zone.splitlines() if not line.startswith("mail.kyoso.mihon.go.jp ")]
    return "\n".join(
        (
            *kept,
            "_dmarc.kyoso.mihon.go.jp TXT v=DMARC1; p=none",
            "mail.kyoso.mihon.go.jp CNAME tenant.provider.example",
            "tenant.provider.example TXT v=spf1 -all",
            "tenant.provider.example MX 10 mx.kyoso.mihon.go.jp",
        )
    )


@pytest.mark.parametrize(("keeps", "not_stored"), [(True, []), (False, ["CNAME to tenant.provider.example"])])
async def test_an_alias_out_of_the_organisation_is_told_again(
    bench: DeskBench, keeps: bool, not_stored: list[str]
) -> None:
    bench.zone = lead_by_alias(bench.zone)
    token = await bench.ask(await bench.open_case())
    raw = sign(Reply().octets(bench.mailbox(token)), OPENDKIM, "mail.kyoso.mihon.go.jp")
    screened = await LocalScreener(ZoneResolver(bench.zone), BOXES).screen(
        Envelope(STRANGER, "mx", SATO, (parse(bench.mailbox(token)),), bench.now), raw
    )
    assert isinstance(screened, Screened)
    verdict = json.loads(msgspec.json.encode(screened.verdict))
    for one in () if keeps else verdict["answers"]:  # as earlier releases kept them
        del one["aliases"]
    kept = await prove_again({"raw": raw, "verdict": verdict, **ARRIVED}, TRUST_NOBODY)
    again = tell_proof(kept)
    assert (True, ["tenant.provider.example"]) == (again["same"], again["foreign_aliases"])
    assert not_stored == again["not_stored"]


ARRIVED = {"reverse_path": str(SATO), "client_ip": STRANGER, "helo": "mx", "received_at": NOW.isoformat()}
