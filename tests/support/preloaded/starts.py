"""`gateway` is started by a fork of a process that has loaded it, instead of loading it again for each test.

A start takes longer than most of what tests do with the process, above all where coverage is measured. What
a fork cannot give is started as before: behind a launcher, as another user, in another language.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
from functools import cache

from tests.support.paths import ROOT
from tests.support.preloaded.forker import Forker, fork_where_possible
from tests.support.preloaded.order import GATEWAY

COMMAND = (sys.executable, "-W", "error", "-c", GATEWAY)
# It leaves room for the words of what it becomes.
_PRELOADED = "from tests.support.preloaded.forking import serve; exec(serve())"
_ROOM = "-" * 4000


def fork_instead_of_loading() -> None:
    """From now on, in this process."""
    began_with = dict(os.environ)
    fork_where_possible(cache(lambda: _start(began_with)), began_with)


def _start(environment: dict[str, str]) -> Forker:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-c", _PRELOADED, str(theirs.fileno()), _ROOM],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
    forker = Forker(ours)
    atexit.register(_end, forker, process)
    return forker


def _end(forker: Forker, process: subprocess.Popen[bytes]) -> None:
    forker.close()
    process.wait()
