"""All that a front needs to know of one generation of settings; it reads no file itself."""

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
        """The context. Raises ssl.SSLError, OSError."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        places = [_write_in_memory(octets) for octets in (self.certificate, self.key)]
        try:
            context.load_cert_chain(*(f"/proc/self/fd/{fd}" for fd in places))
        finally:
            for fd in places:
                os.close(fd)
        return context


def _write_in_memory(octets: bytes) -> int:
    """A file without a name, because OpenSSL reads files only."""
    fd = os.memfd_create("pem", os.MFD_CLOEXEC)
    with open(fd, "wb", closefd=False) as file:
        file.write(octets)
    return fd


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Picklable. `build` makes the handler of mails, for a way to the writer; `folder` is where the store is,
    whose disk is watched (None: not); `hide` gives what stands in the log for an address."""

    build: Callable[[Submit], Handler]
    hostname: str
    limits: Limits
    relays: Relays
    postmaster: Address | None = None
    tls: TlsMaterial | None = None
    folder: Path | None = None
    log_level: str = "info"
    hide: Callable[[str], str] | None = None
