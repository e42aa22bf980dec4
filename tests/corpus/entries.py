"""Reads the corpus: a case is NNN-name.eml with NNN-name.expect, and a .zone beside the shared one.

Tests only; `README.md` beside it tells the keys.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.mail import address, message
from gateway.mail.header import fields
from gateway.mail.smtp.envelope import Envelope
from tests.support.factories import NOW

FOLDER = Path(__file__).parent
PRIVATE = FOLDER / "private"
SETTINGS = FOLDER / "gateway.toml"
REQUEST = "request@gw.example.go.jp"


@dataclass(frozen=True, slots=True)
class Entry:
    """A mail with what is known before it (`before`) and what must become of it (`expect`).

    `client` is the program whose habits it has, `zone` what DNS answers, in the lines of `Zone.parse`.
    """

    name: str
    client: str
    raw: bytes
    zone: str
    envelope: Mapping[str, str]
    before: Mapping[str, Any]
    expect: Mapping[str, Any]

    @property
    def mail_from(self) -> str:
        """The reverse-path; empty for the null one. Where the case is silent, it is the author's address."""
        given = self.envelope.get("mail_from")
        return given if given is not None else str(fields.author(message.parse(self.raw)).address)

    @property
    def rcpt_to(self) -> str:
        return self.envelope.get("rcpt_to", REQUEST)

    @property
    def client_ip(self) -> str:
        return self.envelope.get("from_ip", "192.0.2.1")

    def as_envelope(self) -> Envelope:
        """The mail transaction, at the moment at which all of the corpus arrives."""
        path = address.parse_path(f"<{self.mail_from}>")
        helo = self.envelope.get("helo") or (path.domain if path else "relay.example")
        return Envelope(self.client_ip, helo, path, (address.parse(self.rcpt_to),), NOW)


def entries() -> Iterator[Entry]:
    """All cases in the order of their numbers; those in `private/` too where there are any."""
    for folder in (FOLDER, PRIVATE):
        for path in sorted(folder.glob("*.eml")):
            yield _entry(path)


def _entry(path: Path) -> Entry:
    told = tomllib.loads(path.with_suffix(".expect").read_text(encoding="utf-8"))
    zones = (FOLDER / "default.zone", path.with_suffix(".zone"))
    return Entry(
        name=path.stem,
        client=told["client"],
        raw=path.read_bytes(),
        zone="".join(zone.read_text(encoding="utf-8") for zone in zones if zone.is_file()),
        envelope=told.get("envelope", {}),
        before=told.get("before", {}),
        expect=told["expect"],
    )
