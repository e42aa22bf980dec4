"""Octets to text: vendor characters, escape sequences, lying labels, codecs that are no charsets."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.encoding import charset, iso2022jp

LABELS = [
    "",
    "utf-8",
    "us-ascii",
    "iso-2022-jp",
    "cp50221",
    "windows-31j",
    "euc-jp",
    "utf-16",
    "utf-7",
    "koi8-r",
]


@pytest.mark.parametrize(
    ("text", "data", "label"),
    [
        pytest.param("申請", b"\x1b$B?=@A\x1b(B", "iso-2022-jp", id="JIS-X-0208"),
        pytest.param("申請", b"\x1b$@?=@A\x1b(J", "ISO-2022-JP", id="JIS-1978-and-roman"),
        pytest.param("①㈱", b"\x1b$B-!-j\x1b(B", "iso-2022-jp", id="NEC-row-13"),
        pytest.param("髙﨑", b"\x1b$B|byu\x1b(B", "iso-2022-jp", id="NEC-selected-IBM"),
        pytest.param("～－∥", b"\x1b$B!A!]!B\x1b(B", "iso-2022-jp", id="as-code-page-932"),
        pytest.param("¥‾a", b"\x1b(J\\~a\x1b(B", "iso-2022-jp", id="JIS-X-0201-roman"),
        pytest.param("ｱ", b"\x1b(I1\x1b(B", "iso-2022-jp", id="U02-half-width-kana"),
        pytest.param("ｱ", b"\x1b(I1\x1b(B", "", id="U02-without-label"),
        pytest.param("ｱx", b"\x0e1\x0fx", "cp50222", id="shift-out"),
        pytest.param("ｱ申", b"\x1b(I1\x1b$B?=\x1b(B", "cp50221", id="kana-then-kanji"),
        pytest.param("approve ", b"approve \x1b$B", "iso-2022-jp", id="U03-unterminated"),
        pytest.param("あ\n> approve", b'\x1b$B$"\r\n> approve', "iso-2022-jp", id="U03-reset-at-line-end"),
        pytest.param("�", b"\x1b$B$", "iso-2022-jp", id="half-a-character"),
        pytest.param("丂", b"\x1b$(D0!\x1b(B", "iso-2022-jp-1", id="JIS-X-0212"),
        pytest.param("ﾃｽﾄ①髙", "ﾃｽﾄ①髙".encode("cp932"), "shift_jis", id="shift-jis-vendor"),
        pytest.param("①髙", "①髙".encode("cp932"), '"Windows-31J"', id="windows-31j-quoted"),
        pytest.param("①", b"\xad\xa1", "cp51932", id="euc-vendor"),
        pytest.param("申請ｱ", "申請ｱ".encode("euc_jp"), "x-euc-jp", id="euc-half-width"),
        pytest.param("丂", "丂".encode("euc_jp"), "euc-jp", id="euc-JIS-X-0212"),
        pytest.param("𠮷野", "𠮷野".encode(), "utf8", id="outside-the-BMP"),
        pytest.param("申請", "申請".encode("utf-16"), "utf-16", id="utf-16"),
        pytest.param("申請", "\ufeff申請".encode(), "utf-8", id="byte-order-mark"),
        pytest.param("“Hi”", b"\x93Hi\x94", "iso-8859-1", id="latin-1-is-windows-1252"),
    ],
)
def test_declared_charset_is_read_with_its_vendor_characters(text: str, data: bytes, label: str) -> None:
    assert text == charset.decode(data, label)


@pytest.mark.parametrize("label", ["", "us-ascii", "utf-8", "iso-8859-1", "unknown-8bit", "x-nonsense"])
@pytest.mark.parametrize("codec", ["utf-8", "cp932", "euc_jp", "iso2022_jp"])
def test_u05_lying_or_missing_label_is_seen_through(label: str, codec: str) -> None:
    assert "参加をもうしこみます" == charset.decode("参加をもうしこみます".encode(codec), label)


@pytest.mark.parametrize(
    ("codec", "label"),
    [
        ("cp932", "utf-8"),
        ("cp932", "iso-2022-jp"),
        ("utf-8", "shift_jis"),
        ("utf-8", "iso-2022-jp"),
        ("utf-8", "euc-jp"),
    ],
)
def test_u05_one_japanese_charset_under_the_name_of_another(codec: str, label: str) -> None:
    assert "髙﨑です。" == charset.decode("髙﨑です。".encode(codec), label)


def test_lines_in_different_charsets_are_read_line_by_line() -> None:
    """Gateways put UTF-8 banners on top of seven-bit mail."""
    data = "【外部メール】\r\n".encode() + b"\x1b$B?=@A\x1b(B\r\n"
    assert "【外部メール】\n申請\n" == charset.decode(data, "iso-2022-jp")


@pytest.mark.parametrize(
    "label",
    [
        *(
            "utf-7",
            "unicode-1-1-utf-7",
            "UTF7",
            "idna",
            "punycode",
            "rot13",
            "rot_13",
            "zlib",
            "hex",
            "base64",
        ),
        *(
            "bz2",
            "uu",
            "quopri",
            "unicode_escape",
            "raw_unicode_escape",
            "undefined",
            "mbcs",
            "\x00",
            "a" * 99,
            "é",
        ),
    ],
)
def test_u06_codecs_that_are_no_charsets_are_not_believed(label: str) -> None:
    data = b"+AGEAcABwAHIAbwB2AGU-"
    assert data.decode("ascii") == charset.decode(data, label)


def test_controls_and_surrogates_are_out() -> None:
    data = b"a\x00b\x1b[31mc\td\r\ne\rf\x7f\xc2\x85g"
    assert "ab[31mc\td\ne\nfg" == charset.decode(data, "utf-8")
    assert "�" == charset.strip_controls("\ud800")


@given(st.text() | st.text("a あ漢\t\n\r\x00\x7f\x85\u200b\ufeff"))
def test_controls_are_stripped_fast_as_plainly(text: str) -> None:
    assert charset.strip_every_control(text) == charset.strip_controls(text)


def test_unreadable_octets_become_replacement_characters() -> None:
    assert "a���" == charset.decode(b"a\x80\xff\xfe", "utf-8")


@given(st.binary(max_size=200), st.sampled_from(LABELS) | st.text(max_size=12))
def test_any_octets_under_any_label_give_storable_text(data: bytes, label: str) -> None:
    text = charset.decode(data, label)
    text.encode("utf-8")
    assert not [c for c in text if unicodedata.category(c) == "Cc" and c not in "\t\n"]


@given(
    st.lists(
        st.sampled_from([b"\x1b$B", b"\x1b(B", b"\x1b(I", b"\x0e", b'$"', b"\r\n", b"\x1b", b"a", b"\x1b$(D"])
    )
)
def test_words_after_a_line_end_are_always_ascii(pieces: list[bytes]) -> None:
    text = charset.decode(b"".join(pieces) + b"\r\n> approve", "iso-2022-jp")
    assert text.endswith("\n> approve")


JIS_TEXT = st.text(st.sampled_from("abcXYZ09 申請参加をもうしこみ髙﨑①㈱～－∥ｱｲｳ。、"), max_size=40)


@given(JIS_TEXT)
def test_text_round_trips_through_code_page_932_and_its_seven_bit_form(text: str) -> None:
    assert text == charset.decode(text.encode("cp932"), "windows-31j")
    assert text == iso2022jp.decode(_seven_bit(text))


def _seven_bit(text: str) -> bytes:
    """CP50221 written the long way: each character in its own escape sequences."""
    out = b""
    for character in text:
        octets = character.encode("cp932")
        if len(octets) == 1:
            half = octets[0] > 0x80
            out += b"\x1b(I" + bytes([octets[0] & 0x7F]) + b"\x1b(B" if half else octets
            continue
        lead, trail = octets
        if lead >= 0xFA:  # IBM's own rows have a second place in rows 89 to 92
            out += {"髙": b"\x1b$B|b\x1b(B", "﨑": b"\x1b$Byu\x1b(B"}[character]
            continue
        row = (lead - (0x81 if lead < 0xA0 else 0xC1)) * 2 + 0x21
        second = trail - 0x7E if trail >= 0x9F else trail - (0x1F if trail < 0x80 else 0x20)
        out += b"\x1b$B" + bytes([row + (trail >= 0x9F), second]) + b"\x1b(B"
    return out


@given(
    st.lists(st.sampled_from([b"\x8e", b"\x8f", b"\xa4\xa2", b"\xb1", b"\xff", b"a", b"\x80"]), max_size=12)
)
def test_octets_that_have_not_the_form_of_euc_cannot_be_read_as_it(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    if not iso2022jp.is_euc(data):
        assert iso2022jp.REPLACEMENT_CHARACTER in iso2022jp.decode_euc(data)
