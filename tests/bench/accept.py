"""How many signed mails a second the gateway proves, decides and has on disk; and other mail systems.

usage: python3 tests/bench/accept.py [--peers] [--connections 1,10,50,200] [--messages N] [--rounds N]
                                     [--fronts 0,1] [--one-per-connection] [--slow-disk MS]
                                     [--letters] [--stages] [--json]

Every mail is 4 KB, Japanese, DKIM-signed (RSA-2048) and another one; DNS answers on loopback through the real
resolver; acceptance is SPF, DKIM, DMARC, MX, form, case, letters queued and fsync. Letters stay queued unless
--letters is given, as the other systems hold what they accept. --slow-disk adds so many milliseconds to every
fsync. --peers needs root and Debian packages: see tests/bench/peers.py. Needs a C compiler; loopback only.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tools.checkout import enter

enter()

from tests.bench import cpu, figures, peers, pool, stages
from tests.bench.figures import GATEWAY, Figures
from tests.support.ports import free_port, wait_for_port
from tests.support.process import peak_bytes, running

SIZE_BYTES = 4_200
PLATFORM = "/usr/bin/"
SETTINGS = """\
[desk]
domain = "{domain}"
digest = false
[[staff]]
address = "tanto@kyoso.mihon.go.jp"
name = "担当"
[listen]
host = "127.0.0.1"
port = {port}
front_processes = {fronts}
[limits]
connections = 1000
connections_per_address = 1000
mails_per_client_per_hour = 0
mails_per_domain_per_hour = 0
[dns]
nameservers = ["127.0.0.1"]
port = {dns_port}
[store]
path = "{folder}/gateway.db"
[delivery]
hold = {hold}
transport = "maildir"
maildir = "{folder}/letters"
[invitation]
join_link = "https://join.example/t/kyoso"
"""


@dataclass(frozen=True, slots=True)
class Options:
    """What is measured, and with what."""

    loader: Path
    mails: Path
    messages: int
    per_connection: int


_LINE = re.compile(
    r"ok=(?P<ok>\d+) .*?4xx=(?P<temp>\d+) 5xx=(?P<perm>\d+) err=(?P<err>\d+) .*? (?P<rate>[\d.]+) msg/s"
    r" +txn ms p50 (?P<p50>[\d.]+) p95 [\d.]+ p99 (?P<p99>[\d.]+)"
)


def load(system: str, port: int, connections: int, options: Options, processes: Iterable[int]) -> Figures:
    """One run of the load generator. Raises ValueError for what it does not print."""
    roots = list(processes)
    before_s = cpu.read_used_s(roots)
    command = [str(options.loader), "-p", str(port), "-s", str(connections), "-m", str(options.messages)]
    command += ["-P", str(options.mails), "-n", str(options.per_connection)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    match = _LINE.search(said)
    if match is None:
        raise ValueError(f"the load generator said {said!r}")
    others = sum(int(match[name]) for name in ("temp", "perm", "err"))
    used_us = (cpu.read_used_s(roots) - before_s) / options.messages * 1e6
    rate, p50, p99 = (float(match[name]) for name in ("rate", "p50", "p99"))
    return Figures(system, connections, rate, p50, p99, others, used_us)


@dataclass(frozen=True, slots=True)
class Running:
    """A gateway that answers on `port`."""

    port: int
    process: subprocess.Popen[bytes]


@contextmanager
def gateway(folder: Path, dns_port: int, fronts: int, *, letters: bool) -> Iterator[Running]:
    """A gateway with an empty database, so that no mail is a repeat."""
    folder.mkdir()
    port = free_port()
    text = settings_text(folder, port, dns_port, fronts, letters=letters)
    (folder / "gateway.toml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-c", "from gateway.cli import main; main()"]
    with running([*command, "serve", "--config", str(folder)], folder / "serve.log") as process:
        wait_for_port(port)
        read_greeting(port)  # it listens before its fronts have loaded what they need
        yield Running(port, process)


def read_greeting(port: int) -> None:
    """Wait until a client is greeted."""
    with socket.create_connection(("127.0.0.1", port), 60) as client:
        client.recv(512)


def settings_text(folder: Path, port: int, dns_port: int, fronts: int, *, letters: bool) -> str:
    """The settings of the gateway that is measured."""
    hold = "false" if letters else "true"
    return SETTINGS.format(
        domain=pool.DESK, port=port, dns_port=dns_port, folder=folder, hold=hold, fronts=fronts
    )


def compiled(folder: Path, name: str, *flags: str) -> Path:
    """A program or library of this folder in C, compiled."""
    made = folder / name
    source = HERE / f"{name.removesuffix('.so')}.c"
    subprocess.run(["cc", "-O2", *flags, "-o", str(made), str(source), "-ldl"], check=True)
    return made


def measure(arguments: argparse.Namespace, folder: Path) -> tuple[list[Figures], int]:
    """All runs, the systems in turn within a round; and the gateway's peak of memory in octets."""
    towns = pool.towns()
    mails = folder / "pool"
    progress(f"making {arguments.messages} signed mails")
    pool.fill(mails, towns, arguments.messages, SIZE_BYTES)
    options = Options(
        compiled(folder, "smtpload"), mails, arguments.messages, 1 if arguments.one_per_connection else 0
    )
    if arguments.slow_disk:
        library = compiled(folder, "slowsync.so", "-shared", "-fPIC")
        os.environ |= {"LD_PRELOAD": str(library), "SLOWSYNC_US": str(int(arguments.slow_disk * 1000))}
    found: list[Figures] = []
    peak = 0
    with ExitStack() as stack:
        records = list(pool.records(towns))
        dns_port = stack.enter_context(peers.dns(folder, records))
        others = stack.enter_context(peers.peers(folder, pool.DESK)) if arguments.peers else []
        for number in range(arguments.rounds):
            for connections in arguments.connections:
                for peer in others:
                    progress(f"round {number + 1}: {peer.name}, {connections} connections")
                    one = load(peer.name, peer.port, connections, options, peer.processes)
                    found.append(replace(one, round=number))
                for fronts in arguments.fronts:
                    name = f"{GATEWAY}, {fronts} fronts" if fronts else GATEWAY
                    progress(f"round {number + 1}: {name}, {connections} connections")
                    own = folder / f"gateway-{number}-{connections}-{fronts}"
                    with gateway(own, dns_port, fronts, letters=arguments.letters) as made:
                        one = load(name, made.port, connections, options, [made.process.pid])
                        found.append(replace(one, round=number))
                        peak = max(peak, peak_bytes(made.process))
        if arguments.stages:
            progress("stages")
            own = folder / "stages"
            stages.show(own, mails, settings_text(own, 25, dns_port, 0, letters=False))
    return found, peak


