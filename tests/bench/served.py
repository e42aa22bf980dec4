"""A gateway of its own for one run of the bench: a process with an empty database."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench import pool
from tests.support.ports import free_port, wait_for_port
from tests.support.process import running

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
tls_certificate = "{certificate}"
tls_key = "{certificate}"
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
transport = "smarthost"
host = "127.0.0.1"
port = {sink_port}
tls = "none"
[invitation]
join_link = "https://join.example/t/kyoso"
"""


@dataclass(frozen=True, slots=True)
class Around:
    """What a gateway finds: DNS, a certificate with its key, a sink for its letters (0: they are held)."""

    dns_port: int
    certificate: Path | None = None
    sink_port: int = 0


@dataclass(frozen=True, slots=True)
class Running:
    """A gateway that answers on `port`."""

    port: int
    process: subprocess.Popen[bytes]


@contextmanager
def gateway(folder: Path, around: Around, fronts: int) -> Iterator[Running]:
    """A gateway with an empty database, so that no mail is a repeat."""
    folder.mkdir()
    port = free_port()
    text = settings_text(folder, port, around, fronts)
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


def settings_text(folder: Path, port: int, around: Around, fronts: int) -> str:
    """The settings of the gateway that is measured."""
    return SETTINGS.format(
        domain=pool.DESK,
        port=port,
        dns_port=around.dns_port,
        folder=folder,
        hold="false" if around.sink_port else "true",
        sink_port=around.sink_port or 25,
        fronts=fronts,
        certificate=around.certificate or "",
    )
