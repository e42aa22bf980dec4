"""The path in, below SMTP: what is stored of a mail, and whose word counts for its proof."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

import pytest

from gateway.admission.authority import tokens
from gateway.admission.case.model import APPLIED_BEFORE, State
from gateway.admission.eligibility.assess import Rules
from gateway.auth.authenticate import DEFAULT_CHECK_LIMITS, TRUST_NOBODY, CheckLimits, TrustPolicy
from gateway.auth.authentication_results.trusted_relay import TrustedRelay
from gateway.inbound.screening import LocalScreener
from gateway.mail.address import parse
from gateway.mail.message import Caps
from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.mailboxes import Mailboxes
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.store.privacy import tombstones
from gateway.store.protocol import Transaction
from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from gateway.store.tables.transaction import SqlTransaction
from tests.support.dns import ZoneResolver
from tests.support.factories import DESK, FORM_TEXT, NOW
from tests.support.path_in import build_path

BOXES = Mailboxes("gw.example.go.jp")
ZONE = """\
town.mihon.lg.jp MX 10 mx.town.mihon.lg.jp
mx.town.mihon.lg.jp A 192.0.2.10
town.mihon.lg.jp TXT v=spf1 ip4:192.0.2.0/24 -all
"""
HONEST, RELAY, STRANGER = "192.0.2.1", "10.0.0.25", "198.51.100.9"
TRUST = TrustPolicy(TrustedRelay((ip_network("10.0.0.0/24"),), frozenset({"relay.example.go.jp"})))
SPF_RESULT = "Authentication-Results: {id}; spf=pass smtp.mailfrom=hanako@town.mihon.lg.jp"


def raw(*fields: str) -> bytes:
    """A complete application with further fields on top."""
    header = [*fields, "From: <hanako@town.mihon.lg.jp>", "Message-ID: <1@town.mihon.lg.jp>"]
    kind = ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    return "\r\n".join([*header, *kind, "", FORM_TEXT.replace("\n", "\r\n")]).encode()


def entropy(count: int) -> bytes:
    """The same bytes every time."""
    return bytes(range(1, count + 1))


@dataclass
class Bench:
    """A receiver on a real store, with a zone for DNS."""

    store: SqliteStore

    async def receive(
        self,
        mail: bytes,
        client_ip: str = HONEST,
        trust: TrustPolicy = TRUST_NOBODY,
        zone: str = ZONE,
        bounds: CheckLimits = DEFAULT_CHECK_LIMITS,
        allow: Callable[[str], bool] = lambda _: True,
        sender: str = "hanako@town.mihon.lg.jp",
        help_page: str = "",
    ) -> SmtpReply:
        screener = LocalScreener(ZoneResolver(zone), BOXES, trust, bounds, help_page)
        receiver = build_path(self.store, screener, DESK, BOXES, Rules, entropy=entropy, allow=allow)
        path = (parse("request@gw.example.go.jp"),)
        envelope = Envelope(client_ip, "mx.town.mihon.lg.jp", parse(sender), path, NOW)
        return await receiver.receive(envelope, mail)

    def mails(self) -> list[bytes]:
        reader = Reader(SqliteSource(self.store.path))
        kept = [row[0] for row in reader._db.execute("SELECT raw FROM mails").fetchall()]
        reader.close()
        return kept


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    store = SqliteStore(tmp_path / "gateway.db", BOXES.domain)
    store.open()
    yield Bench(store)
    store.close()


async def test_our_results_stand_on_top_and_foreign_ones_in_our_name_are_gone(bench: Bench) -> None:
    forged = "Authentication-Results: gw.example.go.jp; dmarc=pass header.from=town.mihon.lg.jp"
    assert smtp_reply.ACCEPTED == await bench.receive(raw(forged, "X-Kept: yes"))
    (kept,) = bench.mails()
    assert kept.startswith(b"Authentication-Results: gw.example.go.jp; spf=pass\r\n")
    assert 1 == kept.lower().count(b"authentication-results")
    assert b"X-Kept: yes" in kept
    assert kept.endswith("規約への同意: 同意する\r\n".encode())


@pytest.mark.parametrize(
    ("client_ip", "authserv_id", "trust", "expected"),
    [
        pytest.param(RELAY, "relay.example.go.jp", TRUST, smtp_reply.ACCEPTED, id="the-relays-word"),
        pytest.param(
            RELAY, "other.example.go.jp", TRUST, smtp_reply.SENDER_UNAUTHENTICATED, id="another-name"
        ),
        pytest.param(
            STRANGER, "relay.example.go.jp", TRUST, smtp_reply.SENDER_UNAUTHENTICATED, id="a-stranger-says-so"
        ),
        pytest.param(
            RELAY,
            "relay.example.go.jp",
            TRUST_NOBODY,
            smtp_reply.SENDER_UNAUTHENTICATED,
            id="nobody-is-trusted",
        ),
    ],
)
async def test_only_a_listed_relay_may_say_what_spf_said(
    bench: Bench, client_ip: str, authserv_id: str, trust: TrustPolicy, expected: SmtpReply
) -> None:
    assert expected == await bench.receive(raw(SPF_RESULT.format(id=authserv_id)), client_ip, trust)


async def test_an_unproven_sender_gets_the_address_of_the_page_for_it_departments(bench: Bench) -> None:
    page = "https://kyoso.example/mail"
    answer = await bench.receive(raw(), STRANGER, help_page=page)
    assert f"{smtp_reply.SENDER_UNAUTHENTICATED}; see {page}" == str(answer)
    assert smtp_reply.ACCEPTED == await bench.receive(raw(), help_page=page)


async def test_mails_of_an_organisation_are_limited_and_counted_only_when_proven(bench: Bench) -> None:
    """A forger uses up nothing; a repeat costs as much as a new mail."""
    asked: list[str] = []

    def allow(unit: str) -> bool:
        asked.append(unit)
        return len(asked) < 2

    assert smtp_reply.SENDER_UNAUTHENTICATED == await bench.receive(raw(), STRANGER, allow=allow)
    assert [] == asked
    assert smtp_reply.ACCEPTED == await bench.receive(raw(), allow=allow)
    assert smtp_reply.DOMAIN_RATE_LIMITED == await bench.receive(raw(), allow=allow)
    assert ["town.mihon.lg.jp"] * 2 == asked
    assert 1 == len(bench.mails())


@pytest.mark.parametrize(
    ("caps", "expected"),
    [
        (Caps(), smtp_reply.ACCEPTED),
        (Caps(header_bytes=100), smtp_reply.BAD_MESSAGE),
        (Caps(field_bytes=20), smtp_reply.BAD_MESSAGE),
        (Caps(fields=3), smtp_reply.BAD_MESSAGE),
        (Caps(parts=2), smtp_reply.BAD_MESSAGE),
        (Caps(depth=0), smtp_reply.BAD_MESSAGE),
    ],
)
async def test_how_much_of_a_mail_is_read(bench: Bench, caps: Caps, expected: SmtpReply) -> None:
    whole = raw().replace(
        b"Content-Type: text/plain; charset=utf-8", b"Content-Type: multipart/mixed; boundary=b"
    )
    kind = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
    parts = (
        b"--b\r\n"
        + kind
        + FORM_TEXT.replace("\n", "\r\n").encode()
        + b"\r\n--b\r\n"
        + kind
        + b"x\r\n--b--\r\n"
    )
    head = whole.partition(b"\r\n\r\n")[0]
    assert expected == await bench.receive(head + b"\r\n\r\n" + parts, bounds=CheckLimits(caps))


async def test_dns_trouble_records_nothing(bench: Bench) -> None:
    assert smtp_reply.DNS_ERROR == await bench.receive(raw(), zone="town.mihon.lg.jp TEMPFAIL")
    assert [] == bench.mails()


async def test_a_repeat_through_another_relay_changes_nothing(bench: Bench) -> None:
    assert smtp_reply.ACCEPTED == await bench.receive(raw())
    again = raw("Received: from a by b; Tue, 24 Nov 2026 10:00:00 +0900")
    assert smtp_reply.DUPLICATE == await bench.receive(again)
    assert 1 == len(bench.mails())


async def test_a_number_that_is_taken_is_not_given_again(bench: Bench) -> None:
    """Two people, and dice that fall alike for the first two throws."""
    dice = iter([entropy(8), entropy(8), bytes(8)])
    for person in ("hanako", "taro"):
        screener = LocalScreener(ZoneResolver(ZONE), BOXES)
        receiver = build_path(bench.store, screener, DESK, BOXES, Rules, entropy=lambda _: next(dice))
        sender = parse(f"{person}@town.mihon.lg.jp")
        envelope = Envelope(HONEST, "mx.town.mihon.lg.jp", sender, (parse("request@gw.example.go.jp"),), NOW)
        mail = raw().replace(b"hanako@", person.encode() + b"@")
        assert smtp_reply.ACCEPTED == await receiver.receive(envelope, mail)
    reader = Reader(SqliteSource(bench.store.path))
    assert {"0000-00", tokens.make_number(entropy(8))} == {case["number"] for case in reader.cases()}
    reader.close()


async def test_a_loop_is_cut(bench: Bench) -> None:
    hops = ["Received: from a by b; Tue, 24 Nov 2026 10:00:00 +0900"] * 51
    assert smtp_reply.HOP_LIMIT == await bench.receive(raw(*hops))


@pytest.mark.parametrize(
    ("taken", "new", "expected"),
    [
        ((), "request@gw.example.go.jp", smtp_reply.RECIPIENT_OK),
        ((), "postmaster@gw.example.go.jp", smtp_reply.RECIPIENT_OK),
        ((), "someone@gw.example.go.jp", smtp_reply.NO_SUCH_MAILBOX),
        ((), "request@elsewhere.example", smtp_reply.NO_SUCH_MAILBOX),
        (("case+a@gw.example.go.jp",), "case+a@gw.example.go.jp", smtp_reply.RECIPIENT_OK),
        (("case+a@gw.example.go.jp",), "case+b@gw.example.go.jp", smtp_reply.ONE_CASE_PER_MESSAGE),
        (("case+a@gw.example.go.jp",), "request@gw.example.go.jp", smtp_reply.RECIPIENT_OK),
    ],
)
async def test_recipients(bench: Bench, taken: tuple[str, ...], new: str, expected: SmtpReply) -> None:
    screener = LocalScreener(ZoneResolver(), BOXES)
    receiver = build_path(bench.store, screener, DESK, BOXES, Rules, entropy=entropy)
    assert expected == receiver.check_recipient(tuple(parse(path) for path in taken), parse(new))


async def test_an_erased_applicant_who_applies_again_is_told_apart(bench: Bench) -> None:
    def erased(tx: Transaction) -> None:
        assert isinstance(tx, SqlTransaction)
        tombstones.put(tx.connection, tx.tombstone_key, "hanako@town.mihon.lg.jp", NOW)

    await bench.store.transact(erased)
    assert smtp_reply.ACCEPTED == await bench.receive(raw())
    case = await bench.store.transact(lambda tx: tx.latest_case(parse("hanako@town.mihon.lg.jp")))
    assert case is not None
    assert (APPLIED_BEFORE, State.UNDER_REVIEW) == (case.background.flags[-1], case.state)
