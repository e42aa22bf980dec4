"""How many letters a second leave: rendered, signed, delivered to a sink on loopback, settled on disk.

usage: python3 tests/bench/dispatch.py [--letters N] [--keys rsa,ed25519] [--connections N] [--accept]

The sink is a process of its own that speaks SMTP and forgets. With --accept signed applications arrive at the
gateway's listener at the same time, and both rates are printed. The database lies in --folder (default: a
temporary one), with synchronous=FULL as always.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import pickle
import resource
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.checkout import enter

enter()

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from gateway import settings
from gateway.admission.case import letters
from gateway.admission.case.model import Case, Letter, State
from gateway.app.service import Gateway
from gateway.auth.dkim.sign import PrivateKey
from gateway.demo.fixtures import DESK_DOMAIN, DomainFixtures, settings_text
from gateway.demo.people.messages import Person, build_mail, sign_mail
from gateway.demo.people.stories import form as form_text
from gateway.mail import address
from gateway.net.dns import server
from gateway.net.host.event_loop import run
from gateway.net.host.sockets import bind
from gateway.store.protocol import Transaction
from tests.support.factories import NOW, background, form
from tests.support.fast_sink import FastSink

REQUEST = f"request@{DESK_DOMAIN}"
CHUNK = 500
MAILS = "applications.pickle"
PATIENCE_S = 120.0


@dataclass(frozen=True, slots=True)
class Options:
    """What to measure."""

    letters: int
    keys: tuple[str, ...]
    connections: int
    accept: bool
    folder: Path


def key_file(folder: Path, kind: str) -> Path:
    """A fresh private key in PEM."""
    key: PrivateKey = generate_private_key(65537, 2048) if kind == "rsa" else Ed25519PrivateKey.generate()
    path = folder / f"{kind}.pem"
    path.touch(0o600)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def written_settings(options: Options, smtp_port: int, dns_port: int, sink_port: int) -> settings.Settings:
    """The demo's settings with a smarthost and keys."""
    text = settings_text(options.folder, smtp_port, dns_port)
    head, _, tail = text.partition("[delivery]")
    names = (("dkim_selector", "dkim_key"), ("dkim_second_selector", "dkim_second_key"))
    keys = "".join(
        f'{selector} = "{kind}"\n{key} = "{key_file(options.folder, kind)}"\n'
        for (selector, key), kind in zip(names, options.keys, strict=False)
    )
    delivery = (
        f'[delivery]\ntransport = "smarthost"\nhost = "127.0.0.1"\nport = {sink_port}\ntls = "none"\n'
        f"connections = {options.connections}\n{keys}"
    )
    rest = tail.partition("[invitation]")[2]
    limits = "[limits]\nmails_per_client_per_hour = 0\nmails_per_domain_per_hour = 0\n"
    return settings.parse(f"{head}{delivery}\n{limits}\n[invitation]{rest}".encode(), "bench")


async def enqueue(app: Gateway, count: int) -> None:
    """Put letters into the outbox: the acknowledgments of as many cases."""
    for start in range(0, count, CHUNK):
        await app.store.transact(lambda tx, first=start: _enqueue_chunk(tx, first, min(CHUNK, count - first)))  # type: ignore[misc]


def _enqueue_chunk(tx: Transaction, first: int, count: int) -> None:
    for number in range(first, first + count):
        applicant = address.parse(f"shokuin{number}@town{number % 40}.mihon.lg.jp")
        name = f"{number:06d}"
        due_on, state = NOW.date(), State.UNDER_REVIEW
        case = Case(f"{name[:4]}-{name[4:]}", applicant, form(), background(), NOW, due_on, state)
        saved = tx.save(case)
        tx.enqueue(saved, [letters.to_applicant(saved, Letter.ACKNOWLEDGMENT)], NOW, None)


