"""What the console costs at 1,000 and at 1,000,000 cases (20,000 open): pages, search, memory, mails beside.

    nice .venv/bin/python tests/bench/console.py                  about twenty minutes and 6 GB in the folder
    nice .venv/bin/python tests/bench/console.py --large 100000   a shorter look
    … --json docs/console.json                                    and tools/docs writes the table of the guide

A real `gateway console` answers on loopback, a store is open beside it as that of the service would be. Times
hang on the machine, so each is held against another of the same run: the sign-in page, the same page at 1,000
cases, a mail without a reader.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import http.client
import json
import os
import platform
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from tools.checkout import enter

enter()

from gateway.admission.case.model import State
from gateway.admission.organisations import codes
from gateway.app.composition.indexing import CatchingUp, count_figures, index_words
from gateway.store.console import sessions
from gateway.store.sqlite.store import SqliteStore
from gateway.store.tables import rows
from tests.bench import growth
from tests.store.filled import SETTINGS as DESK_SETTINGS

OPEN = {1_000: 100}  # enough for a full page
MAX_OPEN = 20_000
MEMBER = "sato@kyoso.mihon.go.jp"
SETTINGS = f"""{DESK_SETTINGS}
[console]
public_url = "http://127.0.0.1:{{port}}"
operators = ["{MEMBER}"]
"""
SURNAMES = [
    *("佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤"),
    *("吉田", "山田", "佐々木", "山口", "松本", "井上", "木村", "林", "斎藤", "清水"),
]
GIVEN = [
    *("太郎", "花子", "一郎", "次郎", "美咲", "陽菜", "蓮", "湊", "葵", "結衣"),
    *("大翔", "悠真", "さくら", "健", "誠", "直樹", "恵", "由美", "智子", "和子"),
]
PLACES = [f"{a}{b}{c}" for a in "東西南北中上下大小" for b in "川山田島崎原" for c in "市町村"]
SECRET = "s" * 43
# Every hundredth mail or so waits for a checkpoint: with few mails, p99 is that of chance.
TURNS, MAILS = 20, 4_000
# Page: how many times the sign-in page, and itself at 1,000 cases, it may take.
AIMS = {"queue": (3.0, 1.5), "case": (3.0, 1.5)}
Row = dict[str, float]
Rows = dict[str, Row]  # by name; the unit of each figure is part of its name


def fill(path: Path, count: int, port: int) -> None:
    """Cases of many people and places, opened over three years; the newest are open."""
    is_open = count - OPEN.get(count, min(MAX_OPEN, count * 20 // 1_000))
    plain, now = growth._case, datetime.now(UTC)

    def vary(number: int, of: int) -> dict[str, Any]:
        made = plain(number, of)
        opened = now - timedelta(days=1_095) * ((of - number) / of)
        place = PLACES[number * 7 % len(PLACES)]
        state = State.UNDER_REVIEW if number > is_open else State.INVITED
        return made | {
            "name": f"{SURNAMES[number % 20]} {GIVEN[number // 20 % 20]}",
            "organisation": f"{place}役場{number % 997}",
            "opened_at": rows.to_text(opened),
            "due_on": (opened + timedelta(days=7)).date().isoformat(),
            "state": state.value,
            "number": _name(number),
        }

    growth._case = vary
    try:
        growth.fill(path, count)
    finally:
        growth._case = plain
    path.with_name(f"{count}").mkdir()
    settings = SETTINGS.format(path=path, port=port)
    (path.with_name(f"{count}") / "gateway.toml").write_text(settings, encoding="utf-8")
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO words_due (case_id) SELECT id FROM cases")
        connection.execute("INSERT INTO tallies_due (case_id) SELECT id FROM cases")


def sign_in(path: Path) -> None:
    """Begin the session of the reader, which a database of an earlier run no longer has."""
    now = datetime.now(UTC)
    with contextlib.closing(sqlite3.connect(path, timeout=60)) as connection:
        connection.execute("DELETE FROM console_sessions")
        sessions.begin(connection, SECRET, "b", MEMBER, "decide+operator", now, timedelta(hours=8))
        connection.commit()


def read_nice() -> str:
    """Return how nice the console is as a unit."""
    unit = (ROOT / "systemd" / "gateway-console.service").read_text(encoding="utf-8")
    return re.findall(r"(?m)^Nice=(\d+)$", unit)[0]


def _name(number: int) -> str:
    """As case numbers are: four signs, a dash, two."""
    signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    text = "".join(signs[number >> 5 * place & 31] for place in range(6))
    return f"{text[:4]}-{text[4:]}"


@dataclass
class Desk:
    """A console on one database, and a store beside it."""

    path: Path
    count: int
    port: int
    store: SqliteStore = field(init=False)
    process: subprocess.Popen[bytes] = field(init=False)

    @contextmanager
    def running(self) -> Iterator[None]:
        """While the block runs, pages are served."""
        self.store = SqliteStore(self.path, "gw.example.go.jp")
        self.store.open()
        sign_in(self.path)
        gateway = str(Path(sys.executable).with_name("gateway"))
        command = ["nice", "-n", read_nice(), gateway, "console", "--config"]
        folder = self.path.with_name(f"{self.count}")
        self.process = subprocess.Popen([*command, str(folder)], cwd=ROOT, stderr=subprocess.DEVNULL)
        try:
            self._wait()
            yield
        finally:
            self.process.terminate()
            self.process.wait()
            self.store.close()

    def _wait(self) -> None:
        for _ in range(3_000):
            with contextlib.suppress(OSError):
                self.ask(self.connect(), "/login")
                return
            time.sleep(0.1)
        raise SystemExit("the console does not answer")

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def ask(self, connection: http.client.HTTPConnection, address: str, body: str = "") -> tuple[str, bytes]:
        """Where an answer leads, and its octets; anything but a page, or 303 after a form, ends all."""
        headers = {"cookie": f"session={SECRET}", "origin": f"http://127.0.0.1:{self.port}"}
        if body:
            headers["content-type"] = "application/x-www-form-urlencoded"
        connection.request("POST" if body else "GET", address, body or None, headers)
        answer = connection.getresponse()
        octets = answer.read()
        if answer.status != (303 if body else 200):
            raise SystemExit(f"{address}: {answer.status}")
        return answer.headers.get("location", ""), octets

    def time(self, connection: http.client.HTTPConnection, address: str) -> float:
        begun = time.perf_counter()
        self.ask(connection, address)
        return time.perf_counter() - begun

    def cpu_ms(self) -> float:
        """CPU time of all threads of the console (proc(5), schedstat), in nanoseconds at their source."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(one.read_text(encoding="ascii").split()[0]) for one in threads) / 1e6

    def time_cpu(self, connection: http.client.HTTPConnection, address: str) -> float:
        before = self.cpu_ms()
        self.ask(connection, address)
        return self.cpu_ms() - before

    def resident_mb(self) -> float:
        text = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmHWM:\s+(\d+)", text)
        return int(found[1]) / 1e3 if found else 0.0

    def forget_pages(self) -> None:
        """Nothing of the file is in the memory of the machine."""
        file = os.open(self.path, os.O_RDONLY)
        os.fsync(file)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)


