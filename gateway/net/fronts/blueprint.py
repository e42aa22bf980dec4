"""The configuration that a front needs for one generation of settings; a front reads no files."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gateway.inbound.record.submission import Submit
from gateway.mail.address import Address
from gateway.net.smtp.limits.resource_usage import Limits
from gateway.net.smtp.protocol.state import Handler
from gateway.net.smtp.relays.trusted import Relays


@dataclass(frozen=True, slots=True)
class TlsMaterial:
    """Certificate and key for STARTTLS, both in PEM."""

    certificate: bytes
    key: bytes

    def build_context(self) -> ssl.SSLContext:
        """Build the server's TLS context. Raises ssl.SSLError, OSError."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        places = [_write_in_memory(octets) for octets in (self.certificate, self.key)]
        try:
            context.load_cert_chain(*(f"/proc/self/fd/{fd}" for fd in places))
        finally:
            for fd in places:
                os.close(fd)
        return context


def _write_in_memory(octets: bytes) -> int:
    """Write to an anonymous file, because OpenSSL reads only from files."""
    fd = os.memfd_create("pem", os.MFD_CLOEXEC)
    with open(fd, "wb", closefd=False) as file:
        file.write(octets)
    return fd


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Configuration of a front; picklable.

    `build` makes the message handler from a submit function. `folder` is the folder of the store whose free
    disk space is checked (None: not checked). `hide` returns the form of an address for the log.
    """

    build: Callable[[Submit], Handler]
    hostname: str
    limits: Limits
    relays: Relays
    postmaster: Address | None = None
    tls: TlsMaterial | None = None
    folder: Path | None = None
    log_level: str = "info"
    hide: Callable[[str], str] | None = None
