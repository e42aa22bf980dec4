"""One SMTP connection on the way out: greeting, TLS, AUTH, then one letter after another (RFC 5321, 3207).

aiosmtplib speaks; a reply is bounded there at 32 KB, and octets before the TLS handshake are dropped.
What goes wrong before MAIL is the server's trouble and never the letter's: it is tried again later.
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
# Permanent in form, but about the session or our password: the letter is as good as before.
_SESSION_ERROR_CODES = frozenset({500, 502, 503, 504, 530, 534, 535, 538})


class UnreachableError(Exception):
    """No session came about; the message says what stood in the way."""


class SessionLostError(Exception):
    """The connection ended before the letter was handed over; another one may take it."""


@dataclass(frozen=True, slots=True)
class Remote:
    """Where to connect and how: `tls` is `none`, `opportunistic`, `required` (STARTTLS) or `implicit`.

    `host` is the name that its certificate must bear, `address` what to connect to (empty: the host).
    With `required` and `implicit` the certificate is verified, by the system's authorities or `ca_file`.
    """

    host: str
    port: int = 25
    tls: str = "opportunistic"
    username: str = ""
    password: str = field(default="", repr=False)
    address: str = ""
    ca_file: str = ""


class Session:
    """A connection that is ready for MAIL. `letters` counts those that were offered on it."""

    def __init__(self, client: aiosmtplib.SMTP) -> None:
        self._client = client
        self._used = False
        self.letters = 0

    @property
    def is_alive(self) -> bool:
        """Whether the connection still stands, as far as we can see."""
        return self._client.is_connected

    @property
    def ehlo_name(self) -> str:
        """The name by which the server answered EHLO."""
        said = self._client.last_ehlo_response
        return said.message.split("\n", 1)[0].split(" ", 1)[0].lower().rstrip(".") if said else ""

    @property
    def is_encrypted(self) -> bool:
        """Whether TLS is spoken."""
        return self._client.get_transport_info("sslcontext") is not None

    def has_extension(self, extension: str) -> bool:
        """Whether the last answer to EHLO names an extension, such as STARTTLS."""
        return self._client.supports_extension(extension)

    @property
    def is_self_connection(self) -> bool:
        """Whether the other end has our own address: only a connection to ourselves has."""
        peer, own = (self._client.get_transport_info(key) for key in ("peername", "sockname"))
        return bool(peer and own and peer[0] == own[0])

    async def send(self, reverse_path: Address, forward_path: Address, raw: bytes) -> Delivery:
        """Offer one letter. Raises SessionLostError as long as the letter was not handed over."""
        # Checked again, since a space or a line end in one would be a command of its own.
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
        """From here on the letter may have arrived, whatever happens: no second try within this attempt."""
        try:
            answer = await self._client.data(raw)
        except aiosmtplib.SMTPResponseException as error:
            if error.code == 421 or error.code < 0:
                self.close()
            return delivery_from_code(error.code, error.message)
        except (aiosmtplib.SMTPException, OSError) as error:
            self.close()
            return Delivery(
                Outcome.DEFERRED, remote_text(f"no answer to the letter: {describe_error(error)}")
            )
        return Delivery(Outcome.SENT, remote_text(f"{answer.code} {answer.message}"))

    def close(self) -> None:
        """End the connection at once: what the other side has not read is not waited for."""
        transport = self._find_transport()
        if transport is not None:
            transport.abort()
        self._client.close()

    def _find_transport(self) -> asyncio.WriteTransport | None:
        """What the connection is written to; uvloop's is one in all but its class."""
        return cast("asyncio.WriteTransport | None", self._client.transport)

    def send_quit(self) -> None:
        """Say QUIT and do not wait for the answer."""
        transport = self._find_transport()
        if transport is not None and not transport.get_write_buffer_size():
            transport.write(b"QUIT\r\n")
            self._client.close()
        self.close()


async def open_session(remote: Remote, hostname: str) -> Session:
    """Connect, greet, TLS, log in. Raises UnreachableError.

    RFC 7435: where TLS is opportunistic, a server whose TLS is broken gets the letter in clear; a
    password is never sent so.
    """
    if remote.tls == "opportunistic" and not remote.username:
        try:
            return await _connect(remote, hostname, "opportunistic")
        except _BrokenTlsError:
            return await _connect(remote, hostname, "none")
    return await _connect(remote, hostname, remote.tls)


class _BrokenTlsError(UnreachableError):
    """STARTTLS was offered and did not work."""


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
        await client.helo()  # RFC 5321 section 3.2: an old server does not know EHLO


async def _start_tls(client: aiosmtplib.SMTP, remote: Remote) -> None:
    try:
        await client.starttls(server_hostname=remote.host)
    except (aiosmtplib.SMTPException, OSError) as error:
        raise _BrokenTlsError(remote_text(f"{remote.host}: TLS: {describe_error(error)}")) from error
    await _greet(client)


async def _log_in(client: aiosmtplib.SMTP, remote: Remote, tls: str) -> None:
    if tls != "none" and client.get_transport_info("sslcontext") is None:
        raise UnreachableError(f"{remote.host}: offers no TLS, so the password was not sent")
    await client.login(remote.username, remote.password)


def _tls_context(*, verified: bool, ca_file: str) -> ssl.SSLContext:
    """Made once, and again when the file changes: a reload must not go on with authorities of before."""
    changed_ns = Path(ca_file).stat().st_mtime_ns if ca_file else 0
    return _build_tls_context(verified=verified, ca_file=ca_file, changed_ns=changed_ns)


@memoize(maxsize=8, why="made once for each setting: a context reads the certificates of the system")
def _build_tls_context(*, verified: bool, ca_file: str, changed_ns: int) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_file or None)
    if not verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def delivery_from_code(code: int, message: str) -> Delivery:
    """The outcome that a reply stands for."""
    final = 500 <= code < 600 and code not in _SESSION_ERROR_CODES
    return Delivery(Outcome.REFUSED if final else Outcome.DEFERRED, remote_text(f"{code} {message}"))


def describe_error(error: BaseException) -> str:
    """What the server answered, else why it was not reached, as the system says it: `Connection refused`."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"{error.code} {error.message}"
    cause = error.__cause__ or error
    # An error of TLS has an errno of OpenSSL's own; one of the resolver is negative.
    if isinstance(cause, OSError) and cause.errno and not isinstance(cause, ssl.SSLError):
        return os.strerror(cause.errno) if cause.errno > 0 else f"{cause.strerror}"
    return f"{type(error).__name__} {error}"
