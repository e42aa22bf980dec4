"""Where the time of one mail goes: the processor time of each stage of acceptance, mail after mail."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from gateway.app.service import Gateway
from gateway.inbound.record.submission import MailRecord, decode_submission, encode_submission
from gateway.inbound.screening import LocalScreener, Screened
from gateway.mail import address, message
from gateway.mail.smtp.envelope import Envelope
from gateway.settings import parse
from tests.bench import pool

T = TypeVar("T")

MAILS = 400
_CLIENT = ("127.0.0.1", "mx.city.sokudo00.lg.jp")


def show(folder: Path, mails: Path, text: str) -> None:
    """Print a line a stage, in microseconds, of a gateway with the settings `text`."""
    folder.mkdir()
    print("\nmicroseconds of a mail")
    for name, value in asyncio.run(_measure(Gateway(parse(text.encode(), "bench"), folder), mails)):
        print(f"{name:50}{value:8.0f}")


async def _measure(app: Gateway, mails: Path) -> list[tuple[str, float]]:
    await app.start([])
    receiver, front = app.reception, app.front
    given = [_given(mails, line) for line in (mails / "index.tsv").read_text().splitlines()[:MAILS]]
    for envelope, raw in given[: pool.DOMAINS]:  # DNS is warm afterwards
        await front.screen(envelope, raw)
    rows = []
    rows.append(("split the header", await _cpu(lambda one: _done(message.parse(one[1])), given)))
    screener = front._screener
    assert isinstance(screener, LocalScreener)
    arrivals = [screener._open(*one) for one in given]
    rows.append(("prove the sender", await _cpu(screener._prove, arrivals)))
    rows.append(("parse, prove and read", await _cpu(lambda one: front.screen(*one), given)))
    screened = [await front.screen(*one) for one in given]
    accepted = [one for one in screened if isinstance(one, Screened)]
    begun = time.process_time()
    made = [encode_submission(front.build_record(one)) for one in accepted]
    rows.append(("make and encode the record", (time.process_time() - begun) / len(made) * 1e6))
    begun = time.process_time()
    records = [decode_submission(one) for one in made]
    rows.append(("decode it in the writer", (time.process_time() - begun) / len(made) * 1e6))
    taken = [receiver.complete(one) for one in records if isinstance(one, MailRecord)]
    begun = time.process_time()
    await asyncio.gather(
        *(app.store.transact(lambda tx, one=one: receiver._commit(tx, one)) for one in taken)
    )
    rows.append(("decide, write and commit in groups", (time.process_time() - begun) / len(taken) * 1e6))
    await app.stop()
    return rows


def _given(mails: Path, line: str) -> tuple[Envelope, bytes]:
    name, sender, to = line.split("\t")
    paths = (address.parse(to),)
    return Envelope(*_CLIENT, address.parse(sender), paths, datetime.now(UTC)), (mails / name).read_bytes()


async def _done(_: object) -> None:
    return


async def _cpu(stage: Callable[[T], Awaitable[object]], of: Sequence[T]) -> float:
    begun = time.thread_time()
    for one in of:
        await stage(one)
    return (time.thread_time() - begun) / len(of) * 1e6
