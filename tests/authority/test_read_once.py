"""Every proven mail is read once, whatever it asked: its copies write one letter together at most."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.admission.case.model import Letter
from gateway.mail.smtp.mailboxes import Purpose
from gateway.store.sqlite.store import SqliteStore
from tests.support.desk_bench import (
    BOXES,
    CODE,
    OPENDKIM,
    OWN_HOST,
    STRANGER,
    DeskBench,
    Reply,
    sign,
)

SAID = {
    "a list": "一覧\n",
    "a question": "状況\n",
    "help": "ヘルプ\n",
    "an absence": "不在 11/25-11/27\n",
    "nothing that is known": "よく分かりません。\n",
    "two people": "氏名: 見本 花子\n所属: 総務課\n\n氏名: 例示 太郎\n所属: 財政課\n",
    "a stop": f"停止 {CODE}\n",
    "thanks": "ありがとうございました。\n",
}
COPIES = (
    lambda raw: b"X-Any: 1\r\n" + raw,
    lambda raw: raw.replace(b"Subject: Re: ", b"Subject: Re: Re: "),
    lambda raw: raw.replace(b"Message-ID: <r1@", b"Message-ID: <r2@"),
    lambda raw: b"User-Agent: Any\r\n" + raw.replace(b"Message-ID: <r1@", b"Message-ID: <r3@"),
)
# Subject and Message-ID are left unsigned, so that a copy is another mail to the key of repeats.
NAMES = [name for name in OPENDKIM if name not in {"subject", "message-id"}]


def queued(bench: DeskBench) -> list[str]:
    with closing(sqlite3.connect(bench.store.path)) as database:
        return [row[0] for row in database.execute("SELECT letter FROM letters ORDER BY id")]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.sampled_from(sorted(SAID)),
    place=st.sampled_from(["request", "review request", "digest", "practice"]),
    copies=st.lists(
        st.tuples(st.sampled_from(COPIES), st.sampled_from([STRANGER, OWN_HOST])), min_size=1, max_size=4
    ),
)
async def test_copies_of_a_mail_write_one_letter_together(
    tmp_path_factory: pytest.TempPathFactory, said: str, place: str, copies: list[tuple]
) -> None:
    store = SqliteStore(tmp_path_factory.mktemp("once") / "gateway.db", BOXES.domain)
    store.open()
    bench = DeskBench(store)
    token, purpose = await _find_mailbox(bench, place)
    raw = sign(Reply(SAID[said]).octets(bench.mailbox(token, purpose)), NAMES)
    await bench.send(raw, token, purpose=purpose)
    before = queued(bench)
    for change, client_ip in copies:
        await bench.send(change(raw), token, client_ip=client_ip, purpose=purpose)
    assert queued(bench)[len(before) :] in ([], [Letter.CASE_STATUS])
    store.close()


async def _find_mailbox(bench: DeskBench, place: str) -> tuple[str, Purpose]:
    about = await bench.open_case()
    if place == "request":
        return "", Purpose.REQUEST
    if place == "digest":
        return await bench.ask_digest([about]), Purpose.DECIDE
    token = await bench.ask(about)
    if place == "practice":
        with closing(sqlite3.connect(bench.store.path)) as database, database:
            database.execute("UPDATE tokens SET purpose = 'PRACTICE'")
        return token, Purpose.PRACTICE
    return token, Purpose.DECIDE
