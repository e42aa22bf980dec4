"""The reader of DATA: what ends a message, what is refused, and that packets do not matter."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.smtp.smtp_reply import BAD_BYTES, INSUFFICIENT_STORAGE, LINE_TOO_LONG, TOO_BIG, SmtpReply
from gateway.net.smtp.protocol import data_reader
from gateway.net.smtp.protocol.data_reader import DataReader
from tests.support.smtp_server import LETTER, brisk, desk

LINE = 20
SIZE = 100


def read(
    octets: bytes, cuts: list[int], size: int = SIZE, line: int = LINE
) -> tuple[bytes | SmtpReply, bytes] | None:
    """Feed `octets` cut at `cuts`; the result and what stands behind the end, None without an end."""
    reader = DataReader(size, line)
    edges = sorted({0, len(octets), *(cut for cut in cuts if 0 < cut < len(octets))})
    for start, stop in pairwise(edges):
        rest = reader.feed(octets[start:stop])
        if rest is not None:
            return reader.result(), rest + octets[stop:]
    return None


def plain(octets: bytes) -> tuple[bytes | SmtpReply, bytes] | None:
    """The same, told line by line as RFC 5321 does."""
    wire, end, rest = (b"\r\n" + octets).partition(b"\r\n.\r\n")
    if not end:
        return None
    text = (wire + b"\r\n")[2:]
    if re.search(rb"(?<!\r)\n|\r(?!\n)|\0", text):
        return BAD_BYTES, rest
    lines = [line.removeprefix(b".") for line in text.split(b"\r\n")[:-1]]
    if sum(len(line) + 2 for line in lines) > SIZE:
        return TOO_BIG, rest
    if any(len(line) > LINE for line in lines):
        return LINE_TOO_LONG, rest
    return b"".join(line + b"\r\n" for line in lines), rest


PIECES = st.sampled_from(
    [b"\r\n", b".", b"\r", b"\n", b"\0", b"a", b"b" * 9, b"c" * 20, b"\r\n.", b"\r\n.\r\n", b"\xff"]
)


@given(st.lists(PIECES, max_size=40).map(b"".join), st.lists(st.integers(1, 300), max_size=30))
def test_reader_agrees_with_the_line_by_line_account(octets: bytes, cuts: list[int]) -> None:
    """Whatever the octets and wherever they are cut."""
    assert plain(octets) == read(octets, cuts)


@given(st.lists(PIECES, max_size=40).map(b"".join), st.lists(st.integers(1, 300), max_size=30))
def test_check_on_the_way_changes_nothing(octets: bytes, cuts: list[int]) -> None:
    """Long messages are judged in parts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data_reader, "CHECK_STEP_BYTES", 7)
        assert plain(octets) == read(octets, cuts)


@given(st.lists(PIECES, max_size=40).map(b"".join))
def test_s23_one_octet_per_packet_changes_nothing(octets: bytes) -> None:
    """Every cut at once."""
    assert read(octets, []) == read(octets, list(range(len(octets))))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (b"", b""),
        (b"a" * 98 + b"\r\n", b"a" * 98 + b"\r\n"),
        (b"a" * 99 + b"\r\n", TOO_BIG),
        # RFC 1870 section 5: the dots of transparency are not counted.
        (b"..\r\n" * 33, b".\r\n" * 33),
        (b"..\r\n" * 34, TOO_BIG),
        (b"." + b"a" * 98 + b"\r\n", b"a" * 98 + b"\r\n"),
    ],
)
def test_size_limit_is_exact(text: bytes, wanted: bytes | SmtpReply) -> None:
    """In one piece and octet by octet."""
    octets = text + b".\r\n"
    assert (wanted, b"") == read(octets, [], line=99)
    assert (wanted, b"") == read(octets, list(range(len(octets))), line=99)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (b"x" * 20 + b"\r\n", True),
        (b"x" * 21 + b"\r\n", False),
        (b"." + b"x" * 20 + b"\r\n", True),
        (b"a\r\n" * 9 + b"x" * 20 + b"\r\n", True),
        (b"a\r\n" * 9 + b"x" * 21 + b"\r\n" + b"a\r\n" * 9, False),
        (b"\r\n" * 49, True),
    ],
)
def test_line_limit_is_exact(text: bytes, fits: bool) -> None:
    """10,000 octets and CRLF in earnest, 20 here."""
    got = read(text + b".\r\n", [])
    assert got is not None
    assert fits == (got[0] is not LINE_TOO_LONG)


@pytest.mark.parametrize("chunk", [b"a" * 50, b"\r\n" * 25, b"\r" * 50, b"\r\n.a" * 13, b"."])
def test_s22_a_message_over_the_limit_takes_no_memory(chunk: bytes) -> None:
    """Only what the end of data may begin with is kept."""
    reader = DataReader(SIZE, LINE)
    for _ in range(2000):
        assert reader.feed(chunk) is None
        assert reader.held_bytes <= 2 * SIZE + len(chunk)


def test_bad_bytes_are_seen_in_the_dropped_part() -> None:
    """So that a smuggling attempt closes the connection whatever its size."""
    octets = b"a" * 500 + b"\n.\n" + b"a" * 500 + b"\r\n.\r\n"
    assert (BAD_BYTES, b"") == read(octets, list(range(0, len(octets), 7)))


def test_refused_message_still_ends_where_it_ends() -> None:
    """The reply waits for the end of data."""
    reader = DataReader(SIZE, LINE)
    assert reader.feed(b"a\r\nb\r") is None
    reader.reject(INSUFFICIENT_STORAGE)
    assert b"QUIT\r\n" == reader.feed(b"\n.\r\nQUIT\r\n")
    assert INSUFFICIENT_STORAGE == reader.result()


@pytest.mark.parametrize("step", [1, 2, 3, 5, 64])
async def test_s23_packets_over_a_real_socket(step: int) -> None:
    """The message is the same however it is cut."""
    octets = LETTER + b"..dot\r\n.\r\n"
    async with desk() as at, at.client() as client:
        await client.up_to_data()
        for start in range(0, len(octets), step):
            await client.send(octets[start : start + step])
        assert "250 2.0.0 Message accepted" == await client.reply()
        assert [LETTER + b".dot\r\n"] == at.handler.bodies


async def test_s22_bad_dot_behind_the_limit_runs_no_command() -> None:
    """One reply for all of it."""
    async with desk(limits=brisk(message_bytes=10_000)) as at, at.client() as client:
        await client.up_to_data()
        await client.send(b"a\r\n" * 5000 + b".\nHELP\r\nHELP\r\n.\r\n")
        assert (await client.rest()).startswith("550 5.5.2 ")
        assert [] == at.handler.stored


async def test_r01_too_big_is_552_and_the_session_goes_on() -> None:
    """Also when SIZE promised less (C14)."""
    async with desk(limits=brisk(message_bytes=10_000)) as at, at.client() as client:
        await client.up_to_data(" SIZE=10")
        await client.send(b"a\r\n" * 5000 + b".\r\n")
        assert (await client.reply()).startswith("552 5.3.4 ")
        assert (await client.ask("MAIL FROM:<>")).startswith("250 ")
        assert 0 == at.listener.held_bytes


async def test_long_line_is_554() -> None:
    """10,001 octets are one too many."""
    async with desk() as at, at.client() as client:
        await client.up_to_data()
        await client.send(b"Subject: x\r\n\r\n" + b"a" * 10_001 + b"\r\n.\r\n")
        assert (await client.reply()).startswith("554 5.6.0 ")
        assert [] == at.handler.stored