def show(found: Sequence[Figures], peak: int) -> None:
    """The table; `ratio` is how many times as many mails the gateway takes."""
    shown = figures.medians(found)
    ours = {each.connections: each.per_second for each in shown if each.system.startswith(GATEWAY)}
    print(describe_interpreter())
    print(
        f"{'system':46}{'conn.':>6}{'CPU us':>8}{'mails/s':>9}{'p50 ms':>8}{'p99 ms':>8}{'not 250':>9}"
        f"{'ratio':>7}"
    )
    for each in sorted(shown, key=lambda one: (one.connections, one.system)):
        ratio = ours[each.connections] / each.per_second if each.per_second else float("inf")
        print(
            f"{each.system:46}{each.connections:6}{each.cpu_us:8.0f}{each.per_second:9.0f}{each.p50_ms:8.1f}"
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
    add("--one-per-connection", action="store_true", help="a new connection for each mail")
    add("--slow-disk", type=float, default=0.0, metavar="MS", help="milliseconds more for every fsync")
    add("--letters", action="store_true", help="let letters leave, into a maildir")
    add("--stages", action="store_true", help="show where the time of a mail goes")
    add("--json", action="store_true", dest="as_json")
    arguments = parser.parse_args()
    arguments.connections = [int(word) for word in arguments.connections.split(",")]
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