def list_addresses(desk: Desk) -> dict[str, Callable[[int], str]]:
    """Each page, with another address every time where it has many."""
    return {
        "sign-in": lambda _turn: "/login",
        "queue": lambda _turn: "/",
        "queue, later": lambda turn: f"/?after=2025-01-01_{turn * 7919 % desk.count}",
        "case": lambda turn: f"/cases/{_name(desk.count - turn * 7 % 90)}",
        "case, old": lambda turn: f"/cases/{_name(turn * 7919 % desk.count + 1)}",
        "outbox": lambda _turn: "/outbox",
        "mails": lambda _turn: "/mails",
        "figures": lambda _turn: "/figures",
    }


def measure_pages(desks: list[Desk], runs: int) -> Rows:
    """Print p50, p95 and CPU time of each page at both sizes, asked in turn.

    Unlike the time that a page takes, its CPU time says the same on a machine that has other work.
    """
    took, spent = dict[str, list[list[float]]](), dict[str, list[list[float]]]()
    links = [desk.connect() for desk in desks]
    for turn in range(runs):
        for place, desk in enumerate(desks):
            for name, address in list_addresses(desk).items():
                took.setdefault(name, [[], []])[place].append(desk.time(links[place], address(turn)))
                spent.setdefault(name, [[], []])[place].append(desk.time_cpu(links[place], address(turn)))
    print(f"{'page':<16}{'p50':>10}{'p95':>10}{'CPU':>11}{'x sign-in':>11}{'x small':>9}")
    return {name: _compare(name, took[name][1], *spent[name], spent["sign-in"][1]) for name in took}


