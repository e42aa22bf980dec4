"""A message is split in one way only, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.message import (
    MAX_FIELD_BYTES,
    MAX_FIELDS,
    MAX_HEADER_BYTES,
    MalformedMessageError,
    parse,
    unfold,
)


def test_fields_and_body() -> None:
    message = parse(b"From: a\r\nSubject: b\r\n c\r\nfrom:d\r\n\r\nbody\r\n\r\nmore")
    assert ["From", "Subject", "from"] == [field.name for field in message.fields]
    assert b"body\r\n\r\nmore" == message.body
    assert [b" a", b"d"] == [field.value for field in message.all("FROM")]
    assert [2, 1, 0] == [message.count(name) for name in ("FROM", "subject", "to")]
    assert b"b c" == message.first("subject")
    assert b"" == message.first("to")
    assert "subject" == message.fields[1].key


@pytest.mark.parametrize(
    ("names", "body", "raw"),
    [
        pytest.param([], b"", b"", id="nothing"),
        pytest.param([], b"body", b"\r\nbody", id="no-header"),
        pytest.param(["A"], b"", b"A: b\r\n", id="no-empty-line"),
        pytest.param(["A"], b"", b"A: b", id="no-line-end"),
        pytest.param(["A"], b"", b"A: b\r\n\r\n", id="no-body"),
        pytest.param(["A"], b"\r\nb", b"A:\r\n\r\n\r\nb", id="empty-value"),
        pytest.param(["A"], b"\x00\r\n\n", b"A: b\r\n\r\n\x00\r\n\n", id="body-is-not-looked-at"),
        pytest.param(["!~"], b"", b"!~: \xff\r\n\r\n", id="odd-name-8-bit-value"),
    ],
)
def test_edges(names: list[str], body: bytes, raw: bytes) -> None:
    message = parse(raw)
    assert names == [field.name for field in message.fields]
    assert body == message.body


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"Subject: x\nFrom: evil@e.example\r\n\r\n", id="S17-bare-lf"),
        pytest.param(b"From: <a@attack.example>\rFrom: <admin@legit.example>\r\n\r\n", id="S18-bare-cr"),
        pytest.param(b"From: a\n\nbody", id="S19-lf-only"),
        pytest.param(b"From: a\x00b\r\n\r\n", id="F28-nul"),
        pytest.param(b"From\r\n : a\r\n\r\n", id="F04-folded-name"),
        pytest.param(b"From : a\r\n\r\n", id="space-before-colon"),
        pytest.param(b"From\xff: a\r\n\r\n", id="F38-8-bit-name"),
        pytest.param(b"From a@b.example Mon Jan 1\r\nFrom: a\r\n\r\n", id="F39-mbox"),
        pytest.param(b" folded: first\r\nFrom: a\r\n\r\n", id="begins-with-white-space"),
        pytest.param(b"no colon\r\n\r\n", id="no-colon"),
        pytest.param(b": no name\r\n\r\n", id="no-name"),
        pytest.param(b"A: b\r\n" * (MAX_FIELDS + 1) + b"\r\n", id="too-many-fields"),
        pytest.param(b"A: " + b"b" * MAX_FIELD_BYTES + b"\r\n\r\n", id="field-too-long"),
        pytest.param(
            b"".join(b"A%d: %s\r\n" % (n, b"b" * 9000) for n in range(9)) + b"\r\n", id="M16-header-too-long"
        ),
        pytest.param(b"\xff\xfe binary", id="no-message"),
    ],
)
def test_what_reads_two_ways_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedMessageError):
        parse(raw)


def test_caps_themselves_are_allowed() -> None:
    assert MAX_FIELDS == len(parse(b"A: b\r\n" * MAX_FIELDS + b"\r\n").fields)
    assert MAX_FIELD_BYTES == len(parse(b"A:" + b"b" * (MAX_FIELD_BYTES - 2) + b"\r\n\r\n").fields[0].raw)
    assert MAX_HEADER_BYTES > MAX_FIELD_BYTES


def test_unfolding_takes_only_the_line_ends() -> None:
    assert b"a \tb" == unfold(b"a \r\n\tb")


@given(
    st.lists(
        st.sampled_from([b"A", b":", b" ", b"\r\n", b"\r", b"\n", b"\x00", b"b", b"\t", b"\xff"]), max_size=30
    ).map(b"".join)
)
def test_fields_and_body_make_up_the_message(raw: bytes) -> None:
    try:
        message = parse(raw)
    except MalformedMessageError:
        return
    header = b"".join(field.raw + b"\r\n" for field in message.fields)
    assert raw in {header + b"\r\n" + message.body, header, header[:-2]}
    assert raw == message.raw


@pytest.mark.parametrize("blank", [b" ", b"\t", b"  \t"])
@pytest.mark.parametrize(
    "name", ["X-Gateway-Check", "Thread-Index", "Organization", "Auto-Submitted", "List-Id"]
)
def test_white_space_before_the_colon_is_read(name: str, blank: bytes) -> None:
    """RFC 5322 section 4.5, obsolete syntax; what it marks is seen all the same."""
    found = parse(name.encode() + blank + b": a: b\r\n c\r\nTo: x\r\n\r\n")
    assert (name, b" a: b\r\n c") == (found.fields[0].name, found.fields[0].value)
    assert b"a: b c" == found.first(name)


@pytest.mark.parametrize(
    "name",
    [
        *("From", "FROM", "Sender", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To"),
        *("References", "Return-Path", "Content-Type", "content-transfer-encoding", "MIME-Version"),
        *("DKIM-Signature", "ARC-Seal", "Authentication-Results", "Resent-From", "Received-SPF"),
    ],
)
def test_f04_white_space_before_the_colon_of_a_field_that_matters_is_refused(name: str) -> None:
    with pytest.raises(MalformedMessageError, match="white space"):
        parse(name.encode() + b" : x\r\n\r\n")
