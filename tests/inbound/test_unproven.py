"""What strangers make us keep: mail that needs no proof, and the count of what was refused."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gateway.admission.authority import tokens
from gateway.admission.case.model import Letter, OutgoingLetter
from gateway.admission.eligibility.assess import Rules
from gateway.inbound import receive
from gateway.inbound.counters import daily_octets
from gateway.inbound.counters.daily_octets import DailyOctets
from gateway.inbound.record import mail_record
from gateway.inbound.screening import LocalScreener
from gateway.mail.address import parse
from gateway.mail.mime.content import MAX_READ_BYTES
from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.mailboxes import Mailboxes, Purpose
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.store.protocol import Transaction
from gateway.store.sqlite.integrity.verify import verify
from gateway.store.sqlite.store import SqliteStore
from tests.support.dns import ZoneResolver
from tests.support.factories import APPLICANT, DESK, NOW
from tests.support.path_in import build_path

BOXES = Mailboxes("gw.example.go.jp")
ZONE = """\
town.mihon.lg.jp MX 10 mx.town.mihon.lg.jp
mx.town.mihon.lg.jp A 192.0.2.10
town.mihon.lg.jp TXT v=spf1 ip4:192.0.2.0/24 -all
"""
DAILY = 100_000
LARGE = b"From: a@stranger.example\r\nSubject: %d\r\n\r\n" + b"x" * 50_000


class Desk:
    """The path in over a real store, from where a stranger writes to its mailboxes."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self._reception = build_path(
            store,
            LocalScreener(ZoneResolver(ZONE), BOXES),
            DESK,
            BOXES,
            Rules,
            entropy=lambda count: bytes(range(1, count + 1)),
            most_octets=DailyOctets(unproven=DAILY),
        )

    async def take(
        self, raw: bytes, box: str = "postmaster", at: datetime = NOW, ip: str = "198.51.100.9"
    ) -> SmtpReply:
        sender = parse("hanako@town.mihon.lg.jp")
        paths = (parse(f"{box}@gw.example.go.jp"),)
        return await self._reception.receive(Envelope(ip, "mx.example", sender, paths, at), raw)

    async def flood(self, box: str, at: datetime = NOW) -> list[SmtpReply]:
        """Different large mails until one is not taken."""
        replies = [await self.take(LARGE % at.toordinal(), box, at)]
        while replies[-1] == smtp_reply.ACCEPTED and len(replies) < 99:
            replies.append(await self.take(LARGE % (1_000 * at.toordinal() + len(replies)), box, at))
        return replies

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.store.path) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    store = SqliteStore(tmp_path / "gateway.db", BOXES.domain)
    store.open()
    yield Desk(store)
    store.close()


@pytest.mark.parametrize("box", ["postmaster", "abuse", "Postmaster"])
async def test_of_mail_that_needs_no_proof_the_first_16_kilobytes_are_kept(desk: Desk, box: str) -> None:
    assert smtp_reply.ACCEPTED == await desk.take(LARGE % 1, box)
    (kept,) = desk.rows("SELECT raw FROM mails")
    assert (LARGE % 1)[: mail_record.MAX_UNPROVEN_BYTES] == kept[0]


async def test_of_proven_mail_no_more_is_kept_than_is_read(desk: Desk) -> None:
    large = b"From: hanako@town.mihon.lg.jp\r\n\r\n" + b"x" * 2_000_000
    assert smtp_reply.ACCEPTED == await desk.take(large, "request", ip="192.0.2.1")
    (kept,) = desk.rows("SELECT raw FROM mails")
    assert kept[0].endswith(b"\r\n\r\n" + b"x" * MAX_READ_BYTES)
    assert len(kept[0]) < MAX_READ_BYTES + 1_000