async def client(port: int, mails: list[bytes], stop: asyncio.Event, taken: list[float]) -> None:
    """Send applications one after the other on one connection, until stopped."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await reader.readline()
    for line in (b"EHLO mx.town.mihon.lg.jp\r\n",):
        writer.write(line)
        while (await reader.readline())[3:4] == b"-":
            pass
    while mails and not stop.is_set():
        began = time.perf_counter()
        raw = mails.pop()
        sender = b"MAIL FROM:<x@town.mihon.lg.jp>\r\n"
        for line in (sender, f"RCPT TO:<{REQUEST}>\r\n".encode(), b"DATA\r\n", raw + b".\r\n"):
            writer.write(line)
            answer = await reader.readline()
            if not answer.startswith((b"2", b"3")):
                raise SystemExit(f"not taken: {answer!r}")
        taken.append(time.perf_counter() - began)
    writer.close()


def applications(world: DomainFixtures, count: int) -> list[bytes]:
    """Signed applications, each by somebody else."""
    found = []
    for number in range(count):
        person = Person(f"職員 {number}", f"new{number}@town.mihon.lg.jp")
        raw = build_mail(person, REQUEST, "参加申請", form_text("見本町", person.name, code="990019"))
        found.append(sign_mail(raw, world.signers["town.mihon.lg.jp"]))
    return found


async def accepting(port: int, file: Path) -> None:
    """Apply on four connections until standard input ends; print how many mails were taken, and the
    slowest."""
    stop, taken = asyncio.Event(), list[float]()
    mails: list[bytes] = pickle.loads(await asyncio.to_thread(file.read_bytes))  # noqa: S301 - written by ourselves a moment ago
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), stop.set)
    await asyncio.gather(*(client(port, mails, stop, taken) for _ in range(4)))
    print(json.dumps([len(taken), max(taken, default=0.0)]))


async def drained(sink: FastSink, count: int) -> float:
    """The moment at which the sink has so many letters."""
    deadline = time.perf_counter() + PATIENCE_S
    while sink.count < count:
        if time.perf_counter() > deadline:
            raise SystemExit(f"only {sink.count} of {count} letters came in {PATIENCE_S:g} s")
        await asyncio.sleep(0.02)
    return time.perf_counter()


async def measure(options: Options) -> dict[str, object]:
    """Owe, drain, count."""
    world = DomainFixtures()
    names = await server.serve(world.zone)
    sock = bind("127.0.0.1", 0)
    with FastSink() as sink:
        config = written_settings(options, sock.getsockname()[1], names.port, sink.port)
        app = Gateway(config, options.folder)
        app.store.open()
        await enqueue(app, options.letters)
        app.store.close()
        before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        if options.accept:
            (options.folder / MAILS).write_bytes(pickle.dumps(applications(world, 2 * options.letters)))
        await app.start([sock])
        load = await _load(sock.getsockname()[1], options) if options.accept else None
        began, cpu_before = time.perf_counter(), time.process_time()
        took = await drained(sink, options.letters) - began
        cpu_s = time.process_time() - cpu_before
        accepted, slowest = await _loaded(load)
        await app.stop()
        await names.close()
    return {
        "letters": options.letters,
        "keys": "+".join(options.keys) or "none",
        "connections": options.connections,
        "seconds": round(took, 2),
        "letters_per_second": round(options.letters / took),
        "cpu_ms_per_letter": round(1000 * cpu_s / options.letters, 2),
        "connections_made": sink.connections,
        "accepted_per_second": round(accepted / took),
        "slowest_accept_ms": round(slowest * 1000),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "peak_mb_before": round(before_kb / 1024),
    }


async def _load(port: int, options: Options) -> Process:
    arguments = ("--client", str(port), "--folder", str(options.folder))
    return await asyncio.create_subprocess_exec(sys.executable, __file__, *arguments, stdin=PIPE, stdout=PIPE)


async def _loaded(load: Process | None) -> tuple[int, float]:
    if load is None:
        return 0, 0.0
    out, _ = await asyncio.wait_for(load.communicate(b""), 30)
    count, slowest = json.loads(out)
    return count, slowest


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--keys", default="rsa,ed25519")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--accept", action="store_true")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--client", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.client:
        asyncio.run(accepting(given.client, given.folder / MAILS))
        return
    with tempfile.TemporaryDirectory(prefix="gateway-bench-") as place:
        folder = given.folder or Path(place)
        keys = tuple(kind for kind in given.keys.split(",") if kind)
        found = run(measure(Options(given.letters, keys, given.connections, given.accept, folder)))
    if given.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:22} {value}")


if __name__ == "__main__":
    main()
