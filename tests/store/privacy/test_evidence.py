"""What decided a case stays as long as the case, and goes with it."""

import sqlite3
from dataclasses import replace

import pytest

from gateway.admission.authority.tokens import token_hash
from gateway.admission.case.model import JournalEntry, Letter, OutgoingLetter, State
from gateway.mail.address import parse
from gateway.mail.smtp.mailboxes import Purpose
from gateway.printing.outside import Outside
from gateway.store.protocol import Transaction
from gateway.store.queries.evidence import EvidenceReader
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from tests.store.privacy.test_retention import DAY, lived, sweep_all, told
from tests.store.test_contract import mail
from tests.support.factories import NOW, case

RAW = b"From: sato@kyoso.mihon.go.jp\r\n\r\nhanako@town.mihon.lg.jp\r\n"


def decided(tx: Transaction, state: State = State.DECLINED) -> tuple[int, int]:
    """A case with a mail that decided it and one that did not; the rows of the case and of the first mail."""
    case_id = lived(tx, state)
    mail_id = tx.record(replace(mail(f"d-{state}"), raw=RAW), case_id)
    tx.keep_evidence(mail_id, case_id, "0.2.0")
    tx.keep_evidence(mail_id, case_id, "0.2.0")
    return case_id, mail_id


def octets(store: SqliteStore) -> dict[int, bytes]:
    with sqlite3.connect(store.path) as db:
        return dict(db.execute("SELECT id, raw FROM mails").fetchall())


async def test_the_mail_that_decided_keeps_its_octets_as_long_as_the_case(store: SqliteStore) -> None:
    _, mail_id = await store.transact(decided)
    assert 1 == (await sweep_all(store, NOW + 364 * DAY)).raw_mails
    kept = octets(store)
    assert RAW == kept.pop(mail_id)
    assert {b""} == set(kept.values())


async def test_it_is_erased_with_the_case(store: SqliteStore) -> None:
    await store.transact(decided)
    await sweep_all(store, NOW + 366 * DAY)
    assert {b""} == set(octets(store).values())
    with sqlite3.connect(store.path) as db:
        assert [] == db.execute("SELECT * FROM evidence").fetchall()
        assert "hanako" not in "\n".join(db.iterdump())


@pytest.mark.parametrize(("days", "gone"), [(364, False), (366 + 30, True)])
async def test_a_reply_to_a_digest_goes_with_the_last_case_that_it_decided(
    store: SqliteStore, days: int, gone: bool
) -> None:
    def work(tx: Transaction) -> int:
        first, second = lived(tx, State.DECLINED), lived(tx, State.EXPIRED)
        mail_id = tx.record(replace(told(State.JOINED), raw=RAW), None)
        for case_id in (first, second):
            tx.keep_evidence(mail_id, case_id, "0.2.0")
        return mail_id

    mail_id = await store.transact(work)
    await sweep_all(store, NOW + days * DAY)
    assert (b"" if gone else RAW) == octets(store)[mail_id]


async def test_the_reader_gives_the_mail_with_its_answers_and_the_chain(store: SqliteStore) -> None:
    case_id, mail_id = await store.transact(decided)
    line = JournalEntry("decision.decline", parse("sato@kyoso.mihon.go.jp"), {"reason": Outside("x")})
    await store.transact(lambda tx: tx.journal([line], NOW, case_id, mail_id))
    reader = EvidenceReader(SqliteSource(store.path))
    found = reader.evidence("declined")
    assert found is not None
    assert [(mail_id, RAW, "0.2.0")] == [(m["id"], m["raw"], m["release"]) for m in found["evidence"]]
    assert found["head"]["hash"] == found["chain"][-1]["hash"]
    assert reader.evidence("9999-99") is None
    reader.close()


@pytest.mark.parametrize(
    ("state", "days", "gone"),
    [(State.DECLINED, 364, False), (State.DECLINED, 367, True), (State.UNDER_REVIEW, 3000, False)],
)
async def test_a_stop_goes_with_the_last_case_that_it_was_about(
    store: SqliteStore, state: State, days: int, gone: bool
) -> None:
    def work(tx: Transaction) -> int:
        lived(tx, state)
        mail_id = tx.record(replace(told(State.JOINED), raw=RAW, received_at=NOW + DAY), None)
        for _ in range(2):
            tx.keep_evidence(mail_id, None, "0.2.0")
        return mail_id

    mail_id = await store.transact(work)
    await sweep_all(store, NOW + days * DAY)
    await sweep_all(store, NOW + days * DAY)
    assert (b"" if gone else RAW) == octets(store)[mail_id]


async def test_a_stop_is_evidence_of_the_cases_that_were_open_only(store: SqliteStore) -> None:
    def work(tx: Transaction) -> int:
        lived(tx, State.DECLINED)
        lived(tx, State.UNDER_REVIEW)
        mail_id = tx.record(replace(told(State.JOINED), raw=RAW, received_at=NOW + 40 * DAY), None)
        tx.keep_evidence(mail_id, None, "0.2.0")
        return mail_id

    mail_id = await store.transact(work)
    reader = EvidenceReader(SqliteSource(store.path))
    found = {name: reader.evidence(name) for name in ("declined", "under_review")}
    reader.close()
    assert [[], [mail_id]] == [[m["id"] for m in each["evidence"]] for each in found.values() if each]


async def test_a_summary_is_about_every_case_whose_receipt_it_took(store: SqliteStore) -> None:
    def work(tx: Transaction) -> set[int]:
        found = [tx.save(replace(case(State.UNDER_REVIEW), number=f"K7QM-4{end}")) for end in "ABC"]
        for one in found:
            facts = {"number": one.number, "by": parse("suzuki@kyoso.mihon.go.jp")}
            receipt = OutgoingLetter(Letter.DECISION_RECEIPT, parse("sato@kyoso.mihon.go.jp"), facts)
            tx.enqueue(one, [receipt], NOW, None)
        return {one.id for one in found}

    ids = await store.transact(work)
    with sqlite3.connect(store.path) as db:
        (letter,) = db.execute("SELECT id, case_id FROM letters").fetchall()
        linked = {
            row[0] for row in db.execute("SELECT case_id FROM letter_cases WHERE letter_id = ?", letter[:1])
        }
    assert ids == linked | {letter[1]} - {None}


async def test_a_mail_to_a_token_is_about_all_cases_of_its_letter(store: SqliteStore) -> None:
    def work(tx: Transaction) -> tuple[int, int, int]:
        one = tx.save(case(State.UNDER_REVIEW))
        facts = {"cases": [{"number": one.number, "name": "x"}]}
        tx.enqueue(None, [OutgoingLetter(Letter.DIGEST, parse("sato@kyoso.mihon.go.jp"), facts)], NOW, None)
        (row,) = tx.claim(NOW, NOW + DAY, 10)
        tx.keep_token(token_hash("secret"), Purpose.DECIDE, row, NOW + 90 * DAY)
        mail_id = tx.record(replace(mail("reply"), raw=RAW), None)
        tx.link_answer(mail_id, token_hash("SECRET"))
        tx.link_answer(tx.record(mail("other"), None), token_hash("another"))
        return one.id, row.id, mail_id

    case_id, letter_id, mail_id = await store.transact(work)
    with sqlite3.connect(store.path) as db:
        assert [(case_id, letter_id)] == db.execute("SELECT * FROM letter_cases").fetchall()
        assert [(mail_id, letter_id)] == db.execute("SELECT * FROM mail_letters").fetchall()
