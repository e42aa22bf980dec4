"""Why a server was not reached: in the system's words, once, and never with a number that nobody knows."""

from __future__ import annotations

import errno
import os
import socket
import ssl

import aiosmtplib
import pytest

from gateway.net.delivery.smtp_client import Remote, UnreachableError, describe_error, open_session


async def test_a_closed_port_is_a_refused_connection() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(UnreachableError) as found:
        await open_session(Remote("127.0.0.1", port, "none"), "gw.example.go.jp")
    assert "127.0.0.1: Connection refused" == str(found.value)


@pytest.mark.parametrize("code", sorted(errno.errorcode))
def test_an_error_below_that_of_the_client_is_what_is_said(code: int) -> None:
    shown = aiosmtplib.SMTPConnectError(f"Error connecting to x on port 25: [Errno {code}] y")
    shown.__cause__ = OSError(code, "Connect call failed ('192.0.2.1', 25)")
    assert os.strerror(code) == describe_error(shown)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (socket.gaierror(-2, "Name or service not known"), "Name or service not known"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number"), "WRONG_VERSION_NUMBER"),
        (TimeoutError("Timed out"), "TimeoutError Timed out"),
        (aiosmtplib.SMTPResponseException(451, "4.3.0 later"), "451 4.3.0 later"),
    ],
)
def test_each_kind_of_error_is_said(error: Exception, says: str) -> None:
    assert says in describe_error(error)
