"""No silence behind 250: a changed case, a letter, a letter known as lost, or a mark that the office sees."""

from __future__ import annotations

import sqlite3
from base64 import b64encode
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.admission.authority import tokens
from gateway.admission.case.model import Letter, OutgoingLetter, State
from gateway.admission.eligibility.assess import Rules
from gateway.inbound.screening import LocalScreener
from gateway.mail.address import Address, parse
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.mailboxes import Mailboxes, Purpose
from gateway.store.protocol import LetterState, Transaction
from gateway.store.sqlite.store import SqliteStore
from tests.inbound.shapes import SHAPES, build_shape
from tests.support.dns import ZoneResolver
from tests.support.factories import APPLICANT, DESK, FORM_TEXT, NOW, SATO, case, form
from tests.support.path_in import build_path

BOXES = Mailboxes("gw.example.go.jp")
COLLEAGUE = parse("dokyo@town.mihon.lg.jp")
TOKEN = "7f3k2a9qm4tx8w5hc1zr6bnv0e"  # noqa: S105 - made up
ZONE = "\n".join(
    f"{domain} MX 10 mx.{domain}\nmx.{domain} A 192.0.2.10\n{domain} TXT v=spf1 ip4:192.0.2.0/24 -all"
    for domain in {SATO.domain, APPLICANT.domain}
)
SENT_AT = NOW - timedelta(hours=1)
CODED = "  確認符号: 4F7K\n"
MARKS = (
    *("", "", "Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated", "Precedence: bulk"),
    *("List-Id: <x.lists.example>", "X-Auto-Response-Suppress: All", "Return-Path: <>"),
)
TEXTS = (
    *("承認", "却下: 申請の対象外のため", "承認 4F7K", "K7QM-4T 承認 4F7K", "取消", "一覧", "停止"),
    *("保留 2月30日", "担当", "取り下げます。", "ありがとうございました。", "いつ分かりますか。", ""),
    *(FORM_TEXT, "はい 4F7K", "機密性3", "部課名：危機管理室"),
)
LETTERS = {
    Purpose.DECIDE: (Letter.REVIEW_REQUEST, Letter.DECISION_RECEIPT, Letter.DIGEST),
    Purpose.CASE: (Letter.ACKNOWLEDGMENT, Letter.QUESTION, Letter.AFFILIATION_CHECK),
    Purpose.BOUNCE: (Letter.ACKNOWLEDGMENT, Letter.REVIEW_REQUEST, Letter.INVITATION),
    Purpose.REQUEST: (Letter.ACKNOWLEDGMENT,),
    Purpose.POSTMASTER: (Letter.ACKNOWLEDGMENT,),
}
REPORT = (
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
    "Final-Recipient: rfc822; a@b.example\r\nAction: {}\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
)


@dataclass(frozen=True)
class Mail:
    """One mail: who writes what to which mailbox, about a case in a state."""

    author: Address
    purpose: Purpose
    letter: Letter
    mark: str
    text: str
    state: State
    report: str = ""
    form_text: str = FORM_TEXT
    shape: str = ""

    @property
    def mailbox(self) -> str:
        name = self.purpose.name.lower()
        return name if self.purpose in {Purpose.REQUEST, Purpose.POSTMASTER} else f"{name}+{TOKEN}"

    def build_raw(self, number: int) -> bytes:
        head = [f"From: <{self.author}>", f"To: <{self.mailbox}@{BOXES.domain}>", f"Message-ID: <{number}@x>"]
        head += [
            "Date: Tue, 24 Nov 2026 10:00:00 +0900",
            "Subject: Re: =?utf-8?b?5Y+C5Yqg55Sz6KuL?=",
            *filter(None, [self.mark]),
        ]
        if self.shape:
            return "\r\n".join([*head, "MIME-Version: 1.0", ""]).encode() + build_shape(
                self.shape, self.text, number
            )
        if self.report:
            return "\r\n".join([*head, REPORT.format(self.report)]).encode()
        kind = ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64"]
        # The second is no copy of the first.
        text = self.text + "\n" * number
        return "\r\n".join([*head, *kind, "", b64encode(text.encode()).decode(), ""]).encode()

    def prepare(self, tx: Transaction) -> None:
        """The case, and the letter that is answered."""
        known = form(self.form_text)
        saved = tx.save(case(self.state, form=known, decided_by=str(SATO), decided_at=SENT_AT))
        to = SATO if self.purpose is Purpose.DECIDE else self.author
        about = None if self.letter is Letter.DIGEST else saved
        facts = {"cases": [{"number": saved.number, "revision": 1}]}
        tx.enqueue(about, [OutgoingLetter(self.letter, to, facts)], SENT_AT, None)
        (row,) = tx.claim(SENT_AT, SENT_AT + timedelta(minutes=5), 1)
        if "+" in self.mailbox:
            tx.keep_token(tokens.token_hash(TOKEN), self.purpose, row, NOW + timedelta(days=9))
        tx.keep_sent_text(row.id, "参加申請", CODED)
        tx.record_outcome(row.id, LetterState.SENT, SENT_AT, "250 OK", SENT_AT)


