"""A received test letter, in a maildir or our own mailbox: signature, HELO, SPF, TLS of the hop.

RFC 5321 section 4.4 (Received), RFC 3848 (ESMTPS). The hop is the topmost one over a network.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

from gateway.app.doctor.check import CheckResult, Level, error, ok, warning
from gateway.app.doctor.trials.letter import judge_signatures
from gateway.app.install import dns_records
from gateway.auth.dns.resolver import Resolver
from gateway.auth.results import Result
from gateway.auth.spf import check as spf
from gateway.mail.message import MalformedMessageError, Message, parse, unfold
from gateway.settings import Settings
from gateway.store.protocol import Source
from gateway.store.queries.reader import Reader

CHECK = "returned"
MAX_OCTETS = 1_000_000
LOOK_AGAIN_S = 1.0
NEWEST = 50
# `from HELO (NAME [ADDRESS]) ... by`: Postfix, Exim, Sendmail and OpenSMTPD write this or nearly so.
_FROM = re.compile(r"^from\s+(\S{1,255})\s(.{0,600}?)\bby\s", re.IGNORECASE)
_ADDRESS = re.compile(r"\[(?:IPv6:)?([0-9a-fA-F:.]{2,45})\]")
_NAMED = re.compile(r"\bhelo=\[?([^\s)\]]{1,255})", re.IGNORECASE)
_TLS = re.compile(r"\bwith\s+(?:UTF8)?(?:ESMTPSA?|SMTPS|LMTPSA?)\b|\bTLS", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hop:
    """The hop as a server recorded its client; `is_encrypted` is None if it did not say."""

    helo: str
    client_ip: str
    is_encrypted: bool | None


@dataclass(frozen=True, slots=True)
class Returned:
    """A received letter: its octets (CRLF) and the last hop, if known."""

    raw: bytes
    hop: Hop | None


Look = Callable[[str], Returned | None]


async def wait_for_letter(look: Look, message_id: str, patience_s: float) -> Returned | None:
    """Wait for the letter with this Message-ID until `look` finds it; None if it does not arrive in time.

    Raises OSError, or what `look` raises, if the place cannot be read.
    """
    try:
        async with asyncio.timeout(patience_s):
            while (found := await asyncio.to_thread(look, message_id)) is None:  # noqa: ASYNC110 - by others
                await asyncio.sleep(LOOK_AGAIN_S)
            return found
    except TimeoutError:
        return None


def look_into_maildir(maildir: Path, message_id: str) -> Returned | None:
    """Return the letter with this Message-ID in a maildir; None if absent. Raises OSError."""
    raw = _find(maildir, message_id.encode("ascii"))
    if raw is None:
        return None
    try:
        return Returned(raw, read_hop(parse(raw)))
    except MalformedMessageError:
        return Returned(raw, None)


def look_into_database(source: Source, message_id: str) -> Returned | None:
    """Return the letter with this Message-ID among the newest mails of the desk; None if absent.

    Raises NoDatabaseError, SchemaError.
    """
    reader = Reader(source)
    try:
        for row in reader.mails(limit=NEWEST):
            found = reader.mail(row["id"])
            if found is not None and found["message_id"] == message_id:
                return Returned(found["raw"], Hop(found["helo"].lower(), found["client_ip"], None))
        return None
    finally:
        reader.close()


def _find(maildir: Path, wanted: bytes) -> bytes | None:
    for place in (*(maildir / "new").iterdir(), *(maildir / "cur").iterdir()):
        with place.open("rb") as letter:
            raw = letter.read(MAX_OCTETS)
        if wanted in raw:
            # A maildir has the line ends of its system; CRLF was signed.
            return re.sub(rb"\r?\n", b"\r\n", raw)
    return None


def read_hop(message: Message) -> Hop | None:
    """Return the topmost hop over a network; otherwise the topmost one with an address."""
    hops = [hop for field in message.all("Received") if (hop := _read(unfold(field.value))) is not None]
    outside = (hop for hop in hops if not ip_address(hop.client_ip).is_loopback)
    return next(outside, hops[0] if hops else None)


def _read(value: bytes) -> Hop | None:
    text = " ".join(value.decode("ascii", "replace").split())
    found = _FROM.match(text)
    if found is None or (address := _ADDRESS.search(found[0])) is None:
        return None
    try:
        client_ip = str(ip_address(address[1]))
    except ValueError:
        return None
    named = _NAMED.search(found[2])
    helo = (named[1] if named else found[1]).lower()
    return Hop(helo, client_ip, _TLS.search(text) is not None)


async def judge_returned(
    config: Settings, found: Returned, resolver: Resolver, now: datetime
) -> Iterable[CheckResult]:
    """Judge each aspect of how the letter arrived."""
    try:
        told = list(await judge_signatures(f"{CHECK}.dkim", found.raw, resolver, now))
    except MalformedMessageError as trouble:
        return [
            error(
                CHECK,
                f"the message was modified in transit: {trouble}",
                "find the server on its path that modifies it",
            )
        ]
    if found.hop is None:
        text = "no Received field shows which host delivered it"
        return [*told, CheckResult(f"{CHECK}.helo", Level.UNKNOWN, text, "inspect the message itself")]
    return [*told, *_judge_hop(config, found.hop), await _judge_spf(config, found.hop, resolver)]


def _judge_hop(config: Settings, hop: Hop) -> Iterator[CheckResult]:
    check, wanted = f"{CHECK}.helo", dns_records.helo_name(config)
    if wanted and hop.helo != wanted:
        to_do = "set delivery.helo_name to the actual name, or change it on the smarthost"
        yield warning(check, f"{hop.client_ip} sent HELO {hop.helo}, not {wanted}", to_do)
    else:
        yield ok(check, f"{hop.client_ip} sent HELO {hop.helo}")
    if hop.is_encrypted:
        yield ok(f"{CHECK}.tls", "the last hop was encrypted")
    elif hop.is_encrypted is not None:
        to_do = "check that the smarthost uses TLS and that the receiving server offers it"
        yield warning(f"{CHECK}.tls", "the last hop was unencrypted", to_do)


async def _judge_spf(config: Settings, hop: Hop, resolver: Resolver) -> CheckResult:
    """Evaluate SPF for the address of the hop and the domain of our reverse-path (RFC 7208)."""
    check, sender = f"{CHECK}.spf", f"postmaster@{config.desk.domain}"
    found = await spf.evaluate(hop.client_ip, sender, hop.helo, resolver)
    if found.result is Result.PASS:
        return ok(check, f"{hop.client_ip} is authorised to send for {config.desk.domain}")
    if found.result is Result.TEMPERROR:
        return CheckResult(check, Level.UNKNOWN, f"DNS: {found.reason}", "try again later")
    to_do = (
        "set delivery.spf_terms for the actual outgoing address, then publish the record that `gateway "
        "dns` shows"
    )
    return error(check, f"mail from {hop.client_ip} gets the SPF result {found.result.value}", to_do)
