"""What a million cases cost: the same questions at 1,000 and at 1,000,000 cases, and their ratio.

    .venv/bin/python tests/bench/growth.py                  about five minutes and 4 GB in the folder
    .venv/bin/python tests/bench/growth.py --large 100000   a shorter look

The rows are made with plain SQL, with indexes and triggers built afterwards; the journal is chained. First
the instructions of SQLite's machine are counted, which no other process disturbs: as many at any size. Then
the time; aim: no question costs more than 1.5 times. Then 100,000 letters are queued, and the memory of
working them off is held against that of a thousand.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from tools.checkout import enter

enter()

from gateway.admission.case.model import OPEN, JournalEntry, Letter, OutgoingLetter, State
from gateway.admission.organisations import codes
from gateway.mail.address import parse
from gateway.mail.smtp.mailboxes import Purpose
from gateway.reports.labels import Labels
from gateway.store.integrity import hash_chain
from gateway.store.privacy import retention
from gateway.store.privacy.retention import Periods
from gateway.store.protocol import LetterState, ReceivedMail, Transaction
from gateway.store.queries import practices
from gateway.store.queries.case_list import CaseFilter, CaseListReader
from gateway.store.queries.statistics import load_statistics
from gateway.store.repositories import case_repository
from gateway.store.sqlite.migrations import schema, v0027_case_figures
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from gateway.store.tables import rows
from gateway.store.tables.days.totals import TotalsReader
from tests.support.factories import background, case, form

AIM = 1.5
AIM_INSTRUCTIONS = 1.05
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
CHUNK = 20_000
RAW = b"From: <a@town.mihon.lg.jp>\r\nSubject: x\r\n\r\n" + b"x" * 500
OPEN_PER_THOUSAND = 20
_OPEN = tuple(state.value for state in OPEN)


# --- filling -----------------------------------------------------------------------------------


def fill(path: Path, count: int) -> None:
    """A database of so many cases, each with a mail, three letters, a token and three journal lines."""
    connection = sqlite3.connect(path, isolation_level=None)
    schema.migrate(connection)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA cache_size = -400000")
    later = connection.execute(
        "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
    ).fetchall()
    for kind, name, _ in later:
        connection.execute(f"DROP {kind} {name}")
    connection.execute("BEGIN")
    head = hash_chain.NOTHING
    for begin in range(1, count + 1, CHUNK):
        head = _chunk(connection, range(begin, min(begin + CHUNK, count + 1)), head, count)
        _say(f"\r  {min(begin + CHUNK, count + 1) - 1:,} of {count:,} cases")
    connection.execute("INSERT INTO case_counts SELECT state, count(*) FROM cases GROUP BY state")
    # What the triggers keep, as the upgrade of an older database makes it.
    for statement in v0027_case_figures.STATEMENTS:
        if statement.lstrip().startswith(("INSERT", "UPDATE")):
            connection.execute(statement)
    connection.execute("COMMIT")
    for _, name, sql in later:
        _say(f"\r  {name:<40}")
        connection.execute(sql)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    _say("\r" + " " * 50 + "\r")


def _chunk(connection: sqlite3.Connection, ids: range, head: hash_chain.Head, count: int) -> hash_chain.Head:
    _many(connection, "cases", (_case(each, count) for each in ids))
    _many(connection, "mails", (_mail(each) for each in ids))
    _many(connection, "letters", (letter for each in ids for letter in _letters(each)))
    tokens = ({"digest": b"t" + each.to_bytes(31), "letter_id": 3 * each - 2} for each in ids)
    _many(connection, "tokens", ({**one, "purpose": "CASE", "expires_at": AT} for one in tokens))
    lines: list[dict[str, Any]] = []
    for each in ids:
        for event in ("application", "decision.approve", "invitation.handed"):
            facts = {"at": AT, "event": event, "actor": "a@b.example", "case_id": each, "mail_id": None}
            line = hash_chain.link_line(head, {**facts, "detail": "{}"}, b"s" * hash_chain.SALT_BYTES)
            head = hash_chain.Head(line["id"], line["hash"])
            lines.append(line)
    _many(connection, "journal", iter(lines))
    return head


AT = rows.to_text(NOW - timedelta(days=30))
_FORM, _BACKGROUND = rows.to_json(form()), rows.to_json(background())


def _case(number: int, count: int) -> dict[str, Any]:
    values = rows.case_values(_MODEL)
    # As many cases are open at any size: an office of the same size has more behind it, not before it.
    is_open = number > count - min(count, 1_000) * OPEN_PER_THOUSAND // 1_000
    who = f"a{number}@town.mihon.lg.jp"
    state = State.UNDER_REVIEW if is_open else State.INVITED
    own = {"id": number, "number": f"N{number}", "state": state.value, "applicant": who, "applicant_key": who}
    return values | own | {"opened_at": AT, "erased_at": None}


_MODEL = case(confirmed_by="", decided_by="sato@kyoso.mihon.go.jp", decided_at=NOW)


def _mail(number: int) -> dict[str, Any]:
    texts = dict.fromkeys(("client_ip", "helo", "reverse_path", "message_id"), "x")
    who = f"a{number}@town.mihon.lg.jp"
    return {
        **texts,
        "id": number,
        "key": f"{number:064x}",
        "received_at": AT,
        "forward_path": "request",
        "author": who,
        "subject": "参加申請",
        "kind": "apply",
        "verdict": "null",
        "case_id": number,
        "raw": RAW,
    }


def _letters(number: int) -> Iterator[dict[str, Any]]:
    for place, letter in enumerate(("acknowledgment", "decision_receipt", "invitation")):
        who = f"a{number}@town.mihon.lg.jp"
        yield {
            "id": 3 * number - 2 + place,
            "case_id": number,
            "mail_id": number,
            "letter": letter,
            "recipient": who,
            "recipient_key": who,
            "facts": "{}",
            "revision": 1,
            "message_id": f"<{number}.{place}@gw.example.go.jp>",
            "state": "sent",
            "attempts": 1,
            "queued_at": AT,
            "not_before": AT,
            "sent_at": AT,
            "subject": "x",
            "sent_text": "本文" * 40,
        }


def _many(connection: sqlite3.Connection, table: str, values: Iterator[dict[str, Any]]) -> None:
    first = next(values)
    names = ", ".join(first)
    marks = ", ".join(f":{name}" for name in first)
    sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - our own names
    connection.execute(sql, first)
    connection.executemany(sql, values)


# --- asking ------------------------------------------------------------------------------------


class Bench:
    """The questions at one size."""

    def __init__(self, path: Path, count: int) -> None:
        self.path = path
        self.count = count
        self.store = SqliteStore(path, "gw.example.go.jp")
        self.reader = CaseListReader(SqliteSource(path))
        self._turn = 0

    def turn(self) -> int:
        """Another number every time, far from the last."""
        self._turn += 1
        return self._turn * 7919 % self.count + 1

    async def listing(self) -> None:
        self.reader.cases()

    async def listing_of_a_state(self) -> None:
        self.reader.cases(["under_review"])

    async def listing_of_an_organisation(self) -> None:
        self.reader.find_cases(CaseFilter(_OPEN, organisation="見本"))

    async def listing_of_an_applicant(self) -> None:
        self.reader.find_cases(CaseFilter(_OPEN, applicant=f"a{self.count}@town.mihon.lg.jp"))

    async def listing_of_a_handler(self) -> None:
        self.reader.find_cases(CaseFilter(_OPEN, handler="sato@kyoso.mihon.go.jp"))

    async def listing_since(self) -> None:
        self.reader.find_cases(CaseFilter(_OPEN, since=NOW - timedelta(days=7)))

    async def mails_of_a_case(self) -> None:
        self.reader.mails(f"N{self.turn()}")

    async def mails_of_no_case(self) -> None:
        self.reader.mails("")

    async def members(self) -> None:
        practices.load_practices(SqliteSource(self.path))
        practices.load_absences(SqliteSource(self.path))

    async def deciders(self) -> None:
        self.reader.cases_decided_by("sato@kyoso.mihon.go.jp", NOW)

    async def mails(self) -> None:
        self.reader.mails()

    async def unheard(self) -> None:
        self.reader.unheard_mails()

    async def show_mail(self) -> None:
        self.reader.mail(self.turn())

    async def show_letter(self) -> None:
        self.reader.letter(self.turn())

    async def status(self) -> None:
        load_statistics(SqliteSource(self.path), NOW)

    async def report(self) -> None:
        reader = TotalsReader(SqliteSource(self.path))
        reader.totals(
            NOW.date() - timedelta(days=365), NOW.date(), Labels(lambda code: codes.parse(code).kind.value)
        )
        reader.close()

    async def search(self) -> None:
        self.reader.find_cases(CaseFilter(text="nowhere at all"))

    async def outbox_list(self) -> None:
        self.reader.letters()

    async def show(self) -> None:
        self.reader.case(f"N{self.turn()}")

    async def accept(self) -> None:
        """The store transaction of an application, as reception does it."""
        number = self._turn = self._turn + 1
        await self.store.transact(lambda tx: _accept(tx, number))

    async def dispatch(self) -> None:
        """A letter is queued, claimed, gets its token, leaves."""
        number = self._turn = self._turn + 1
        who = parse(f"d{number}@town.mihon.lg.jp")
        await self.store.transact(
            lambda tx: tx.enqueue(None, [OutgoingLetter(Letter.CASE_NOTICE, who, {})], NOW, None)
        )
        (row, *_) = await self.store.transact(lambda tx: tx.claim(NOW, NOW + timedelta(minutes=15), 1))
        await self.store.transact(lambda tx: _leave(tx, row, number))

    async def next_due(self) -> None:
        await self.store.transact(lambda tx: tx.next_due())

    async def agenda(self) -> None:
        await self.store.transact(lambda tx: (tx.open_cases(200), case_repository.load_open_cases(tx)))

    async def night(self) -> None:
        await self.store.transact(lambda tx: retention.erase_expired(tx, Periods(), NOW))


def _accept(tx: Transaction, number: int) -> None:
    who = parse(f"n{number}@town.mihon.lg.jp")
    key = f"k{number}"
    assert not tx.has_mail(key)
    assert tx.latest_case(who) is None
    assert not tx.has_applied_before(who)
    saved = tx.save(case(number=f"X{number}", applicant=who, opened_at=NOW))
    mail = ReceivedMail(
        key, NOW, "x", "x", "x", "request", str(who), "参加申請", f"<{key}>", "apply", "null", RAW
    )
    mail_id = tx.record(mail, saved.id)
    tx.enqueue(saved, [OutgoingLetter(Letter.ACKNOWLEDGMENT, who, {}, NOW + timedelta(days=9))], NOW, mail_id)
    tx.journal([JournalEntry("application", who)], NOW, saved.id, mail_id)
    tx.save(replace(saved, state=State.INVITED))  # so that the open cases stay as many as they were


def _leave(tx: Transaction, row: Any, number: int) -> None:
    tx.keep_token(b"d" + number.to_bytes(31), Purpose.BOUNCE, row, NOW + timedelta(days=90))
    tx.keep_sent_text(row.id, "件名", "本文" * 40)
    tx.record_outcome(row.id, LetterState.SENT, NOW, "250 2.0.0 ok", NOW)


QUESTIONS = {
    "case list": Bench.listing,
    "case list --state": Bench.listing_of_a_state,
    "case list --org": Bench.listing_of_an_organisation,
    "case list --applicant": Bench.listing_of_an_applicant,
    "case list --handler": Bench.listing_of_a_handler,
    "case list --since": Bench.listing_since,
    "case list --decided-by": Bench.deciders,
    "case show": Bench.show,
    "mail list": Bench.unheard,
    "mail list --all": Bench.mails,
    "mail list --case": Bench.mails_of_a_case,
    "mail list --no-case": Bench.mails_of_no_case,
    "mail show": Bench.show_mail,
    "outbox show": Bench.show_letter,
    "status, metrics": Bench.status,
    "outbox list": Bench.outbox_list,
    "accept an application": Bench.accept,
    "dispatch a letter": Bench.dispatch,
    "next due letter": Bench.next_due,
    "agenda and digest": Bench.agenda,
    "retention, nothing due": Bench.night,
}

# These read every case; with the seconds that they may take for 100,000.
WHOLE = {
    "staff list": (Bench.members, 1.0),
    "report": (Bench.report, 1.0),
    "case list --all --text": (Bench.search, 10.0),
}


async def compare(benches: list[Bench], runs: int) -> bool:
    """Ask both in turn, so that the machine's moods hit both, and print the medians."""
    for bench in benches:
        bench.store.open()
    print(f"{'':<26}{benches[0].count:>14,}{benches[1].count:>14,}{'ratio':>8}")
    good = True
    for name, ask in QUESTIONS.items():
        took = await _timed(ask, benches, runs)
        ratio = took[1] / took[0]
        good = good and ratio <= AIM
        print(f"{name:<26}{took[0] * 1e3:>11.3f} ms{took[1] * 1e3:>11.3f} ms{ratio:>8.2f}")
    for name, (ask, most_s) in WHOLE.items():
        took = await _timed(ask, benches, 5)
        allowed = most_s * max(1.0, benches[1].count / 100_000)
        good = good and took[1] <= allowed
        print(f"{name:<26}{took[0] * 1e3:>11.3f} ms{took[1] * 1e3:>11.3f} ms  at most {allowed:g} s")
    return good