mails = st.sampled_from(sorted(LETTERS)).flatmap(
    lambda purpose: st.builds(
        Mail,
        author=st.sampled_from([APPLICANT, SATO, COLLEAGUE]),
        purpose=st.just(purpose),
        letter=st.sampled_from(LETTERS[purpose]),
        mark=st.sampled_from(MARKS),
        text=st.sampled_from(TEXTS),
        state=st.sampled_from(sorted(State)),
        report=st.sampled_from(["", "", "failed", "delayed"]) if purpose is Purpose.BOUNCE else st.just(""),
        shape=st.sampled_from(["", *SHAPES]),
    )
)


def entropy(count: int) -> bytes:
    """The same bytes every time."""
    return bytes(range(1, count + 1))


async def receive(store: SqliteStore, mail: Mail, number: int) -> str:
    receiver = build_path(
        store, LocalScreener(ZoneResolver(ZONE), BOXES), DESK, BOXES, Rules, entropy=entropy
    )
    reverse_path = None if mail.purpose is Purpose.BOUNCE else mail.author
    path = (parse(f"{mail.mailbox}@{BOXES.domain}"),)
    envelope = Envelope("192.0.2.10", f"mx.{mail.author.domain}", reverse_path, path, NOW)
    return str(await receiver.receive(envelope, mail.build_raw(number)))


def read(store: SqliteStore) -> tuple[list[tuple[object, ...]], dict[int, str]]:
    """All cases as they are, and of each mail how it ended: empty for silence."""
    with sqlite3.connect(f"file:{store.path}?mode=ro", uri=True) as connection:
        cases = connection.execute("SELECT * FROM cases ORDER BY id").fetchall()
        ends = dict(
            connection.execute(
                """
                SELECT m.id, CASE
                    WHEN m.unheard <> '' THEN m.unheard
                    WHEN EXISTS (SELECT 1 FROM letters l WHERE l.mail_id = m.id) THEN 'letter'
                    WHEN EXISTS (SELECT 1 FROM journal j WHERE j.mail_id = m.id
                                 AND j.event = 'letter.undelivered') THEN 'undelivered'
                    ELSE '' END
                FROM mails m
                """
            )
        )
    connection.close()
    return cases, ends


async def end_of(mail: Mail, place: Path, times: int = 2) -> list[str]:
    """How the same mail, sent anew, ended each time; `changed` for a changed case, the reply for no 250."""
    store = SqliteStore(place / "gateway.db", BOXES.domain)
    store.open()
    found: list[str] = []
    try:
        await store.transact(mail.prepare)
        for number in range(1, times + 1):
            before, known = read(store)
            reply = await receive(store, mail, number)
            after, ends = read(store)
            new = ends.keys() - known.keys()
            if not reply.startswith("250"):
                found.append(reply)
            elif new:
                found.append(ends[new.pop()] or ("changed" if after != before else ""))
    finally:
        store.close()
    return found


@given(mails)
@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
async def test_no_mail_that_is_taken_is_unheard(mail: Mail) -> None:
    with TemporaryDirectory() as place:
        assert "" not in await end_of(mail, Path(place)), mail


async def test_a_second_unreadable_mail_of_a_day_goes_to_the_staff_alone(tmp_path: Path) -> None:
    mail = Mail(COLLEAGUE, Purpose.REQUEST, Letter.ACKNOWLEDGMENT, "", "参加したいです。", State.UNDER_REVIEW)
    assert ["letter", "letter", "words"] == await end_of(mail, tmp_path, times=3)
    with sqlite3.connect(f"file:{tmp_path / 'gateway.db'}?mode=ro", uri=True) as connection:
        found = connection.execute("SELECT mail_id, letter FROM letters WHERE mail_id IS NOT NULL").fetchall()
    connection.close()
    assert [(1, "how_to_apply"), (2, "case_notice"), (2, "case_notice")] == sorted(found)


