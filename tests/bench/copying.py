#!/usr/bin/env python3
"""How long `gateway store copy` takes, from a file to PostgreSQL and back.

usage: copying.py [N]

N applications (default 10000, 80,000 rows) are recorded in an SQLite file and copied to a server on loopback
and back by the command. Prints the rows, and for each way the seconds and the command's processor time; both
ways must give the same hashes.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.checkout import enter

enter()

from gateway.store.sqlite.store import SqliteStore
from tests.bench.stores import record
from tests.store.filled import DOMAIN
from tests.support.postgres import running_cluster
from tests.support.process import COMMAND, run_command


def copy(*arguments: str) -> tuple[dict[str, Any], str]:
    """Run the command; gives what it printed, and how long it took."""
    begun, used = time.monotonic(), os.times().children_user
    ended = asyncio.run(run_command(*COMMAND, "store", "copy", *arguments, "--json"))
    assert ended.code == 0, ended.stderr
    seconds, cpu = time.monotonic() - begun, os.times().children_user - used
    return json.loads(ended.stdout), f"{seconds:.1f} s (CPU {cpu:.1f} s)"


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with running_cluster() as cluster, tempfile.TemporaryDirectory(prefix="copying-") as name:
        file, back = Path(name) / "gateway.db", Path(name) / "back" / "gateway.db"
        store = SqliteStore(file, DOMAIN)
        store.open()
        asyncio.run(record(store, count, 100))
        store.close()
        back.parent.mkdir()
        (back.parent / "gateway.db.key").write_bytes(file.with_name("gateway.db.key").read_bytes())
        url = cluster.url(cluster.make_database("filled"), "gateway")
        there, went = copy("--to", url, "--database", str(file))
        again, came = copy("--from", url, "--database", str(back))
    assert (there["tables"], there["head"]) == (again["tables"], again["head"])
    rows = sum(one["rows"] for one in there["tables"])
    print(f"{rows:,} rows: to PostgreSQL {went}, back {came}")


if __name__ == "__main__":
    main()
