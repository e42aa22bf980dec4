"""Two PostgreSQL servers of our own: a primary and its standby, which change their parts at each failover."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.support.postgres import Cluster, free_port, give_to_account, running_cluster, wait_until

DATABASE = "filled"


@dataclass
class Servers:
    """Without `is_synchronous` a COMMIT does not wait for the standby."""

    primary: Cluster
    standby: Cluster
    is_synchronous: bool = True
    failovers: int = 0
    failover_s: list[float] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Names both, and finds the one that takes writes."""
        ports = sorted((self.primary.port, self.standby.port))
        hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
        return f"postgresql://gateway@{hosts}/{DATABASE}?target_session_attrs=read-write"

    def fail_over(self) -> None:
        """The primary is lost at once, the standby takes its part."""
        self.primary.stop("immediate")
        self.standby.run("pg_ctl", "-D", self.standby.data, "-w", "-t", "60", "promote")
        self.primary, self.standby = self.standby, self.primary
        self.failovers += 1

    def rebuild(self) -> None:
        """The server that was lost comes back as the standby of the other, from a base backup."""
        shutil.rmtree(self.standby.data, ignore_errors=True)
        self.standby.run(
            *("pg_basebackup", "-h", "127.0.0.1", "-p", self.primary.port, "-U", "admin"),
            *("-D", self.standby.data, "-R", "-X", "stream", "-c", "fast", "-N"),
        )
        self.standby.start()

    def wait_for_standby(self) -> None:
        """Until the primary has its standby again."""
        state = "sync" if self.is_synchronous else "async"
        wait_until(lambda: self.ask("SELECT sync_state FROM pg_stat_replication") == [(state,)], 60.0)

    def let_standby_fall_behind(self) -> None:
        """The process that sends it the log stands still until the primary is lost."""
        ((pid,),) = self.ask("SELECT pid FROM pg_stat_replication")
        os.kill(int(str(pid)), signal.SIGSTOP)

    def ask(self, sql: str, **values: object) -> list[tuple[object, ...]]:
        """Of the primary, as its superuser. Raises psycopg.Error."""
        import psycopg

        with psycopg.connect(self.primary.url(DATABASE), autocommit=True, connect_timeout=5) as connection:
            connection.execute("SET search_path TO gateway, pg_temp")
            return connection.execute(sql.encode(), values).fetchall()


@contextmanager
def replicated(*, is_synchronous: bool = True) -> Iterator[Servers]:
    """Both run while the block does."""
    with running_cluster() as first:
        second = Cluster(first.programs, first.folder / "second", free_port(), first.host)
        second.folder.mkdir()
        give_to_account(second.folder)
        if is_synchronous:
            first.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        made = Servers(first, second, is_synchronous)
        made.rebuild()
        first.execute("SELECT pg_reload_conf()")
        made.wait_for_standby()
        try:
            yield made
        finally:
            second.stop()
