"""What goes out because of what came in: injection, loops, backscatter and reports (groups O and L)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from gateway.demo.sandbox import Sandbox, open_sandbox
from gateway.mail import message
from gateway.mail.address import parse
from gateway.mail.header import auto_submitted
from gateway.mail.smtp import smtp_reply
from gateway.net.delivery import smarthost
from gateway.net.delivery.smarthost import SmarthostCourier
from gateway.net.delivery.smtp_client import Remote
from gateway.outbound.protocols import Outcome
from tests.hostile.desk import FORM as HOSTILE_FORM
from tests.hostile.desk import REST, hostile_desk
from tests.journeys.world import FORM, HANAKO, SATO, body, under_review, write
from tests.support.hostile_server import Talk, talking

PAYLOADS = {
    "template": "{{777*777}}{{cycler.__init__.__globals__}}{% for x in ().__class__.__mro__ %}x{% endfor %}",
    "comment": "{# 7 #}{%- raw %}${777*777}<%= 777*777 %>#{777*777}",
    "header": "x\r\nBcc: victim@v.example\r\n\r\nbody",
    "encoded-word": "=?utf-8?Q?x=0ABcc:_victim=40v.example?=",
    "terminal": "\x1b]0;x\x07\x1b[31m\u202egnorw\u2066\u200f",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "sql": "'; DROP TABLE cases; -- %s %n %(x)s",
    "smtp": "x\r\n.\r\nMAIL FROM:<victim@v.example>\r\nQUIT",
    "boundary": "--=_x--\r\n--=_x",
}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Sandbox]:
    """The whole gateway on loopback."""
    async with open_sandbox(tmp_path) as running:
        yield running


UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x9b\u202a-\u202e\u2066-\u2069\u200f]")


def harmless(letter: EmailMessage) -> None:
    """No field, no line and no template of ours came from outside."""
    names = [name.lower() for name in letter.keys()]  # noqa: SIM118 - fields repeat
    assert len(set(names)) == len(names)
    assert [] == [defect for part in letter.walk() for defect in part.defects]
    assert not {"bcc", "cc", "sender"} & set(names)
    text = f"{letter['Subject']}\n{body(letter)}"
    assert not UNSAFE.search(text)
    assert str(777 * 777) not in text
    assert not [line for line in text.splitlines() if line.startswith(("Bcc:", ".", "MAIL FROM"))]


async def send_raw(desk: Sandbox, head: str, text: str) -> int:
    """An application with these fields exactly as they stand, signed by its domain."""
    signer = desk.world.signers[HANAKO.domain]
    raw = f"{head}\r\nMessage-ID: <1@{HANAKO.domain}>\r\nMIME-Version: 1.0\r\n".encode()
    raw += b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.replace("\n", "\r\n").encode()
    return (await desk.send(HANAKO.address, desk.request, signer.sign(raw) + raw)).code


@pytest.mark.parametrize("kind", PAYLOADS)
async def test_o02_no_value_of_an_application_becomes_more_than_text(desk: Sandbox, kind: str) -> None:
    payload = PAYLOADS[kind]
    labels = ("団体名", "部署名", "役職", "氏名")
    form = "\n".join(
        [
            "区分: 自治体\n全国地方公共団体コード: 990019",
            *(f"{label}: {payload}".replace("\r\n", "\n") for label in labels),
            "規約への同意: 同意する",  # last: words below a consent may take it back
        ]
    )
    assert 250 == await send_raw(desk, f"From: x <{HANAKO.address}>\r\nSubject: application", form)
    # Values that look like a sentence of an English mail leave no consent; by itself it is one.
    assert 250 == (await write(desk, HANAKO, desk.request, "規約への同意: 同意する")).code
    await desk.letter(HANAKO.address, "受")
    await desk.letter(SATO.address, "審査依頼")
    for letter in (*desk.letters(HANAKO.address), *desk.letters(SATO.address)):
        harmless(letter)
    assert [] == desk.letters("victim@v.example")


@pytest.mark.parametrize("kind", PAYLOADS)
async def test_o02_no_subject_becomes_more_than_text(desk: Sandbox, kind: str) -> None:
    subject = " ".join(PAYLOADS[kind].replace("\x07", "").split())
    form = "区分: 自治体\n団体名: 見本町\n部署名: 総務課\n氏名: 見本 花子\n規約への同意: 同意する"
    assert 250 == await send_raw(desk, f"From: x <{HANAKO.address}>\r\nSubject: {subject}", form)
    await desk.letter(HANAKO.address, "追")
    for letter in (*desk.letters(HANAKO.address), *desk.letters(SATO.address)):
        harmless(letter)
    assert [] == desk.letters("victim@v.example")


async def test_o01_a_subject_that_holds_a_field_is_one_subject(desk: Sandbox) -> None:
    word = "=?UTF-8?Q?x=0D=0ABcc=3A_victim=40v.example?="
    assert 250 == await send_raw(desk, f"From: {word} <{HANAKO.address}>\r\nSubject: {word}", "hello")
    harmless(await desk.letter(HANAKO.address, "お申し込み方法"))


async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for _ in range(20_000):
        writer.write(b"220-" + b"x" * 500 + b"\r\n")
        await writer.drain()


async def long_line(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 " + b"x" * 65_536)
    await writer.drain()
    await asyncio.sleep(30)


async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for octet in b"220 " + b"x" * 400:
        writer.write(bytes([octet]))
        await writer.drain()
        await asyncio.sleep(0.05)


async def garbage(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(bytes(range(256)) * 40 + b"\r\n")
    await writer.drain()


async def silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def hostile_text(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 x\r\n")
    await reader.readline()
    writer.write(b"550-\x1b[31m\x9b\xff\r\n550 " + b"y\xe2\x80\xae" * 2_000 + b"\r\n")
    await writer.drain()


@pytest.mark.parametrize("talk", [endless, long_line, drip, garbage, silence, hostile_text])
async def test_o11_a_hostile_server_costs_one_bounded_attempt(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smarthost, "ATTEMPT_TIMEOUT_S", 0.6)
    async with talking(talk) as port, asyncio.timeout(10):
        courier = SmarthostCourier(Remote("127.0.0.1", port, "none"), "mx.test")
        delivery = await courier.deliver(parse("b@mx.test"), parse("a@a.test"), b"x\r\n")
    assert delivery.outcome is not Outcome.SENT
    assert 500 >= len(delivery.reply)
    assert delivery.reply.isprintable()


async def test_l11_forged_applications_send_nothing_to_anybody(tmp_path: Path) -> None:
    async with hostile_desk(tmp_path) as desk:
        for number in range(60):
            raw = f"From: <v{number}@legit.test>\r\n".encode() + REST + HOSTILE_FORM.encode()
            assert "550 5.7.26" == (await desk.send(raw, "any@attack.test"))[:10]
        assert (0, set()) == (desk.mails(), desk.addressees())


async def test_l12_many_mailboxes_of_one_domain_get_no_more_than_they_wrote(tmp_path: Path) -> None:
    """Each is answered once; how many may come from one organisation in an hour is a limit of its own."""
    async with hostile_desk(tmp_path) as desk:
        for number in range(20):
            raw = f"From: <a{number}@attack.test>\r\n".encode() + REST + b"hello\r\n"
            assert "250" == (await desk.send(raw, "any@attack.test"))[:3]
            assert str(smtp_reply.DUPLICATE) == await desk.send(raw, "any@attack.test")
        outgoing = desk.rows("SELECT recipient, count(*) FROM letters GROUP BY recipient")
        assert {1} == {count for _, count in outgoing}


async def test_l12_one_who_writes_on_and_on_is_answered_and_shown_once(
    tmp_path: Path,
) -> None:
    async with hostile_desk(tmp_path) as desk:
        for number in range(12):
            raw = b"From: <a@attack.test>\r\n" + REST + f"hello {number}\r\n".encode()
            assert "250" == (await desk.send(raw, "any@attack.test"))[:3]
        found = desk.rows("SELECT recipient, count(*) FROM letters GROUP BY recipient")
        assert 1 == dict(found).pop("a@attack.test")
        assert {1} == {count for _, count in found}
        # Each of the other ten is one of the mails nobody was told of.
        assert [("words", 10)] == desk.rows(
            "SELECT unheard, count(*) FROM mails WHERE unheard <> '' GROUP BY unheard"
        )


REPORT = (
    "From: MAILER-DAEMON@attack.test\r\nSubject: {number}\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/report; report-type={kind}; boundary=b\r\n\r\n--b\r\n\r\n{number}\r\n"
    "--b\r\nContent-Type: message/{kind}\r\n\r\nReporting-MTA: dns; a.test\r\nFeedback-Type: abuse\r\n\r\n"
    "Final-Recipient: rfc822; a@a.test\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
)


def report(number: int = 1, kind: str = "delivery-status", action: str = "failed") -> bytes:
    return REPORT.format(number=number, kind=kind, action=action).encode()


@pytest.mark.parametrize(
    "rcpt", ["bounce+0000000000000000000000000@mx.test", "bounce+x@mx.test", "bounce+a..b@mx.test"]
)
async def test_l13_a_report_about_nothing_that_we_sent_is_no_mailbox(tmp_path: Path, rcpt: str) -> None:
    async with hostile_desk(tmp_path) as desk:
        for kind in ("delivery-status", "feedback-report"):
            assert "550 5.1.1" == (await desk.send(report(kind=kind), "", rcpt))[:9]
        assert (0, set()) == (desk.mails(), desk.addressees())


async def bounce_address(desk: Sandbox) -> str:
    letter = await desk.letter(HANAKO.address, "受付")
    return str(letter["Return-Path"]).strip("<>")


async def test_l18_a_complaint_stops_the_letters_and_tells_the_staff(desk: Sandbox) -> None:
    number = await under_review(desk)
    assert 250 == (await desk.send("", await bounce_address(desk), report(kind="feedback-report"))).code
    await desk.wait_for_state(HANAKO, "undeliverable")
    await desk.letter(SATO.address, "お知らせ", number, says="迷惑メール")


async def test_l15_a_delay_and_l17_a_receipt_change_nothing(desk: Sandbox) -> None:
    await under_review(desk)
    to = await bounce_address(desk)
    for number, kind, action in (
        (1, "delivery-status", "delayed"),
        (2, "disposition-notification", "displayed"),
    ):
        assert 250 == (await desk.send("", to, report(number, kind, action))).code
    await desk.wait_for_state(HANAKO, "under_review")


async def test_l22_many_bounces_of_one_letter_are_told_once(desk: Sandbox) -> None:
    await under_review(desk)
    to = await bounce_address(desk)
    for number in range(25):
        assert 250 == (await desk.send("", to, report(number))).code
    await desk.letter(SATO.address, "お知らせ")
    await desk.wait_for_state(HANAKO, "undeliverable")
    assert 1 == len(desk.letters(HANAKO.address))
    notices = [one for one in desk.letters(SATO.address) if "お知らせ" in str(one["Subject"])]
    assert 1 == len(notices)


@pytest.mark.parametrize(
    "header",
    [
        b"X-Gateway-Loop: mx.test\r\n",
        b"Auto-Submitted: auto-replied\r\n",
        b"Precedence: bulk\r\n",
        b"List-Id: <x.attack.test>\r\n",
        b"X-Auto-Response-Suppress: All\r\n",
    ],
)
async def test_l10_a_machine_is_recorded_and_never_answered(tmp_path: Path, header: bytes) -> None:
    async with hostile_desk(tmp_path) as desk:
        raw = header + b"From: <any@attack.test>\r\n" + REST + HOSTILE_FORM.encode()
        assert "250" == (await desk.send(raw, "any@attack.test"))[:3]
        assert (1, set()) == (desk.mails(), desk.addressees())


@pytest.mark.parametrize(
    "author", ["desk@mx.test", "postmaster@MX.TEST", "decide+x@mx.test", "anybody@mx.test"]
)
async def test_l09_nobody_writes_in_our_name(tmp_path: Path, author: str) -> None:
    async with hostile_desk(tmp_path) as desk:
        raw = f"From: <{author}>\r\n".encode() + REST + HOSTILE_FORM.encode()
        assert "550 5.7.1" == (await desk.send(raw, "any@attack.test"))[:9]


async def test_l20_a_challenge_is_no_answer(desk: Sandbox) -> None:
    """`Click to confirm that you are human`, from a challenge-response system."""
    await under_review(desk)
    challenge = "Please confirm your message: https://challenge.example/x\nこのメールに返信してください。"
    for person in (HANAKO, SATO):
        to = str((await desk.letter(person.address, ""))["Reply-To"])
        headers = {"X-Delivery-Agent": "TMDA"}
        answer = await write(
            desk, person, to, challenge, subject="Please confirm your message", headers=headers
        )
        assert 250 == answer.code
    await desk.wait_for_state(HANAKO, "under_review")


async def test_l01_our_own_letters_are_marked_so_that_no_machine_answers(desk: Sandbox) -> None:
    await under_review(desk, text=FORM)
    await desk.letter(SATO.address, "審査依頼")
    for letter in (*desk.letters(HANAKO.address), *desk.letters(SATO.address)):
        raw = b"".join(f"{name}: {letter[name]}\r\n".encode() for name in ("Auto-Submitted", "Return-Path"))
        sent = message.parse(raw + b"\r\n")
        assert auto_submitted.automatic_reason(sent, False) or auto_submitted.machine_mark(sent)
        assert str(letter["Return-Path"]).startswith("<bounce+")
