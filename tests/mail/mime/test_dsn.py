"""Reports: what failed is told, what is late is no failure, free words are no report."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.message import Message, parse
from gateway.mail.mime.dsn import Dsn, Recipient, parse_dsn

REPORT = b"Content-Type: multipart/report; report-type=%s; boundary=b"
PER_MESSAGE = b"Reporting-MTA: dns; mx.example\r\nArrival-Date: Mon, 23 Nov 2026 09:00:00 +0900\r\n\r\n"
FAILED = (
    b"Final-Recipient: rfc822; rei@city.mihon.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    b"Diagnostic-Code: smtp; 550 5.1.1 No such user\r\n"
)


def report(
    machine: bytes, part: bytes = b"message/delivery-status", kind: bytes = b"delivery-status"
) -> Message:
    """A report with a text for people, the machine's part and the header of the letter."""
    body = b"--b\r\n\r\nIt failed.\r\n--b\r\nContent-Type: %s\r\n\r\n%s\r\n--b\r\n" % (part, machine)
    body += b"Content-Type: text/rfc822-headers\r\n\r\nSubject: x\r\n--b--\r\n"
    return parse(b"From: <mailer-daemon@mx.example>\r\n" + REPORT % kind + b"\r\n\r\n" + body)


def test_l14_failure_is_read() -> None:
    recipient = Recipient("rei@city.mihon.example", "failed", "5.1.1", "550 5.1.1 No such user")
    dsn = parse_dsn(report(PER_MESSAGE + FAILED))
    assert Dsn("delivery", (recipient,)) == dsn
    assert (True, "550 5.1.1 No such user") == (dsn.is_failure, dsn.cause)


@pytest.mark.parametrize(
    ("failed", "action"),
    [
        (True, b"failed"),
        (True, b" FAILED (permanently)"),
        (False, b"delayed"),
        (False, b"relayed"),
        (False, b"delivered"),
        (False, b"expanded"),
        # Whatever word a program has for it: the status is of class 5.
        (True, b"exploded"),
        (True, b"error"),
        (True, b"Failure"),
        (True, b"expired"),
        (True, b""),
    ],
)
def test_l15_only_failed_is_a_failure(failed: bool, action: bytes) -> None:
    dsn = parse_dsn(report(PER_MESSAGE + FAILED.replace(b"failed", action)))
    assert dsn is not None
    assert (failed, failed) == (dsn.is_failure, bool(dsn.cause))


@pytest.mark.parametrize(
    ("failed", "late", "machine"),
    [
        (True, False, b"Final-Recipient: rfc822; a@b.example\r\nStatus: 5.1.1\r\n"),
        (True, False, b"Action: failed\r\nStatus: 4.4.7\r\n"),
        (True, False, b"Action: expired\r\nStatus: 4.4.7\r\n"),
        (True, False, b"Diagnostic-Code: smtp; 550 no such user\r\n"),
        (False, True, b"Action: delayed\r\nStatus: 5.0.0\r\n"),
        (False, True, b"Status: 4.4.1\r\n"),
        (False, False, b"Status: 2.0.0\r\n"),
        (False, False, b"Action: relayed\r\nStatus: 5.1.1\r\n"),
    ],
)
def test_without_an_action_the_status_counts(failed: bool, late: bool, machine: bytes) -> None:
    dsn = parse_dsn(report(PER_MESSAGE + machine))
    assert dsn is not None
    assert (failed, late) == (dsn.is_failure, dsn.is_delay)


def test_the_part_for_machines_counts_wherever_it_stands() -> None:
    inner = report(PER_MESSAGE + FAILED).raw.partition(b"\r\n")[2]
    words = b"--o\r\nContent-Type: message/delivery-status\r\n\r\nIt failed, sorry.\r\n"
    nested = (
        b"Content-Type: multipart/mixed; boundary=o\r\n\r\n" + words + b"--o\r\n" + inner + b"\r\n--o--\r\n"
    )
    mixed = report(PER_MESSAGE + FAILED).raw.replace(b"multipart/report", b"multipart/mixed")
    for raw in (nested, mixed):
        dsn = parse_dsn(parse(raw))
        assert dsn is not None
        assert "550 5.1.1 No such user" == dsn.cause


def test_every_recipient_is_read_and_one_failure_counts() -> None:
    dsn = parse_dsn(report(PER_MESSAGE + FAILED.replace(b"failed", b"delayed") + b"\r\n" + FAILED))
    assert dsn is not None
    assert ["delayed", "failed"] == [recipient.action for recipient in dsn.recipients]
    assert dsn.is_failure


@pytest.mark.parametrize(
    ("cause", "machine"),
    [
        ("5.1.1", FAILED.partition(b"Diagnostic")[0]),
        ("failed", b"Action: failed\r\n"),
        ("550 a b", FAILED.replace(b"550 5.1.1 No such user", b"550 a\r\n  b").replace(b"  b", b" b")),
        ("550 宛先なし", FAILED.replace(b"5.1.1 No such user", "宛先なし".encode())),
        ("550 x[31m", FAILED.replace(b"5.1.1 No such user", b"x\x1b[31m\x07")),
        ("x" * 300, FAILED.replace(b"550 5.1.1 No such user", b"x" * 9000)),
        ("said: no; never", FAILED.replace(b"smtp; 550 5.1.1 No such user", b"said: no; never")),
    ],
)
def test_cause_is_printable_and_cut(cause: str, machine: bytes) -> None:
    dsn = parse_dsn(report(machine))
    assert dsn is not None
    assert cause == dsn.cause


@pytest.mark.parametrize(
    ("kind", "part", "report_type"),
    [
        pytest.param(
            "disposition", b"message/disposition-notification", b"disposition-notification", id="L17-mdn"
        ),
        pytest.param("feedback", b"message/feedback-report", b"feedback-report", id="L18-arf"),
        pytest.param("delivery", b"message/global-delivery-status", b"delivery-status", id="RFC-6533"),
        pytest.param("delivery", b"message/delivery-status", b'"Delivery-Status"', id="quoted-type"),
    ],
)
def test_kinds_are_told_apart(kind: str, part: bytes, report_type: bytes) -> None:
    dsn = parse_dsn(report(FAILED, part, report_type))
    assert dsn is not None
    assert (kind, kind == "delivery") == (dsn.kind, dsn.is_failure)


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(parse(b"From: a@b.example\r\n\r\nUndeliverable: user unknown"), id="L16-free-words"),
        pytest.param(parse(b"Content-Type: text/html\r\n\r\n" + b"<p>5.1.1</p>" * 200), id="L16-html"),
        pytest.param(report(b"Hi. This is the qmail-send program."), id="L16-no-fields"),
        pytest.param(report(b""), id="empty"),
        pytest.param(report(FAILED, b"text/plain"), id="no-machine-part"),
        pytest.param(
            parse(REPORT % b"delivery-status" + b"\r\n\r\n" + b"--b\r\n" * 500), id="M26-too-many-parts"
        ),
    ],
)
def test_anything_else_is_no_report(message: Message) -> None:
    assert parse_dsn(message) is None


@given(
    st.lists(
        st.sampled_from(
            [b"Action: failed", b"Status", b":", b"", b" x", b"\xff: \x00", b"Final-Recipient: ;;"]
        ),
        max_size=30,
    )
)
def test_any_report_is_read_without_exceptions(lines: list[bytes]) -> None:
    dsn = parse_dsn(report(b"\r\n".join(lines)))
    assert dsn is None or all(len(recipient.diagnostic) <= 300 for recipient in dsn.recipients)
