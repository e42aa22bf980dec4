"""Bringing letters out: by SMTP to a smarthost or the recipient's MX (RFC 5321 section 5), or into a maildir.

One attempt is bounded in time and never raises: what the remote side does becomes sent, deferred or refused.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from mailbox import Maildir
from pathlib import Path

import aiosmtplib

from gateway.auth.resolver import Resolver, TempFail
from gateway.dispatch import Delivery, Outcome
from gateway.mail.address import Address
from gateway.mail.text import printable
from gateway.store.port import LetterRow

REPLY_LIMIT = 500
ATTEMPT_TIMEOUT_S = 60.0
MAX_HOSTS = 5


@dataclass(frozen=True, slots=True)
class Remote:
    """Where to connect and how: `tls` is `none`, `opportunistic`, `required` (STARTTLS) or `implicit`."""

    host: str
    port: int = 25
    tls: str = "opportunistic"
    username: str = ""
    password: str = ""


class SmarthostCourier:
    """Everything goes to one configured relay."""

    def __init__(self, remote: Remote, hostname: str) -> None:
        self._remote = remote
        self._hostname = hostname

    async def deliver(self, reverse_path: Address, forward_path: Address, raw: bytes) -> Delivery:
        """See `gateway.dispatch.Courier`."""
        return await _attempt(self._remote, self._hostname, reverse_path, forward_path, raw)


class MxCourier:
    """Letters go to the recipient's own mail servers, best preference first."""

    def __init__(self, resolver: Resolver, hostname: str, tls: str = "opportunistic", port: int = 25) -> None:
        self._resolver = resolver
        self._hostname = hostname
        self._tls = tls
        self._port = port

    async def deliver(self, reverse_path: Address, forward_path: Address, raw: bytes) -> Delivery:
        """See `gateway.dispatch.Courier`. Tries the next host only where the one before was deferred."""
        try:
            hosts = await self._hosts(forward_path.domain)
        except TempFail as error:
            return Delivery(Outcome.DEFERRED, f"DNS: {error}")
        if not hosts:
            return Delivery(Outcome.REFUSED, "the domain has no mail server that can be reached from outside")
        delivery = Delivery(Outcome.DEFERRED, "no host answered")
        for host in hosts[:MAX_HOSTS]:
            remote = Remote(host, self._port, self._tls)
            delivery = await _attempt(remote, self._hostname, reverse_path, forward_path, raw)
            if delivery.outcome is not Outcome.DEFERRED:
                break
        return delivery

    async def _hosts(self, domain: str) -> list[str]:
        """Addresses in order of preference; null MX (RFC 7505) and non-public addresses give none."""
        mx = await self._resolver.resolve(domain, "MX")
        pairs = sorted((int(record.split()[0]), record.split()[1]) for record in mx.records if " " in record)
        names = [name for _, name in pairs] if mx.records else [domain]
        found: list[str] = []
        for name in names[:MAX_HOSTS]:
            for rtype in ("A", "AAAA"):
                answer = await self._resolver.resolve(name, rtype)
                found += [record for record in answer.records if ip_address(record).is_global]
        return found


class MaildirCourier:
    """Every letter becomes a file below `root/ADDRESS`: for the demo and for trying things out."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def deliver(self, reverse_path: Address, forward_path: Address, raw: bytes) -> Delivery:
        """See `gateway.dispatch.Courier`."""
        head = f"Return-Path: <{reverse_path}>\r\nDelivered-To: {forward_path}\r\n".encode("ascii")
        try:
            name = await asyncio.to_thread(self._put, forward_path, head + raw)
        except OSError as error:
            return Delivery(Outcome.DEFERRED, _cut(f"maildir: {error}"))
        return Delivery(Outcome.SENT, f"250 kept as {name}")

    def _put(self, forward_path: Address, raw: bytes) -> str:
        folder = self._root / str(forward_path).replace("/", "_")
        for part in ("tmp", "new", "cur"):  # several letters may make it at the same time
            (folder / part).mkdir(parents=True, exist_ok=True)
        return Maildir(folder, create=False).add(raw)


class MailInvitation:
    """Invitation sending by mail: the invitation letter itself carries the join link."""

    def __init__(self, courier: SmarthostCourier | MxCourier | MaildirCourier) -> None:
        self._courier = courier

    async def invite(self, row: LetterRow, reverse_path: Address, raw: bytes) -> Delivery:
        """See `gateway.dispatch.InvitationSender`."""
        return await self._courier.deliver(reverse_path, row.to, raw)


async def _attempt(
    remote: Remote, hostname: str, reverse_path: Address, forward_path: Address, raw: bytes
) -> Delivery:
    try:
        async with asyncio.timeout(ATTEMPT_TIMEOUT_S):
            answer = await _transmit(remote, hostname, reverse_path, forward_path, raw)
    except aiosmtplib.SMTPRecipientsRefused as error:
        return _of_code(error.recipients[0].code, error.recipients[0].message)
    except aiosmtplib.SMTPResponseException as error:
        return _of_code(error.code, error.message)
    except (aiosmtplib.SMTPException, OSError, TimeoutError, ssl.SSLError, ValueError) as error:
        return Delivery(Outcome.DEFERRED, _cut(f"{remote.host}: {type(error).__name__} {error}"))
    return Delivery(Outcome.SENT, _cut(answer))


async def _transmit(
    remote: Remote, hostname: str, reverse_path: Address, forward_path: Address, raw: bytes
) -> str:
    starttls = {"none": False, "implicit": False, "required": True, "opportunistic": None}[remote.tls]
    # RFC 7435: without a demand for TLS, an unverified channel is better than a clear one.
    context = ssl.create_default_context() if remote.tls in {"required", "implicit"} else _any_certificate()
    client = aiosmtplib.SMTP(
        hostname=remote.host,
        port=remote.port,
        local_hostname=hostname,
        timeout=ATTEMPT_TIMEOUT_S / 2,
        use_tls=remote.tls == "implicit",
        start_tls=starttls,
        tls_context=context,
        username=remote.username or None,
        password=remote.password or None,
    )
    async with client:
        _, reply = await client.sendmail(reverse_path.wire, [forward_path.wire], raw)
        return f"250 {reply}"


def _any_certificate() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _of_code(code: int, message: str) -> Delivery:
    outcome = Outcome.REFUSED if 500 <= code < 600 else Outcome.DEFERRED
    return Delivery(outcome, _cut(f"{code} {message}"))


def _cut(text: str) -> str:
    return printable(text, REPLY_LIMIT)