def _compare(name: str, took: list[float], few: list[float], many: list[float], sign_in: list[float]) -> Row:
    """Print a page."""
    small, large = statistics.median(few), statistics.median(many)
    made = {
        "p50_ms": statistics.median(took) * 1e3,
        "p95_ms": _p(took, 95) * 1e3,
        "cpu_ms": large,
        "of_sign_in": large / statistics.median(sign_in),
        "of_small": large / small,
    }
    print(
        "{:<16}{p50_ms:>7.1f} ms{p95_ms:>7.1f} ms{cpu_ms:>8.2f} ms{of_sign_in:>11.2f}{of_small:>9.2f}".format(
            name, **made
        ),
        flush=True,
    )
    return made


def is_within(pages: Rows) -> bool:
    """Whether the CPU time of the pages is within the aims."""
    return all(
        pages[name]["of_sign_in"] <= of_sign_in and pages[name]["of_small"] <= of_small
        for name, (of_sign_in, of_small) in AIMS.items()
    )


SOUGHT = ("田中", "太郎", "存在しない名前", "a999@town", "mihon.go", "東川市役場31", "湊", "xyz", "qq@town")


def measure_search(desk: Desk) -> Rows:
    """Print how long a search takes, warm and with nothing of the file in memory."""
    link, found = desk.connect(), Rows()
    for sought in SOUGHT:
        place, _ = desk.ask(link, "/search", f"q={''.join(f'%{octet:02X}' for octet in sought.encode())}")
        desk.forget_pages()
        cold = desk.time(link, place)
        warm = statistics.median(desk.time(link, place) for _ in range(5))
        print(f"search for {sought:<16} cold {cold * 1e3:>7.1f} ms, warm {warm * 1e3:>6.1f} ms")
        found[sought] = {"cold_ms": cold * 1e3, "warm_ms": warm * 1e3}
    return found


