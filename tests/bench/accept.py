"""How many signed mails a second the gateway proves, decides and has on disk; and other mail systems.

usage: python3 tests/bench/accept.py [--peers] [--ways 'kept,starttls,slow disk,letters']
                                     [--connections 1,10,50,200] [--messages N] [--rounds N] [--fronts 0,1]
                                     [--stages] [--json]

Every mail is 4 KB, Japanese, DKIM-signed (RSA-2048) and another one; DNS answers on loopback through the real
resolver; acceptance is SPF, DKIM, DMARC, MX, form, case, letters queued and fsync. The ways: connections that
are kept; one mail a connection, with STARTTLS; every fsync 3 ms longer; two letters a mail leave to a sink
(otherwise they stay queued, as the other systems hold what they accept). --peers needs root and packages of
Debian: see tests/bench/peers.py. Needs a C compiler; loopback only.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tools.checkout import enter

enter()

from tests.bench import cpu, figures, peers, pool, stages
from tests.bench.figures import GATEWAY, Figures
from tests.bench.served import Around, gateway, settings_text
from tests.bench.ways import WAYS, Way, preload
from tests.support import certificates
from tests.support.fast_sink import FastSink
from tests.support.process import peak_bytes

SIZE_BYTES = 4_200
WARM = 300  # mails that a new gateway takes before it is measured, as the other systems run all the time
PATIENCE_S = 60.0  # for the last letter behind the last mail
PLATFORM = "/usr/bin/"


@dataclass(frozen=True, slots=True)
class Options:
    """What is measured, and with what."""

    loader: Path
    library: Path
    certificate: Path
    mails: Path
    messages: int
    dns_port: int
    warm: Path


_LINE = re.compile(
    r"ok=(?P<ok>\d+) .*?4xx=(?P<temp>\d+) 5xx=(?P<perm>\d+) err=(?P<err>\d+) .*? (?P<rate>[\d.]+) msg/s"
    r" +txn ms p50 (?P<p50>[\d.]+) p95 [\d.]+ p99 (?P<p99>[\d.]+)"
)


def load(
    system: str, port: int, connections: int, options: Options, processes: Iterable[int], way: Way
) -> Figures:
    """One run of the load generator. Raises ValueError for what it does not print."""
    roots = list(processes)
    before_s = cpu.read_used_s(roots)
    command = [str(options.loader), "-p", str(port), "-s", str(connections), "-m", str(options.messages)]
    command += ["-P", str(options.mails), "-n", str(way.per_connection)]
    if way.starttls:
        place = (str(port), str(connections), str(options.messages), str(options.mails))
        command = [sys.executable, str(HERE / "tlsload.py"), *place]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    match = _LINE.search(said)
    if match is None:
        raise ValueError(f"the load generator said {said!r}")
    others = sum(int(match[name]) for name in ("temp", "perm", "err"))
    used_us = (cpu.read_used_s(roots) - before_s) / options.messages * 1e6
    rate, p50, p99 = (float(match[name]) for name in ("rate", "p50", "p99"))
    return Figures(system, connections, rate, p50, p99, others, used_us, way=way.name)


def compiled(folder: Path, name: str, *flags: str) -> Path:
    """A program or library of this folder in C, compiled."""
    made = folder / name
    source = HERE / f"{name.removesuffix('.so')}.c"
    subprocess.run(["cc", "-O2", *flags, "-o", str(made), str(source), "-ldl"], check=True)
    return made


def fill(folder: Path, messages: int) -> Callable[[list[pool.Town]], object]:
    """Makes the usual mails."""
    return lambda towns: pool.fill(folder / "pool", towns, messages, SIZE_BYTES)


@contextmanager
def prepared(folder: Path, make: Callable[[list[pool.Town]], object], messages: int) -> Iterator[Options]:
    """Signed mails in `pool`, their DNS, and what loads."""
    towns = pool.towns()
    progress(f"making {messages} signed mails")
    make(towns)
    certificates.serving(folder)
    (folder / "desk.pem").chmod(0o600)  # a secret, or the gateway does not start
    loader = compiled(folder, "smtpload")
    library = compiled(folder, "slowsync.so", "-shared", "-fPIC")
    with peers.dns(folder, list(pool.records(towns))) as dns_port:
        certificate, warm = folder / "desk.pem", folder / "warm"
        pool.fill(warm, towns, min(WARM, messages), SIZE_BYTES, first=messages)
        yield Options(loader, library, certificate, folder / "pool", messages, dns_port, warm)


def measure(arguments: argparse.Namespace, folder: Path) -> tuple[list[Figures], int]:
    """All runs, the systems in turn within a round; and the gateway's peak of memory in octets."""
    found: list[Figures] = []
    with prepared(folder, fill(folder, arguments.messages), arguments.messages) as options:
        for way in arguments.ways:
            place = folder / way.name.replace(" ", "-")
            place.mkdir()
            place.chmod(0o755)
            with environment(preload(way, options.library)):
                found += measure_way(way, arguments, options, place)
        if arguments.stages:
            progress("stages")
            own = folder / "stages"
            stages.show(own, options.mails, settings_text(own, 25, Around(options.dns_port), 0))
    return found, max((one.memory_bytes for one in found), default=0)


@contextmanager
def environment(more: dict[str, str]) -> Iterator[None]:
    """Variables that all programs see which the block starts."""
    os.environ |= more
    try:
        yield
    finally:
        for name in more:
            del os.environ[name]


