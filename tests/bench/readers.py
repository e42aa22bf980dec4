"""Every reader of foreign octets, with the size that can reach it and the pieces that may lead it astray.

`tests/bench/worst.py` measures them; `tests/hostile/test_effort.py` counts their steps.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from gateway import settings
from gateway.admission.application import form
from gateway.admission.application.items.fields import Form
from gateway.admission.case.digest import lines as digest_lines
from gateway.admission.eligibility import consistency
from gateway.admission.intake import confidentiality
from gateway.admission.replies import decision
from gateway.admission.replies.context import NO_CONTEXT
from gateway.admission.replies.outsiders import confirmation
from gateway.admission.replies.outsiders.withdrawal import is_withdrawal
from gateway.admission.replies.text import own_words
from gateway.app.wiring.files.resources import load_active_rules, load_directory
from gateway.auth.arc import chain
from gateway.auth.authentication_results import parse
from gateway.auth.dkim import key_record, tag_list, verify
from gateway.auth.dmarc import record as dmarc_record
from gateway.auth.spf import check
from gateway.mail import message, text
from gateway.mail.encoding import charset
from gateway.mail.header import auto_submitted, encoded_words, fields
from gateway.mail.mime import bounce, content, dsn, html_text
from gateway.net.smtp.protocol import syntax
from tests.corpus.entries import FOLDER, SETTINGS
from tests.fuzz.targets import Always
from tests.support.factories import NOW, SATO, background

FROM = b"From: a@a.test\r\n"
MEGABYTE = 1_000_000
ATOMS = [
    *("a", "あ", " ", "\u3000", "\t", "\n", "\n\n", "\r", "\r\n", "\r\n ", ".", "。", ",", ":"),
    *("：", ";", "=", "-", "_", ">", "> ", "|", "(", ")", "（", "[", "]", "【", "】", "<", "</"),
    *("<a", "<!--", "<p>", "<td>", "<script", "</script", "&", "&amp;", "&#1;", '"', '""', '" "'),
    *("'", '="', "\\", '\\"', "/", "?", "!", "@", "a@", "a@a.test,", "<a@a>", "<>", "(a)", "(("),
    *("))", "☑", "□", "☑ 同意 ", "同意", "承認", "承認。", "承認\n", "却下:", "保留 ", "approve "),
    *("if ", "not ", "K7QM-4T ", "K7QM-4T 承認\n", "氏名:", "氏名：", "\u3000氏名：a"),
    *("  区分: 自治体", "団体名:あ\n", "1.", "・", "市", "12月1日", "\u200b", "\u0301", "\u202e"),
    *("\U000e0100", "ﷺ", "ﷺ ", "ー", "http://", "www.", "mailto:", "On Mon, 1\n", "差出人:\n"),
    *("-- \n", "---", "=\r\n", "=41", "=A", "YQ==", "=?", "?=", "=?a?q?", "=?utf-8?Q?=61?="),
    *("=?utf-8?b?YQ==?= ", "=?x?q?a ", "\x1b$B", "\x1b(B", '\x1b$B$"', "\x1b", "\x0e", "\x0f"),
    *("\x8e", "\x8f", "¤", "①", "ｱ", "%", "%41", "; a=b", ";a", "*0*=", "; name*0*=a", "--b\r\n"),
    *("\r\n--b", "--b\r\n\r\n", "--b\t", "1", "000000", "ア", "うう", "機密性", "v=1;", "a=b;"),
    *("h=from:", "%{l}", "include:a ", "ip4:1 ", "a:b\r\n", "action: failed\r\n\r\n", "re:"),
    *("自動", "x.a.", "│", "、氏名：a"),
    *("区分\t団体名\tコード\n", "自治体\t見本町\n", "On 1 Jan a", "　　課\n"),
]  # fmt: skip


# What starts the patterns of flufl.bounce, which then look at each line.
BOUNCE_BEGINNINGS = (
    *("failed addresses follow:", "The address to which the message has not yet been delivered is"),
    *(
        "Your message to:",
        "Sorry, unable to deliver your message to",
        "Your message could not be delivered to",
    ),
    *("Did not reach the following recipient"),
    *("this is the email server at", "- no such user here"),
    *("Message not delivered to the following addresses", "A message that you sent was rejected"),
    "transcript of session follows",
)


@dataclass(frozen=True, slots=True)
class Reader:
    """A function under test: `size` can reach it, `starts` lead it astray, `ends` close what they open."""

    call: Callable[[bytes], object]
    size: int
    starts: tuple[bytes, ...] = (b"",)
    ends: tuple[bytes, ...] = (b"",)


def in_header(name: bytes, read: Callable[[message.Message], object]) -> Callable[[bytes], object]:
    """A reader of one field of a message."""

    def call(value: bytes) -> object:
        value = value.replace(b"\0", b"").replace(b"\r", b"").replace(b"\n", b"\r\n ")
        return read(message.parse(FROM * (name != b"From") + name + b": " + value + b"\r\n\r\nx"))

    return call


def in_body(head: bytes) -> Callable[[bytes], object]:
    """The content of a message with this kind of body."""
    return lambda value: content.extract(message.parse(FROM + head + b"\r\n\r\n" + value))


def as_text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    """A reader of text that a mail held: as much of it as is decoded."""
    return lambda value: read(charset.strip_controls(value.decode("utf-8", "replace")))


def in_report(value: bytes) -> object:
    head = b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    return dsn.parse_dsn(
        message.parse(
            head + b"--b\r\nContent-Type: message/delivery-status\r\n\r\n" + value + b"\r\n--b--\r\n"
        )
    )


async def spf_of(record: str) -> object:
    return await check.evaluate("192.0.2.1", "a@a.test", "a.test", Always("v=spf1 " + record))


def checked(value: bytes) -> object:
    known = background()
    said = value.decode("utf-8", "replace")[:400]
    claimed = Form(organisation=said, code=said, department=said, name=said)
    return consistency.check(claimed, known, _REGISTER)


_REGISTER = (
    load_active_rules(settings.load(SETTINGS), FOLDER, load_directory(FOLDER), lambda: NOW).rules().register
)
FIELD = 16_000
TEXT = content.MAX_TEXT_BYTES
SIGNATURE = (
    b"v=1; a=rsa-sha256; d=a.test; s=s; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=aaaa; h=from:"
)
READERS: dict[str, Reader] = {
    "envelope": Reader(lambda v: syntax.parse_mail(b"FROM:" + v), 4_096, (b"<", b"<a@a.test> ")),
    "message": Reader(message.parse, MEGABYTE, (b"", b"a:"), (b"", b"\r\n\r\n")),
    "author": Reader(
        in_header(b"From", fields.author),
        FIELD,
        (b"", b'"', b"a ", b"<", b"(", b"=?"),
        (b"", b'"', b" <a@a.test>"),
    ),
    "subject": Reader(in_header(b"Subject", fields.subject), FIELD),
    "encoded words": Reader(encoded_words.decode, FIELD),
    "message ids": Reader(fields.message_ids, FIELD, (b"", b"<")),
    "automatic": Reader(
        in_header(b"Subject", lambda m: auto_submitted.automatic_reason(m, False)), FIELD, (b"", b"re: [")
    ),
    "content type": Reader(
        in_header(b"Content-Type", content.extract), FIELD, (b"text/plain; name=", b'a/b; a="'), (b"", b'"')
    ),
    "disposition": Reader(
        in_header(b"Content-Disposition", content.extract),
        FIELD,
        (b"attachment; filename=", b"a; filename*0*="),
    ),
    "plain body": Reader(in_body(b"Content-Type: text/plain"), MEGABYTE),
    "base64 body": Reader(in_body(b"Content-Transfer-Encoding: base64"), MEGABYTE),
    "quoted-printable body": Reader(in_body(b"Content-Transfer-Encoding: quoted-printable"), MEGABYTE),
    "flowed body": Reader(in_body(b"Content-Type: text/plain; format=flowed; delsp=yes"), MEGABYTE),
    "multipart body": Reader(in_body(b"Content-Type: multipart/mixed; boundary=b"), MEGABYTE),
    "html body": Reader(in_body(b"Content-Type: text/html"), MEGABYTE),
    "body in EUC-JP": Reader(in_body(b"Content-Type: text/plain; charset=euc-jp"), MEGABYTE),
    "body in ISO-2022-JP": Reader(in_body(b"Content-Type: text/plain; charset=iso-2022-jp"), MEGABYTE),
    "body in Shift_JIS": Reader(in_body(b"Content-Type: text/plain; charset=shift_jis"), MEGABYTE),
    "markup": Reader(as_text(html_text.to_text), TEXT),
    "report": Reader(in_report, MEGABYTE, (b"", b"Action: failed\r\nFinal-Recipient: ", b"Action: (")),
    "bounce": Reader(
        lambda v: bounce.read_bounce(message.parse(v)),
        MEGABYTE,
        (
            *(
                b"\r\n",
                b"\r\nUndelivered\r\n",
                b"From: mailer-daemon@yahoo.test\r\n\r\nmessage from yahoo.test\r\n",
            ),
            b"X-Mailer: <SMTP32 v1>\r\n\r\n",
            *(b"\r\n" + line.encode() + b"\r\n" for line in BOUNCE_BEGINNINGS),
        ),
    ),
    "own words": Reader(as_text(lambda v: own_words.split(v, ("a", "b"))), TEXT),
    "without our values": Reader(as_text(lambda v: own_words.remove_echo(v, ("a", "b"), ("a",))), TEXT),
    "form": Reader(as_text(form.parse_form), TEXT),
    "decision": Reader(as_text(decision.parse), TEXT),
    "batch": Reader(
        as_text(lambda v: digest_lines.parse(SATO, v, NO_CONTEXT, {"K7QM-4T": 1})),
        TEXT,
        (b"", "K7QM-4T 承認\n".encode()),
    ),
    "confirmation": Reader(as_text(confirmation.parse_confirmation), TEXT),
    "withdrawal": Reader(as_text(is_withdrawal), TEXT),
    "class 3": Reader(
        as_text(lambda v: confidentiality.is_class_3(v[:1_000], v)), TEXT, (b"", "機密性".encode())
    ),
    "consistency": Reader(checked, 1_200),
    "wrap in a letter": Reader(as_text(lambda v: text.wrap(text.defang(v[:4_000]))), 12_000),
    "dkim": Reader(
        in_header(b"DKIM-Signature", lambda m: asyncio.run(verify.verify(m, Always(), NOW))),
        FIELD,
        (b"", SIGNATURE),
    ),
    "dkim key": Reader(lambda v: key_record.parse(v.decode("latin-1")), 64_000, (b"", b"v=DKIM1; p=", b"h=")),
    "arc": Reader(in_header(b"ARC-Seal", chain.parse_sets), FIELD, (b"", b"i=1;")),
    "results": Reader(parse.parse, FIELD, (b"", b"mx; spf=pass ", b"mx ("), (b"", b")")),
    "dmarc record": Reader(
        lambda v: dmarc_record.parse("a.test", v.decode("latin-1")), 64_000, (b"v=DMARC1;", b"v=DMARC1; rua=")
    ),
    "spf record": Reader(
        lambda v: asyncio.run(spf_of(v.decode("latin-1"))),
        16_000,
        (b"", b"exists:"),
    ),
}
DECLARED = (
    message.MalformedMessageError,
    fields.AuthorError,
    tag_list.TagError,
    parse.AuthresError,
    chain.ArcError,
)
