"""A private PostgreSQL server in its own directory, reachable only by its owner, by a Unix socket.

PostgreSQL refuses to run as root, so root runs it as a system user.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway.store.postgres.schema import OWNER, build_sql

ACCOUNTS = ("postgres", "nobody")
ADMIN, DATABASE, SCHEMA = "admin", "filled", "gateway"
PORT = 5432  # part of the socket's name; nothing listens on the network
MIN_VERSION = 15
REMEDY = "install PostgreSQL 15 or later (Debian 12: apt install postgresql)"
# A power cut may destroy the data: it is removed at the end.
_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "on", "max_connections": "60"}


class ClusterError(Exception):
    """Raised if PostgreSQL is missing or fails; the message says why."""


def find_programs() -> Path:
    """Return the directory of initdb and postgres, of the newest version. Raises ClusterError."""
    named = os.environ.get("GATEWAY_POSTGRES_BIN")
    places = [Path(named)] if named else list(Path("/usr/lib/postgresql").glob("*/bin"))
    found = shutil.which("initdb")
    places += [Path(found).parent] if found else []
    known = {place: _read_version(place) for place in places if (place / "initdb").exists()}
    newest = max(known, key=lambda place: known[place], default=None)
    if newest is None or known[newest] < MIN_VERSION:
        said = "is not installed" if newest is None else f"{known[newest]} is too old"
        raise ClusterError(f"PostgreSQL {said}: {REMEDY}")
    return newest


def _read_version(programs: Path) -> int:
    command = [str(programs / "initdb"), "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603 - found above
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0


@dataclass
class Cluster:
    """A server; its files are in `folder`."""

    programs: Path
    folder: Path
    port: int = PORT
    host: str = ""

    def url(self, database: str = "postgres", user: str = ADMIN) -> str:
        """Return the URL of a database for a user."""
        if self.host:
            return f"postgresql://{user}@{self.host}:{self.port}/{database}"
        return f"postgresql://{user}@/{database}?host={self.folder}&port={self.port}"

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.folder / "data"

    def init(self) -> None:
        """Create an empty cluster. Raises ClusterError."""
        words = ("-N", "-A", "trust", "-U", ADMIN, "-E", "UTF8", "--locale=C.UTF-8", "-D", self.data)
        self.run("initdb", *words)

    def start(self, **options: str) -> None:
        """Start the server, and wait until it answers. Raises ClusterError."""
        words = " ".join(f"-c {name}={value}" for name, value in (_FAST | options).items())
        listen = f"-p {self.port} -k '{self.folder}' -h '{self.host}' {words}"
        log = self.folder / "log"
        self.run("pg_ctl", "-D", self.data, "-w", "-t", "30", "-l", log, "-o", listen, "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server, unless it is already stopped. Raises ClusterError."""
        if (self.data / "postmaster.pid").exists():
            self.run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def run(self, program: str, *words: object) -> str:
        """Run one of its programs as its user; return the output. Raises ClusterError."""
        command = [*_become(), str(self.programs / program), *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, check=False)  # noqa: S603 - our own words
        if done.returncode:
            log = self.folder / "log"
            raise ClusterError(f"{program}: {done.stderr}\n{log.read_text() if log.exists() else ''}".strip())
        return done.stdout

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as the superuser. Raises psycopg.Error."""
        import psycopg  # noqa: PLC0415 - an extra

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def prepare(self) -> None:
        """Create DATABASE and its roles, as a DBA does with the output of `gateway store sql`."""
        made = f"CREATE DATABASE {DATABASE} TEMPLATE template0 OWNER {OWNER}"
        self.execute(f"CREATE ROLE {OWNER} LOGIN", made)
        self.execute(build_sql(SCHEMA), database=DATABASE)


def _account() -> str:
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ACCOUNTS if name in known)


def _become() -> list[str]:
    """Return the command prefix that switches to the server's user."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={_account()}", f"--regid={_account()}", "--clear-groups"]


def give_to_account(folder: Path) -> None:
    """Give a directory to the server's user."""
    if os.geteuid() == 0:
        shutil.chown(folder, _account())


@contextmanager
def running_cluster(
    port: int = PORT, host: str = "", options: Mapping[str, str] | None = None
) -> Iterator[Cluster]:
    """Run a new server with the schema of a desk in DATABASE; remove everything afterwards.

    Raises ClusterError, OSError.
    """
    programs = find_programs()
    folder = Path(tempfile.mkdtemp(prefix="gwpg", dir="/tmp"))
    try:
        give_to_account(folder)
        cluster = Cluster(programs, folder, port, host)
        cluster.init()
        cluster.start(**(options or {}))
        try:
            cluster.prepare()
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
