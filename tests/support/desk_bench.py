"""A receiver on a real store, with a case that waits and members who sign as their mail systems do."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import format_datetime

import dkim as dkimpy
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from gateway.admission.authority import tokens
from gateway.admission.case.digest.overview import build_digest
from gateway.admission.case.model import Case, Desk, Letter, OutgoingLetter
from gateway.admission.eligibility.assess import Rules
from gateway.auth.dkim.sign import public_record
from gateway.inbound.screening import LocalScreener
from gateway.mail.address import Address, parse
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.mailboxes import Mailboxes, Purpose
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.store.protocol import LetterState, Transaction
from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from tests.support.dns import ZoneResolver
from tests.support.factories import DESK, NOW, SATO, case
from tests.support.path_in import build_path

BOXES = Mailboxes("gw.example.go.jp")
OWN_HOST, PROVIDER, STRANGER = "192.0.2.1", "203.0.113.7", "198.51.100.9"
CODE = "4F7K"
MINUTE = timedelta(minutes=1)
# What each system signs, as seen in its mails. A name that is not in the mail guards against its being added.
_USUAL = ["from", "date", "subject", "message-id", "mime-version"]
_STRUCTURE = ["content-type", "content-transfer-encoding"]
GOOGLE = [*_USUAL, "to", "cc"]
MICROSOFT = [*_USUAL, "content-type", "x-ms-exchange-senderadcheck"]
MICROSOFT_OLD = [*_USUAL, "to", "content-type"]
OPENDKIM = [*_USUAL, "to", "cc", *_STRUCTURE]
SES = [*_USUAL, "to", *_STRUCTURE]
DOMAINS = (
    "kyoso.mihon.go.jp",
    "town.mihon.lg.jp",
    "city.tanin.lg.jp",
    "mihon.go.jp",
    "mail.kyoso.mihon.go.jp",
)


def _make_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


KEY = _make_key()
_PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def publish(domains: Iterable[str]) -> str:
    """A zone in which each domain receives and signs mail, and names its own hosts and a provider's."""
    records = (
        f"""\
{domain} MX 10 mx.{domain}
mx.{domain} A 192.0.2.10
{domain} TXT v=spf1 ip4:192.0.2.0/28 include:spf.provider.example -all
s1._domainkey.{domain} TXT {public_record(KEY)}
"""
        for domain in domains
    )
    return "".join(records) + "spf.provider.example TXT v=spf1 ip4:203.0.113.0/24 -all\n"


ZONE = publish(DOMAINS)


def sign(raw: bytes, names: Iterable[str], domain: str = SATO.domain) -> bytes:
    """The mail under a signature over these fields."""
    listed = [name.encode() for name in names]
    signed: bytes = dkimpy.sign(
        raw, b"s1", domain.encode(), _PEM, include_headers=listed, canonicalize=(b"relaxed", b"relaxed")
    )
    return signed + raw


@dataclass(frozen=True, slots=True)
class Reply:
    """A member's mail; `to` None is the mailbox of the token that it goes to."""

    text: str = "承認します。\n"
    author: Address = SATO
    to: str | None = None
    cc: str = ""
    subject: str = "Re: 審査依頼"
    date: datetime = NOW + 5 * MINUTE
    message_id: str = "<r1@kyoso.mihon.go.jp>"
    content_type: str = "text/plain; charset=utf-8"
    encoding: str = "8bit"

    def octets(self, mailbox: str) -> bytes:
        header = {
            "From": f"<{self.author}>",
            "To": f"<{mailbox}>" if self.to is None else self.to,
            "Cc": self.cc,
            "Subject": self.subject,
            "Date": format_datetime(self.date),
            "Message-ID": self.message_id,
            "MIME-Version": "1.0",
            "Content-Type": self.content_type,
            "Content-Transfer-Encoding": self.encoding,
        }
        lines = [f"{name}: {value}" for name, value in header.items() if value]
        return "\r\n".join([*lines, "", *self.text.split("\n")]).encode()


