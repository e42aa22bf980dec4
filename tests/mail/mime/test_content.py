"""What a mail says: the first plain text, else the HTML's; attachments by name; caps instead of surprises."""

from __future__ import annotations

import quopri
from base64 import encodebytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.message import MalformedMessageError, parse
from gateway.mail.mime.content import MAX_TEXT_BYTES, Attachment, Content, extract

MULTI = b"Content-Type: multipart/%s; boundary=b"


def read_raw(head: bytes, body: bytes) -> Content:
    """The content of a message with these further fields."""
    return extract(
        parse(b"From: rei@city.mihon.example\r\n" + (head + b"\r\n" if head else b"") + b"\r\n" + body)
    )


def multipart(*parts: bytes, subtype: bytes = b"mixed", end: bytes = b"--b--\r\n") -> Content:
    """The content of a multipart; a part is its header, an empty line and its body."""
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
    return read_raw(MULTI % subtype, body + end)


def plain(text: str) -> bytes:
    """A part of plain text in UTF-8."""
    return b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode()


HTML = b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>html</p>"


@pytest.mark.parametrize(
    ("text", "head", "body"),
    [
        pytest.param("a\nb\n", b"", b"a\r\nb\r\n", id="no-content-type"),
        pytest.param("申請", b"Content-Type: text/plain; charset=UTF-8", "申請".encode(), id="utf-8"),
        pytest.param("①", b'Content-Type: text/plain; charset="cp932"', b"\x87\x40", id="quoted-charset"),
        pytest.param(
            "申請", b"Content-Type: text/plain;\r\n charset=iso-2022-jp", b"\x1b$B?=@A\x1b(B", id="folded"
        ),
        pytest.param("申請", b"Content-Type: text", "申請".encode(), id="unusable-content-type"),
        pytest.param(
            "申請", b"Content-Type: text/plain; charset*=us-ascii'en'utf-8", "申請".encode(), id="RFC-2231"
        ),
        pytest.param("a", b"Content-Type: text/plain; charset=undefined", b"a", id="M08-undefined"),
        pytest.param("a", b"Content-Type: text/plain; charset=zlib", b"a", id="M08-zlib"),
        pytest.param("a", b'Content-Type: text/plain; charset="\x01"', b"a", id="M08-control"),
        pytest.param("a", b'Content-Type: text/plain; name="' + b"a;" * 8000, b"a", id="M20-unclosed-quote"),
        pytest.param("a", b"Content-Type: text/plain" + b";x=y" * 4000, b"a", id="M20-parameters"),
        pytest.param(
            "a",
            b"Content-Type: text/plain" + b"".join(b";\r\n name*%d*=a" % n for n in range(900)),
            b"a",
            id="M21",
        ),
        pytest.param("申", b"Content-Transfer-Encoding: base64", b"55*Sz!", id="M30-base64-junk"),
        pytest.param("ab", b"Content-Transfer-Encoding: BASE64", b"YQ==\r\nYg==", id="M30-two-paddings"),
        pytest.param("a", b"Content-Transfer-Encoding: base64", b"YQ", id="M30-no-padding"),
        pytest.param(
            "a=b", b"Content-Transfer-Encoding: quoted-printable", b"a=3Db=\r\n", id="quoted-printable"
        ),
        pytest.param(
            "a=ZZ", b"Content-Transfer-Encoding: quoted-printable", b"a=ZZ", id="M30-bad-quoted-printable"
        ),
        pytest.param("begin", b"Content-Transfer-Encoding: x-uuencode", b"begin", id="M30-uuencode"),
    ],
)
def test_text_of_a_single_part(text: str, head: bytes, body: bytes) -> None:
    assert (text, "plain") == (read_raw(head, body).text, read_raw(head, body).source)


def test_m30_many_equals_signs_do_no_harm() -> None:
    assert read_raw(b"Content-Transfer-Encoding: quoted-printable", b"=" * 64000).text.strip("=") == ""


