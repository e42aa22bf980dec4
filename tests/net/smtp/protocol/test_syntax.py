"""Arguments of EHLO, MAIL and RCPT: one strict pattern, and what is wrong is told by its code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.address import Address
from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.net.smtp.protocol.syntax import MailCommand, is_foreign, parse_helo, parse_mail, parse_rcpt

REI = Address("rei", "city.mihon.example")
POSTMASTER = Address("postmaster", "desk.example")

BAD_PATHS = [
    pytest.param(b"<=?utf-8?Q?a=0D=0ARCPT_TO=3A=3Cv=40v.example=3E?=@a.example>", id="E02-encoded-crlf"),
    pytest.param(b"<=?utf-8?B?ZGVzaw==?=@desk.example>", id="E03-encoded-local-part"),
    pytest.param(b"<a@=?utf-8?Q?legit.example?=>", id="E04-encoded-word-domain"),
    pytest.param(b"rei@city.mihon.example", id="E05-no-brackets"),
    pytest.param(b"< rei@city.mihon.example>", id="E05-space-inside"),
    pytest.param(b"<rei@city.mihon.example >", id="E05-space-at-the-end"),
    pytest.param(b"\x0b<rei@city.mihon.example>", id="E10-control-before"),
    pytest.param(b"<rei@city.mihon.example>x", id="E05-text-behind"),
    pytest.param(b"<rei@city.mihon.example", id="E05-open-bracket"),
    pytest.param(b"<rei@city.mihon.example (Rei)>", id="E05-comment"),
    pytest.param(b"<any@legit.example(a.attack.example>", id="E06-open-comment"),
    pytest.param(b"<any@legit.example'a.attack.example>", id="E07-quote-in-domain"),
    pytest.param(b"<@legit.example,@any.example:'any@attack.example>", id="E08-route"),
    pytest.param(b"<@legit.example:any@attack.example>", id="E08-route-of-one"),
    pytest.param(b"<a@b@c.example>", id="E09-two-at"),
    pytest.param(b"<a\x00@a.example>", id="E10-nul"),
    pytest.param(b"<a\r@a.example>", id="E10-cr"),
    pytest.param(b"<a\x0b@a.example>", id="E10-vt"),
    pytest.param(b"<a\t@a.example>", id="E10-tab"),
    pytest.param(b"<a@a.example\n>", id="E10-lf"),
    pytest.param(b"<a@[127.0.0.1]>", id="E12-literal"),
    pytest.param(b"<a@xn--->", id="E13-one-label-of-hyphens"),
    pytest.param(b"<a@-a.example>", id="E13-hyphen-first"),
    pytest.param(b"<a@a..example>", id="E13-empty-label"),
    pytest.param(b"<a@a.example.>", id="E13-root-dot"),
    pytest.param(b"<a@a>", id="E13-one-label"),
    pytest.param(b"<" + b"a" * 300 + b"@a.example>", id="E13-local-part-300"),
    pytest.param(b"<a@" + b"b" * 300 + b">", id="E13-label-300"),
    pytest.param(b"<a@" + b"b." * 130 + b"example>", id="E13-domain-267"),
    pytest.param(b"<;id@a.example>", id="E14-semicolon"),
    pytest.param(b'<"admin@legit.example"@attack.example>', id="E16-quoted-at"),
    pytest.param(b'<"a>b"@attack.example>', id="E16-quoted-bracket"),
]


@pytest.mark.parametrize("path", BAD_PATHS)
def test_bad_path_is_501_by_its_role(path: bytes) -> None:
    """5.1.7 for a sender, 5.1.3 for a recipient (RFC 3463 section 3.2)."""
    assert smtp_reply.BAD_SENDER == parse_mail(b"FROM:" + path)
    assert smtp_reply.BAD_RECIPIENT == parse_rcpt(b"TO:" + path, POSTMASTER)


@pytest.mark.parametrize(
    "path", [b"<\xff@a.example>", "<é@a.example>".encode(), "<a@℡.example>".encode(), b"\x80"]
)
def test_e11_eight_bit_path_is_553(path: bytes) -> None:
    """SMTPUTF8 is not offered (RFC 6531 section 3.5)."""
    assert smtp_reply.NO_SMTPUTF8 == parse_mail(b"FROM:" + path)
    assert smtp_reply.NO_SMTPUTF8 == parse_rcpt(b"TO:" + path, None)


@pytest.mark.parametrize(
    ("argument", "wanted"),
    [
        (b"FROM:<rei@city.mihon.example>", MailCommand(REI, 0)),
        (b"from:<rei@CITY.mihon.example> SIZE=10", MailCommand(REI, 10)),
        (b"FROM:<> BODY=8BITMIME SIZE=0", MailCommand(None, 0)),
        (b"FROM:<> body=7bit", MailCommand(None, 0)),
        (b"", smtp_reply.BAD_SYNTAX),
        (b"<rei@city.mihon.example>", smtp_reply.BAD_SYNTAX),
        (b"TO:<rei@city.mihon.example>", smtp_reply.BAD_SYNTAX),
        (b"FROM:", smtp_reply.BAD_SENDER),
        (b"FROM:<>\x0bSIZE=1", smtp_reply.BAD_SENDER),
        (b"FROM:<> \x0bSIZE=1", smtp_reply.BAD_SYNTAX),
        (b"FROM:<>  SIZE=1", MailCommand(None, 1)),
        (b"FROM:<>\tSIZE=1 ", MailCommand(None, 1)),
        (b"FROM: <> SIZE=1", MailCommand(None, 1)),
        (b"FROM: \t<rei@city.mihon.example> ", MailCommand(REI, 0)),
        (b'FROM:<"rei..x"@phone.example>', MailCommand(Address("rei..x", "phone.example"), 0)),
        (b'FROM:<"rei"@phone.example>', smtp_reply.BAD_SENDER),
        (b"FROM:<> SIZE", smtp_reply.BAD_SYNTAX),
        (b"FROM:<> SIZE=", smtp_reply.BAD_SYNTAX),
        (b"FROM:<> SIZE=-1", smtp_reply.BAD_SYNTAX),
        (b"FROM:<> SIZE=1e3", smtp_reply.BAD_SYNTAX),
        (b"FROM:<> SIZE=" + b"9" * 21, smtp_reply.BAD_SYNTAX),
        (b"FROM:<> SIZE=1 size=2", smtp_reply.BAD_SYNTAX),
        (b"FROM:<> BODY=7BIT BODY=7BIT", smtp_reply.BAD_SYNTAX),
        (b"FROM:<> =1", smtp_reply.BAD_SYNTAX),
        (b"FROM:<> BODY=BINARYMIME", smtp_reply.UNKNOWN_PARAMETER),
        (b"FROM:<> BODY", smtp_reply.UNKNOWN_PARAMETER),
        (b"FROM:<> SMTPUTF8", smtp_reply.UNKNOWN_PARAMETER),
        (b"FROM:<> AUTH=<>", smtp_reply.UNKNOWN_PARAMETER),
        (b"FROM:<> RET=HDRS", smtp_reply.UNKNOWN_PARAMETER),
    ],
)
def test_mail_and_its_parameters(argument: bytes, wanted: MailCommand | SmtpReply) -> None:
    """RFC 5321 section 4.1.1.2, RFC 1870, RFC 6152."""
    assert wanted == parse_mail(argument)


@pytest.mark.parametrize(
    ("argument", "postmaster", "wanted"),
    [
        (b"TO:<rei@city.mihon.example>", None, REI),
        (b"to:<PostMaster>", POSTMASTER, POSTMASTER),
        (b"TO:<postmaster>", None, smtp_reply.BAD_RECIPIENT),
        (b"TO:<>", POSTMASTER, smtp_reply.BAD_RECIPIENT),
        (b"FROM:<>", POSTMASTER, smtp_reply.BAD_SYNTAX),
        (b"TO:<rei@city.mihon.example> NOTIFY=NEVER", None, smtp_reply.UNKNOWN_PARAMETER),
        (b"TO:<rei@city.mihon.example> =", None, smtp_reply.BAD_SYNTAX),
    ],
)
def test_rcpt(argument: bytes, postmaster: Address | None, wanted: Address | SmtpReply) -> None:
    """RFC 5321 sections 4.1.1.3 and 4.5.1."""
    assert wanted == parse_rcpt(argument, postmaster)


@pytest.mark.parametrize(
    ("argument", "valid"),
    [
        (b"c", True),
        (b"mx.city.mihon.example", True),
        (b"XN--A.example", True),
        (b"192.0.2.1", True),
        (b"[192.0.2.1]", True),
        (b"[IPv6:2001:db8::1]", True),
        (b"[2001:db8::1]", False),
        (b"[IPv6:192.0.2.1]", False),
        (b"[...]", False),
        (b"", False),
        (b"a b", False),
        (b"a..b", False),
        (b"-a.example", False),
        (b"a_b.example", True),
        (b"MAIL_SV01", True),
        (b"a.example..", False),
        (b".", False),
        (b"a\x00b", False),
        (b"a\x1b[31m", False),
        (b"a\rb", False),
        (b"\xff", False),
        (b"a\n", False),
        (b"a" * 64, False),
        (b".".join([b"a" * 60] * 4) + b".example", True),
        (b".".join([b"a" * 60] * 5), False),
    ],
)
def test_c05_helo_is_a_domain_or_a_literal(argument: bytes, valid: bool) -> None:
    """Control octets never get into the session."""
    assert (argument.decode("ascii") if valid else None) == parse_helo(argument)


@pytest.mark.parametrize("argument", [b"A_b.example.", b"A_b.example ", b"A_b.example. \t"])
def test_what_stands_behind_the_name_in_ehlo_is_dropped(argument: bytes) -> None:
    assert "A_b.example" == parse_helo(argument)


@given(st.binary(max_size=400))
def test_no_octets_raise(argument: bytes) -> None:
    """And a name that is taken is printable."""
    helo = parse_helo(argument)
    assert helo is None or (helo.isascii() and helo.isprintable())
    parse_mail(b"FROM:" + argument)
    parse_mail(b"FROM:<a@a.example>" + argument)
    parse_rcpt(b"TO:" + argument, POSTMASTER)


@pytest.mark.parametrize(
    ("verb", "foreign"),
    [
        (b"GET", True),
        (b"CONNECT", True),
        (b"HOST:", True),
        (b"SUBJECT:X", True),
        (b"GETX", False),
        (b"::", False),
    ],
)
def test_c07_verbs_of_other_protocols(verb: bytes, foreign: bool) -> None:
    """HTTP and header fields are no typing errors."""
    assert foreign == is_foreign(verb)
