"""Fronts before a writer that keeps what it took: `tests.support.smtp_server` in three processes."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.admission.application.items.fields import Form
from gateway.admission.intake.mail_facts import MailFacts
from gateway.inbound.record.submission import Answer, MailRecord, RefusalRecord, Submission, Submit
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.mailboxes import Purpose, Route
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.net.fronts.blueprint import Blueprint, TlsMaterial
from gateway.net.fronts.pool import FrontPool
from gateway.net.smtp.listener import Limits
from gateway.net.smtp.relays.trusted import NO_RELAYS, Relays
from gateway.store.protocol import ReceivedMail
from tests.support.smtp_server import BRISK, Desk, Recorder

POISON = b"X-Poison: "


class Forwarder(Recorder):
    """In the front: admits as a recorder does, and submits each message as it is.

    `X-Poison: kill` is death under examination, `X-Poison: hang` an endless examination.
    """

    def __init__(self, submit: Submit) -> None:
        super().__init__()
        self._submit = submit

    async def receive(self, envelope: Envelope, raw: bytes) -> SmtpReply:
        """Submit, with the octets as the row's."""
        _, found, poison = raw.partition(POISON)
        if found and poison.startswith(b"kill"):
            os.kill(os.getpid(), signal.SIGKILL)
        while found and poison.startswith(b"hang"):
            pass
        return (await self._submit(build_record(envelope, raw))).reply


@dataclass(frozen=True)
class ForwardingParts:
    """Makes a forwarder in the front."""

    def __call__(self, submit: Submit) -> Forwarder:
        return Forwarder(submit)


@dataclass(frozen=True)
class BrokenParts:
    """Settings that no front can use."""

    def __call__(self, submit: Submit) -> Forwarder:
        raise ValueError("these settings cannot be used")


def build_record(envelope: Envelope, raw: bytes) -> MailRecord:
    """A record that holds nothing but envelope and octets."""
    row = ReceivedMail("", envelope.received_at, "", "", "", "", "", "", "", "", "", raw)
    mail = MailFacts(None, Purpose.REQUEST, "", "", Form(), None, None)
    return MailRecord(envelope, Route(Purpose.REQUEST), mail, None, (), row)


def blueprint(
    limits: Limits = BRISK,
    relays: Relays = NO_RELAYS,
    certificate: Path | None = None,
    build: Callable[[Submit], Recorder] = ForwardingParts(),
) -> Blueprint:
    """As `tests.support.smtp_server.desk` sets its listener."""
    octets = certificate.read_bytes() if certificate is not None else b""
    tls = TlsMaterial(octets, octets) if octets else None
    return Blueprint(build, "mx.desk.example", limits, relays, tls=tls)


@asynccontextmanager
async def front_desk(
    handler: Recorder | None = None, number: int = 2, grace_s: float = 2.0, **more: Any
) -> AsyncIterator[Desk]:
    """Run fronts on a free port; what is kept, and the answers, are the handler's."""
    handler = handler or Recorder()

    async def submit(submission: Submission) -> Answer:
        assert not isinstance(submission, RefusalRecord)
        return Answer(await handler.receive(submission.envelope, submission.row.raw))

    pool = FrontPool(blueprint(**more), number, submit)
    sock = socket.create_server(("127.0.0.1", 0))
    await pool.start([sock])
    try:
        yield Desk(pool, handler, sock.getsockname()[1])
    finally:
        await pool.stop(grace_s)


def children(of: int | None = None) -> set[int]:
    """Process numbers of our fronts, or of those of another process."""
    writer = of or os.getpid()
    listed = Path(f"/proc/{writer}/task/{writer}/children").read_text(encoding="ascii").split()
    return {int(pid) for pid in listed if b"gateway.net.fronts" in Path(f"/proc/{pid}/cmdline").read_bytes()}
