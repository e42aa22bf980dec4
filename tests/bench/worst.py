"""The slowest input of every reader of foreign octets, looked for and measured.

usage: python3 tests/bench/worst.py [READER ...] [--json] [--list]

Each reader gets every piece of `ATOMS` repeated, behind beginnings that lead it astray, short ones first; the
three that cost most are measured at the size that can reach it, and at a quarter of that. `ms` is CPU time,
`growth` the exponent: 1.0 is linear, 2.0 quadratic. The last rows are whole mails through parsing, proof and
reading, with the longest time for which the loop could do nothing else. `!` is over 200 ms, 100 ms of the
loop, or more than linear.

examples:
  python3 tests/bench/worst.py
  python3 tests/bench/worst.py form decision
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.checkout import enter

enter()

from gateway import settings
from gateway.app.wiring import reception
from gateway.app.wiring.files.resources import load_active_rules, load_directory
from gateway.mail.header import fields
from gateway.mail.smtp.envelope import Envelope
from tests.bench.readers import ATOMS, DECLARED, FROM, READERS, SIGNATURE, Reader
from tests.corpus.entries import FOLDER, SETTINGS
from tests.support.dns import ZoneResolver
from tests.support.factories import NOW

MAX_MS, MAX_LOOP_MS, MAX_GROWTH = 200.0, 100.0, 1.4


def measured(reader: Reader, value: bytes) -> float:
    """Milliseconds of CPU; what is not declared is an error of ours and goes up."""
    begun = time.process_time()
    with suppress(*DECLARED):
        reader.call(value)
    return (time.process_time() - begun) * 1_000


def inputs(reader: Reader) -> Iterator[Callable[[int], tuple[str, bytes]]]:
    """Every piece behind every beginning, as a function of the size."""
    for atom in ATOMS:
        octets = atom.encode("utf-8")
        for start in reader.starts:
            for end in reader.ends:

                def made(
                    size: int, octets: bytes = octets, start: bytes = start, end: bytes = end
                ) -> tuple[str, bytes]:
                    parts = (start[:16], octets, end)
                    name = " ".join(ascii(part.decode("utf-8", "replace")) for part in parts)
                    return name, start + octets * max(1, (size - len(start)) // len(octets)) + end

                yield made


def worst(name: str) -> dict[str, object]:
    """The slowest input of one reader."""
    reader = READERS[name]
    found = sorted(inputs(reader), key=lambda made: -measured(reader, made(reader.size // 8)[1]))[:3]
    ms, made = max(
        ((measured(reader, made(reader.size)[1]), made) for made in found), key=lambda pair: pair[0]
    )
    small = min(measured(reader, made(reader.size // 4)[1]) for _ in range(3))
    growth = math.log(max(ms, 0.01) / max(small, 0.01), 4)
    return {"reader": name, "input": made(100)[0], "octets": reader.size, "ms": ms, "growth": growth}


async def blocked(raw: bytes) -> tuple[float, float]:
    """CPU of one whole mail up to its reading, and the longest time in which nothing else could run."""
    config = settings.load(SETTINGS)
    book = load_active_rules(config, FOLDER, load_directory(FOLDER), lambda: NOW)
    zone = "a.test TXT v=spf1 +ip4:192.0.2.0/24 -all\na.test MX 10 mx.a.test\nmx.a.test A 192.0.2.1"
    front = reception.build_front(config, ZoneResolver(zone), reception.build_receiver(config, book).submit)
    envelope = Envelope("192.0.2.1", "a.test", fields.address.parse("a@a.test"), (_REQUEST,), NOW)
    longest, last = 0.0, time.perf_counter()

    async def tick() -> None:
        nonlocal longest, last
        while True:
            await asyncio.sleep(0)
            now = time.perf_counter()
            longest, last = max(longest, now - last), now

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0)
    begun = time.process_time()
    await front.screen(envelope, raw)
    spent = time.process_time() - begun
    await asyncio.sleep(0)
    ticking.cancel()
    return spent * 1_000, longest * 1_000


_REQUEST = fields.address.parse("request@gw.example.go.jp")
PLAIN = FROM + b"Subject: s\r\nContent-Type: text/plain; charset=%s\r\n\r\n"
MAILS = {
    "10 MB of empty lines": PLAIN % b"utf-8" + b"\r\n" * 5_000_000,
    "10 MB of one line": PLAIN % b"utf-8" + b"a" * 10_000_000,
    "10 MB of spaces": PLAIN % b"utf-8" + b" " * 10_000_000,
    "1 MB under EUC-JP": PLAIN % b"euc-jp" + "（\r\n".encode() * 200_000,
    "1 MB of NFKC growth": PLAIN % b"utf-8" + "氏名：ﷺ\r\n".encode() * 70_000,
    "1 MB of labels": PLAIN % b"utf-8" + "　氏名：a".encode() * 70_000,
    "1 MB of tags": FROM + b"Content-Type: text/html\r\n\r\n" + b"<p>" * 330_000,
    "10 MB of delimiters": FROM
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b \r\n" * 1_600_000,
    "98 parts of base64": FROM
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + (b"--b\r\nContent-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"YWFh\r\n" * 17_000) * 98,
    "98 parts of quoted-printable": FROM
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + (
        b"--b\r\nContent-Type: a/b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + b"=41=42\r\n" * 12_000
    )
    * 98,
    "200 fields of 320 octets": b"".join(b"X-%d: %s\r\n" % (n, b"y" * 300) for n in range(199))
    + FROM
    + b"\r\nx",
    "5 signatures": (b"DKIM-Signature: " + SIGNATURE + b"a:" * 4_000 + b"\r\n") * 5
    + FROM
    + b"\r\n"
    + b" a\r\n" * 300_000,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("readers", nargs="*", help="readers to measure (default: all, and whole mails)")
    parser.add_argument("--json", action="store_true", help="print one JSON object for each line")
    parser.add_argument("--list", action="store_true", help="list the readers")
    wanted = parser.parse_args()
    if wanted.list:
        sys.stdout.write("\n".join(READERS) + "\n")
        return
    for name in wanted.readers:
        if name not in READERS:
            parser.error(f"no reader {name!r}; see --list")
    for name in wanted.readers or READERS:
        row = worst(name)
        over = row["ms"] > MAX_MS or (row["ms"] > 20 and row["growth"] > MAX_GROWTH)  # type: ignore[operator]
        _say(
            row,
            wanted.json,
            f"{name:24}{row['octets']:10}{row['ms']:9.1f} ms  ^{row['growth']:.2f}  {row['input']}",
            over,
        )
    for name, raw in {} if wanted.readers else MAILS.items():
        spent, longest = asyncio.run(blocked(raw))
        row = {"mail": name, "octets": len(raw), "ms": spent, "blocked_ms": longest}
        line = f"{name:30}{len(raw):10}{spent:9.1f} ms, the loop held for {longest:.1f} ms"
        _say(row, wanted.json, line, longest > MAX_LOOP_MS)


def _say(row: dict[str, object], as_json: bool, line: str, over: bool) -> None:
    sys.stdout.write((json.dumps(row) if as_json else f"{'!' if over else ' '} {line}") + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
