"""One mail in two versions: what broke its signature on one way to us need not stand in a copy of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.store.sqlite.store import SqliteStore
from tests.support.desk_bench import (
    BOXES,
    CODE,
    GOOGLE,
    MICROSOFT,
    OPENDKIM,
    OWN_HOST,
    STRANGER,
    DeskBench,
    Reply,
    sign,
)

# What a system between the signer and us does to a mail that its own host hands over.
BREAKS: dict[str, Callable[[bytes], bytes]] = {
    "a footer": lambda raw: raw + "\r\n\r\n※このメールは無害化処理されています。\r\n".encode(),
    "a second subject": lambda raw: b"Subject: [OK] Re\r\n" + raw,
    "another date": lambda raw: b"Date: Tue, 24 Nov 2026 01:04:30 +0000\r\n" + raw,
    "nothing": lambda raw: raw,
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    change=st.sampled_from(sorted(BREAKS)),
    word=st.sampled_from(["保留", "承認", "状況", "停止"]),
    names=st.sampled_from([OPENDKIM, GOOGLE, MICROSOFT, ["from"]]),
    other_route=st.booleans(),
)
async def test_a_copy_that_nobody_broke_does_nothing_more(
    tmp_path_factory: pytest.TempPathFactory, change: str, word: str, names: list[str], other_route: bool
) -> None:
    store = SqliteStore(tmp_path_factory.mktemp("bench") / "gateway.db", BOXES.domain)
    store.open()
    bench = DeskBench(store)
    about = await bench.open_case()
    token, other = await bench.ask(about), await bench.ask(about)
    intact = sign(Reply(f"{word} {CODE}\n").octets(bench.mailbox(token)), names)
    await bench.send(BREAKS[change](intact), token, client_ip=OWN_HOST)
    before = bench.journal()
    copied = b"X-Any: 1\r\n" + intact.replace(b"Message-ID: <r1@", b"Message-ID: <r2@")
    if "date" not in names:
        copied = re.sub(rb"Date: [^\r]+", b"Date: Tue, 24 Nov 2026 01:05:30 +0000", copied)
    await bench.send(copied, other if other_route else token, client_ip=STRANGER)
    assert {"mail.repeated"} >= set(bench.journal()[len(before) :])
    store.close()