@pytest.mark.parametrize(
    ("text", "source", "content"),
    [
        pytest.param("one\n\ntwo", "plain", multipart(plain("one"), plain("two")), id="every-plain"),
        pytest.param(
            "one", "plain", multipart(HTML, plain("one"), subtype=b"alternative"), id="plain-before-html"
        ),
        pytest.param(
            "html", "html", multipart(plain(" \r\n"), HTML, subtype=b"alternative"), id="blank-plain"
        ),
        pytest.param(
            "two",
            "plain",
            multipart(b"Content-Disposition: attachment\r\n\r\none", plain("two")),
            id="attachment",
        ),
        pytest.param(
            "two",
            "plain",
            multipart(b"Content-Disposition: x-odd\r\n\r\none", plain("two")),
            id="unknown-is-attachment",
        ),
        pytest.param(
            "two",
            "plain",
            multipart(b"Content-Type: text/plain; name=a.txt\r\n\r\none", plain("two")),
            id="named",
        ),
        pytest.param("one", "plain", multipart(b"Content-Disposition: inline\r\n\r\none"), id="inline"),
        pytest.param(
            "", "none", multipart(b"Content-Type: text/calendar; method=REPLY\r\n\r\none"), id="L19-calendar"
        ),
        pytest.param(
            "", "none", multipart(b"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\none"), id="message"
        ),
        pytest.param(
            "", "none", multipart(b"Content-Type: message/partial; id=x\r\n\r\none"), id="M36-partial"
        ),
        pytest.param(
            "",
            "none",
            multipart(b"Content-Type: message/external-body; access-type=URL\r\n\r\n\r\none"),
            id="M36-external",
        ),
        pytest.param("", "none", multipart(b"\r\nSubject: x", subtype=b"digest"), id="digest-holds-messages"),
        pytest.param(
            "one",
            "plain",
            multipart(plain("one"), end=b"--b--\r\n--b\r\n\r\ntwo\r\n--b--\r\n"),
            id="M35-after-the-end",
        ),
        pytest.param(
            "one", "plain", read_raw(MULTI % b"mixed", b"pre\r\n--b\r\n\r\none\r\n--b--"), id="M35-preamble"
        ),
        pytest.param("one\n", "plain", multipart(b"\r\none", end=b""), id="no-closing-line"),
        pytest.param(
            "one",
            "plain",
            read_raw(MULTI % b"mixed", b"--b \t\r\n\r\none\r\n--b--  \r\n"),
            id="M28-spaces-behind",
        ),
        pytest.param("one\n--bb\nx", "plain", multipart(b"\r\none\r\n--bb\r\nx"), id="M28-longer-boundary"),
        pytest.param("", "none", read_raw(b"Content-Type: multipart/mixed", b"one"), id="M09-no-boundary"),
        pytest.param("", "none", read_raw(MULTI % b"mixed", b""), id="empty"),
        pytest.param("", "none", read_raw(MULTI % b"mixed", b"--b\r\n--b\r\n--b--"), id="empty-parts"),
        pytest.param("", "none", read_raw(b"Content-Type: application/pkcs7-mime", b"MIIB"), id="P21-opaque"),
    ],
)
def test_which_part_is_the_text(text: str, source: str, content: Content) -> None:
    assert (text, source) == (content.text, content.source)


def test_inner_multiparts_are_read_and_prefix_boundaries_kept_apart() -> None:
    inner = b"Content-Type: multipart/alternative; boundary=bb\r\n\r\n--bb\r\n\r\none\r\n--bb--\r\n"
    assert "one\n\ntwo" == multipart(inner, plain("two")).text