def measure_load(desk: Desk, seconds: float) -> Rows:
    """Print pages a second over eight connections."""
    found = Rows()
    for name in ("queue", "case"):
        address, took = list_addresses(desk)[name], list[float]()

        def read(until: float, address: Callable[[int], str] = address, took: list[float] = took) -> None:
            link, turn = desk.connect(), 0
            while time.perf_counter() < until:
                turn += 1
                took.append(desk.time(link, address(turn)))

        until, before = time.perf_counter() + seconds, desk.cpu_ms()
        threads = [threading.Thread(target=read, args=(until,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        cpu = (desk.cpu_ms() - before) / len(took)
        print(
            f"8 connections, {name}: {len(took) / seconds:.0f} pages/s, p99 {_p(took, 99) * 1e3:.0f} ms, "
            f"{cpu:.2f} ms of CPU a page"
        )
        found[name] = {"per_second": len(took) / seconds, "p99_ms": _p(took, 99) * 1e3, "cpu_ms": cpu}
    print(f"memory of the console: {desk.resident_mb():.0f} MB at most")
    return found


async def measure_intake(desk: Desk, mails: int) -> Row:
    """Print CPU and p99 of a mail's transaction, in turns without and beside a reader of the queue."""
    took: dict[bool, list[float]] = {False: [], True: []}
    spent = {False: 0.0, True: 0.0}
    number = 0
    for turn in range(TURNS):
        is_read = turn % 2 == 1
        stop = threading.Event()
        reader = threading.Thread(target=_read_all_the_time, args=(desk, stop))
        if is_read:
            reader.start()
        for _ in range(mails // TURNS):
            number += 1
            begun, cpu = time.perf_counter(), time.thread_time()
            await desk.store.transact(lambda tx, number=number: growth._accept(tx, number))  # type: ignore[misc]
            took[is_read].append(time.perf_counter() - begun)
            spent[is_read] += time.thread_time() - cpu
        stop.set()
        if is_read:
            reader.join()
    cpu_ratio = spent[True] / spent[False]
    ratio = _p(took[True], 99) / _p(took[False], 99)
    print(f"a mail beside a busy reader: CPU x {cpu_ratio:.2f}, p99 x {ratio:.2f}")
    return {"cpu": cpu_ratio, "p99": ratio}


def _read_all_the_time(desk: Desk, stop: threading.Event) -> None:
    command = [sys.executable, "-c", _READER, str(desk.port), SECRET]
    process = subprocess.Popen(command)
    stop.wait()
    process.terminate()
    process.wait()


_READER = """
import http.client, sys
link = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
while True:
    link.request("GET", "/", headers={"cookie": "session=" + sys.argv[2]})
    link.getresponse().read()
"""


async def catch_up(desk: Desk) -> Rows:
    """Read all cases as the service does after an upgrade, and print what that takes."""
    return {
        "search": await _catch_up("words", index_words(desk.store)),
        "figures": await _catch_up(
            "figures", count_figures(desk.store, lambda code: codes.parse(code).kind.value)
        ),
    }


async def _catch_up(what: str, work: CatchingUp) -> Row:
    before, begun = growth._resident_mb(), time.perf_counter()
    done = await work.work_once()
    took, more = time.perf_counter() - begun, growth._resident_mb() - before
    print(f"{what} of {done:,} cases: {took:.0f} s, {more:.0f} MB more memory")
    return {"seconds": took, "more_mb": more}


def _p(values: list[float], percent: int) -> float:
    return sorted(values)[len(values) * percent // 100]


async def main() -> int:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--mails", type=int, default=MAILS)
    parser.add_argument("--port", type=int, default=18025)
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="console-"))
    desks = [
        Desk(folder / f"{count}.db", count, asked.port + place)
        for place, count in enumerate((1_000, asked.large))
    ]
    try:
        for desk in desks:
            fill(desk.path, desk.count, desk.port)
            print(f"{desk.count:,} cases: {desk.path.stat().st_size / 1e6:,.0f} MB", flush=True)
        with desks[0].running(), desks[1].running():
            found = dict[str, Any]()
            async for name, part in measure(desks, asked.runs, asked.mails):
                found[name] = part
                if asked.json:  # what was found is kept, whatever comes
                    write(asked.json.with_suffix(".part"), found)
        if asked.json:
            asked.json.with_suffix(".part").rename(asked.json)
        return 0 if is_within(found["pages"]) else 1
    finally:
        shutil.rmtree(folder)


async def measure(desks: list[Desk], runs: int, mails: int) -> AsyncIterator[tuple[str, Any]]:
    """Yield all figures, part by part."""
    await catch_up(desks[0])
    large = desks[1]
    yield "machine", describe_machine()
    yield "cases", large.count
    yield "open", min(MAX_OPEN, large.count * 20 // 1_000)
    yield "caught_up", await catch_up(large)
    for desk in desks:  # no page was asked for meanwhile, which ends a session
        sign_in(desk.path)
    yield "pages", await asyncio.to_thread(measure_pages, desks, runs)
    yield "search", await asyncio.to_thread(measure_search, large)
    yield "load", await asyncio.to_thread(measure_load, large, 10.0)
    yield "memory_mb", large.resident_mb()
    yield "intake", await measure_intake(large, mails)


def write(file: Path, found: dict[str, Any]) -> None:
    """Write figures with two decimals."""
    rounded = json.loads(json.dumps(found), parse_float=lambda text: round(float(text), 2))
    file.write_text(f"{json.dumps(rounded, indent=1, ensure_ascii=False)}\n", encoding="utf-8")


def describe_machine() -> str:
    """Return processors, system and interpreter."""
    system = f"{platform.system()} {platform.release().partition('-')[0]}"
    parts = f"{platform.machine()}, {system}, Python {platform.python_version()}"
    return f"a machine with {os.cpu_count()} processors ({parts}) that was also doing other work"


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
