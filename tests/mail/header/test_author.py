"""Who is the author: exactly one From with exactly one mailbox, or nobody."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail import address
from gateway.mail.header.fields import AuthorError, Mailbox, author
from gateway.mail.message import MalformedMessageError, parse


def read(value: bytes) -> Mailbox:
    """The author of a message with this From."""
    return author(parse(b"From:" + value + b"\r\n\r\n"))


REI = "rei@city.mihon.example"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("", b" rei@city.mihon.example", id="bare"),
        pytest.param("", b"rei@City.Mihon.Example", id="domain-in-capitals"),
        pytest.param("", b" <rei@city.mihon.example>", id="angle"),
        pytest.param("Rei Mihon", b" Rei Mihon <rei@city.mihon.example>", id="name"),
        pytest.param("Rei", b" Rei<rei@city.mihon.example>", id="no-space"),
        pytest.param("Rei M. Mihon", b" Rei M. Mihon <rei@city.mihon.example>", id="dot-in-name"),
        pytest.param("Mihon, Rei", b' "Mihon, Rei" <rei@city.mihon.example>', id="quoted"),
        pytest.param('a"b\\c', b' "a\\"b\\\\c" <rei@city.mihon.example>', id="quoted-pairs"),
        pytest.param("Rei M", b' "Rei" M\r\n <rei@city.mihon.example>', id="folded-before-the-angle"),
        pytest.param("Mihon (Rei)", b" Mihon (Rei) <rei@city.mihon.example>", id="brackets-in-name"),
        pytest.param("Rei Mihon", b" rei@city.mihon.example (Rei Mihon)", id="comment-behind"),
        pytest.param("見本 玲", "見本 玲 <rei@city.mihon.example>".encode(), id="raw-utf-8"),
        pytest.param("見本(課)", "見本(課) <rei@city.mihon.example>".encode(), id="raw-utf-8-with-brackets"),
        pytest.param("ソースー", "ソースー <rei@city.mihon.example>".encode("cp932"), id="raw-shift-jis"),
        pytest.param("表", '"表" <rei@city.mihon.example>'.encode("cp932"), id="raw-shift-jis-backslash"),
        pytest.param("実際", b" \x1b$B<B:]\x1b(B <rei@city.mihon.example>", id="raw-iso-2022-jp"),
        pytest.param(
            "申請", b" =?iso-2022-jp?B?GyRCPz1AQRsoQg==?= <rei@city.mihon.example>", id="encoded-word"
        ),
        pytest.param(
            "申請", b' "=?utf-8?B?55Sz6KuL?=" <rei@city.mihon.example>', id="encoded-word-in-quotes"
        ),
        pytest.param("a@b.example", b' "a@b.example" <rei@city.mihon.example>', id="address-as-quoted-name"),
        pytest.param("x", b" =?utf-8?Q?x=0D=0A?= <rei@city.mihon.example>", id="M06-encoded-line-end"),
        pytest.param("", b" =?iso-2022-jp?B?GyRC?= <rei@city.mihon.example>", id="M05-with-address"),
        pytest.param("Rei", b" <rei@city.mihon.example> (Rei)", id="comment-behind-the-angle"),
        pytest.param("Rei", b" <rei@city.mihon.example>\r\n (Rei) (Mihon (x))", id="comments-behind-folded"),
        pytest.param("Rei", b" Rei <rei@city.mihon.example> (Mihon)", id="name-and-comment-behind"),
        pytest.param("Rei (a (b))", b" Rei (a (b)) <rei@city.mihon.example>", id="nested-comment"),
        pytest.param("Rei (a, b: c;)", b" Rei (a, b: c;) <rei@city.mihon.example>", id="marks-in-comment"),
        pytest.param("a(b(c))", b" rei@city.mihon.example (a(b(c)))", id="nested-comment-behind"),
        pytest.param("x", b" (x) rei@city.mihon.example (y)", id="comments-around"),
        pytest.param("(x)", b" (x) <rei@city.mihon.example>", id="comment-as-name"),
        pytest.param("Rei [x]", b" Rei [x] <rei@city.mihon.example>", id="square-brackets"),
        pytest.param("[課] 玲", "[課] 玲 <rei@city.mihon.example>".encode(), id="section-in-brackets"),
        pytest.param(
            "[課] 玲", "[課] 玲 <rei@city.mihon.example>".encode("cp932"), id="brackets-in-shift-jis"
        ),
        pytest.param(REI, b" rei@city.mihon.example <rei@city.mihon.example>", id="F13-the-same-one"),
        pytest.param(
            "REI@City.mihon.example",
            b" REI@City.mihon.example <rei@city.mihon.example>",
            id="F13-same-in-capitals",
        ),
        pytest.param("見本@課", "見本@課 <rei@city.mihon.example>".encode(), id="at-between-japanese"),
    ],
)
def test_one_mailbox_is_taken(name: str, value: bytes) -> None:
    assert Mailbox(name, address.parse(REI)) == read(value)


@pytest.mark.parametrize("local_part", ["taro..x", "taro.", ".taro", "a.-_+'b", "..."])
def test_dots_in_any_order_are_taken(local_part: str) -> None:
    assert local_part == read(f"<{local_part}@phone.example>".encode()).address.local_part


@pytest.mark.parametrize("value", ['"%s"@phone.example', '<"%s"@phone.example>', 'Taro <"%s"@phone.example>'])
@pytest.mark.parametrize("local_part", ["taro..x", "taro.", ".taro"])
def test_quotation_marks_are_taken_where_dots_need_them(local_part: str, value: str) -> None:
    """RFC 5321 section 4.1.2: a strict program writes an old carrier's address so."""
    assert local_part == read((value % local_part).encode()).address.local_part


