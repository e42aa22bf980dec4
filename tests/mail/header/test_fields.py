"""Unstructured fields, Message-IDs and the cleaner: encoded words, raw octets, nothing that breaks a line."""

from __future__ import annotations

import unicodedata
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.header import encoded_words, fields
from gateway.mail.message import parse


def b_word(data: bytes, label: str = "utf-8") -> bytes:
    """An encoded word of any octets."""
    return f"=?{label}?B?{b64encode(data).decode('ascii')}?=".encode("ascii")


SPLIT = "申請".encode()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("Application", b" Application", id="plain"),
        pytest.param("a b", b" a\r\n b", id="folded"),
        pytest.param("申請", b_word(SPLIT), id="base64"),
        pytest.param("申請", b"=?UTF-8?q?=E7=94=B3=e8=ab=8b?=", id="quoted-printable"),
        pytest.param("a b_c", b"=?us-ascii?Q?a_b=5Fc?=", id="underscore-is-space"),
        pytest.param("申請", b_word(SPLIT[:2]) + b" " + b_word(SPLIT[2:]), id="character-over-two-words"),
        pytest.param("申請", b_word(SPLIT[:4]) + b"\r\n\t" + b_word(SPLIT[4:], "UTF-8"), id="over-folding"),
        pytest.param("申請", b"=?utf-8?B?55Sz6?= =?utf-8?B?KuL?=", id="base64-cut-anywhere"),
        pytest.param("申請", b"=?utf-8?Q?=E7=94=B3=E8?= " + b_word(SPLIT[4:]), id="two-encodings"),
        pytest.param("申請x", b_word(SPLIT) + b" =?us-ascii?Q?x?=", id="two-charsets"),
        pytest.param("申請 x", b_word(SPLIT) + b" x", id="space-before-plain-text-stays"),
        pytest.param("(申請)x", b"(" + b_word(SPLIT) + b")x", id="no-spaces-around"),
        pytest.param(
            "①髙", b"=?ISO-2022-JP?B?" + b64encode(b"\x1b$B-!|b\x1b(B") + b"?=", id="vendor-characters"
        ),
        pytest.param("①", b"=?windows-31j?B?" + b64encode("①".encode("cp932")) + b"?=", id="windows-31j"),
        pytest.param("申請", b"=?utf-8*ja?B?" + b64encode(SPLIT) + b"?=", id="RFC-2231-language"),
        pytest.param("申請", SPLIT, id="raw-utf-8"),
        pytest.param("申請です", "申請です".encode("cp932"), id="raw-shift-jis"),
        pytest.param("Re: 申請", b"Re: \x1b$B?=@A\x1b(B", id="raw-iso-2022-jp"),
        pytest.param("戎審", b"\x1b$B=??3\x1b(B", id="raw-iso-2022-jp-that-looks-like-a-mark"),
        pytest.param("", b"=?iso-2022-jp?B?GyRC?=", id="M05-only-an-escape"),
        pytest.param("=?utf-8?B?44GC", b"=?utf-8?B?44GC", id="word-without-end"),
        pytest.param("=?x ok", b"=?x =?us-ascii?Q?ok?=", id="word-without-end-then-a-whole-one"),
        pytest.param("=?utf-8?X?abc?=", b"=?utf-8?X?abc?=", id="unknown-encoding"),
        pytest.param("abc", b"=?x-nonsense?Q?abc?=", id="unknown-charset"),
        pytest.param("+AGE-", b"=?utf-7?Q?+AGE-?=", id="U06-utf-7"),
        pytest.param("あ", b"=?utf-8?B?44!GC?=", id="base64-with-junk"),
        pytest.param("x Bcc: v@v.example", b"=?UTF-8?Q?x=0ABcc:_v@v.example?=", id="O01-encoded-line-end"),
        pytest.param("x[31my", b"x\x1b[31m\xe2\x80\xaey", id="U10-escape-and-override"),
        pytest.param("a b", "a\u2028b".encode(), id="U10-line-separator"),
        pytest.param("really?", b"=?utf-8?Q?really??=", id="question-mark-inside"),
    ],
)
def test_text_of_a_field(text: str, value: bytes) -> None:
    assert text == fields.decode_text(value)


def test_u10_long_text_is_cut() -> None:
    assert "申" * 1000 == fields.decode_text(("申" * 3000).encode())


@given(
    st.binary(max_size=300)
    | st.lists(
        st.sampled_from([b"=?", b"utf-8", b"?B?", b"?Q?", b"?=", b" ", b"\x1b$B", b"44GC", b"\r\n "])
    ).map(b"".join)
)
def test_any_octets_give_one_harmless_line(value: bytes) -> None:
    text = fields.decode_text(value)
    text.encode("utf-8")
    assert not [c for c in text if unicodedata.category(c) in {"Cc", "Cs"} or c in "\u202e\u2028\u2029\u2066"]


@given(st.text(max_size=300), st.integers(2, 40))
def test_what_is_written_is_read_again(text: str, column: int) -> None:
    clean = fields.sanitize_header(text)
    written = encoded_words.encode(clean, column)
    assert clean == fields.decode_text(written.encode("ascii"))
    first, *rest = written.split("\r\n")
    assert column + len(first) <= 78
    assert all(line.startswith(" ") and len(line) <= 78 for line in rest)


@given(st.text(st.characters(min_codepoint=0x80, exclude_categories=["Cs"]), min_size=1, max_size=120))
def test_encoded_words_never_split_a_character(text: str) -> None:
    for word in encoded_words.encode_all(text, 9).split("\r\n "):
        assert "�" not in encoded_words.decode(word.encode("ascii")).replace("�" if "�" in text else "", "")


@pytest.mark.parametrize(
    ("ids", "value"),
    [
        (("<a@b.example>",), b" <a@b.example>"),
        (("<a@b.example>", "<c@d.example>"), b"<a@b.example>\r\n <c@d.example> junk"),
        ((), b"a@b.example"),
        ((), b"<a b@c.example>"),
        (("<=00>",), b"<<=00>"),
        ((), b"<>=00<"),
        ((), "<é@b.example>".encode()),
        ((), b"<" + b"a" * 600 + b">"),
    ],
)
def test_message_ids(ids: tuple[str, ...], value: bytes) -> None:
    assert ids == fields.message_ids(value)


def test_of_many_references_the_root_and_the_last_are_kept() -> None:
    found = fields.message_ids(b" ".join(b"<%d@x.example>" % n for n in range(300)))
    assert 50 == len(found)
    assert ("<0@x.example>", "<251@x.example>", "<299@x.example>") == (found[0], found[1], found[-1])


def test_subject_is_the_first_one() -> None:
    message = parse(b"Subject: one\r\nSUBJECT: two\r\n\r\n")
    assert "one" == fields.subject(message)
    assert "" == fields.subject(parse(b"To: a\r\n\r\n"))


@pytest.mark.parametrize(
    ("safe", "text"),
    [
        ("a Bcc: b", "a\r\nBcc: b"),
        ("ab", "a\x00\x1b\x7f\u202eb"),
        ("髙﨑𠮷葛\U000e0100", "髙﨑𠮷葛\U000e0100"),
        ("a" * 200, "a" * 999),
    ],
)
def test_header_safe(safe: str, text: str) -> None:
    assert safe == fields.sanitize_header(text)
