"""A private PostgreSQL for the tests: one cluster for a process, a database for each test from a template.

Only on 127.0.0.1. Where it is not installed, tests are skipped; `GATEWAY_POSTGRES=required` lets them fail
instead.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest

from gateway.demo.nodes import cluster
from gateway.demo.nodes.cluster import SCHEMA, ClusterError, give_to_account

__all__ = ["SCHEMA", "give_to_account"]
_NUMBERS = count(1)


def require_programs() -> None:
    """Skip where there are none, with the package that helps."""
    try:
        cluster.find_programs()
    except ClusterError as error:
        if os.environ.get("GATEWAY_POSTGRES") == "required":
            pytest.fail(str(error))
        pytest.skip(str(error))


class Cluster(cluster.Cluster):
    """A server of our own, with databases for the tests."""

    def make_database(self, template: str = "template0") -> str:
        """A new database; gives its name."""
        name = f"desk{next(_NUMBERS)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop_database(self, name: str) -> None:
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def running_cluster(**options: str) -> Iterator[Cluster]:
    """A new cluster that runs, with the roles of the gateway, and `filled` as a template with its schema."""
    require_programs()
    with cluster.running_cluster(free_port(), "127.0.0.1", options) as made:
        yield Cluster(made.programs, made.folder, made.port, made.host)


def wait_until(is_so: object, patience_s: float = 20.0) -> None:
    """Until a function says so."""
    end = time.monotonic() + patience_s
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)
