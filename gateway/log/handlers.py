"""Log handlers: for a terminal, for the journal with structured fields, otherwise plain lines.

Every format keeps an event on one line: client input is escaped, so that it cannot forge lines.
Native journal fields: https://systemd.io/JOURNAL_NATIVE_PROTOCOL/ and sd_journal_send(3).
"""

from __future__ import annotations

import array
import errno
import fcntl
import logging
import os
import re
import socket
import sys
from collections.abc import Callable
from datetime import datetime
from typing import TextIO

from gateway.log.log_event import LogEvent

JOURNAL = "/run/systemd/journal/socket"
KEY_VALUE = "%(asctime)s %(levelname)s %(name)s %(message)s"
# syslog(3): 3 error, 4 warning, 6 informational, 7 debug.
_PRIORITIES = ((logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))
_FIELDS = {"mail": "MAIL_ID", "letter": "LETTER_ID"}
_SEALS = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL
# Any text around an @: it may hide more than the address, never less.
_ADDRESS = re.compile(r"[^\s<>,;=\"'()\[\]]*@[^\s<>,;=\"'()\[\]]*")
_NO_FIELD = re.compile(r"[^A-Z0-9_]")


def configure_logging(level: str, hide: Callable[[str], str] | None = None) -> None:
    """Set up logging to standard error, or to the journal if standard error is connected to it.

    `hide` returns the logged form of a mail address; None logs addresses as they are. May be called again.
    """
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(build_handler(sys.stderr))
    root.setLevel(level.upper())
    for handler in root.handlers:
        handler.filters = [one for one in handler.filters if not isinstance(one, AddressFilter)]
        if hide is not None:
            handler.addFilter(AddressFilter(hide))


class AddressFilter(logging.Filter):
    """Filter that replaces every mail address in an event."""

    def __init__(self, hide: Callable[[str], str]) -> None:
        super().__init__()
        self._hide = hide

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace the addresses in the record; drop the traceback, which may contain anything."""
        if isinstance(record.msg, LogEvent):
            values = {key: self._strip(text) for key, text in record.msg.values.items()}
            record.msg = LogEvent(record.msg.name, values)
        else:
            record.msg, record.args = self._strip(record.getMessage()), None
        record.exc_info = record.exc_text = None
        return True

    def _strip(self, text: str) -> str:
        return _ADDRESS.sub(lambda found: self._hide(found[0]), text)


def mark_priority(text: str) -> str:
    """Mark an error line for standard error, with its priority if the journal reads it (sd-daemon(3))."""
    return f"<3>{text}" if is_journal(sys.stderr) else text


def build_handler(stream: TextIO) -> logging.Handler:
    """Return the handler for the stream: journal, terminal or plain lines."""
    if is_journal(stream):
        try:
            return JournalHandler(JOURNAL)
        except OSError:  # a container may have the stream but not the socket
            pass
    handler = logging.StreamHandler(stream)
    handler.setFormatter(TerminalFormatter() if stream.isatty() else OneLineFormatter(KEY_VALUE))
    return handler


def is_journal(stream: TextIO) -> bool:
    """Return whether the stream is the systemd journal: $JOURNAL_STREAM holds its device and inode."""
    wanted = os.environ.get("JOURNAL_STREAM", "")
    try:
        found = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return wanted == f"{found.st_dev}:{found.st_ino}"


class OneLineFormatter(logging.Formatter):
    """Format a record as one line; only a traceback, at DEBUG, adds further lines, which are indented."""

    def format(self, record: logging.LogRecord) -> str:
        """Format the record as a line."""
        first, *rest = super().format(record).splitlines()
        return "\n".join([_printable(first), *(f"    {_printable(line)}" for line in rest)])


class TerminalFormatter(OneLineFormatter):
    """Time, event and values for a terminal; Japanese text stays readable."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is the base class's
        """Format the event with its values, aligned."""
        at = datetime.fromtimestamp(record.created).strftime("%H:%M:%S")  # noqa: DTZ006 - the reader's own clock
        level = "" if record.levelno == logging.INFO else f"{record.levelname.lower()}: "
        if not isinstance(record.msg, LogEvent):
            return f"{at}  {level}{record.message}"
        values = "  ".join(f"{key} {_join_spaces(text)}" for key, text in record.msg.values.items())
        return f"{at}  {level}{record.msg.name:<18} {values}".rstrip()


class JournalHandler(logging.Handler):
    """Handler for systemd's journal, with EVENT, CASE, MAIL_ID, LETTER_ID and the other values as fields.

    Raises OSError if there is no journal.
    """

    def __init__(self, path: str) -> None:
        super().__init__()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        try:
            self._socket.connect(path)
        except OSError:
            self._socket.close()
            raise

    def emit(self, record: logging.LogRecord) -> None:
        """Send the record to the journal; a failing journal must not stop mail."""
        try:
            data = b"".join(_encode_field(name, text) for name, text in journal_fields(record).items())
            try:
                self._socket.send(data)
            except OSError as error:
                if error.errno not in {errno.EMSGSIZE, errno.ENOBUFS}:
                    raise
                self._send_file(data)
        except Exception:  # as in every handler of the standard library
            self.handleError(record)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()
        super().close()

    def _send_file(self, data: bytes) -> None:
        """Send a record that is too large for a datagram as a sealed memory file."""
        fd = os.memfd_create("journal", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            with open(fd, "wb", closefd=False) as file:
                file.write(data)
            fcntl.fcntl(fd, fcntl.F_ADD_SEALS, _SEALS)
            self._socket.sendmsg([], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))])
        finally:
            os.close(fd)


def journal_fields(record: logging.LogRecord) -> dict[str, str]:
    """Return the journal fields of a record."""
    text = record.getMessage()
    if record.exc_info:
        text = f"{text}\n{logging.Formatter().formatException(record.exc_info)}"
    found = {"MESSAGE": text, "PRIORITY": str(_priority(record.levelno)), "LOGGER": record.name}
    found["SYSLOG_IDENTIFIER"] = "gateway"
    if isinstance(record.msg, LogEvent):
        found["EVENT"] = record.msg.name
        for key, value in record.msg.values.items():
            name = _FIELDS.get(key, _NO_FIELD.sub("_", key.upper()))
            if not (key == "case" and value == "-"):
                found.setdefault(name, value)
    return found


def _priority(level: int) -> int:
    return next((priority for least, priority in _PRIORITIES if level >= least), 7)


def _encode_field(name: str, text: str) -> bytes:
    """Encode a field for the journal; the length precedes the value, so a value cannot end early."""
    data = text.encode("utf-8", "backslashreplace")
    return b"%s\n%s%s\n" % (name.encode("ascii"), len(data).to_bytes(8, "little"), data)


def _join_spaces(text: str) -> str:
    """Join repeated spaces within a value, because two spaces separate values."""
    return re.sub(" {2,}", " ", _printable(text).strip())


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