WEAK = "X-Auto-Response-Suppress: All"
BY_APPLICANT = (
    (Purpose.REQUEST, WEAK, FORM_TEXT, "form"),
    (Purpose.REQUEST, "Precedence: list", "質問です。", "words"),
    (Purpose.REQUEST, WEAK, "", "mail"),
    (Purpose.CASE, "List-Id: <a.b.example>", "部課名：広報課", "form"),
    (Purpose.REQUEST, "Return-Path: <>", FORM_TEXT, "form"),
    (Purpose.REQUEST, "Auto-Submitted: auto-replied", "本日は休みです。", "mail"),
)


@pytest.mark.parametrize(("purpose", "mark", "text", "end"), BY_APPLICANT)
async def test_an_applicants_mail_with_a_mark_is_shown_to_the_office_and_not_answered(
    purpose: Purpose, mark: str, text: str, end: str, tmp_path: Path
) -> None:
    mail = Mail(APPLICANT, purpose, Letter.ACKNOWLEDGMENT, mark, text, State.UNDER_REVIEW)
    assert [end, end] == await end_of(mail, tmp_path)


BY_STAFF = (
    (Letter.REVIEW_REQUEST, "Auto-Submitted: auto-replied", "承認", ["decision", "decision"]),
    (Letter.REVIEW_REQUEST, "Auto-Submitted: auto-replied", "本日は休みです。", ["mail", "mail"]),
    (Letter.REVIEW_REQUEST, WEAK, "承認", ["letter", "decision"]),
    (Letter.REVIEW_REQUEST, WEAK, "承認 4F7K", ["letter", "letter"]),
    (Letter.DIGEST, WEAK, "ありがとう", ["letter", "decision"]),
)


@pytest.mark.parametrize(("letter", "mark", "text", "ends"), BY_STAFF)
async def test_a_members_reply_with_a_mark_is_answered_once_a_letter_unless_it_decides(
    letter: Letter, mark: str, text: str, ends: list[str], tmp_path: Path
) -> None:
    mail = Mail(SATO, Purpose.DECIDE, letter, mark, text, State.UNDER_REVIEW)
    assert ends == await end_of(mail, tmp_path)


@pytest.mark.parametrize(("text", "state"), [("承認", "under_review"), ("承認 4F7K", "approved")])
async def test_with_a_weak_mark_only_word_and_code_decide(text: str, state: str, tmp_path: Path) -> None:
    mail = Mail(SATO, Purpose.DECIDE, Letter.REVIEW_REQUEST, WEAK, text, State.UNDER_REVIEW)
    await end_of(mail, tmp_path, times=1)
    with sqlite3.connect(tmp_path / "gateway.db") as connection:
        assert [(state,)] == connection.execute("SELECT state FROM cases").fetchall()
        why = connection.execute("SELECT facts FROM letters WHERE letter = 'unclear_decision'").fetchall()
    connection.close()
    assert (state == "under_review") == any(WEAK in str(row) and "machine_mark" in str(row) for row in why)


INCOMPLETE = "部課名：危機管理室\n\n休職のため、早めにお願いします。\n"


@pytest.mark.parametrize("state", [State.NEEDS_INFORMATION, State.DECLINED])
@pytest.mark.parametrize("purpose", [Purpose.REQUEST, Purpose.CASE])
async def test_words_beside_an_incomplete_form_reach_the_office_at_once(
    purpose: Purpose, state: State, tmp_path: Path
) -> None:
    mail = Mail(APPLICANT, purpose, Letter.MISSING_FIELDS, "", INCOMPLETE, state, form_text="団体名：見本町")
    assert ["letter"] == await end_of(mail, tmp_path, times=1)
    with sqlite3.connect(f"file:{tmp_path / 'gateway.db'}?mode=ro", uri=True) as connection:
        told = connection.execute(
            "SELECT facts FROM letters WHERE letter IN ('case_notice', 'review_request')"
        ).fetchall()
    connection.close()
    assert len(DESK.staff) == len(told)
    assert all("休職のため、早めにお願いします。" in str(facts) for facts in told)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("purpose", sorted(LETTERS))
async def test_what_is_no_plain_text_is_heard_too(purpose: Purpose, shape: str, tmp_path: Path) -> None:
    mail = Mail(APPLICANT, purpose, LETTERS[purpose][0], "", FORM_TEXT, State.NEEDS_INFORMATION, shape=shape)
    assert "" not in await end_of(mail, tmp_path, times=1)
