"""A test letter as it came in, in a maildir or at our own mailbox: signature, HELO, SPF, TLS of the hop.

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
# `from HELO (NAME [ADDRESS]) ... by`: Postfix, Exim, Sendmail and OpenSMTPD write it so or nearly so.
_FROM = re.compile(r"^from\s+(\S{1,255})\s(.{0,600}?)\bby\s", re.IGNORECASE)
_ADDRESS = re.compile(r"\[(?:IPv6:)?([0-9a-fA-F:.]{2,45})\]")
_NAMED = re.compile(r"\bhelo=\[?([^\s)\]]{1,255})", re.IGNORECASE)
_TLS = re.compile(r"\bwith\s+(?:UTF8)?(?:ESMTPSA?|SMTPS|LMTPSA?)\b|\bTLS", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hop:
    """What a server noted of the one that brought a mail; `is_encrypted` is None where it did not say."""

    helo: str
    client_ip: str
    is_encrypted: bool | None


@dataclass(frozen=True, slots=True)
class Returned:
    """A letter as it came in: its octets (CRLF) and the last hop, as far as it is known."""

    raw: bytes
    hop: Hop | None


Look = Callable[[str], Returned | None]


async def wait_for_letter(look: Look, message_id: str, patience_s: float) -> Returned | None:
    """The letter with this Message-ID, once `look` finds it; None when it did not come in time.

    Raises OSError, or what `look` raises, for a place that cannot be read.
    """
    try:
        async with asyncio.timeout(patience_s):
            while (found := await asyncio.to_thread(look, message_id)) is None:  # noqa: ASYNC110 - by others
                await asyncio.sleep(LOOK_AGAIN_S)
            return found
    except TimeoutError:
        return None


def look_into_maildir(maildir: Path, message_id: str) -> Returned | None:
    """The letter with this Message-ID in a maildir. Raises OSError."""
    raw = _find(maildir, message_id.encode("ascii"))
    if raw is None:
        return None
    try:
        return Returned(raw, read_hop(parse(raw)))
    except MalformedMessageError:
        return Returned(raw, None)


def look_into_database(source: Source, message_id: str) -> Returned | None:
    """The letter with this Message-ID among the newest mails of the desk.

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
            # A maildir has the line ends of its system; what was signed had CRLF.
            return re.sub(rb"\r?\n", b"\r\n", raw)
    return None


def read_hop(message: Message) -> Hop | None:
    """The topmost hop over a network; else the topmost one that names an address at all."""
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
    """What became of the letter on its way: each a finding of its own."""
    try:
        told = list(await judge_signatures(f"{CHECK}.dkim", found.raw, resolver, now))
    except MalformedMessageError as trouble:
        return [
            error(CHECK, f"the letter came back broken: {trouble}", "see what the servers between do to it")
        ]
    if found.hop is None:
        text = "no Received field names who delivered it"
        return [*told, CheckResult(f"{CHECK}.helo", Level.UNKNOWN, text, "inspect the letter itself")]
    return [*told, *_judge_hop(config, found.hop), await _judge_spf(config, found.hop, resolver)]


def _judge_hop(config: Settings, hop: Hop) -> Iterator[CheckResult]:
    check, wanted = f"{CHECK}.helo", dns_records.helo_name(config)
    if wanted and hop.helo != wanted:
        to_do = "delivery.helo_name names the true one, or set it at the smarthost"
        yield warning(check, f"{hop.client_ip} said {hop.helo}, not {wanted}", to_do)
    else:
        yield ok(check, f"{hop.client_ip} said {hop.helo}")
    if hop.is_encrypted:
        yield ok(f"{CHECK}.tls", "the last hop was encrypted")
    elif hop.is_encrypted is not None:
        to_do = "see whether the smarthost may encrypt, and whether the other side offers it"
        yield warning(f"{CHECK}.tls", "the last hop was in the clear", to_do)


async def _judge_spf(config: Settings, hop: Hop, resolver: Resolver) -> CheckResult:
    """RFC 7208: the address of the hop, and the domain of our reverse-path."""
    check, sender = f"{CHECK}.spf", f"postmaster@{config.desk.domain}"
    found = await spf.evaluate(hop.client_ip, sender, hop.helo, resolver)
    if found.result is Result.PASS:
        return ok(check, f"{hop.client_ip} may send for {config.desk.domain}")
    if found.result is Result.TEMPERROR:
        return CheckResult(check, Level.UNKNOWN, f"DNS: {found.reason}", "try again later")
    to_do = "delivery.spf_terms for the real outgoing address, then publish as `gateway dns` says"
    return error(check, f"letters from {hop.client_ip} are {found.result.value}", to_do)
