"""Somebody else pressed send: RFC 5322 section 3.6.2 (Sender) and 3.6.6 (Resent-*), and the envelope."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.admission.organisations.domains import Standing
from gateway.mail.address import Address, parse
from gateway.store.sqlite.store import SqliteStore
from tests.support.desk_bench import BOXES, CODE, OPENDKIM, OWN_HOST, DeskBench, Reply, sign
from tests.support.factories import DESK, SATO, SUZUKI, case

STRANGER = parse("hisho@kyoso.mihon.go.jp")
FIELDS = ("Sender", "Resent-From", "Resent-Sender")


@pytest.fixture
def bench(tmp_path: Path) -> DeskBench:
    store = SqliteStore(tmp_path / "gateway.db", BOXES.domain)
    store.open()
    return DeskBench(store)


def in_the_name_of(mail: bytes, name: str, agent: Address) -> bytes:
    return f"{name}: <{agent}>\r\n".encode() + mail


async def send(bench: DeskBench, text: str, agent: Address, name: str, reverse_path: Address) -> str:
    token = await bench.ask(await bench.open_case())
    mail = Reply(text).octets(bench.mailbox(token))
    raw = in_the_name_of(mail, name, agent) if name else mail
    reply = await bench.send(sign(raw, OPENDKIM), token, client_ip=OWN_HOST, reverse_path=reverse_path)
    assert 250 == reply.code
    return await bench.state()


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("text", ["承認します。\n", f"承認 {CODE}\n", "却下: 対象外の団体です。\n"])
async def test_a_colleague_decides_in_nobody_elses_name(bench: DeskBench, text: str, name: str) -> None:
    assert "under_review" == await send(bench, text, SUZUKI, name, SATO)


@pytest.mark.parametrize("text", ["承認します。\n", f"承認 {CODE}\n"])
async def test_nor_by_the_envelope_alone(bench: DeskBench, text: str) -> None:
    assert "under_review" == await send(bench, text, SATO, "", SUZUKI)


@pytest.mark.parametrize("name", FIELDS)
async def test_a_secretary_needs_word_and_code(bench: DeskBench, name: str) -> None:
    assert "approved" == await send(bench, f"承認 {CODE}\n", STRANGER, name, SATO)


@pytest.mark.parametrize("name", FIELDS)
async def test_words_that_a_secretary_sent_do_not_decide(bench: DeskBench, name: str) -> None:
    assert "under_review" == await send(bench, "承認します。\n", STRANGER, name, SATO)


@pytest.mark.parametrize("name", FIELDS)
async def test_four_eyes_are_those_of_two(bench: DeskBench, name: str) -> None:
    bench.desk = replace(DESK, second_approval=True)
    doubtful = replace(case().background, standing=Standing.CONFIRM)
    about = await bench.open_case(background=doubtful)
    first, second = await bench.ask(about, SUZUKI), await bench.ask(about, SATO)
    own = Reply(author=SUZUKI).octets(bench.mailbox(first))
    await bench.send(sign(own, OPENDKIM), first, client_ip=OWN_HOST, reverse_path=SUZUKI)
    mail = Reply(f"承認 {CODE}\n", message_id="<r2@kyoso.mihon.go.jp>").octets(bench.mailbox(second))
    raw = sign(in_the_name_of(mail, name, SUZUKI), OPENDKIM)
    await bench.send(raw, second, client_ip=OWN_HOST, reverse_path=SUZUKI)
    assert "under_review" == await bench.state()
