"""Where the log goes, and that one event is one line in every form (X01)."""

import array
import io
import logging
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import settings
from gateway.app.wiring.log import apply_log_settings, build_hider
from gateway.log import events, handlers
from gateway.log.log_event import build
from gateway.mail.address import Address
from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.envelope import Envelope
from gateway.printing.fields import slug
from gateway.printing.outside import Outside
from gateway.store.privacy import tombstones
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
    line = build("mail.received", mail=7, case=slug("K7QM-4T"), cause=Outside(text))
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


def hidden(event: object) -> logging.LogRecord:
    made = logging.LogRecord("gateway", logging.INFO, __file__, 1, event, (), None)
    assert handlers.AddressFilter(lambda _: "()").filter(made)
    return made


@given(
    local=st.text(st.characters(codec="utf-8", exclude_characters="@<>"), min_size=1, max_size=20),
    domain=st.from_regex(r"[a-z0-9-]{1,10}(\.[a-z0-9-]{1,10}){0,3}", fullmatch=True),
    before=st.sampled_from(["", "<", "550 5.1.1 <", "user=", "宛先「", "\n"]),
)
def test_no_address_is_left_whatever_stands_around_it(local: str, domain: str, before: str) -> None:
    """In every value of an event, in free text, and in the journal's fields."""
    text = f"{before}{local}@{domain}> and {local}@{domain}, unknown"
    line = build("mail.received", mail=7, cause=Outside(text))
    fields = handlers.journal_fields(hidden(line))
    assert "7" == fields["MAIL_ID"]
    for shown in (*fields.values(), handlers.journal_fields(hidden(text))["MESSAGE"]):
        assert "@" not in shown
        assert f"{domain}>" not in shown


def test_a_traceback_is_not_told_where_addresses_are_hidden() -> None:
    try:
        raise ValueError("a@b.example")
    except ValueError:
        made = logging.LogRecord("gateway", logging.DEBUG, __file__, 1, "traceback", (), sys.exc_info())
    handlers.AddressFilter(lambda _: "h").filter(made)
    assert "b.example" not in handlers.journal_fields(made)["MESSAGE"]


def test_an_address_has_one_hash_and_nobody_finds_it_without_the_key(tmp_path: Path) -> None:
    database, other = tmp_path / "gateway.db", tmp_path / "other.db"
    for place in (database, other):
        tombstones.load_or_create_key(place)
    hide = build_hider(database)
    assert hide("A@b.example") == build_hider(database)("a@b.example")
    assert hide("a@b.example") != hide("a@c.example")
    assert hide("a@b.example") != build_hider(other)("a@b.example")


def test_a_fatal_message_has_the_priority_of_an_error_in_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """sd-daemon(3)."""
    assert "gateway: x" == handlers.mark_priority("gateway: x")
    with (tmp_path / "stream").open("w") as stream:
        found = os.fstat(stream.fileno())
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("JOURNAL_STREAM", f"{found.st_dev}:{found.st_ino}")
        assert "<3>gateway: x" == handlers.mark_priority("gateway: x")


@pytest.mark.parametrize(("level", "given"), [("warning", None), ("debug", "debug")])
def test_the_level_of_the_settings_counts_unless_the_command_line_says_another(
    level: str, given: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "level", root.level)
    text = 'desk.domain = "gw.example.go.jp"\nstaff = [{address = "a@example.go.jp", name = "a"}]\n'
    more = 'invitation.join_link = "https://join.example/x"\nlog.level = "warning"\n'
    apply_log_settings(settings.parse((text + more).encode(), "x"), given)
    assert level == logging.getLevelName(root.level).lower()
