"""How long a code takes that is wrong, too late, of nobody, or was never asked for: in one run, in turns.

    .venv/bin/python tests/bench/codes.py              1,000 tries of each kind
    .venv/bin/python tests/bench/codes.py --tries 200  a shorter look

Each try is a transaction of its own, with its commit, on a store in a folder of its own. Printed are the
median of each kind and how far it is from that of a wrong code; that the work is the same says
tests/store/console/test_confirming_attacks.py.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from tools.checkout import enter

enter()

from gateway.admission.replies.reading import Decision
from gateway.store.console import sign_in
from gateway.store.console.acts.confirming import Browser
from gateway.store.console.sign_in import Answering, Asking
from gateway.store.sqlite.store import SqliteStore
from tests.store.console.members import Office
from tests.support.factories import DESK, NOW, SATO

Try = Callable[[], Awaitable[object]]


async def sign_in_with(store: SqliteStore, ticket: str) -> object:
    """A code that is not the right one, for a ticket."""
    given = Answering(ticket, "nothing", sign_in.Kept("new", "new"))
    return await store.transact(lambda tx: sign_in.check_code(tx, given, NOW, DESK, timedelta(hours=8)))


async def prepare(store: SqliteStore) -> dict[str, Try]:
    """The kinds of tries."""
    office = Office(store)
    await office.sign_in()
    await office.save()
    for ticket, address in (("member", str(SATO)), ("stranger", "dare@town.mihon.lg.jp")):
        asking = Asking(ticket, "", ticket, address)
        await store.transact(lambda tx, asking=asking: sign_in.ask_code(tx, asking, NOW, DESK))
    said = await office.say(Decision.APPROVE)
    await office.propose(said)
    return {
        "sign-in: wrong code": lambda: sign_in_with(store, "member"),
        "sign-in: unknown address": lambda: sign_in_with(store, "stranger"),
        "sign-in: never asked": lambda: sign_in_with(store, "nobody"),
        "decision: wrong code": lambda: office.confirm(said, "nothing"),
        "decision: never put up": lambda: office.confirm(said, "nothing", browser=Browser("other", "")),
    }


async def measure(tries: int) -> None:
    """Try each kind in turns, so that what the machine does besides falls on all of them."""
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "gateway.db", "gw.example.go.jp")
        store.open()
        kinds = await prepare(store)
        times: dict[str, list[float]] = {name: [] for name in kinds}
        for _ in range(tries):
            for name, one in kinds.items():
                began = time.perf_counter()
                await one()
                times[name].append(time.perf_counter() - began)
        store.close()
    medians = {name: statistics.median(found) for name, found in times.items()}
    for name, median in medians.items():
        of = medians[f"{name.partition(':')[0]}: wrong code"]
        print(f"{name:28} {median * 1e6:8.0f} us  {median / of:5.2f} of a wrong code")


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tries", type=int, default=1_000)
    asyncio.run(measure(parser.parse_args().tries))


if __name__ == "__main__":
    main()