def measure_way(way: Way, arguments: argparse.Namespace, options: Options, folder: Path) -> Iterable[Figures]:
    """All rounds of one way."""
    others = arguments.peers and not way.letters
    with ExitStack() as stack:
        systems = stack.enter_context(peers.peers(folder, pool.DESK, options.certificate)) if others else []
        for number, connections in itertools.product(range(arguments.rounds), arguments.connections):
            for peer in systems:
                progress(f"{way.name}, round {number + 1}: {peer.name}, {connections} connections")
                one = load(peer.name, peer.port, connections, options, peer.processes, way)
                yield replace(one, round=number)
            for fronts in arguments.fronts:
                name = f"{GATEWAY}, {fronts} fronts" if fronts else GATEWAY
                progress(f"{way.name}, round {number + 1}: {name}, {connections} connections")
                own = folder / f"gateway-{number}-{connections}-{fronts}"
                yield replace(load_gateway(own, name, connections, fronts, options, way), round=number)


def warming(options: Options) -> Options:
    """The options with other mails, which no figure is about."""
    return replace(options, mails=options.warm, messages=min(WARM, options.messages))


def load_gateway(
    folder: Path, name: str, connections: int, fronts: int, options: Options, way: Way
) -> Figures:
    """One run on a new gateway that is warm, up to the last letter where they leave."""
    with ExitStack() as stack:
        sink = stack.enter_context(FastSink()) if way.letters else None
        around = Around(options.dns_port, options.certificate, sink.port if sink else 0)
        made = stack.enter_context(gateway(folder, around, fronts))
        warm = load(name, made.port, connections, warming(options), [made.process.pid], way)
        one = load(name, made.port, connections, options, [made.process.pid], way)
        count = warming(options).messages - warm.others + options.messages - one.others
        left_s = wait_for_letters(sink, 2 * count) if sink else 0.0
        return replace(one, left_s=left_s, memory_bytes=peak_bytes(made.process))


def wait_for_letters(sink: FastSink, count: int) -> float:
    """Seconds until so many have left. Raises SystemExit when they do not."""
    begun = time.monotonic()
    while sink.count < count:
        if time.monotonic() - begun > PATIENCE_S:
            raise SystemExit(f"only {sink.count} of {count} letters left in {PATIENCE_S:g} s")
        time.sleep(0.05)
    return time.monotonic() - begun


def show(found: Sequence[Figures], peak: int) -> None:
    """The table; `ratio` is how many times as many mails the gateway takes."""
    shown = figures.medians(found)
    ours = {
        (each.way, each.connections): each.per_second for each in shown if each.system.startswith(GATEWAY)
    }
    print(describe_interpreter())
    heads = f"{'way':10}{'system':46}{'conn.':>6}{'CPU us':>8}{'mails/s':>9}{'p50 ms':>8}{'p99 ms':>8}"
    print(f"{heads}{'not 250':>9}{'ratio':>7}")
    for each in sorted(shown, key=lambda one: (one.way, one.connections, one.system)):
        ratio = ours[each.way, each.connections] / each.per_second if each.per_second else float("inf")
        print(
            f"{each.way:10}{each.system:46}{each.connections:6}{each.cpu_us:8.0f}{each.per_second:9.0f}{each.p50_ms:8.1f}"
            f"{each.p99_ms:8.1f}{each.others:9}{ratio:7.2f}"
        )
    print(f"peak memory of the gateway: {peak / 1e6:.0f} MB")


def describe_interpreter() -> str:
    """Path and version; one that is not the platform's own may be 1.4 times slower, and is named so."""
    real = os.path.realpath(sys.executable)
    said = f"{real}, Python {platform.python_version()}"
    return said if real.startswith(PLATFORM) else f"{said}: not the platform's own; read no figure as its"


def progress(words: str) -> None:
    """What is being done, on standard error."""
    print(words, file=sys.stderr, flush=True)


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--peers", action="store_true", help="load Postfix and its filters as well (root)")
    add("--connections", default="1,10,50,200", help="side by side; a list (default: %(default)s)")
    add("--messages", type=int, default=3_000, help="mails of a run (default: %(default)s)")
    add("--rounds", type=int, default=3, help="runs, of which the median counts (default: %(default)s)")
    add("--fronts", default="0,1", help="values of listen.front_processes; a list (default: %(default)s)")
    add("--ways", default="kept", help=f"of {', '.join(WAYS)}; a list (default: %(default)s)")
    add("--stages", action="store_true", help="show where the time of a mail goes")
    add("--json", action="store_true", dest="as_json")
    arguments = parser.parse_args()
    arguments.connections = [int(word) for word in arguments.connections.split(",")]
    arguments.ways = [WAYS[word.strip()] for word in arguments.ways.split(",")]
    arguments.fronts = [int(word) for word in arguments.fronts.split(",")]
    with tempfile.TemporaryDirectory(prefix="gateway-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        found, peak = measure(arguments, folder)
    if arguments.as_json:
        where = {"interpreter": describe_interpreter(), "processors": len(os.sched_getaffinity(0))}
        options = {"rounds": arguments.rounds, "messages": arguments.messages, "peak_bytes": peak}
        print(figures.write_data(found, **where, **options))
    else:
        show(found, peak)


if __name__ == "__main__":
    main()
