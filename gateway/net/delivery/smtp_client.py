"""One outgoing SMTP connection: greeting, TLS, AUTH, then a series of letters (RFC 5321, RFC 3207).

aiosmtplib implements the protocol: it limits a reply to 32 KB and discards octets received before the TLS
handshake. An error before MAIL is about the server and never about the letter, so the letter is retried.
"""

from __future__ import annotations

import asyncio
import os
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import aiosmtplib

from gateway.mail import address
from gateway.mail.address import Address
from gateway.mail.text import remote_text
from gateway.memoize import memoize
from gateway.outbound.protocols import Delivery, Outcome

COMMAND_TIMEOUT_S = 30.0
CONNECT_TIMEOUT_S = 15.0
# Permanent by code, but about the session or our password: the letter itself was not refused.
_SESSION_ERROR_CODES = frozenset({500, 502, 503, 504, 530, 534, 535, 538})


class UnreachableError(Exception):
    """No session could be established; the message gives the reason."""


class SessionLostError(Exception):
    """The connection was lost before the letter was transferred; it may be sent on another connection."""


@dataclass(frozen=True, slots=True)
class Remote:
    """Where to connect and how: `tls` is `none`, `opportunistic`, `required` (STARTTLS) or `implicit`.

    `host` is the name that the certificate must match, `address` the address to connect to (empty: `host`).
    With `required` and `implicit` the certificate is verified, against the system's authorities or `ca_file`.
    """

    host: str
    port: int = 25
    tls: str = "opportunistic"
    username: str = ""
    password: str = field(default="", repr=False)
    address: str = ""
    ca_file: str = ""


class Session:
    """A connection ready for MAIL; `letters` counts the letters attempted on it."""

    def __init__(self, client: aiosmtplib.SMTP) -> None:
        self._client = client
        self._used = False
        self.letters = 0

    @property
    def is_alive(self) -> bool:
        """Return whether the connection is still open, as far as we know."""
        return self._client.is_connected

    @property
    def ehlo_name(self) -> str:
        """Return the host name from the server's EHLO reply, in lower case."""
        said = self._client.last_ehlo_response
        return said.message.split("\n", 1)[0].split(" ", 1)[0].lower().rstrip(".") if said else ""

    @property
    def is_encrypted(self) -> bool:
        """Return whether the connection uses TLS."""
        return self._client.get_transport_info("sslcontext") is not None

    def has_extension(self, extension: str) -> bool:
        """Return whether the server's last EHLO reply lists an extension, such as STARTTLS."""
        return self._client.supports_extension(extension)

    @property
    def is_self_connection(self) -> bool:
        """Return whether both ends have the same address, which means a connection to ourselves."""
        peer, own = (self._client.get_transport_info(key) for key in ("peername", "sockname"))
        return bool(peer and own and peer[0] == own[0])

    async def send(self, reverse_path: Address, forward_path: Address, raw: bytes) -> Delivery:
        """Send one letter. Raises SessionLostError if the connection is lost before the message is sent."""
        # Parse again: a space or line ending in an address would inject an SMTP command.
        sender, recipient = (address.parse(str(one)).addr_spec for one in (reverse_path, forward_path))
        self.letters += 1
        size = f" SIZE={len(raw)}" if self._client.supports_extension("size") else ""
        if self._used:
            await self._execute("RSET")
        self._used = True
        for command in (f"MAIL FROM:<{sender}>{size}", f"RCPT TO:<{recipient}>"):
            answer = await self._execute(command)
            if not 200 <= answer.code < 300:
                return delivery_from_code(answer.code, answer.message)
        delivery = await self._send_data(raw)
        self._used = delivery.outcome is not Outcome.SENT
        return delivery

    async def _execute(self, command: str) -> aiosmtplib.SMTPResponse:
        try:
            answer = await self._client.execute_command(command.encode("ascii"))
        except (aiosmtplib.SMTPException, OSError) as error:
            self.close()
            raise SessionLostError(describe_error(error)) from error
        if answer.code == 421:
            self.close()
            raise SessionLostError(remote_text(f"421 {answer.message}"))
        return answer

    async def _send_data(self, raw: bytes) -> Delivery:
        """Send DATA. From here on the letter may have arrived, so the attempt is not repeated on failure."""
        try:
            answer = await self._client.data(raw)
        except aiosmtplib.SMTPResponseException as error:
            if error.code == 421 or error.code < 0:
                self.close()
            return delivery_from_code(error.code, error.message)
        except (aiosmtplib.SMTPException, OSError) as error:
            self.close()
            return Delivery(
                Outcome.DEFERRED, remote_text(f"no reply to the message: {describe_error(error)}")
            )
        return Delivery(Outcome.SENT, remote_text(f"{answer.code} {answer.message}"))

    def close(self) -> None:
        """Close the connection at once, without waiting for the peer to read pending data."""
        transport = self._find_transport()
        if transport is not None:
            transport.abort()
        self._client.close()

    def _find_transport(self) -> asyncio.WriteTransport | None:
        """Return the transport of the connection; that of uvloop has the same interface but another class."""
        return cast("asyncio.WriteTransport | None", self._client.transport)

    def send_quit(self) -> None:
        """Send QUIT without waiting for the reply, and close the connection."""
        transport = self._find_transport()
        if transport is not None and not transport.get_write_buffer_size():
            transport.write(b"QUIT\r\n")
            self._client.close()
        self.close()