async def test_a_mailbox_that_kept_its_daily_octets_is_452_alone_and_until_tomorrow(desk: Desk) -> None:
    replies = await desk.flood("postmaster")
    assert smtp_reply.MAILBOX_FULL == replies[-1]
    kept = mail_record.MAX_UNPROVEN_BYTES + mail_record.ROW_BYTES
    assert DAILY // kept == len(replies) - 1 == len(desk.rows("SELECT 1 FROM mails"))
    journal = desk.rows("SELECT count(*) FROM journal")
    assert smtp_reply.MAILBOX_FULL == await desk.take(LARGE % 7, "abuse")
    assert journal == desk.rows("SELECT count(*) FROM journal")
    honest = b"From: hanako@town.mihon.lg.jp\r\n\r\nhello\r\n"
    assert smtp_reply.ACCEPTED == await desk.take(honest, "request", ip="192.0.2.1")
    assert smtp_reply.ACCEPTED == await desk.take(LARGE % 7, at=NOW + timedelta(days=1))


async def test_a_small_mail_counts_what_its_row_takes(desk: Desk) -> None:
    mails = [b"From: a@b.example\r\nSubject: %d\r\n\r\n" % number for number in range(60)]
    replies = [await desk.take(each) for each in mails]
    assert smtp_reply.MAILBOX_FULL == replies[-1]
    assert DAILY // (mail_record.ROW_BYTES + 35) + 1 >= replies.count(smtp_reply.ACCEPTED) > 40


def _bounce(tx: Transaction, token: str, kind: Letter) -> None:
    tx.enqueue(None, [OutgoingLetter(kind, APPLICANT, {})], NOW, None)
    (row,) = tx.claim(NOW, NOW + timedelta(hours=1), 1)
    tx.keep_token(tokens.token_hash(token), Purpose.BOUNCE, row, NOW + timedelta(days=90))


async def test_the_bounce_address_of_one_letter_stops_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daily_octets, "BOUNCE_BYTES_PER_DAY", 40_000)
    for token, kind in (("a" * 26, Letter.HOW_TO_APPLY), ("b" * 26, Letter.NOT_KEPT)):
        await desk.store.transact(lambda tx, token=token, kind=kind: _bounce(tx, token, kind))
    replies = await desk.flood(f"bounce+{'a' * 26}")
    assert [smtp_reply.ACCEPTED, smtp_reply.ACCEPTED, smtp_reply.MAILBOX_FULL] == replies
    assert smtp_reply.ACCEPTED == await desk.take(LARGE % 9, f"bounce+{'b' * 26}")
    assert smtp_reply.ACCEPTED == await desk.take(LARGE % 9)
    names = {str(row[0]) for row in desk.rows("SELECT mailbox FROM unproven_mail")}
    assert not any("aaaa" in name for name in names), "a token is never kept"


FORGED = b"From: a@%s\r\nSubject: x\r\n\r\n"


async def test_a_refusal_is_a_number_and_no_line_of_the_journal(desk: Desk) -> None:
    for number in range(30):
        raw = FORGED % b"town.mihon.lg.jp" + b"%d" % number
        assert smtp_reply.SENDER_UNAUTHENTICATED == await desk.take(raw, "request")
    assert [("2026-11-24", "unproven", "town.mihon.lg.jp", 30)] == desk.rows(
        "SELECT day, reason, domain, n FROM refusals"
    )
    assert [(0,), (0,)] == desk.rows("SELECT count(*) FROM journal UNION ALL SELECT count(*) FROM mails")
    assert verify(desk.store.path).is_sound


async def test_domains_that_strangers_make_up_do_not_fill_the_table_nor_hide_an_organisation(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive, "MAX_DOMAINS", 5)
    monkeypatch.setattr(receive, "MAX_OWN_DOMAINS", 8)
    for number in range(20):
        await desk.take(FORGED % b"n%d.example" % number, "request")
    await desk.take(FORGED % b"town.mihon.lg.jp", "request")
    found = dict(desk.rows("SELECT domain, n FROM refusals"))  # type: ignore[arg-type]  # pairs
    assert (7, 1, 15) == (len(found), found["town.mihon.lg.jp"], found[""])