LEGIT = address.parse("admin@legit.example")
SIGNS = [
    "a@attack.example",
    "admin@legit.example",
    "<",
    ">",
    "(",
    ")",
    '"',
    ",",
    ":",
    ";",
    "@",
    "\\",
    " ",
    "[",
    "]",
]


@given(st.lists(st.sampled_from([*SIGNS, "玲", "<a@attack.example>"]), max_size=9).map("".join))
def test_what_is_taken_names_no_other_address_outside_quotation_marks(value: str) -> None:
    """Whatever stands around it: who sees two addresses in a From that is taken sees the same one twice."""
    try:
        found = read(value.encode())
    except AuthorError:
        return
    unquoted = re.sub(r'"(?:[^"\\]|\\.)*"', "", value)
    assert {str(found.address)} == set(re.findall(r"[a-z]+@[a-z]+\.example", unquoted))
    assert found.address != LEGIT or "a@attack.example" not in unquoted


def test_f31_punycode_is_taken_as_ascii() -> None:
    assert "xn--lgit-cpd.example" == read(b"<admin@xn--lgit-cpd.example>").address.domain


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(b" <admin@legit.example>, <second@attack.example>", id="F-list"),
        pytest.param(b" admin@legit.example,second@attack.example", id="F-bare-list"),
        pytest.param(b" <admin@legit.example>\\, <second@attack.example>", id="F-quoted-comma"),
        pytest.param(b" <admin@legit.example> <second@attack.example>", id="F-two-angles"),
        pytest.param(b" <@attack.example,@any.example:admin@legit.example>", id="F09-route"),
        pytest.param(b" <any@attack.example>admin@legit.example", id="F12-text-behind"),
        pytest.param(b" <any@attack.example> (admin@legit.example)", id="F12-comment-behind-the-angle"),
        pytest.param(b" admin@legit.example <a@attack.example>", id="F13-unquoted-address-as-name"),
        pytest.param(b" admin@legit.example (x) <a@attack.example>", id="F13-with-a-comment"),
        pytest.param(b" admin @ legit.example <a@attack.example>", id="F13-with-spaces"),
        pytest.param(b" admin(x)@legit.example <a@attack.example>", id="F13-around-a-comment"),
        pytest.param(b' "admin"@legit.example <a@attack.example>', id="F13-quoted-local-part"),
        pytest.param(b" a@attack.example b@b.example <a@attack.example>", id="F13-the-same-and-more"),
        pytest.param(b" @legit.example <a@attack.example>", id="F13-route"),
        pytest.param("見本 @legit.example <a@attack.example>".encode(), id="F13-route-behind-a-name"),
        pytest.param(b" (admin@legit.example) <a@attack.example>", id="F-comment-before"),
        pytest.param(b" <a@attack.example> (<admin@legit.example>)", id="F12-angle-in-comment"),
        pytest.param(b" <a@attack.example> (x", id="F-open-comment-behind"),
        pytest.param(b" <a@attack.example> (x))", id="F-comment-closed-twice"),
        pytest.param(b' <a@attack.example> (")', id="F-quote-in-comment"),
        pytest.param(b" a@attack.example ((((((x))))))", id="F-comment-too-deep"),
        pytest.param(b' "x" "admin"@legit.example', id="F20-name-and-quoted-local-part"),
        pytest.param(b' "taro..x" @legit.example', id="F20-space-behind-the-quotes"),
        pytest.param(b' "taro..x"@legit.example more', id="F20-text-behind"),
        pytest.param(b" a@attack.example (admin@legit.example)", id="F-address-in-comment"),
        pytest.param(b" a@attack.example (x", id="F-open-comment"),
        pytest.param(b" <a(x)@attack.example>", id="F-comment-in-local-part"),
        pytest.param(b" admin(@legit.example)@attack.example", id="F18-comment-inside"),
        pytest.param(b' "admin@legit.example"@attack.example', id="F20-quoted-local-part"),
        pytest.param(b' <"admin"@attack.example>', id="F20-quoted-local-part-in-angle"),
        pytest.param(b" Admins: admin@legit.example;", id="F21-group"),
        pytest.param(b" Admins:;", id="F21-empty-group"),
        pytest.param(b" undisclosed-recipients:; <a@attack.example>", id="F21-group-and-angle"),
        pytest.param(b" ", id="F23-empty"),
        pytest.param(b" <>", id="F23-null"),
        pytest.param(b" Rei", id="F26-only-a-name"),
        pytest.param(b" admin", id="F26-no-domain"),
        pytest.param(b" a@", id="M04-no-domain"),
        pytest.param(b" <", id="M04-open-angle"),
        pytest.param(b" <a@attack.example", id="M04-angle-without-end"),
        pytest.param(b" <<a@attack.example>>", id="F-double-angle"),
        pytest.param(b" <=?utf-8?B?YWRtaW4=?=@attack.example>", id="F27-encoded-local-part"),
        pytest.param(b" =?utf-8?Q?admin=40legit.example?=", id="F-encoded-address"),
        pytest.param(b" <admin@=?utf-8?Q?legit.example?=>", id="F29-encoded-domain"),
        pytest.param(" <admin@lеgit.example>".encode(), id="F30-cyrillic"),
        pytest.param(" <adm\u0080in@legit.example>".encode(), id="F30-c1-control"),
        pytest.param("taro＠legit.example".encode(), id="F30-full-width-at"),
        pytest.param(b" <admin@legit.example\xe3\x80\x82>", id="F30-ideographic-dot"),
        pytest.param(b" <admin@legit\r\n .example>", id="F34-fold-in-domain"),
        pytest.param(b" <admin@legit.example\r\n >", id="F34-fold-before-the-bracket"),
        pytest.param(b" <admin@legit\t.example>", id="F34-tab-in-domain"),
        pytest.param(b" < admin@legit.example>", id="F34-space-in-angle"),
        pytest.param(b" <admin@legit.example.>", id="F35-trailing-dot"),
        pytest.param(b" <admin@legit..example>", id="F35-empty-label"),
        pytest.param(b" <admin@[192.0.2.1]>", id="F-literal"),
        pytest.param(b" <a@b@legit.example>", id="F-two-at"),
        pytest.param(b" Rei\\ <a@attack.example>", id="F-backslash"),
        pytest.param(b' "Rei <a@attack.example>', id="F-open-quote"),
        pytest.param(b" Rei\x0b <a@attack.example>", id="F-control"),
        pytest.param(b" Rei\x1b[31m <a@attack.example>", id="F-escape"),
        pytest.param(b" \x1b$B<B:]\x7f\x7f\x1b(B <a@attack.example>", id="F-broken-iso-2022-jp"),
        pytest.param(b" " + b"(" * 500 + b"x", id="M25-nested-comments"),
        pytest.param(b" " + b"(a)" * 5000, id="M12-comments"),
        pytest.param(b" " + b'"' * 16000, id="M13-quotes"),
        pytest.param(b" " + b"," * 16000, id="M14-commas"),
    ],
)
def test_anything_else_is_nobody(value: bytes) -> None:
    with pytest.raises(AuthorError):
        read(value)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(b"From: <a@attack.example>\r\nFrom: <admin@legit.example>\r\n", id="F01-two-fields"),
        pytest.param(b"From: <a@attack.example>\r\nfrom: <a@attack.example>\r\n", id="F01-two-in-lower-case"),
        pytest.param(b"Sender: <admin@legit.example>\r\n", id="F05-only-a-sender"),
        pytest.param(b"Resent-From: <admin@legit.example>\r\n", id="F05-only-resent"),
        pytest.param(b"Subject: x\r\n", id="F23-no-field"),
    ],
)
def test_not_exactly_one_field_is_nobody(header: bytes) -> None:
    with pytest.raises(AuthorError):
        author(parse(header + b"\r\n"))


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(
            b"From\r\n : <first@attack.example>\r\nFrom: <admin@legit.example>\r\n", id="F04-folded-name"
        ),
        pytest.param(b"From : <first@attack.example>\r\n", id="F-space-before-the-colon"),
        pytest.param(b"From: admin@legit.example\x00@attack.example\r\n", id="F28-nul"),
        pytest.param(b"From\xff: <a@attack.example>\r\nFrom: <admin@legit.example>\r\n", id="F38-8-bit-name"),
        pytest.param(b"From admin@legit.example Mon Jan 1\r\nFrom: <a@attack.example>\r\n", id="F39-mbox"),
    ],
)
def test_a_header_that_reads_two_ways_is_no_message(header: bytes) -> None:
    with pytest.raises(MalformedMessageError):
        parse(header + b"\r\n")


def test_f40_reply_to_is_no_author() -> None:
    message = parse(b"From: <a@attack.example>\r\nReply-To: <victim@v.example>\r\n\r\n")
    assert "a@attack.example" == str(author(message).address)


PIECES = [
    b"rei",
    b"@",
    b"<",
    b">",
    b"city.mihon.example",
    b" ",
    b",",
    b";",
    b":",
    b"(",
    b")",
    b'"',
    b"\\",
    b"=?utf-8?Q?",
    b"?=",
    b"\x1b$B",
    b"\x1b(B",
    b"\xe3\x81\x82",
    b"\x83@",
    b"\r\n ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join))
def test_any_mixture_gives_the_only_address_in_it_or_nobody(value: bytes) -> None:
    try:
        mailbox = author(parse(b"From: x" + value + b"\r\n\r\n"))
    except (AuthorError, MalformedMessageError):
        return
    assert address.parse(str(mailbox.address)) == mailbox.address
    assert str(mailbox.address).encode("ascii") in value.replace(b"\r\n", b"") or str(
        mailbox.address
    ).startswith("x")