async def count_instructions(paths: list[Path], counts: list[int]) -> bool:
    """Print how many instructions each question takes at each size (https://sqlite.org/opcode.html)."""
    with _counting() as done:
        benches = [Bench(path, count) for path, count in zip(paths, counts, strict=True)]
        for bench in benches:
            bench.store.open()
        print(f"{'instructions of SQLite':<26}{benches[0].count:>14,}{benches[1].count:>14,}{'ratio':>8}")
        good = True
        for name, ask in QUESTIONS.items():
            few, many = [await _average(ask, bench, done) for bench in benches]
            good = good and many <= few * AIM_INSTRUCTIONS
            print(f"{name:<26}{few:>14,.0f}{many:>14,.0f}{many / max(few, 1):>8.2f}")
        for bench in benches:
            bench.reader.close()
            bench.store.close()
    return good


async def _average(ask: Callable[[Bench], Awaitable[None]], bench: Bench, done: list[int]) -> float:
    for _ in range(20):
        await ask(bench)
    before = done[0]
    for _ in range(50):
        await ask(bench)
    return (done[0] - before) / 50


@contextmanager
def _counting() -> Iterator[list[int]]:
    """While the block runs, each new connection counts its instructions."""
    done, connect = [0], sqlite3.connect

    def tick() -> int:
        done[0] += 1
        return 0

    def counting(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*arguments, **options)
        connection.set_progress_handler(tick, 1)
        return connection

    sqlite3.connect = counting  # type: ignore[assignment] # for this block alone
    try:
        yield done
    finally:
        sqlite3.connect = connect


