"""Mails that come in another order than they were written in: the newest word stands."""

from __future__ import annotations

from datetime import datetime

import pytest

from gateway.mail.address import Address
from tests.support.desk_bench import CODE, MINUTE, OPENDKIM, OWN_HOST, DeskBench, Reply, sign
from tests.support.factories import NOW, SATO, SUZUKI

_SEEN = iter(range(1_000_000))


async def say(
    bench: DeskBench, token: str, text: str, written: datetime, arrived: datetime, by: Address = SATO
) -> None:
    bench.now = arrived
    mail = Reply(text, by, date=written, message_id=f"<{next(_SEEN)}@kyoso.mihon.go.jp>")
    octets = sign(mail.octets(bench.mailbox(token)), OPENDKIM)
    await bench.send(octets, token, client_ip=OWN_HOST, reverse_path=by)


NEWER = (
    "取り消します。",
    "保留 12月10日",
    "やっぱり承認しません。",
    "承認は待ってください。",
    "やめます。",
    "ありがとうございます。",
)


@pytest.mark.parametrize("older", ["承認します。", f"承認 {CODE}"], ids=["words", "word and code"])
@pytest.mark.parametrize("newer", NEWER)
async def test_an_older_word_that_comes_later_changes_nothing(
    newer: str, older: str, bench: DeskBench
) -> None:
    token = await bench.ask(await bench.open_case())
    await say(bench, token, newer, NOW + 7 * MINUTE, NOW + 8 * MINUTE)
    before = await bench.state()
    await say(bench, token, older, NOW + 5 * MINUTE, NOW + 10 * MINUTE)
    assert before == await bench.state() != "approved"
    assert "decision.unclear" == bench.journal()[-1]
    await say(bench, token, f"承認 {CODE}\n\n佐藤", NOW + 11 * MINUTE, NOW + 12 * MINUTE)
    assert "approved" == await bench.state()


async def test_an_older_line_of_a_digest_changes_nothing(bench: DeskBench) -> None:
    case = await bench.open_case()
    token, digest = await bench.ask(case), await bench.ask_digest([case])
    await say(bench, token, "承認は待ってください。", NOW + 7 * MINUTE, NOW + 8 * MINUTE)
    await say(bench, digest, f"K7QM-4T 承認 {CODE}", NOW + 5 * MINUTE, NOW + 10 * MINUTE)
    assert "under_review" == await bench.state()
    await say(bench, digest, f"K7QM-4T 承認 {CODE}\n", NOW + 11 * MINUTE, NOW + 12 * MINUTE)
    assert "approved" == await bench.state()


async def test_a_colleague_and_another_case_are_not_overtaken(bench: DeskBench) -> None:
    case, other = await bench.open_case(), await bench.open_case("AB12-CD")
    await say(bench, await bench.ask(case), "待ってください。", NOW + 7 * MINUTE, NOW + 8 * MINUTE)
    mine, theirs = await bench.ask(other), await bench.ask(case, to=SUZUKI)
    await say(bench, mine, "承認します。", NOW + 5 * MINUTE, NOW + 9 * MINUTE)
    await say(bench, theirs, "承認します。", NOW + 5 * MINUTE, NOW + 10 * MINUTE, SUZUKI)
    assert ("approved", "approved") == (await bench.state("AB12-CD"), await bench.state())


async def test_a_date_in_the_future_shuts_nobody_out(bench: DeskBench) -> None:
    """A mail was not written after it came, whatever a clock said."""
    token = await bench.ask(await bench.open_case())
    await say(bench, token, "待ってください。", NOW + 300 * MINUTE, NOW + 8 * MINUTE)
    await say(bench, token, "承認します。", NOW + 9 * MINUTE, NOW + 9 * MINUTE)
    assert "approved" == await bench.state()
