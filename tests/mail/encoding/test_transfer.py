"""Content-Transfer-Encoding undone, wherever padding and foreign octets stand."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.mail.encoding.transfer import decode, decode_unpadded_base64, normalize_encoding


@given(st.lists(st.sampled_from(b"QUJDx==\r\n -_!+/"), max_size=20).map(bytes))
def test_base64_is_read_run_by_run_between_its_padding(data: bytes) -> None:
    assume(b" " not in data.lstrip(b"\r\n").partition(b"\n")[0].strip())
    runs = [re.sub(rb"[^A-Za-z0-9+/]", b"", run) for run in data.split(b"=")]
    assert b"".join(map(decode_unpadded_base64, runs)) == decode(data, "base64")


@pytest.mark.parametrize(
    ("value", "mechanism"),
    [
        ("base64", "base64"),
        ("Quoted-Printable;", "quoted-printable"),
        ("quoted-printable; charset=utf-8", "quoted-printable"),
        ("base64 (by the relay)", "base64"),
        ("(by the relay) 8bit", "8bit"),
        ("x-uuencode", "x-uuencode"),
        ("", ""),
        ("(", ""),
    ],
)
def test_the_mechanism_is_the_token_before_parameters_and_comments(value: str, mechanism: str) -> None:
    assert mechanism == normalize_encoding(value)


@pytest.mark.parametrize(
    ("data", "encoding", "expected"),
    [
        (b"=E6=89=BF=E8=AA=8D= \r\n=E3=81=99", "quoted-printable", "承認す"),
        (b"=E6=89=BF=\t\r\n=E8=AA=8D", "quoted-printable", "承認"),
        ("承認します。\r\n".encode(), "base64", "承認します。\r\n"),
        (b"This is plain text.\r\n", "base64", "This is plain text.\r\n"),
        (b"\x1b$B>5G'\x1b(B\r\n", "base64", "\x1b$B>5G'\x1b(B\r\n"),
        (base64.encodebytes("承認します。".encode()), "base64", "承認します。"),
    ],
)
def test_a_text_is_decoded_as_mail_programs_do(data: bytes, encoding: str, expected: str) -> None:
    assert expected == decode(data, encoding).decode()
