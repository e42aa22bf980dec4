"""A sign-in code ends when a mail arrives that may quote its letter: the console shows such mails."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.admission.authority import sign_in as codes
from gateway.admission.authority import tokens
from gateway.admission.case.model import Letter, OutgoingLetter
from gateway.admission.eligibility.assess import Rules
from gateway.inbound.screening import LocalScreener
from gateway.mail.address import Address, parse
from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.mailboxes import Mailboxes, Purpose
from gateway.store.console import sign_in
from gateway.store.console.sign_in import Answering, Asking, Kept
from gateway.store.protocol import Transaction
from gateway.store.sqlite.store import SqliteStore
from tests.support.dns import ZoneResolver
from tests.support.factories import APPLICANT, DESK, NOW, SATO, SUZUKI
from tests.support.path_in import build_path

BOXES = Mailboxes("gw.example.go.jp")
TOKEN = "a" * 26
IP = "192.0.2.10"
DOMAINS = {one.domain for one in (SATO, SUZUKI, APPLICANT)}
ZONE = "".join(
    f"{name} TXT v=spf1 ip4:192.0.2.0/24 -all\n{name} MX 10 mx.{name}\nmx.{name} A {IP}\n" for name in DOMAINS
)
LASTS = timedelta(hours=8)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "gateway.db", BOXES.domain)
    store.open()
    yield store
    store.close()


async def ask(store: SqliteStore) -> str:
    """Sato's code, asked for in a browser of the test's, as its letter shows it."""
    asking = Asking("t", "", "c", str(SATO))
    await store.transact(lambda tx: sign_in.ask_code(tx, asking, NOW, DESK))
    return await store.transact(
        lambda tx: codes.make_code(tx.tombstone_key, codes.hash_secret("t"), SATO.key)
    )


async def is_in(store: SqliteStore, code: str) -> bool:
    answering = Answering("t", code, Kept("s", "b"))
    later = NOW + timedelta(minutes=1)
    member = await store.transact(lambda tx: sign_in.check_code(tx, answering, later, DESK, LASTS))
    return member is not None


async def take(store: SqliteStore, author: Address, box: str, *, is_machine: bool = False) -> None:
    front = build_path(
        store,
        LocalScreener(ZoneResolver(ZONE), BOXES),
        DESK,
        BOXES,
        Rules,
        entropy=lambda count: bytes(range(1, count + 1)),
    )
    head = [f"From: <{author}>", f"To: <{box}@{BOXES.domain}>", "Date: Tue, 24 Nov 2026 10:00:00 +0900"]
    head += ["Auto-Submitted: auto-replied"] if is_machine else []
    envelope = Envelope(IP, f"mx.{author.domain}", author, (parse(f"{box}@{BOXES.domain}"),), NOW)
    raw = "\r\n".join([*head, "", "hello", ""]).encode()
    assert smtp_reply.ACCEPTED == await front.receive(envelope, raw)


def put_letter(to: Address) -> object:
    """A letter that has left, and whose bounces go to TOKEN."""

    def put(tx: Transaction) -> None:
        tx.enqueue(None, [OutgoingLetter(Letter.HOW_TO_APPLY, to, {})], NOW - timedelta(hours=1), None)
        (row,) = tx.claim(NOW, NOW + timedelta(minutes=5), 1)
        tx.keep_token(tokens.token_hash(TOKEN), Purpose.BOUNCE, row, NOW + timedelta(days=9))

    return put


async def test_without_such_a_mail_a_code_is_valid(store: SqliteStore) -> None:
    assert await is_in(store, await ask(store))


@pytest.mark.parametrize(
    ("author", "is_machine"),
    [
        (SATO, False),
        (SATO, True),
        (Address("mailer-daemon", SATO.domain), True),
    ],
)
async def test_a_mail_of_its_addressee_or_of_their_server_ends_it(
    store: SqliteStore, author: Address, is_machine: bool
) -> None:
    code = await ask(store)
    await take(store, author, "request", is_machine=is_machine)
    assert not await is_in(store, code)


@pytest.mark.parametrize(("to", "stays"), [(SATO, False), (SUZUKI, True), (APPLICANT, True)])
async def test_a_bounce_ends_the_codes_of_the_letters_addressee(
    store: SqliteStore, to: Address, stays: bool
) -> None:
    await store.transact(put_letter(to))
    code = await ask(store)
    await take(store, Address("mailer-daemon", "town.mihon.lg.jp"), f"bounce+{TOKEN}", is_machine=True)
    assert stays is await is_in(store, code)


@pytest.mark.parametrize("is_machine", [False, True])
async def test_mail_of_an_applicant_ends_nothing(store: SqliteStore, is_machine: bool) -> None:
    code = await ask(store)
    await take(store, APPLICANT, "request", is_machine=is_machine)
    assert await is_in(store, code)
