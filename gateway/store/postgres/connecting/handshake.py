"""The SQLSTATE of a connection that failed: libpq keeps only a text, in the language of the server.

So the server is asked again, and the messages of its answer are read from libpq's trace
(https://www.postgresql.org/docs/current/libpq-control.html). The trace covers them since libpq 18.
"""

from __future__ import annotations

import os
import re
import select
import time
from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

import psycopg
from psycopg import conninfo, pq

from gateway.store.postgres.faults import prefer_passing

ANSWER_S = 3.0
_CODE = re.compile(r'^B\t\d+\tErrorResponse\t S "[^"\n]*" (?:V "[^"\n]*" )?C "(\w{5})"', re.MULTILINE)
_SESSION = re.compile(r"^B\t\d+\tReadyForQuery\t", re.MULTILINE)
_ANSWER = re.compile(r"^B\t", re.MULTILINE)
NO_PASSWORD, NOT_WANTED, NO_SESSION = "28P01", "25006", "08001"
_LISTS = ("host", "hostaddr", "port")


class _Attempt(NamedTuple):
    needs_password: bool
    is_open: bool


def add_sqlstate(error: psycopg.OperationalError, url: str) -> None:
    """Give the error of a failed connection its SQLSTATE, if the servers say why; connects to each again.

    If one of them is silent, it may be the one that is wanted, so nothing is known then.
    """
    if error.sqlstate or isinstance(error, psycopg.errors.ConnectionTimeout):
        return
    codes = [find_sqlstate(each) for each in _split_hosts(url)]
    if all(codes):
        error.sqlstate = prefer_passing(codes)


def find_sqlstate(url: str) -> str:
    """Return why one server gives no usable session, as SQLSTATE; empty if it is silent, or gives one now.

    Where the server sends no error, libpq ended the session itself: the password is missing, the session is
    not of the kind that the URL wants, or the two do not agree, as on TLS.
    """
    said, attempt = _trace(url)
    if code := _CODE.search(said):
        return code[1]
    if attempt.needs_password:
        return NO_PASSWORD
    if _SESSION.search(said):
        return "" if attempt.is_open else NOT_WANTED
    return NO_SESSION if _ANSWER.search(said) else ""


def _split_hosts(url: str) -> Iterator[str]:
    known = conninfo.conninfo_to_dict(url)
    lists = {name: str(known[name]).split(",") for name in _LISTS if known.get(name)}
    if "port" in lists and len(lists["port"]) == 1:
        lists["port"] *= max(map(len, lists.values()))
    for each in zip_longest(*lists.values(), fillvalue=""):
        yield conninfo.make_conninfo("", **{**known, **dict(zip(lists, each, strict=True))})


def _trace(url: str) -> tuple[str, _Attempt]:
    """Connect; return the messages of both sides and how it ended."""
    trace = os.memfd_create("handshake")
    attempt = pq.PGconn.connect_start(url.encode())
    try:
        attempt.trace(trace)
        attempt.set_trace_flags(pq.Trace.SUPPRESS_TIMESTAMPS)
        _poll(attempt)
        attempt.untrace()
        said = os.pread(trace, os.fstat(trace).st_size, 0).decode("utf-8", "replace")
        return said, _Attempt(bool(attempt.needs_password), attempt.status == pq.ConnStatus.OK)
    finally:
        attempt.finish()
        os.close(trace)


def _poll(attempt: pq.abc.PGconn) -> None:
    """Let it go on until it succeeds, fails, or takes too long."""
    until = time.monotonic() + ANSWER_S
    while attempt.status != pq.ConnStatus.BAD and time.monotonic() < until:
        state = attempt.connect_poll()
        if state not in (pq.PollingStatus.READING, pq.PollingStatus.WRITING):
            return
        ready = select.POLLIN if state == pq.PollingStatus.READING else select.POLLOUT
        poll = select.poll()
        poll.register(attempt.socket, ready)
        poll.poll(1000 * max(0.0, until - time.monotonic()))
