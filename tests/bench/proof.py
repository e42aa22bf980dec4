"""What the proof of one mail costs, in microseconds: each check alone, and all of it.

usage: python3 tests/bench/proof.py [--rounds N] [--mails N] [--json]

The mail has 8 KB and an RSA-2048 signature; DNS is this project's own resolver and nameserver on
loopback, warm unless the name says cold. dkimpy and pyspf run beside it where they are installed.
Figures are medians over the rounds; one row is the cost of one mail, one after the other.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.checkout import enter

enter()

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from gateway.auth.authenticate import authenticate
from gateway.auth.dkim import verify
from gateway.auth.dkim.sign import Signer, public_record
from gateway.auth.dmarc import evaluate, record
from gateway.auth.results import Outcome, Result
from gateway.auth.spf import check as spf
from gateway.mail import address, message
from gateway.mail.message import Field, Message
from gateway.mail.smtp.envelope import Envelope
from gateway.net.dns.resolver import DnsResolver
from gateway.net.dns.server import serve
from gateway.net.dns.zone import Zone

NOW = datetime(2026, 11, 20, tzinfo=UTC)
AUTHOR = "city.mihon.lg.jp"
CLIENT_IP = "203.0.113.9"
KEY = generate_private_key(65537, 2048)
RECORD = public_record(KEY)
ZONE = f"""
{AUTHOR} TXT v=spf1 include:_spf.{AUTHOR} -all
_spf.{AUTHOR} TXT v=spf1 ip4:198.51.100.0/24 ip4:203.0.113.0/24 ~all
{AUTHOR} MX 10 mx.{AUTHOR}
mx.{AUTHOR} A 203.0.113.5
sel._domainkey.{AUTHOR} TXT {RECORD}
_dmarc.{AUTHOR} TXT v=DMARC1; p=reject
"""
HEADER = (
    "From: =?UTF-8?B?44KM44GE?= <rei@city.mihon.lg.jp>\r\nTo: request@desk.example\r\n"
    "Subject: =?UTF-8?B?5oub5b6F44Gu55Sz6KuL?=\r\nDate: Fri, 20 Nov 2026 10:00:00 +0900\r\n"
    "Message-ID: <20261120100000.1@city.mihon.lg.jp>\r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n"
)
BODY = (("QUJD" * 19) + "\r\n") * 100
UNSIGNED = f"{HEADER}\r\n{BODY}".encode("ascii")
RAW = Signer(AUTHOR, "sel", KEY).sign(UNSIGNED) + UNSIGNED
ENVELOPE = Envelope(CLIENT_IP, f"mta.{AUTHOR}", address.parse(f"rei@{AUTHOR}"), (), NOW)
HOSTILE = {
    "spaces": b" " * 65_536,
    "folds": b"\r\n " * 21_845,
    "empty b=": b";b=" * 21_845,
    "b= between spaces": b"; b = " * 10_922,
    "colons in h=": b" v=1; h=" + b":" * 65_000,
    "quotes": b'"' * 65_536,
}

Check = Callable[[], Awaitable[None]]


async def ours(resolver: DnsResolver) -> dict[str, Check]:
    """Our own checks by name, each of one mail."""
    parsed = message.parse(RAW)
    sender = ENVELOPE.reverse_path
    spf_result = await spf.check(CLIENT_IP, sender, ENVELOPE.helo, resolver)
    dkim_results = await verify.verify(parsed, resolver, NOW)
    if [spf_result.result, *(one.result for one in dkim_results)] != [Result.PASS, Result.PASS]:
        raise SystemExit(f"the mail is not proven: {spf_result} {dkim_results}")

    async def check_dkim() -> None:
        await verify.verify(parsed, resolver, NOW)

    numbers = itertools.count()

    async def check_spf() -> None:
        await spf.check(CLIENT_IP, sender, f"mta{next(numbers)}.{AUTHOR}", resolver)

    async def check_spf_again() -> None:
        await spf.check(CLIENT_IP, sender, ENVELOPE.helo, resolver)

    async def check_dmarc() -> None:
        walk = await record.walk_tree(AUTHOR, resolver)
        lookups = await evaluate.look_up(walk, spf_result, dkim_results, resolver)
        evaluate.evaluate(lookups, spf_result, dkim_results)

    return {
        "dkim": check_dkim,
        "spf": check_spf,
        "spf, the same client again": check_spf_again,
        "dmarc": check_dmarc,
        "whole proof": _whole(resolver),
    }


def others() -> dict[str, Callable[[], None]]:
    """The same by dkimpy and pyspf, with DNS out of a dictionary."""
    found: dict[str, Callable[[], None]] = {}
    zone = Zone.parse(ZONE)
    try:
        import dkim as dkimpy
    except ImportError:
        pass
    else:
        found["dkimpy"] = lambda: _must(dkimpy.verify(RAW, dnsfunc=lambda *_, **__: RECORD.encode()))
    try:
        import spf as pyspf
    except ImportError:
        return found

    def look_up(name: str, rtype: str, *_: object, **__: object) -> list[tuple[tuple[str, str], object]]:
        values = zone.records.get(name.lower().rstrip("."), {}).get(rtype, [])
        return [((name, rtype), (text.encode(),) if rtype == "TXT" else text) for text in values]

    pyspf.DNSLookup = look_up
    sender, helo = f"rei@{AUTHOR}", ENVELOPE.helo
    found["pyspf"] = lambda: _must(pyspf.check2(i=CLIENT_IP, s=sender, h=helo)[0] == "pass")
    return found


def _must(passed: bool) -> None:
    if not passed:
        raise SystemExit("the other library does not pass the mail")


async def measure(check: Check, mails: int) -> float:
    """Microseconds for one of `mails`."""
    start = time.perf_counter()
    for _ in range(mails):
        await check()
    return (time.perf_counter() - start) / mails * 1e6


async def hostile(resolver: DnsResolver) -> dict[str, float]:
    """Microseconds for a signature field of 64 KB; the parser of messages would not even take it."""
    costs = {}
    for name, value in HOSTILE.items():
        field = Field("DKIM-Signature", b"DKIM-Signature:" + value)
        crafted = Message((field, Field("From", b"From: rei@" + AUTHOR.encode())), b"\r\n", b"")
        start = time.perf_counter()
        await verify.verify(crafted, resolver, NOW)
        costs[f"hostile field: {name}"] = (time.perf_counter() - start) * 1e6
    return costs


async def run(rounds: int, mails: int) -> dict[str, float]:
    """All figures by name."""
    server = await serve(Zone.parse(ZONE))
    cold: list[float] = []
    for _ in range(rounds):
        fresh = DnsResolver([server.host], server.port)
        cold.append(await measure(_whole(fresh), 1))
        await fresh.close()
    resolver = DnsResolver([server.host], server.port)
    figures: dict[str, list[float]] = {}
    checks = await ours(resolver)
    for name, other in others().items():
        checks[name] = _waited(other)
    # Round by round through all of them, so that a slow moment of the machine hits every row.
    for _ in range(rounds):
        for name, check in checks.items():
            figures.setdefault(name, []).append(await measure(check, mails))
    medians = {name: statistics.median(values) for name, values in figures.items()}
    if {"dkimpy", "pyspf"} <= medians.keys():
        medians["dkimpy + pyspf"] = medians["dkimpy"] + medians["pyspf"]
    medians["whole proof, cold DNS"] = statistics.median(cold)
    medians |= await hostile(resolver)
    await resolver.close()
    await server.close()
    return medians


def _whole(resolver: DnsResolver) -> Check:
    async def check() -> None:
        verdict = await authenticate(message.parse(RAW), ENVELOPE, AUTHOR, resolver)
        if verdict.outcome is not Outcome.PROVEN:
            raise SystemExit(verdict.reason)

    return check


def _waited(call: Callable[[], None]) -> Check:
    async def check() -> None:
        call()

    return check


def _run(work: Coroutine[None, None, dict[str, float]]) -> tuple[str, dict[str, float]]:
    """On uvloop where it is installed, as the service runs."""
    try:
        import uvloop
    except ImportError:
        return "asyncio", asyncio.run(work)
    return "uvloop", uvloop.run(work)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=9, help="rounds to take the median of")
    parser.add_argument("--mails", type=int, default=200, help="mails in one round")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    wanted = parser.parse_args()
    loop, figures = _run(run(wanted.rounds, wanted.mails))
    if wanted.json:
        sys.stdout.write(json.dumps({name: round(value, 1) for name, value in figures.items()}) + "\n")
        return
    sys.stdout.write(f"a mail of {len(RAW)} octets, {loop}, microseconds\n")
    for name, value in figures.items():
        sys.stdout.write(f"{name:32} {value:10.1f}\n")


if __name__ == "__main__":
    main()
