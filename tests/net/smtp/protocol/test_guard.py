"""What the guard lets through to aiosmtpd, and what it answers itself: tables of octets, no socket."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.smtp import smtp_reply
from gateway.net.smtp.limits.resource_usage import Limits
from gateway.net.smtp.protocol.guard import VERBS, Close, Guard, Line, Message, Phase, Refusal, Verdict

LIMITS = Limits(message_bytes=200, line_bytes=50)
SYNC = Close(smtp_reply.SYNC_ERROR)
LETTER = b"Subject: x\r\n\r\n..\r\n"


def ready(phase: Phase = Phase.COMMAND) -> Guard:
    """A guard whose client has been greeted."""
    guard = Guard(LIMITS)
    guard.phase = phase
    return guard


def judge(guard: Guard, *packets: bytes) -> list[Verdict]:
    """The verdicts on what comes, with our answers still to be given."""
    found: list[Verdict] = []
    for packet in packets:
        guard.take(packet)
        while (verdict := guard.next()) is not None:
            found.append(verdict)
            if isinstance(verdict, Close):
                guard.close()
    return found


@pytest.mark.parametrize(
    "octets",
    [
        b"EHLO mx.city.mihon.example\r\n",
        b"ehlo c\r\n",
        b"MAIL FROM:<rei@city.mihon.example>  SIZE=100\r\n",
        b"RCPT TO:\t <request@desk.example> \r\n",
        b"MAIL FROM:<" + b"a" * 1000 + b"@a.example>\r\n",
        b"QUIT  \r\n",
        b"NOOP anything\r\n",
        b"DATA x\r\n",
        b"AUTH PLAIN AAAA\r\n",
    ],
)
def test_a_clean_line_goes_through_as_it_is(octets: bytes) -> None:
    """Then it is our turn."""
    guard = ready()
    assert [Line(octets)] == judge(guard, octets)
    assert Phase.ANSWERING is guard.phase


@pytest.mark.parametrize(
    ("octets", "wanted"),
    [
        (b"\r\n", Refusal(smtp_reply.EMPTY_COMMAND)),
        (b"XYZZY\r\n", Refusal(smtp_reply.UNKNOWN_COMMAND)),
        (b"EHLO\tc\r\n", Refusal(smtp_reply.UNKNOWN_COMMAND)),
        (b" EHLO c\r\n", Refusal(smtp_reply.EMPTY_COMMAND)),
        (b"EHLO  c\r\n", Refusal(smtp_reply.BAD_HELO)),
        (b"EHLO a\x00b\r\n", Refusal(smtp_reply.BAD_HELO)),
        (b"EHLO a\x0b\r\n", Refusal(smtp_reply.BAD_HELO)),
        (b"HELO a\rb\r\n", Refusal(smtp_reply.BAD_HELO)),
        (b"HELO \xff\r\n", Refusal(smtp_reply.BAD_HELO)),
        (b"MAIL FROM:<a\x00@a.example>\r\n", Refusal(smtp_reply.BAD_SENDER)),
        (b"MAIL FROM:<a@a.example>\x0c\r\n", Refusal(smtp_reply.BAD_SENDER)),
        (b"MAIL FROM:<\xc3\xa9@a.example>\r\n", Refusal(smtp_reply.NO_SMTPUTF8)),
        (b"MAIL  FROM:<>\r\n", Refusal(smtp_reply.BAD_SYNTAX)),
        (b"RCPT TO:<a\x7f@a.example>\r\n", Refusal(smtp_reply.BAD_RECIPIENT)),
        (b"NOOP \x1b\r\n", Refusal(smtp_reply.BAD_SYNTAX)),
        (b"QUIT x\r\n", Refusal(smtp_reply.BAD_SYNTAX)),
        (b"RSET x\r\n", Refusal(smtp_reply.BAD_SYNTAX)),
        (b"EHLO " + b"a" * 506 + b"\r\n", Refusal(smtp_reply.COMMAND_TOO_LONG)),
        (b"MAIL FROM:<" + b"a" * 1012 + b"\r\n", Refusal(smtp_reply.COMMAND_TOO_LONG)),
        (b"N" * 5000 + b"\r\n", Refusal(smtp_reply.COMMAND_TOO_LONG)),
        (b"EHLO c\n", Close(smtp_reply.BAD_LINE_END)),
        (b"EHLO c\r\r\n", Close(smtp_reply.BAD_LINE_END)),
        (b"GET / HTTP/1.1\r\n", Close(smtp_reply.NOT_SMTP)),
        (b"Subject: x\r\n", Close(smtp_reply.NOT_SMTP)),
        (b"NOOP\r\nN", SYNC),
        (b"STARTTLS\r\nEHLO evil\r\n", SYNC),
    ],
)
def test_what_does_not_go_through(octets: bytes, wanted: Verdict) -> None:
    """Each with the one answer of the guard."""
    assert [wanted] == judge(ready(), octets)


def test_the_fifth_unknown_verb_is_the_last() -> None:
    """Which verb it is does not matter."""
    verdicts = judge(ready(), *(b"X%d\r\n" % number for number in range(5)))
    assert [Refusal(smtp_reply.UNKNOWN_COMMAND)] * 4 + [Close(smtp_reply.TOO_MANY_UNKNOWN)] == verdicts


@pytest.mark.parametrize("early", [b"E", b"EHLO c\r\n", b"\r\n"])
def test_nothing_may_come_before_our_greeting(early: bytes) -> None:
    """RFC 5321 section 3.1."""
    assert [SYNC] == judge(Guard(LIMITS), early)


def test_what_comes_while_we_answer_waits() -> None:
    """And a flood of it makes us deaf."""
    guard = ready()
    assert [Line(b"NOOP\r\n")] == judge(guard, b"NOOP\r\n", b"QUIT\r\n")
    assert not guard.is_full
    guard.phase = Phase.COMMAND
    assert Line(b"QUIT\r\n") == guard.next()
    guard.take(b"x" * 1025)
    assert guard.is_full


@pytest.mark.parametrize(
    ("octets", "wanted", "phase"),
    [
        (LETTER + b".\r\n", Message(b"Subject: x\r\n\r\n.\r\n"), Phase.BUSY),
        (LETTER + b".\r\nQUIT\r\n", Message(b"Subject: x\r\n\r\n.\r\n"), Phase.BUSY),
        (b"a\r\n" * 100 + b".\r\n", Message(smtp_reply.TOO_BIG), Phase.ANSWERING),
        (b"a" * 51 + b"\r\n.\r\n", Message(smtp_reply.LINE_TOO_LONG), Phase.ANSWERING),
        (b"a\n.\r\nb\r\n.\r\n", Close(smtp_reply.BAD_BYTES), Phase.CLOSED),
        (b"a\0\r\n.\r\n", Close(smtp_reply.BAD_BYTES), Phase.CLOSED),
    ],
)
def test_the_end_of_data(octets: bytes, wanted: Verdict, phase: Phase) -> None:
    """Nothing of a message goes through the reader, whatever packets it came in."""
    for packets in ([octets], [octets[at : at + 1] for at in range(len(octets))]):
        guard = ready(Phase.ANSWERING)
        guard.begin_data()
        assert wanted == judge(guard, *packets)[0]
        assert phase is guard.phase or phase is Phase.CLOSED


def test_a_transaction_behind_the_dot_closes() -> None:
    """In one packet with it: nothing of either is taken."""
    guard = ready(Phase.ANSWERING)
    guard.begin_data()
    assert [SYNC] == judge(guard, LETTER + b".\r\nMAIL FROM:<>\r\n")


@pytest.mark.parametrize(("early", "is_out"), [(b"qu", False), (b"QUIT\r\n", False), (b"MAIL", True)])
def test_only_quit_may_come_while_reception_works(early: bytes, is_out: bool) -> None:
    """The message is answered first."""
    guard = ready(Phase.BUSY)
    assert [] == judge(guard, early)
    assert (is_out, is_out) == (guard.is_out_of_step, guard.is_full)


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (b"PROXY TCP4 203.0.113.9 192.0.2.25 1 25\r\n", Line(b"PROXY TCP4 203.0.113.9 0.0.0.0 0 0\r\n")),
        (b"PROXY TCP6 2001:db8::9 2001:db8::1 1 25\r\n", Line(b"PROXY TCP6 2001:db8::9 :: 0 0\r\n")),
        (b"PROXY UNKNOWN x\r\n", Line(b"PROXY UNKNOWN\r\n")),
        (b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0", Line(b"PROXY UNKNOWN\r\n")),
        (b"PROXY TCP4 203.0.113.9 192.0.2.25 1 25\r\nEHLO c\r\n", SYNC),
    ],
)
def test_header_of_a_proxy_goes_through_in_one_form(header: bytes, wanted: Verdict) -> None:
    """Whatever form it came in."""
    assert [wanted] == judge(Guard(LIMITS, wants_header=True), header)


@pytest.mark.parametrize("header", [b"PROXY TCP4 1.2.3.4 1.2.3.5 2_5 25\r\n", b"EHLO c\r\n"])
def test_header_that_is_none_closes(header: bytes) -> None:
    """With the cause for the log."""
    [verdict] = judge(Guard(LIMITS, wants_header=True), header)
    assert isinstance(verdict, Close)
    assert smtp_reply.BAD_PROXY_HEADER == verdict.reply
    assert verdict.cause


PIECES = st.sampled_from(
    [*sorted(VERBS), b" ", b"\r\n", b"\r", b"\n", b"\0", b"\xff", b"\t", b"<a@b.example>"]
)
CLEAN = re.compile(rb"[A-Za-z]+(?: [\t -~]*)?\r\n")


@given(st.lists(PIECES | st.binary(max_size=6), max_size=30).map(b"".join), st.lists(st.integers(1, 200)))
def test_whatever_comes_the_reader_gets_clean_lines_one_at_a_time(octets: bytes, cuts: list[int]) -> None:
    """However the packets are cut, and never two before our answer."""
    guard = ready()
    edges = sorted({0, len(octets), *(cut for cut in cuts if cut < len(octets))})
    for start, stop in pairwise(edges):
        verdicts = judge(guard, octets[start:stop])
        lines = [verdict.octets for verdict in verdicts if isinstance(verdict, Line)]
        assert len(lines) <= 1
        assert all(CLEAN.fullmatch(line) and line.split()[0].upper() in VERBS for line in lines)
        assert not lines or guard.phase is Phase.ANSWERING
        if guard.phase is Phase.ANSWERING:
            guard.phase = Phase.COMMAND
