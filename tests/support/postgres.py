"""A private PostgreSQL for the tests: one cluster for a process, a database for each test from a template.

Only on 127.0.0.1, in a folder of its own. PostgreSQL refuses root, so as root it runs as a user of the
system. Where it is not installed, tests are skipped; `GATEWAY_POSTGRES=required` lets them fail instead.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from gateway.store.postgres.schema import build_sql

ACCOUNTS = ("postgres", "nobody")
SCHEMA = "gateway"
_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "on", "max_connections": "60"}
_NUMBERS = count(1)


def find_programs() -> Path | None:
    """The folder of initdb and postgres, the newest first; None where there is none."""
    named = os.environ.get("GATEWAY_POSTGRES_BIN")
    places = [Path(named)] if named else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    places += [Path(found).parent] if found else []
    return next((place for place in places if (place / "initdb").exists()), None)


def require_programs() -> Path:
    """As `find_programs`; skips with the package that helps."""
    programs = find_programs()
    if programs is not None:
        return programs
    if os.environ.get("GATEWAY_POSTGRES") == "required":
        pytest.fail("PostgreSQL is required here: apt-get install postgresql")
    pytest.skip("PostgreSQL is not installed: apt-get install postgresql")


@dataclass
class Cluster:
    """A server of our own. `url` is that of a database as the superuser, or as `user`."""

    programs: Path
    folder: Path
    port: int

    def url(self, database: str = "postgres", user: str = "admin") -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def start(self, **options: str) -> None:
        words = [word for name, value in (_FAST | options).items() for word in ("-c", f"{name}={value}")]
        listen = f"-p {self.port} -k '{self.folder}' -h 127.0.0.1 {' '.join(words)}"
        self.run(
            "pg_ctl", "-D", self.data, "-w", "-t", "30", "-l", self.folder / "log", "-o", listen, "start"
        )

    def stop(self, mode: str = "immediate") -> None:
        self.run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def run(self, program: str, *words: object) -> str:
        command = [str(self.programs / program), *map(str, words)]
        if os.geteuid() == 0:
            command = [
                "setpriv",
                f"--reuid={_account()}",
                f"--regid={_account()}",
                "--clear-groups",
                *command,
            ]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, check=False)
        if done.returncode:
            log = self.folder / "log"
            raise RuntimeError(f"{program}: {done.stderr}\n{log.read_text() if log.exists() else ''}")
        return done.stdout

    def execute(self, *statements: str, database: str = "postgres") -> None:
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def make_database(self, template: str = "template0") -> str:
        """A new database; gives its name."""
        name = f"desk{next(_NUMBERS)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop_database(self, name: str) -> None:
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _account() -> str:
    return next(name for name in ACCOUNTS if shutil.which("getent") and _is_known(name))


def _is_known(name: str) -> bool:
    return subprocess.run(["getent", "passwd", name], capture_output=True, check=False).returncode == 0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def running_cluster(**options: str) -> Iterator[Cluster]:
    """A new cluster that runs, with the roles of the gateway, and `filled` as a template with its schema."""
    programs = require_programs()
    folder = Path(tempfile.mkdtemp(prefix="gwpg", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, _account(), _account())
    cluster = Cluster(programs, folder, free_port())
    try:
        cluster.run(
            "initdb", "-N", "-A", "trust", "-U", "admin", "-E", "UTF8", "--locale=C.UTF-8", "-D", cluster.data
        )
        cluster.start(**options)
        try:
            prepare(cluster)
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def prepare(cluster: Cluster) -> None:
    """What a DBA does with the output of `gateway store sql`."""
    cluster.execute(
        "CREATE ROLE gateway_owner LOGIN", "CREATE ROLE gateway LOGIN", "CREATE ROLE gateway_console LOGIN"
    )
    cluster.execute("CREATE DATABASE filled TEMPLATE template0 OWNER gateway_owner")
    cluster.execute(build_sql(SCHEMA), database="filled")


def wait_until(is_so: object, patience_s: float = 20.0) -> None:
    """Until a function says so."""
    end = time.monotonic() + patience_s
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)
