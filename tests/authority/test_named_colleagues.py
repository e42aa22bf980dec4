"""A reply under a colleague's name in From: who of the two wrote it?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.admission.case.model import Staff
from tests.support.desk_bench import CODE, OPENDKIM, OWN_HOST, DeskBench, Reply, sign
from tests.support.factories import DESK, SATO, SUZUKI

OFFICE = replace(DESK, staff=(Staff(SATO, "佐藤 一郎", names=("Sato",)), Staff(SUZUKI, "鈴木 花")))


async def decide(bench: DeskBench, name: str, text: str) -> str:
    bench.desk = OFFICE
    token = await bench.ask(await bench.open_case())
    raw = Reply(text).octets(bench.mailbox(token)).replace(b"From: <", f"From: {name} <".encode())
    await bench.send(sign(raw, OPENDKIM), token, client_ip=OWN_HOST)
    return await bench.state()


@pytest.mark.parametrize("name", ['"鈴木 花"', '"花 鈴木"', '"鈴木花"', '"鈴木 花 (情報課)"'])
async def test_a_colleagues_name_leaves_word_and_code_alone(name: str, bench: DeskBench) -> None:
    assert "under_review" == await decide(bench, name, "承認します。\n")
    journal = bench.journal()
    assert "decision.unclear" == journal[-1]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ('"鈴木 花"', f"承認 {CODE}\n"),
        ('"佐藤 一郎"', "承認します。\n"),
        ('"佐藤 一郎 (鈴木 花 代理)"', "承認します。\n"),
        ('"Sato"', "承認します。\n"),
        ('"情報政策課"', "承認します。\n"),
        ('"鈴木"', "承認します。\n"),
        ("", "承認します。\n"),
    ],
)
async def test_own_names_offices_and_word_and_code_count(name: str, text: str, bench: DeskBench) -> None:
    assert "approved" == await decide(bench, name, text)
