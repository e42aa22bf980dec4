"""What is fuzzed: each target takes octets and may raise what its module declares, and nothing else.

`TARGETS` by name; `seeds` cuts the mails of the corpus into inputs for one of them. The property tests
(`test_properties.py`) and the coverage-guided fuzzer (`run`) use the same functions.
"""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from gateway import settings
from gateway.admission.application import form
from gateway.admission.application.items.fields import Form, missing_items
from gateway.admission.case.digest import lines as digest_lines
from gateway.admission.replies import decision
from gateway.admission.replies.context import NO_CONTEXT
from gateway.admission.replies.outsiders import confirmation
from gateway.admission.replies.outsiders.withdrawal import is_withdrawal
from gateway.admission.replies.text import own_words
from gateway.app.wiring import reception
from gateway.app.wiring.files.resources import load_active_rules, load_directory
from gateway.auth.arc import validate as arc_validate
from gateway.auth.authentication_results import parse
from gateway.auth.dkim import key_record, tag_list, verify
from gateway.auth.dmarc import evaluate, record
from gateway.auth.dns.resolver import Answer
from gateway.auth.results import Result, Spf
from gateway.auth.spf import check
from gateway.inbound import front
from gateway.mail import address, message
from gateway.mail.encoding import charset
from gateway.mail.header import auto_submitted, fields
from gateway.mail.mime import bounce, content, dsn, html_text
from gateway.mail.smtp.envelope import Envelope
from gateway.net.smtp.protocol import syntax
from tests.corpus.entries import FOLDER, SETTINGS
from tests.support.dns import ZoneResolver
from tests.support.factories import NOW, SATO

T = TypeVar("T")
TESTS = Path(__file__).parent.parent
CRASHES = Path(__file__).parent / "crashes"
FROM = b"From: a@a.test\r\n"


class Always:
    """A resolver that gives one text for every question."""

    def __init__(self, *texts: str) -> None:
        self._answer = Answer(texts)

    async def resolve(self, name: str, rtype: str) -> Answer:
        return self._answer

    def has_cached(self, questions: Iterable[tuple[str, str]]) -> bool:
        return True


def run(job: Coroutine[Any, Any, object]) -> None:
    """Run without a loop of its own for each: nothing here waits for the world."""
    _LOOP.run_until_complete(job)


def outcome(job: Coroutine[Any, Any, T]) -> T:
    """As `run`, with what came of it."""
    return _LOOP.run_until_complete(job)


_LOOP = asyncio.new_event_loop()


def storable(text: str) -> None:
    """What is kept must be text that the store can hold, on its way to letters that nothing breaks."""
    text.encode("utf-8")
    assert "\0" not in text


def envelope(data: bytes) -> None:
    syntax.parse_helo(data)
    syntax.is_foreign(data)
    for given in (data, b"FROM:" + data, b"FROM:<" + data + b">"):
        read = syntax.parse_mail(given)
        if isinstance(read, syntax.MailCommand) and read.reverse_path is not None:
            assert read.reverse_path == address.parse(str(read.reverse_path))
        syntax.parse_rcpt(given.replace(b"FROM:", b"TO:"), None)
    with suppress(address.AddressError):
        address.parse_path(data.decode("latin-1"))


def whole_message(data: bytes) -> None:
    with suppress(message.MalformedMessageError):
        parsed = message.parse(data)
        assert sum(len(field.raw) + 2 for field in parsed.fields) + len(parsed.body) <= len(data) + 2
        auto_submitted.automatic_reason(parsed, False)
        dsn.parse_dsn(parsed)
        found = content.extract(parsed)
        storable(found.text + "".join(one.name for one in found.attachments))


def header_fields(data: bytes) -> None:
    storable(fields.decode_text(data))
    fields.message_ids(data)
    unfolded = data.replace(b"\r", b"").replace(b"\n", b"\r\n ").replace(b"\0", b"")
    with suppress(message.MalformedMessageError, fields.AuthorError):
        mailbox = fields.author(message.parse(b"From: " + unfolded + b"\r\n\r\n"))
        storable(mailbox.name)
        assert mailbox.address == address.parse(str(mailbox.address))


def dkim_signature(data: bytes) -> None:
    with suppress(tag_list.TagError):
        key_record.parse(data.decode("latin-1"))
    value = data.replace(b"\0", b"").replace(b"\r", b"").replace(b"\n", b"\r\n ")
    with suppress(message.MalformedMessageError):
        signed = message.parse(FROM + b"DKIM-Signature: " + value + b"\r\n\r\nbody\r\n")
        run(verify.verify(signed, Always(data.decode("latin-1")), NOW))
    for name in (b"ARC-Seal", b"ARC-Message-Signature", b"ARC-Authentication-Results"):
        arc_field(name, value)


_ARC_TAGS = b"a=rsa-sha256; s=s; d=a.test; b=AA==; "
_ARC_SET = {
    b"ARC-Seal": b"i=1; cv=none; " + _ARC_TAGS,
    b"ARC-Message-Signature": b"i=1; h=from; bh=AA==; " + _ARC_TAGS,
    b"ARC-Authentication-Results": b"i=1; a.test; spf=pass",
}


def arc_field(changed: bytes, value: bytes) -> None:
    """A set of which one field is `value`, alone and behind tags that are whole."""
    for text in (value, _ARC_SET[changed] + value):
        fields = [name + b": " + (text if name == changed else whole) for name, whole in _ARC_SET.items()]
        with suppress(message.MalformedMessageError):
            sealed = message.parse(b"\r\n".join(fields) + b"\r\n" + FROM + b"\r\nbody\r\n")
            resolver = Always(value.decode("latin-1"))
            found = outcome(arc_validate.check(sealed, resolver, frozenset({"a.test"}), NOW))
            assert found.result is not Result.PASS


