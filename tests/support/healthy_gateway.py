"""A gateway with which all is well, for the doctor to look at."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from gateway import settings
from gateway.app import doctor
from gateway.app.doctor import CheckResult, Subject
from gateway.app.install import keys
from gateway.net.dns import server as nameserver
from gateway.net.dns.resolver import DnsResolver
from gateway.net.dns.server import Zone
from tests.support.paths import DATA
from tests.support.ports import free_port
from tests.support.published_zone import zone_of
from tests.support.sink import Sink, sink

NOW = datetime.now(UTC)
DOMAIN = "gw.example.go.jp"
STAFF = """
example.go.jp MX 10 mx.example.go.jp
mx.example.go.jp A 192.0.2.10
example.go.jp TXT v=spf1 ip4:192.0.2.10 -all
"""


@dataclass
class Healthy:
    """A gateway of which everything is right, until a test breaks it."""

    folder: Path
    zone: Zone
    smarthost: Sink
    subject: Subject

    def change(self, old: str, new: str) -> None:
        """Edit the settings."""
        place = self.folder / "gateway.toml"
        text = place.read_text(encoding="utf-8")
        assert old in text
        place.write_text(text.replace(old, new, 1), encoding="utf-8")
        self.subject = replace(self.subject, config=settings.load(place))

    async def looked_at(self, *only: str) -> list[CheckResult]:
        """All findings of the checks whose names begin so."""
        wanted = [(name, check) for name, check in doctor.CHECKS if not only or name.startswith(only)]
        return [one async for _, found in doctor.run_checks(self.subject, wanted, 10) for one in found]


@asynccontextmanager
async def healthy(folder: Path) -> AsyncIterator[Healthy]:
    async with sink() as smarthost:
        for name, content in certificates():
            (folder / name).write_bytes(content)
            (folder / name).chmod(0o600)
        place = folder / "gateway.toml"
        place.write_text(text_of(folder, smarthost.port, 53), encoding="utf-8")
        zone = zone_of(folder)
        for line in STAFF.split("\n"):
            if line:
                zone.add(*line.split(" ", 2))
        server = await nameserver.serve(zone)
        place.write_text(text_of(folder, smarthost.port, server.port), encoding="utf-8")
        resolver = DnsResolver(["127.0.0.1"], server.port, timeout_s=0.5, lifetime_s=1)
        subject = Subject(settings.load(place), folder, resolver, NOW, lambda: True)
        try:
            yield Healthy(folder, zone, smarthost, subject)
        finally:
            await resolver.close()
            await server.close()


def certificates() -> list[tuple[str, bytes]]:
    certificate, key = keys.generate_self_signed_certificate(DOMAIN, NOW)
    return [("tls.crt", certificate), ("tls.key", key), ("dkim.key", DKIM), ("password", b"made up")]


DKIM = keys.generate_dkim_key()


def text_of(folder: Path, smtp_port: int, dns_port: int) -> str:
    text = (DATA / "careful.toml").read_text(encoding="utf-8")
    text = re.sub(r"(?s)\[delivery\].*?\n\n", "", text)
    text = re.sub(r"(?s)\[trust\].*", "", text)
    return (
        text
        + f"""
[listen]
host = "127.0.0.1"
port = {free_port()}
public_addresses = ["192.0.2.25", "2001:db8::25"]
tls_certificate = "tls.crt"
tls_key = "tls.key"
[dns]
nameservers = ["127.0.0.1"]
port = {dns_port}
[store]
path = "{folder / "data" / "gateway.db"}"
[delivery]
host = "127.0.0.1"
port = {smtp_port}
dkim_selector = "s1"
dkim_key = "dkim.key"
"""
    )
