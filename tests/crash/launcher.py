"""Runs `gateway` again and again in processes of its own, each as a line of JSON on standard input says.

What every life would do at its start is done once: modules are loaded, patterns and templates compiled. Each
life is a fork: it begins soon, and is as real a process as any other. A line is a Plan as JSON; the answers
are `pid N` and `ended N` (the wait status).
"""

from __future__ import annotations

import ctypes
import faulthandler
import importlib
import json
import os
import signal
import sqlite3
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import gateway.app.service
import gateway.app.serving.serve
import gateway.cli.run.service
import gateway.net.host.event_loop
import gateway.preview.proof
from tests.crash import points
from tests.support.preloaded.warm import compile_all

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Until standard input ends."""
    die_with_the_parent()
    compile_all()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            live(json.loads(line))
        tell(f"pid {child}")
        _, status = os.waitpid(child, 0)
        tell(f"ended {status}")


def tell(answer: str) -> None:
    """To whoever gave the plan."""
    sys.stdout.write(f"{answer}\n")
    sys.stdout.flush()


def die_with_the_parent() -> None:
    """Linux: nobody is left over when the one who asked is gone."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def live(plan: dict[str, Any]) -> NoReturn:
    """One life of the gateway; ends the process."""
    code = 70
    try:
        die_with_the_parent()
        os.dup2(os.open(plan["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 2)
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        faulthandler.register(signal.SIGUSR1)  # see `seat.Seat.stacks`
        prepare(plan)
        gateway.cli.main(plan["arguments"])
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def prepare(plan: dict[str, Any]) -> None:
    """What the plan says of this life."""
    os.environ |= plan.get("environment", {})
    for place, value in plan.get("constants", {}).items():
        set_constant(place, value)
    for place, value in plan.get("retry", {}).items():
        set_retry(place, value)
    if plan.get("patches"):
        from tests.crash.nodes import patches

        patches.apply(plan["patches"])
    watch_disk(plan)
    if plan.get("trace"):
        reached = points.Points(Path(plan["trace"]), plan.get("kill_at", 0))
        points.connecting(lambda connection: connection.set_trace_callback(reached.statement))
        points.set_points(reached)


def set_constant(place: str, value: object) -> None:
    """Another value for `module:name` or `module:Class.method@parameter`: faults need not take minutes."""
    module, _, name = place.partition(":")
    name, _, parameter = name.partition("@")
    found = importlib.import_module(module)
    *path, last = name.split(".")
    for step in path:
        found = getattr(found, step)
    if parameter:
        getattr(found, last).__kwdefaults__[parameter] = value
    else:
        assert hasattr(found, last), place
        setattr(found, last, value)


def set_retry(place: str, seconds: float) -> None:
    """Deferred letters go again after so long."""
    from tenacity import wait_fixed

    set_constant(place, lambda _: wait_fixed(seconds))


def watch_disk(plan: dict[str, Any]) -> None:
    """Let `disk.c` watch, if it was loaded with this process."""
    if not plan.get("control"):
        return
    library = ctypes.CDLL(None)
    trouble = library.disk_watch(*(os.fsencode(plan[name]) for name in ("control", "database", "disk_trace")))
    if trouble:
        raise OSError(trouble, os.strerror(trouble))
    if plan.get("record"):
        keep_record(library, plan.get("pragmas", ()))


def keep_record(library: ctypes.CDLL, pragmas: tuple[str, ...]) -> None:
    """Write down beside the writes of the disk what everybody was told by then: a hash of all rows."""
    from gateway.store.sqlite import store as sqlite
    from gateway.store.sqlite import writer

    def promised(connection: sqlite3.Connection) -> None:
        library.disk_note(points.digest(connection).encode())

    def opened(connection: sqlite3.Connection) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    points.wrap(sqlite, "configure", None, opened)
    points.wrap(writer, "_commit", None, lambda connection, *_, **__: promised(connection))
    real = sqlite.SqliteStore._connect

    def connect(store: sqlite.SqliteStore) -> sqlite3.Connection:
        connection = real(store)
        promised(connection)
        return connection

    sqlite.SqliteStore._connect = connect  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