@dataclass
class DeskBench:
    """`tokens` are handed out by `ask`; `now` is the clock."""

    store: SqliteStore
    desk: Desk = DESK
    zone: str = ZONE
    now: datetime = NOW + 6 * MINUTE
    cases: dict[str, int] = field(default_factory=dict)

    async def open_case(self, number: str = "K7QM-4T", **changes: object) -> Case:
        """A case as given, with its row."""
        return await self.store.transact(lambda tx: tx.save(replace(case(), number=number, **changes)))  # type: ignore[arg-type]

    async def ask(
        self, about: Case, to: Address = SATO, letter: Letter = Letter.REVIEW_REQUEST, code: str = CODE
    ) -> str:
        """Hand over a letter at NOW; gives the token that answers it."""
        return await self.store.transact(
            lambda tx: self._hand_over(
                tx, tx.case(about.id), OutgoingLetter(letter, to, {"number": about.number}), code
            )
        )

    async def ask_digest(self, about: Iterable[Case], to: Address = SATO, code: str = CODE) -> str:
        """Hand over a digest at NOW that shows these cases as they are; gives its token."""
        ids = [one.id for one in about]

        def work(tx: Transaction) -> str:
            shown = [current for case_id in ids if (current := tx.case(case_id)) is not None]
            person = next(one for one in self.desk.staff if one.address == to)
            return self._hand_over(tx, None, build_digest(person, shown, NOW.date(), self.desk), code)

        return await self.store.transact(work)

    def _hand_over(self, tx: Transaction, about: Case | None, letter: OutgoingLetter, code: str) -> str:
        token = secrets.token_hex(13)
        tx.enqueue(about, [letter], NOW, None)
        (row,) = (
            one
            for one in tx.claim(NOW, NOW + MINUTE, 100)
            if one.to == letter.to and one.letter is letter.letter
        )
        purpose = Purpose.DECIDE if letter.to in {one.address for one in self.desk.staff} else Purpose.CASE
        tx.keep_token(tokens.token_hash(token), purpose, row, NOW + timedelta(days=30))
        tx.keep_sent_text(row.id, "審査依頼", f"審査依頼\n\n  確認符号: {code}\n")
        tx.record_outcome(row.id, LetterState.SENT, NOW, "250", NOW)
        return token

    def mailbox(self, token: str, purpose: Purpose = Purpose.DECIDE) -> str:
        """Where answers with this token go; the request mailbox without one."""
        return str(BOXES.address(purpose if token else Purpose.REQUEST, token))

    async def send(
        self,
        raw: bytes,
        token: str,
        *,
        client_ip: str = STRANGER,
        reverse_path: Address = SATO,
        purpose: Purpose = Purpose.DECIDE,
        beside: str = "",
    ) -> SmtpReply:
        """One SMTP transaction, below SMTP; `beside` is the token of a second recipient."""
        receiver = build_path(
            self.store,
            LocalScreener(ZoneResolver(self.zone), BOXES),
            self.desk,
            BOXES,
            Rules,
            entropy=secrets.token_bytes,
        )
        tokens_of = (token, beside) if beside else (token,)
        paths = tuple(parse(self.mailbox(one, purpose)) for one in tokens_of)
        envelope = Envelope(client_ip, "mx.kyoso.mihon.go.jp", reverse_path, paths, self.now)
        return await receiver.receive(envelope, raw)

    async def state(self, number: str = "K7QM-4T") -> str:
        """The state of a case."""
        found = await self.store.transact(lambda tx: tx.case_by_number(number))
        return found.state.value if found else ""

    def journal(self) -> list[str]:
        """The names of all lines, in their order."""
        reader = Reader(SqliteSource(self.store.path))
        found = [row[0] for row in reader._db.execute("SELECT event FROM journal ORDER BY id").fetchall()]
        reader.close()
        return found
