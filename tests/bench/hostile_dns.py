"""What mails from domains with hostile DNS cost: memory and CPU of the process that proves them.

usage: python3 tests/bench/hostile_dns.py [--mails N] [--json]

Every mail is of sixty octets, unproven, and from a domain of its own in `tests/support/hostile_dns.py`, which
answers in a process of its own. `!` is over 0.2 s of CPU a mail, or 150 MB at the end.

examples:
  python3 tests/bench/hostile_dns.py --mails 200
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tools.checkout import enter

enter()

from gateway.auth.authenticate import authenticate
from gateway.auth.dns import public_suffix
from gateway.mail import address, message
from gateway.mail.smtp.envelope import Envelope
from gateway.net.dns.resolver import DnsResolver
from tests.support.hostile_dns import KINDS, ZONE

MAX_S, MAX_MB = 0.2, 150.0
WARM = "m0.huge"


def resident_mb(field: str = "VmRSS") -> float:
    """Memory of this process that is not paged out, in megabytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(field)) / 1024


async def prove(domain: str, resolver: DnsResolver) -> str:
    """Let one mail be proven; gives the outcome."""
    raw = f"From: a@{domain}\r\nSubject: s\r\n\r\nx\r\n".encode()
    sender = address.parse(f"a@{domain}")
    envelope = Envelope("192.0.2.1", domain, sender, (), datetime.now(UTC))
    found = await authenticate(message.parse(raw), envelope, domain, resolver)
    return found.outcome.value


async def attack(kind: str, mails: int, resolver: DnsResolver) -> dict[str, object]:
    """Mails from as many domains of a kind, ten at a time."""
    begun, outcomes = time.process_time(), set()
    for start in range(0, mails, 10):
        batch = range(start, min(start + 10, mails))
        outcomes |= set(await asyncio.gather(*(prove(f"m{each}.{kind}.{ZONE}", resolver) for each in batch)))
    spent = (time.process_time() - begun) / mails
    return {"kind": kind, "mails": mails, "cpu_s": spent, "mb": resident_mb(), "outcomes": sorted(outcomes)}


async def run(port: int, mails: int, *, as_json: bool) -> bool:
    """All kinds one after the other in one process; whether the bounds hold."""
    resolver, good = DnsResolver(["127.0.0.1"], port), True
    public_suffix.load_suffix_list()
    await prove(f"{WARM}.{ZONE}", resolver)
    sys.stdout.write("" if as_json else f"  {resident_mb():.0f} MB before\n")
    for kind in KINDS:
        row = await attack(kind, mails, resolver)
        over = row["cpu_s"] > MAX_S or row["mb"] > MAX_MB  # type: ignore[operator]  # numbers
        good &= not over
        line = f"{'!' if over else ' '} {kind:10}{row['cpu_s']:8.3f} s CPU a mail{row['mb']:8.0f} MB"
        sys.stdout.write((json.dumps(row) if as_json else f"{line}  {row['outcomes']}") + "\n")
        sys.stdout.flush()
    sys.stdout.write("" if as_json else f"  {resident_mb('VmHWM'):.0f} MB at most\n")
    await resolver.close()
    return good


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mails", type=int, default=200, help="mails of each kind (default: 200)")
    parser.add_argument("--json", action="store_true", help="print one JSON object for each line")
    wanted = parser.parse_args()
    command = [sys.executable, "-m", "tests.support.hostile_dns"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            good = asyncio.run(run(int(server.stdout.readline()), wanted.mails, as_json=wanted.json))
        finally:
            server.terminate()
    sys.exit(not good)


if __name__ == "__main__":
    main()
