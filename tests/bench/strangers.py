"""What a day of strangers costs the disk: mail that is refused, and mail that needs no proof.

usage: python3 tests/bench/strangers.py [--refused N] [--large N] [--json]

Through the real path in and a real database: N forged mails from as many domains, the same once more, and N
mails of a megabyte to postmaster@ and to one letter's bounce address. After that a day can cost no more:
domains are counted, and the mailboxes are full.

examples:
  python3 tests/bench/strangers.py --refused 5000 --large 200
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.checkout import enter

enter()

from gateway.admission.authority import tokens
from gateway.admission.case.model import Letter, OutgoingLetter
from gateway.admission.eligibility.assess import Rules
from gateway.inbound.screening import LocalScreener
from gateway.log import events
from gateway.mail.address import parse
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.mailboxes import Mailboxes, Purpose
from gateway.store.protocol import Transaction
from gateway.store.sqlite.store import SqliteStore
from tests.support.dns import ZoneResolver
from tests.support.factories import APPLICANT, DESK, NOW
from tests.support.path_in import build_path

BOXES = Mailboxes("gw.example.go.jp")
TOKEN = "a" * 26
FORGED = b"From: a@%s\r\nSubject: %d\r\nMessage-ID: <%d@x.example>\r\n\r\nx\r\n"
LARGE = b"From: a@b.example\r\nSubject: %d\r\n\r\n" + (b"x" * 70 + b"\r\n") * 14_000


def size_mb(folder: Path) -> float:
    """The database with all its files."""
    return sum(file.stat().st_size for file in folder.iterdir()) / 1e6


def domain(number: int) -> bytes:
    """Half of them of the kind that an organisation has, so that each is counted under its name."""
    return b"town.n%d.lg.jp" % number if number % 2 else b"n%d.example" % number


def owe_a_letter(tx: Transaction) -> None:
    """A letter that somebody got, whose bounce address they now know."""
    tx.enqueue(None, [OutgoingLetter(Letter.HOW_TO_APPLY, APPLICANT, {})], NOW, None)
    (row,) = tx.claim(NOW, NOW + timedelta(hours=1), 1)
    tx.keep_token(tokens.token_hash(TOKEN), Purpose.BOUNCE, row, NOW + timedelta(days=90))


class Day:
    """One day of a desk to which only strangers write."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = SqliteStore(folder / "gateway.db", BOXES.domain)
        self.store.open()
        screener = LocalScreener(ZoneResolver(), BOXES)
        self._receiver = build_path(self.store, screener, DESK, BOXES, Rules, entropy=secrets.token_bytes)

    async def send(self, box: str, mails: list[bytes]) -> dict[str, object]:
        """The mails one after the other; what they took, and what they heard."""
        paths, codes = (parse(f"{box}@gw.example.go.jp"),), dict[int, int]()
        before, begun = size_mb(self.folder), time.process_time()
        for raw in mails:
            envelope = Envelope("192.0.2.1", "x.example", None, paths, NOW)
            reply = await self._receiver.receive(envelope, raw)
            codes[reply.code] = codes.get(reply.code, 0) + 1
        return {
            "mails": len(mails),
            "mb": size_mb(self.folder) - before,
            "ms": (time.process_time() - begun) / len(mails) * 1_000,
            "replies": codes,
        }


async def run(folder: Path, refused: int, large: int) -> list[tuple[str, dict[str, object]]]:
    """All three, in the order in which they are told."""
    day = Day(folder)
    await day.store.transact(owe_a_letter)
    forged = [FORGED % (domain(number), number, number) for number in range(refused)]
    again = [FORGED % (domain(number), number, -number) for number in range(refused)]
    mails = [LARGE % number for number in range(large)]
    found = [
        ("forged mails, request@", await day.send("request", forged)),
        ("the same domains again", await day.send("request", again)),
        ("1 MB each, postmaster@", await day.send("postmaster", mails)),
        ("1 MB each, bounce+TOKEN@", await day.send(f"bounce+{TOKEN}", mails)),
    ]
    day.store.close()
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--refused", type=int, default=5_000, help="forged mails (default: 5000)")
    parser.add_argument("--large", type=int, default=1_000, help="mails of a megabyte (default: 1000)")
    parser.add_argument("--json", action="store_true", help="print one JSON object for each line")
    wanted = parser.parse_args()
    events.log.setLevel("ERROR")  # a line for each refusal goes to the journal of the machine
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(run(Path(folder), wanted.refused, wanted.large))
        total = size_mb(Path(folder))
    for name, row in found:
        line = (
            f"{name:26}{row['mails']:7} mails{row['mb']:9.2f} MB{row['ms']:8.2f} ms a mail  {row['replies']}"
        )
        sys.stdout.write((json.dumps({"what": name, **row}) if wanted.json else line) + "\n")
    sys.stdout.write("" if wanted.json else f"the database after this day: {total:.1f} MB\n")


if __name__ == "__main__":
    main()
