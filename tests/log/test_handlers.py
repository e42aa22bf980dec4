"""Where the log goes, and that one event is one line in every form (X01)."""

import array
import io
import logging
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.log import events, handlers
from gateway.mail.address import Address
from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.envelope import Envelope
from gateway.printing.fields import slug
from gateway.printing.outside import Outside
from tests.support.factories import NOW

HOSTILE = [
    "a\r\nmail.received case=K7QM-4T",
    "a\nPRIORITY=0",
    "\x1b[31mred\x1b]0;title\x07",
    "a\u2028b\u202ec\u0085d",
    "\udcff\x00",
    'quote" and = and space',
]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "journal"))
        listening.settimeout(5)
        yield listening


def record(text: str, level: int = logging.INFO) -> logging.LogRecord:
    line = events._line("mail.received", mail=7, case=slug("K7QM-4T"), cause=Outside(text))
    return logging.LogRecord("gateway", level, __file__, 1, line, (), None)


def parsed(data: bytes) -> list[tuple[str, str]]:
    """The fields of a datagram, by the rules of the protocol."""
    found = []
    while data:
        name, _, data = data.partition(b"\n")
        assert b"=" not in name
        size = int.from_bytes(data[:8], "little")
        found.append((name.decode(), data[8 : 8 + size].decode()))
        assert data[8 + size : 9 + size] == b"\n"
        data = data[9 + size :]
    return found


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "formatter",
    [handlers.OneLineFormatter(handlers.KEY_VALUE), handlers.TerminalFormatter()],
    ids=["file", "terminal"],
)
def test_an_event_is_one_printable_line(formatter: logging.Formatter, text: str) -> None:
    line = formatter.format(record(text))
    assert line.isprintable()
    assert "K7QM-4T" in line


@pytest.mark.parametrize("text", HOSTILE)
def test_no_value_becomes_a_field_of_the_journal(journal: socket.socket, text: str) -> None:
    handler = handlers.JournalHandler(journal.getsockname())
    handler.emit(record(text))
    handler.close()
    found = parsed(journal.recv(65536))
    names = ["MESSAGE", "PRIORITY", "LOGGER", "SYSLOG_IDENTIFIER", "EVENT", "MAIL_ID", "CASE", "CAUSE"]
    assert names == [name for name, _ in found]
    assert [("EVENT", "mail.received"), ("MAIL_ID", "7"), ("CASE", "K7QM-4T")] == found[4:7]
    assert dict(found)["MESSAGE"].isprintable()


def test_what_is_too_large_for_a_datagram_goes_as_a_file(journal: socket.socket) -> None:
    handler = handlers.JournalHandler(journal.getsockname())
    handler.emit(record("x" * 1_000_000))
    handler.close()
    data, control, _, _ = journal.recvmsg(1024, socket.CMSG_SPACE(4))
    (fd,) = array.array("i", control[0][2])
    with os.fdopen(fd, "rb") as file:
        file.seek(0)
        found = dict(parsed(file.read()))
    assert b"" == data
    assert 1_000_000 == len(found["CAUSE"])


@pytest.mark.parametrize(
    ("level", "priority"),
    [(logging.DEBUG, "7"), (logging.INFO, "6"), (logging.WARNING, "4"), (logging.ERROR, "3")],
)
def test_levels_are_those_of_syslog(level: int, priority: str) -> None:
    assert priority == handlers.journal_fields(record("x", level))["PRIORITY"]


def test_a_journal_that_is_gone_does_not_stop_the_mail(
    journal: socket.socket, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = handlers.JournalHandler(journal.getsockname())
    journal.close()
    handler.emit(record("x"))
    handler.close()
    assert "Logging error" in capsys.readouterr().err


def test_the_journal_is_recognised_by_device_and_inode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "stream").open("w") as stream:
        found = os.fstat(stream.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{found.st_dev}:{found.st_ino}")
        assert handlers.is_journal(stream)
        monkeypatch.setenv("JOURNAL_STREAM", f"{found.st_dev}:{found.st_ino + 1}")
        assert not handlers.is_journal(stream)
    assert not handlers.is_journal(io.StringIO())


def test_without_a_journal_socket_the_lines_go_to_the_stream(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "JOURNAL", str(tmp_path / "nobody"))
    with (tmp_path / "stream").open("w") as stream:
        found = os.fstat(stream.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{found.st_dev}:{found.st_ino}")
        assert isinstance(handlers.build_handler(stream), logging.StreamHandler)


def test_people_read_japanese_and_machines_ascii() -> None:
    assert "cause 見本" in handlers.TerminalFormatter().format(record("見本"))
    assert handlers.OneLineFormatter(handlers.KEY_VALUE).format(record("見本")).isascii()
    assert isinstance(handlers.build_handler(Terminal()).formatter, handlers.TerminalFormatter)


def test_a_hostile_envelope_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "gateway")
    hostile = Envelope("192.0.2.1", "x\r\ny", Address("a\nb", "example.jp"), (), NOW)
    events.mail_rejected(hostile, smtp_reply.SENDER_UNAUTHENTICATED, "cause\nof it", "author\x1b[2J")
    assert [True] == [one.getMessage().isprintable() for one in caplog.records]
