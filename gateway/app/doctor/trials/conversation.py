"""The client side of an SMTP conversation, for trials: commands, replies and their timing."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import cast

import aiosmtplib

from gateway.app.doctor.check import CheckResult, Level
from gateway.mail.text import remote_text
from gateway.net.host.desk_units import USER

Reply = aiosmtplib.SMTPResponse


@dataclass(frozen=True, slots=True)
class Target:
    """The server to talk to.

    It receives mail for `domain` (or empty) and must accept `mailbox` (or empty). `application` has
    `reverse_path`, `forward_path` and `raw`. `needs_tls`: STARTTLS is required; `needs_trust`: so is a
    certificate for `name` that verifies. `unit` is that of our own gateway.
    """

    host: str
    port: int = 25
    name: str = ""
    domain: str = ""
    mailbox: str = ""
    needs_tls: bool = False
    needs_trust: bool = False
    application: Mapping[str, str] = field(default_factory=dict)
    timeout_s: float = 30.0
    unit: str = USER

    @property
    def look(self) -> str:
        """Where our own gateway reports why it rejects something."""
        return f"journalctl -u {self.unit} shows the cause; gateway doctor --only dns. --only disk"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its finding, the server's reply (printable) and how long that took."""

    found: CheckResult
    reply: str = ""
    took_ms: float = 0.0


class Conversation:
    """One connection after another, until one is secure; `doing` is the step under way."""

    def __init__(self, target: Target, own_name: str) -> None:
        self.target = target
        self.doing = "connect"
        self.took_ms = 0.0
        self._own_name = own_name
        self._client = self._build_client()
        # The transport below TLS: a TLS session that ends politely outlives the loop.
        self._wire: asyncio.WriteTransport | None = None

    def _build_client(self) -> aiosmtplib.SMTP:
        target = self.target
        return aiosmtplib.SMTP(
            hostname=target.host,
            port=target.port,
            local_hostname=self._own_name,
            timeout=target.timeout_s,
            use_tls=False,
            start_tls=False,
        )

    async def connect(self) -> Reply:
        """Open a new connection and read the greeting."""
        self.close()
        self._client = self._build_client()
        begun = perf_counter()
        reply = await self._client.connect()
        self._wire = cast(
            "asyncio.WriteTransport", self._client.transport
        )  # uvloop's is no asyncio.Transport
        self._note(begun)
        return reply

    async def greet(self) -> Reply:
        """Send EHLO."""
        begun = perf_counter()
        reply = await self._client.ehlo()
        self._note(begun)
        return reply

    async def start_tls(self, *, verified: bool) -> Reply:
        """Send STARTTLS and do the handshake; the name in the certificate is checked later."""
        context = ssl.create_default_context()
        context.check_hostname = False
        if not verified:
            context.verify_mode = ssl.CERT_NONE
        begun = perf_counter()
        reply = await self._client.starttls(server_hostname=self.target.name, tls_context=context)
        self._note(begun)
        return reply

    async def say(self, command: str) -> Reply:
        """Send a command."""
        begun = perf_counter()
        reply = await self._client.execute_command(command.encode("ascii"))
        self._note(begun)
        return reply

    async def hand_over(self, raw: str) -> Reply:
        """Send DATA and a message; a rejection is returned as a reply too."""
        begun = perf_counter()
        try:
            reply = await self._client.data(raw.encode("ascii"))
        except aiosmtplib.SMTPResponseException as error:
            if error.code < 0:
                raise
            reply = Reply(error.code, error.message)
        self._note(begun)
        return reply

    def _note(self, begun: float) -> None:
        self.took_ms = (perf_counter() - begun) * 1000

    @property
    def session(self) -> ssl.SSLObject | None:
        """The TLS session; None if unencrypted."""
        found: ssl.SSLObject | None = self._client.get_transport_info("ssl_object")
        return found

    def read_extension(self, name: str) -> str | None:
        """Return the parameters of an EHLO extension; None if it is not offered."""
        return self._client.esmtp_extensions.get(name)

    def list_extensions(self) -> list[str]:
        """Return the names of all extensions."""
        return sorted(name.upper() for name in self._client.esmtp_extensions)

    def close(self) -> None:
        """Close the connection at once, without waiting for the other side to read."""
        self._client.close()
        if self._wire is not None:
            self._wire.abort()

    def tell(self, level: Level, text: str, reply: Reply | None = None, to_do: str = "") -> Step:
        """Return the result of the step under way."""
        said = remote_text(f"{reply.code} {reply.message}") if reply else ""
        return Step(CheckResult(self.doing, level, text, to_do), said, self.took_ms)
