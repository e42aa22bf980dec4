"""Reading what is hostile: MIME and charsets that lie, nest, count and grow (groups M and U).

Every mail ends in 250 with the text that a careful clerk would see, or in 550; never in an exception, and
never with something of an attachment, of a hidden part or of another charset taken for words.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from gateway.admission.application import form
from gateway.admission.organisations import domains
from gateway.admission.replies import decision
from gateway.admission.replies.reading import Decision
from gateway.mail import address, message, text
from gateway.mail.header import encoded_words, fields
from gateway.mail.message import MalformedMessageError
from gateway.mail.mime import content, dsn, html_text
from tests.hostile.desk import FORM, HostileDesk, hostile_desk

HEAD = b"From: a@a.test\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
MULTI = b'Content-Type: multipart/mixed; boundary="b"\r\n'
PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n"
WORDS = FORM.encode()
TRANSFER = b"Content-Transfer-Encoding: "
MIXED, ENCODED = MULTI + b"\r\n", PLAIN + TRANSFER
END = b"--b--\r\n"
ZIP = b64encode(b"PK\x03\x04" + b"\0" * 600)


def part(head: bytes, body: bytes, boundary: bytes = b"b") -> bytes:
    return b"--" + boundary + b"\r\n" + head + b"\r\n" + body + b"\r\n"


def nested(depth: int) -> bytes:
    """Multiparts inside one another, with the form in the innermost."""
    inner = PLAIN + b"\r\n" + WORDS
    for level in range(depth):
        name = b"x%d" % level
        inner = (
            b"Content-Type: multipart/mixed; boundary=" + name + b"\r\n\r\n"
            b"--" + name + b"\r\n" + inner + b"\r\n--" + name + b"--\r\n"
        )
    return inner


def attached(kind: bytes, data: bytes) -> bytes:
    return (
        MULTI
        + b"\r\n"
        + part(PLAIN, WORDS)
        + part(kind + b"Content-Transfer-Encoding: base64\r\n", data)
        + b"--b--"
    )


PREFIXES = (
    MULTI.replace(b'"b"', b"b")
    + b"\r\n"
    + part(b"Content-Type: multipart/alternative; boundary=bb\r\n", part(PLAIN, WORDS, b"bb") + b"--bb--")
    + b"--b--\r\n"
)
# (id, everything behind HEAD, whether the form is read; None: refused)
ROWS: list[tuple[str, bytes, bool | None]] = [
    ("M09-no-boundary", b"Content-Type: multipart/mixed\r\n\r\n" + WORDS, False),
    ("M09-empty-boundary", b'Content-Type: multipart/mixed; boundary=""\r\n\r\n' + WORDS, False),
    ("M22-depth-20", nested(20), True),
    ("M22-depth-21", nested(21), None),
    ("M22-depth-1000", nested(1000), None),
    ("M23-200-fields", b"".join(b"X-%d: y\r\n" % n for n in range(196)) + b"\r\n" + WORDS, True),
    ("M23-201-fields", b"".join(b"X-%d: y\r\n" % n for n in range(197)) + b"\r\n" + WORDS, None),
    ("M23-field-over-16-KB", b"X: " + b"\r\n ".join([b"y" * 900] * 20) + b"\r\n\r\n" + WORDS, None),
    ("M24-header-over-64-KB", b"".join(b"X%d: %s\r\n" % (n, b"y" * 900) for n in range(80)) + b"\r\n", None),
    ("M26-100-parts", MIXED + part(PLAIN, WORDS) + part(b"", b"x") * 98 + END, True),
    ("M26-101-parts", MIXED + part(PLAIN, WORDS) + part(b"", b"x") * 100 + END, None),
    ("M27-part-with-201-fields", MIXED + part(b"A: b\r\n" * 201, b"x") + END, None),
    ("M28-prefix", PREFIXES, True),
    ("M28-trailing-space", MIXED + part(PLAIN, WORDS).replace(b"--b\r", b"--b \r") + END, True),
    ("M28-same-inside", MIXED + part(MULTI, part(PLAIN, WORDS)) + END, True),
    ("M28-3000", MULTI.replace(b"b\"", b"b" * 800 + b'"') + b"\r\n" + WORDS, None),
    ("M28-in-pieces", MULTI.replace(b'="b"', b"*0=b; boundary*1=c") + b"\r\n--bc\r\n\r\n" + WORDS, True),
    ("M30-base64-of-junk", ENCODED + b"base64\r\n\r\n" + b"=!@#$" * 150, False),
    ("M30-base64-label-on-text", ENCODED + b"base64\r\n\r\n" + WORDS, True),
    ("M30-uuencode", ENCODED + b"x-uuencode\r\n\r\n" + WORDS, True),
    ("M30-quoted-printable", ENCODED + b"quoted-printable\r\n\r\n=" + b"\r\n=" * 999, False),
    ("M30-on-a-multipart", MULTI + TRANSFER + b"base64\r\n\r\n" + part(PLAIN, WORDS) + END, True),
    ("M30-twice", ENCODED + b"8bit\r\n" + TRANSFER + b"base64\r\n\r\n" + WORDS, True),
    ("M31-zip", attached(b"Content-Type: application/zip; name=42.zip\r\n", ZIP), True),
    ("M31-exe", attached(PLAIN[:-2] + b"; name=a.exe\r\n", b64encode(b"MZ" + WORDS)), True),
    ("M31-tnef", attached(b"Content-Type: application/ms-tnef; name=winmail.dat\r\n", ZIP), True),
    ("M31-p7m", b"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n\r\n" + ZIP, False),
    ("M31-pgp", MIXED.replace(b"mixed", b"encrypted") + part(b"", b"Version: 1") + END, False),
    ("M32-charset-in-pieces", PLAIN[:-2] + b"; charset*0=utf; charset*1=-7\r\n\r\n" + WORDS, True),
    ("M32-charset-percent", b"Content-Type: text/plain; charset*=us-ascii''%75tf-7\r\n\r\n" + WORDS, True),
    ("M32-two-charsets", PLAIN[:-2] + b"; charset=utf-7\r\n\r\n" + WORDS, True),
    ("M32-name-is-a-path", attached(b"Content-Type: a/b; name*=utf-8''%2e%2e%2f%00x%0d%0a\r\n", ZIP), True),
    ("M32-piece-99999", attached(b"Content-Type: a/b; name*99999999999=x\r\n", ZIP), True),
    ("M35-preamble", MIXED + WORDS + part(PLAIN, b"hello") + END, False),
    ("M35-epilogue", MIXED + part(PLAIN, b"hello") + b"--b--\r\n" + part(PLAIN, WORDS), False),
    ("M36-partial", b"Content-Type: message/partial; id=x; number=1; total=2\r\n\r\n" + WORDS, False),
    ("M36-external", b"Content-Type: message/external-body; access-type=ftp\r\n\r\n\r\n" + WORDS, False),
    ("M36-rfc822", b"Content-Type: message/rfc822\r\n\r\nFrom: b@a.test\r\n\r\n" + WORDS, False),
    ("M37-type-twice", b"Content-Type: application/x\r\n" + PLAIN + b"\r\n" + WORDS, False),
    ("M38-garbage-type", b"Content-Type: ;;;=\xff\r\n\r\n" + WORDS, True),
    ("U06-utf-7", PLAIN.replace(b"utf-8", b"utf-7") + b"\r\n+bDlULQ-: +ipt7-\r\n", False),
    ("U06-escapes", PLAIN.replace(b"utf-8", b"unicode_escape") + b"\r\n\\u6c0f\\u540d: \\u898b\r\n", False),
    ("U06-rot13", PLAIN.replace(b"utf-8", b"rot13") + b"\r\n" + WORDS, True),
    ("U06-idna-and-kin", PLAIN.replace(b"utf-8", b"idna") + b"\r\n" + WORDS, True),
    ("U06-null-label", PLAIN.replace(b"utf-8", b'"\x01"') + b"\r\n" + WORDS, True),
    ("U06-label-of-2000", PLAIN.replace(b"utf-8", b"u" * 900) + b"\r\n" + WORDS, True),
    ("U07-not-utf-16", PLAIN.replace(b"utf-8", b"utf-16") + b"\r\n" + WORDS, True),
    ("U09-surrogates", PLAIN + b"\r\n" + WORDS.replace(b"\xe8\xa6\x8b", b"\xed\xa0\x80"), True),
]  # fmt: skip


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[HostileDesk]:
    """One desk for all rows."""
    async with hostile_desk(tmp_path_factory.mktemp("reading")) as running:
        yield running


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("case", "rest", "is_read"), ROWS, ids=[row[0] for row in ROWS])
async def test_a_mail_is_read_as_a_clerk_would_or_refused(
    desk: HostileDesk, case: str, rest: bytes, is_read: bool | None
) -> None:
    answer = await desk.send(b"Message-ID: <" + case.encode() + b"@a.test>\r\n" + HEAD + rest, "a@a.test")
    assert ("550 5.6.0" if is_read is None else "250 2.0.0") == answer[:9]
    if is_read is not None:
        found = content.extract(message.parse(HEAD + rest))
        assert is_read == (form.parse_form(found.text).code == "990019")


async def test_m31_an_attachment_is_a_name_and_a_size_and_its_octets_are_not_kept(desk: HostileDesk) -> None:
    raw = attached(b"Content-Type: application/zip; name=42.zip\r\n", ZIP)
    found = content.extract(message.parse(HEAD + raw))
    assert [("42.zip", "application/zip", 604)] == [
        (one.name, one.content_type, one.size_bytes) for one in found.attachments
    ]


@pytest.mark.parametrize(
    "page",
    [
        "<script>approve</script>decline",
        "<style>approve</style>",
        "<p style='display:none'>approve</p>",
        "<img src=http://a.test/x alt=approve>",
        "<!-- --><title>approve</title>",
        "<template>approve</template>",
        "<a href='mailto:decide@mx.test?body=approve'>click</a>",
    ],
)
def test_m33_nothing_is_decided_by_html(page: str) -> None:
    """Decisions are not read from HTML at all (test_classify); and what is never shown is not even text."""
    assert "approve" not in html_text.to_text(page)
    found = content.extract(message.parse(HEAD + b"Content-Type: text/html\r\n\r\n" + page.encode()))
    assert found.source in {"html", "none"}


@pytest.mark.parametrize(
    "value", ["+9" * 10, "-99999999999999999999", "Mon, 99 Xxx 99999 99:99:99 +9999", "Mon, 1 Jun 2026 " * 20]
)
def test_m07_an_absurd_date_is_kept_and_counts_as_none(value: str) -> None:
    """It goes into the key of duplicates as it is; as a time it is missing, and no exception gets out."""
    found = message.parse(f"Date: {value}\r\n\r\n".encode())
    assert value.strip().encode() == (found.first("date") or b"").strip()
    assert fields.date(found) is None


@pytest.mark.parametrize(
    ("size", "repeat"), [(15_000, b"=?utf-8?Q?=61?="), (15_000, b"=?x?q?a "), (15_000, b"=?")]
)
def test_m16_to_m19_encoded_words_are_read_in_one_pass(size: int, repeat: bytes) -> None:
    """The steps of the reader grow as the field does: four times as long is four times the pieces."""
    few, many = (
        len(list(encoded_words._split_pieces(repeat * (n // len(repeat))))) for n in (size // 4, size)
    )
    assert many <= 4 * few + 4


def test_u10_a_subject_is_one_harmless_line() -> None:
    hostile = "a\u202eb\x1b[31mc\u2028d\u2066e" + "x" * 3_000
    raw = f"Subject: {hostile}\r\n".encode() + b"From: a@a.test\r\n\r\n"
    shown = fields.subject(message.parse(raw))
    assert "ab[31mc de" == shown[:10]
    assert 1_000 >= len(shown)
    assert 200 >= len(fields.sanitize_header(hostile))
    assert text.printable(shown, 5_000) == shown


@pytest.mark.parametrize("name", ["lg。jp", "l\xadg.jp", "℡.jp", "ｌｇ．ｊｐ", "lg.jp\0", "lg.jp."])
def test_u13_a_domain_in_other_characters_is_no_address(name: str) -> None:
    """No code maps what a stranger wrote to ASCII: the mapping would make a government of it."""
    with pytest.raises(address.AddressError):
        address.parse(f"a@town.rei.{name}")


@pytest.mark.parametrize(
    "name", ["xn--lg.jp", "lg.jp.a.test", "1g.jp", "lg-jp.jp", "lgjp.jp", "xn--lgjp-3s5a.test"]
)
def test_u13_a_name_that_only_looks_like_a_government_is_none(name: str) -> None:
    found = domains.classify(f"town.rei.{name}", personal=frozenset(), own={})
    assert domains.DomainKind.LOCAL_GOV_LG is not found.kind


def test_u03_what_an_escape_sequence_hides_is_read_as_the_eye_reads_it() -> None:
    hidden = b'\x1b$B$"\r\n> approve\r\n'
    raw = HEAD + PLAIN.replace(b"utf-8", b"iso-2022-jp") + b"\r\n" + hidden
    assert Decision.NONE is decision.parse(content.extract(message.parse(raw)).text).decision


def test_m15_numbers_of_thousands_of_digits_are_no_numbers() -> None:
    """int() refuses them with ValueError: every number is bounded before it is read."""
    digits = b"9" * 5_000
    status = b"Reporting-MTA: a\r\n\r\nAction: failed\r\nStatus: " + digits + b".1.1\r\n"
    kind = b"Content-Type: message/delivery-status\r\n"
    report = b"Content-Type: multipart/report; boundary=b\r\n\r\n" + part(kind, status) + END
    found = dsn.parse_dsn(message.parse(report))
    assert found is not None
    assert "" == found.recipients[0].status
    assert html_text.to_text("&#" + "9" * 5_000 + ";").endswith("999;")
    with pytest.raises(MalformedMessageError):
        message.parse(b"X: " + b"9" * 20_000 + b"\r\n\r\n")