@pytest.mark.parametrize(
    ("packing", "head"),
    [
        ("tnef", b"Content-Type: application/ms-tnef; name=winmail.dat"),
        ("tnef", b"Content-Type: application/octet-stream; name=WINMAIL.DAT"),
        ("tnef", b'Content-Disposition: attachment; filename="winmail.dat"'),
        ("smime", b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m"),
        ("smime", b"Content-Type: application/x-pkcs7-mime; smime-type=enveloped-data"),
        ("", b"Content-Type: application/pkcs7-signature; name=smime.p7s"),
        ("", b"Content-Type: application/pdf; name=a.pdf"),
    ],
)
def test_what_packs_a_text_is_told_apart(packing: str, head: bytes) -> None:
    assert packing == multipart(plain(""), head + b"\r\n\r\nabc").packing
    assert packing == read_raw(head, b"abc").packing


def test_attachments_are_named_and_measured_but_not_kept() -> None:
    data = encodebytes(b"x" * 1000).replace(b"\n", b"\r\n")
    content = multipart(
        plain("one"),
        b"Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" + data,
        b"Content-Disposition: attachment; filename*0*=utf-8''%E7%94%B3; filename*1=.pdf\r\n\r\n12345",
        b"Content-Disposition: attachment; filename==?utf-8?B?55SzLnhscw==?=\r\n\r\n",
        b'Content-Disposition: attachment; filename="\x90\x5c\x90\xbf.doc"\r\n\r\n',
    )
    expected = (
        Attachment("a.zip", "application/zip", 1000),
        Attachment("申.pdf", "text/plain", 5),
        Attachment("申.xls", "text/plain", 0),
    )
    assert expected == content.attachments[:3]
    assert 4 == len(content.attachments)


def test_report_of_a_multipart_report() -> None:
    content = multipart(
        plain("one"), b"Content-Type: message/delivery-status\r\n\r\nAction: failed", subtype=b"report"
    )
    assert b"Action: failed" == content.report
    assert multipart(plain("one")).report is None


NESTED = b"".join(
    b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(1000)
)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        pytest.param(MULTI % b"mixed", b"--b\r\n\r\nx\r\n" * 101, id="M26-parts"),
        pytest.param(MULTI % b"mixed", b"--b\r\n" * 64000, id="M26-empty-parts"),
        pytest.param(b"Content-Type: multipart/mixed; boundary=b0", NESTED, id="M-depth"),
        pytest.param(b"Content-Type: multipart/mixed; boundary=" + b"b" * 71, b"", id="M28-boundary"),
        pytest.param(MULTI % b"mixed", b"--b\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", id="M-part-header"),
        pytest.param(MULTI % b"mixed", b"--b\r\n" + b"X: y\r\n" * 300 + b"\r\n", id="M-part-fields"),
    ],
)
def test_over_the_caps_is_malformed(head: bytes, body: bytes) -> None:
    with pytest.raises(MalformedMessageError):
        read_raw(head, body)


def test_long_text_is_cut_at_a_line_and_keeps_its_charset() -> None:
    content = read_raw(b"Content-Type: text/plain; charset=utf-8", "申請\r\n".encode() * 200_000)
    assert {"申請"} == set(content.text.splitlines())
    assert len(content.text.encode()) <= MAX_TEXT_BYTES


@pytest.mark.parametrize(
    ("text", "delsp", "body"),
    [
        pytest.param("a b\nc", b"", b"a \r\nb\r\nc", id="soft-and-hard"),
        pytest.param("申請です", b"; delsp=yes", "申請 \r\nです".encode(), id="delsp"),
        pytest.param(" a\n\u2060>b", b"", b"  a\r\n >b", id="stuffed"),
        pytest.param("> a b\nc", b"", b"> a \r\n> b\r\nc", id="quoted"),
        pytest.param("> a \nb", b"", b"> a \r\nb", id="depth-changes"),
        pytest.param("a \n-- \nRei", b"", b"a \r\n-- \r\nRei", id="signature"),
    ],
)
def test_flowed_text_is_joined(text: str, delsp: bytes, body: bytes) -> None:
    assert text == read_raw(b"Content-Type: text/plain; charset=utf-8; format=flowed" + delsp, body).text


LINES = [
    b"--b",
    b"--b--",
    b"--bb",
    b"",
    b"Content-Type: multipart/mixed; boundary=bb",
    b"Content-Type: text/html",
    b"Content-Type: text/plain; charset=iso-2022-jp; format=flowed",
    b"Content-Transfer-Encoding: base64",
    b"Content-Disposition: attachment; filename*0*='",
    b"YQ",
    b"\x1b$B\xff",
    b"<a b='",
    b"&#x;",
    b":",
]


@given(
    st.lists(st.sampled_from(LINES) | st.binary(max_size=20), max_size=40),
    st.sampled_from([b"mixed", b"report", b"digest"]),
)
def test_any_body_gives_content_or_malformed(lines: list[bytes], subtype: bytes) -> None:
    try:
        content = read_raw(MULTI % subtype, b"\r\n".join(lines))
    except MalformedMessageError:
        return
    content.text.encode("utf-8")
    assert "\0" not in content.text


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=80))
def test_text_survives_both_transfer_encodings(text: str) -> None:
    data = text.encode()
    text = text.removeprefix("\ufeff")
    for encoding, body in (("base64", encodebytes(data)), ("quoted-printable", quopri.encodestring(data))):
        head = f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}".encode()
        assert text.strip() == read_raw(head, body.replace(b"\n", b"\r\n")).text.strip()