def dmarc_text(data: bytes) -> None:
    text = data.decode("latin-1")
    record.parse("a.test", text)
    passed = Spf(Result.PASS, "b.a.test")

    async def judged() -> None:
        walk = await record.walk_tree("c.a.test", Always(text, text[1:]))
        evaluate.evaluate(await evaluate.look_up(walk, passed, (), Always(text)), passed, ())

    run(judged())


def delivery_report(data: bytes) -> None:
    head = b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    part = b"--b\r\nContent-Type: message/delivery-status\r\n\r\n" + data + b"\r\n--b--\r\n"
    with suppress(message.MalformedMessageError):
        for raw in (data, b"From: mailer-daemon@a.test\r\n\r\n" + data, head + part):
            storable(bounce.read_bounce(message.parse(raw)).words)
    report = dsn.parse_dsn(message.parse(head + part))
    for one in report.recipients if report else ():
        storable(one.final_recipient + one.diagnostic + one.status)


def replies(data: bytes) -> None:
    text = charset.decode(data, "")
    own_words.remove_echo(text, ["承認", "氏名: 見本"], ["氏名: 見本"])
    decision.parse(text, text)
    confirmation.parse_confirmation(text)
    is_withdrawal(text)
    digest_lines.parse(SATO, text, NO_CONTEXT, {"K7QM-4T": 1})


def forms(data: bytes) -> None:
    for text in (charset.decode(data, ""), html_text.to_text(charset.decode(data, ""))):
        found = form.parse_form(text)
        missing_items(found)
        storable("".join(str(getattr(found, name)) for name in Form.__slots__))


def results(data: bytes) -> None:
    with suppress(parse.AuthresError):
        parse.find_spf_result(parse.parse(data))


def spf_record(data: bytes) -> None:
    text = data.decode("latin-1")
    run(check.evaluate("192.0.2.1", "a@a.test", "mx.a.test", Always(text)))
    run(check.evaluate("2001:db8::1", "a@a.test", "mx.a.test", Always("v=spf1 " + text)))


@cache
def _desk() -> tuple[front.Front, Envelope]:
    """A desk that proves everything from a.test, without a store."""
    config = settings.load(SETTINGS)
    book = load_active_rules(config, FOLDER, load_directory(FOLDER), lambda: NOW)
    spf_text = "v=spf1 ip4:192.0.2.0/24 -all"
    zone = ZoneResolver(f"a.test TXT {spf_text}\na.test MX 10 mx.a.test\nmx.a.test A 192.0.2.1")
    to = address.parse(f"request@{config.desk.domain}")
    sent = Envelope("192.0.2.1", "mx.a.test", address.parse("a@a.test"), (to,), NOW)
    return reception.build_front(config, zone, reception.build_receiver(config, book).submit), sent


def whole_path(data: bytes) -> None:
    desk, sent = _desk()
    for raw in (data, FROM + data):
        run(desk.screen(sent, raw))


Target = Callable[[bytes], None]
TARGETS: dict[str, Target] = {
    "envelope": envelope,
    "message": whole_message,
    "fields": header_fields,
    "dkim": dkim_signature,
    "dmarc": dmarc_text,
    "dsn": delivery_report,
    "quoting": replies,
    "form": forms,
    "authres": results,
    "spf": spf_record,
    "examine": whole_path,
}
# From which header fields of the corpus a target's seeds come; the others take the body, or these texts.
_FIELDS = {
    "envelope": (b"from", b"to"),
    "fields": (b"from", b"subject", b"references"),
    "dkim": (b"dkim-signature",),
    "authres": (b"authentication-results",),
}
_TEXTS = {
    "dmarc": [b"v=DMARC1; p=reject; sp=none; np=none; rua=mailto:a@a.test; adkim=s; t=y; psd=n"],
    "spf": [
        b"v=spf1 ip4:192.0.2.0/24 include:b.a.test exists:%{i}.%{l1r-}.a.test redirect=c.a.test -all",
        b"v=spf1 a:a.test/24//64 mx ptr ip6:2001:db8::/32 ?all exp=e.a.test",
    ],
    "authres": [b"mx.a.test 1; spf=pass (ok) smtp.mailfrom=a@a.test; dmarc/1=pass header.from=a.test"],
    "dkim": [b"v=1; a=rsa-sha256; c=relaxed; d=a.test; s=s; h=from:to; bh=AA==; b=AA==; l=1; x=2; t=1"],
    "envelope": [b"<a@a.test> SIZE=1 BODY=8BITMIME", b"[IPv6:2001:db8::1]", b"=?utf-8?Q?a?=@a.test"],
    "dsn": [b"Reporting-MTA: a\r\n\r\nFinal-Recipient: rfc822; a@a.test\r\nAction: failed\r\nStatus: 5.1.1"],
}


def seeds(name: str) -> Iterator[bytes]:
    """Inputs for a target out of the corpus and the hostile table."""
    yield from _TEXTS.get(name, ())
    for raw in _mails():
        header, _, body = raw.partition(b"\r\n\r\n")
        if name in {"message", "examine"}:
            yield raw
        elif name in _FIELDS:
            for line in header.replace(b"\r\n ", b" ").split(b"\r\n"):
                key, _, value = line.partition(b":")
                if key.lower() in _FIELDS[name]:
                    yield value.strip()
        elif name in {"dsn", "quoting", "form"}:
            yield body


def _mails() -> Iterator[bytes]:
    for path in sorted((TESTS / "corpus").glob("*.eml")):
        yield path.read_bytes()
    for line in (TESTS / "data" / "hostile.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["kind"] == "message" and len(row["b64"]) < 30_000:
            yield b64decode(row["b64"])