async def _timed(ask: Callable[[Bench], Awaitable[None]], benches: list[Bench], runs: int) -> list[float]:
    took: list[list[float]] = [[] for _ in benches]
    for _ in range(runs):
        for place, bench in enumerate(benches):
            begun = time.perf_counter()
            await ask(bench)
            took[place].append(time.perf_counter() - begun)
    return [statistics.median(each[runs // 10 :]) for each in took]


# --- memory ------------------------------------------------------------------------------------


async def memory(bench: Bench, queued: int) -> float:
    """Owe so many letters at once, work off 500 of them, and give how many MB more that took."""
    before = _resident_mb()
    for thousand in range(queued // 1_000):
        people = (parse(f"m{thousand}.{each}@town.mihon.lg.jp") for each in range(1_000))
        letters = [OutgoingLetter(Letter.CASE_NOTICE, who, {"x": "y" * 200}) for who in people]
        await bench.store.transact(lambda tx, some=letters: tx.enqueue(None, some, NOW, None))  # type: ignore[misc]
    for number in range(25):
        claimed = await bench.store.transact(lambda tx: tx.claim(NOW, NOW + timedelta(minutes=15), 20))
        for row in claimed:
            await bench.store.transact(lambda tx, row=row: _leave(tx, row, 10**9 + row.id))  # type: ignore[misc]
        await bench.store.transact(lambda tx: tx.next_due())
        assert len(claimed) == 20, number
    bench.reader.letters()
    return _resident_mb() - before


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


def _say(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(text)
        sys.stderr.flush()


async def main() -> int:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", type=int, default=1_000)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--queued", type=int, default=100_000)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="growth-"))
    try:
        benches: list[Bench] = []
        sizes = [asked.small, asked.large]
        for count in sizes:
            path = folder / f"{count}.db"
            begun = time.perf_counter()
            fill(path, count)
            size = path.stat().st_size / 1e6
            print(f"{count:,} cases: {size:,.0f} MB, filled in {time.perf_counter() - begun:.0f} s")
        steady = await count_instructions([folder / f"{count}.db" for count in sizes], sizes)
        benches = [Bench(folder / f"{count}.db", count) for count in sizes]
        good = await compare(benches, asked.runs) and steady
        few, many = await memory(benches[0], 1_000), await memory(benches[1], asked.queued)
        print(f"memory to work off letters: 1,000 queued {few:.1f} MB, {asked.queued:,} queued {many:.1f} MB")
        for bench in benches:
            bench.reader.close()
            bench.store.close()
        return 0 if good else 1
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
