"""How much memory mails of the largest size take when many come at once: the whole gateway, fronts included.

usage: python3 tests/bench/memory.py [--mails 24] [--octets 9900000] [--fronts 2]

Proportional set size (proc_pid_smaps_rollup) of the writer and its fronts together, looked at every 20 ms.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from base64 import encodebytes
from contextlib import ExitStack
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.checkout import enter

enter()

from tests.bench import accept, cpu, pool
from tests.bench.served import Around, gateway

LOOK_S = 0.02
LINE = "災害対応のデジタル化について、近隣の自治体の取り組みを知りたく参加を希望します。\r\n"
HEADER = (
    "From: <{sender}>\r\nTo: <{to}>\r\nSubject: application\r\nDate: Mon, 05 Oct 2026 10:00:00 +0900\r\n"
    "Message-ID: <{sender}>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\n"
)


def fill(folder: Path, towns: list[pool.Town], count: int, octets: int) -> None:
    """Write `count` signed mails of about `octets` and their index.tsv."""
    folder.mkdir()
    text = (LINE * int(octets * 0.73 / len(LINE.encode()))).encode()
    body = encodebytes(text).replace(b"\n", b"\r\n")
    index = []
    for place in range(count):
        town = towns[place % len(towns)]
        sender = f"tanaka{place:06d}@{town.domain}"
        unsigned = HEADER.format(sender=sender, to=pool.REQUEST).encode("ascii") + body
        (folder / f"{place}.eml").write_bytes(town.signer.sign(unsigned) + unsigned)
        index.append(f"{place}.eml\t{sender}\t{pool.REQUEST}\n")
    (folder / "index.tsv").write_text("".join(index), encoding="ascii")


def measure(folder: Path, mails: int, octets: int, fronts: int) -> tuple[int, int, str]:
    """Octets before and at the peak, and what the load generator says."""
    make = partial(fill, folder / "pool", count=mails, octets=octets)
    with ExitStack() as stack:
        options = stack.enter_context(accept.prepared(folder, make, mails))
        made = stack.enter_context(gateway(folder / "gateway", Around(options.dns_port), fronts))
        before = peak = cpu.read_memory(made.process.pid)
        command = [str(options.loader), "-p", str(made.port), "-s", str(mails), "-m", str(mails)]
        command += ["-t", "120", "-P", str(options.mails)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as load:
            while load.poll() is None:
                peak = max(peak, cpu.read_memory(made.process.pid))
                time.sleep(LOOK_S)
            said = load.stdout.read() if load.stdout else ""
    return before, peak, said.strip()


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mails", type=int, default=24)
    parser.add_argument("--octets", type=int, default=9_900_000)
    parser.add_argument("--fronts", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gateway-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        before, peak, said = measure(folder, given.mails, given.octets, given.fronts)
    print(f"before {before / 1e6:.0f} MB, peak {peak / 1e6:.0f} MB; {said}")


if __name__ == "__main__":
    main()
