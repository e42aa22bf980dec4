"""What each cache of a function saves: instructions of a whole mail with it and without.

usage: python3 tests/bench/caches.py [NAME ...]

The mails are those of accept.py (4 KB, Japanese, DKIM-signed), taken one after the other, with DNS and every
other cache warm: received, proven, read, decided, committed. Times differ by more than the hundredth that a
cache has to save, so valgrind counts instructions: two runs, and what the longer one has more. A cache that
no such mail asks saves nothing here; its `why` says what it is for.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))

from tools.checkout import enter

enter()

from gateway import memoize
from gateway.app.service import Gateway
from gateway.mail.smtp import smtp_reply
from gateway.net.dns.server import serve
from gateway.net.dns.zone import Zone
from gateway.settings import parse
from tests.bench import accept, pool, served, stages

WARM = 2 * pool.DOMAINS
SHORT, LONG = 20, 120
_REFS = re.compile(r"I\s+refs:\s+([\d,]+)")


def swap(old: Callable[..., object], new: Callable[..., object]) -> None:
    """Let every module that is loaded call another function."""
    for module in [module for name, module in sys.modules.items() if name.startswith("gateway.")]:
        for name, value in list(vars(module).items()):
            if value is old:
                setattr(module, name, new)


async def take(mails: Path, count: int, folder: Path) -> None:
    """Take the first mails of the pool, `count` after those that warm the caches."""
    dns = await serve(Zone.parse((mails / "zone").read_text(encoding="ascii")))
    text = served.settings_text(folder, 25, served.Around(dns.port), 0)
    app = Gateway(parse(text.encode(), "bench"), folder)
    await app.start([])  # what it does from time to time is in both counts
    for line in (mails / "index.tsv").read_text(encoding="ascii").splitlines()[: WARM + count]:
        if await app.front.receive(*stages._given(mails, line)) != smtp_reply.ACCEPTED:
            raise SystemExit("a mail was not accepted")
    await app.stop()
    await dns.close()


def count_instructions(mails: Path, without: str) -> float:
    """Instructions of one mail; `without` names the cache that is left out, or none."""
    totals = []
    for count in (SHORT, LONG):
        command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
        command += [sys.executable, str(HERE), "--take", str(count), "--mails", str(mails), without]
        environment = os.environ | {"PYTHONHASHSEED": "0"}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        found = _REFS.search(done.stderr)
        if found is None:
            raise ValueError(f"valgrind said {done.stderr!r}")
        totals.append(int(found[1].replace(",", "")))
    return (totals[1] - totals[0]) / (LONG - SHORT)


def show(names: list[str]) -> None:
    """A line for each cache, as it is measured."""
    known = {cache.name: cache for cache in memoize.list_caches()}
    with tempfile.TemporaryDirectory(prefix="gateway-bench-") as name:
        mails = Path(name) / "pool"
        towns = pool.towns()
        pool.fill(mails, towns, WARM + LONG, accept.SIZE_BYTES)
        records = "\n".join(" ".join(record) for record in pool.records(towns))
        (mails / "zone").write_text(records, encoding="ascii")
        whole = count_instructions(mails, "")
        print(f"instructions of a mail: {whole:,.0f}")
        for each in names or known:
            saved = count_instructions(mails, each) - whole
            print(f"{each:55}{saved / whole:8.2%}  {known[each].why}", flush=True)


def main() -> None:
    """Show all, or take mails for one figure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="caches to measure (default: all)")
    parser.add_argument("--take", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--mails", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if unknown := set(wanted.names) - {"", *(cache.name for cache in memoize.list_caches())}:
        parser.error(f"no cache is called {min(unknown)}")
    if wanted.take is None:
        show(wanted.names)
        return
    for cache in memoize.list_caches():
        if cache.name in wanted.names:
            swap(cache.call, cache.plain)
    with tempfile.TemporaryDirectory(prefix="gateway-bench-") as name:
        asyncio.run(take(wanted.mails, wanted.take, Path(name)))


if __name__ == "__main__":
    main()