async def open_session(remote: Remote, hostname: str) -> Session:
    """Connect, send EHLO, start TLS and log in. Raises UnreachableError.

    RFC 7435: with opportunistic TLS, a server with broken TLS receives the letter in clear text; a password
    is never sent in clear text.
    """
    if remote.tls == "opportunistic" and not remote.username:
        try:
            return await _connect(remote, hostname, "opportunistic")
        except _BrokenTlsError:
            return await _connect(remote, hostname, "none")
    return await _connect(remote, hostname, remote.tls)


class _BrokenTlsError(UnreachableError):
    """STARTTLS was offered but failed."""


async def _connect(remote: Remote, hostname: str, tls: str) -> Session:
    verified = tls in {"required", "implicit"}
    client = aiosmtplib.SMTP(
        hostname=remote.address or remote.host,
        port=remote.port,
        local_hostname=hostname,
        timeout=COMMAND_TIMEOUT_S,
        use_tls=tls == "implicit",
        start_tls=False,
        tls_context=_tls_context(verified=verified, ca_file=remote.ca_file),
    )
    try:
        await client.connect(timeout=CONNECT_TIMEOUT_S)
        await _greet(client)
        if tls == "required" or (tls == "opportunistic" and client.supports_extension("starttls")):
            await _start_tls(client, remote)
        if remote.username:
            await _log_in(client, remote, tls)
    except UnreachableError:
        client.close()
        raise
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        client.close()
        raise UnreachableError(remote_text(f"{remote.host}: {describe_error(error)}")) from error
    except BaseException:
        client.close()
        raise
    return Session(client)


async def _greet(client: aiosmtplib.SMTP) -> None:
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        await client.helo()  # RFC 5321 section 3.2: an old server does not support EHLO


async def _start_tls(client: aiosmtplib.SMTP, remote: Remote) -> None:
    try:
        await client.starttls(server_hostname=remote.host)
    except (aiosmtplib.SMTPException, OSError) as error:
        raise _BrokenTlsError(remote_text(f"{remote.host}: TLS: {describe_error(error)}")) from error
    await _greet(client)


async def _log_in(client: aiosmtplib.SMTP, remote: Remote, tls: str) -> None:
    if tls != "none" and client.get_transport_info("sslcontext") is None:
        raise UnreachableError(f"{remote.host}: the server does not offer TLS, so the password was not sent")
    await client.login(remote.username, remote.password)


def _tls_context(*, verified: bool, ca_file: str) -> ssl.SSLContext:
    """Return a cached TLS context; it is rebuilt when `ca_file` changes, so that a reload takes effect."""
    changed_ns = Path(ca_file).stat().st_mtime_ns if ca_file else 0
    return _build_tls_context(verified=verified, ca_file=ca_file, changed_ns=changed_ns)


@memoize(maxsize=8, why="computed once per setting: creating a context reads the system's CA certificates")
def _build_tls_context(*, verified: bool, ca_file: str, changed_ns: int) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_file or None)
    if not verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def delivery_from_code(code: int, message: str) -> Delivery:
    """Return the delivery outcome for an SMTP reply code."""
    final = 500 <= code < 600 and code not in _SESSION_ERROR_CODES
    return Delivery(Outcome.REFUSED if final else Outcome.DEFERRED, remote_text(f"{code} {message}"))


def describe_error(error: BaseException) -> str:
    """Return the server's reply, or the system's error text if there is none (`Connection refused`)."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"{error.code} {error.message}"
    cause = error.__cause__ or error
    # The errno of a TLS error is OpenSSL's own; that of a resolver error is negative.
    if isinstance(cause, OSError) and cause.errno and not isinstance(cause, ssl.SSLError):
        return os.strerror(cause.errno) if cause.errno > 0 else f"{cause.strerror}"
    return f"{type(error).__name__} {error}"
