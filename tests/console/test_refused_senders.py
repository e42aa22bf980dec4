"""Whose mail was rejected lately, on the page of mail without a case: numbers by domain, never a message."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from gateway.demo.people.messages import Person
from gateway.demo.people.stories import ScenarioRun, forger
from gateway.store.queries.console import refusals
from tests.console.conftest import READER, Bench
from tests.console.test_pages import HOSTILE

ROW = re.compile(r'<tr><th scope="row"><bdi>(.*?)</bdi></th><td [^>]*><span>(\d+)</span>')


async def count(bench: Bench, domain: str, times: int, most: int = 1_000) -> None:
    now = datetime.now(UTC)
    await bench.sandbox.app.store.transact(
        lambda tx: [tx.count_refusal("unproven", domain, now, most) for _ in range(times)]
    )


async def read(bench: Bench, language: str = "ja") -> str:
    async with bench.browser() as browser:
        await bench.sign_in(browser, READER)
        answer = await browser.get(f"/mails?lang={language}")
        assert 200 == answer.status_code
        return str(answer.text.partition('id="refused"')[2])


async def test_domains_are_listed_with_most_messages_first(bench: Bench) -> None:
    assert "この7日間はありません。" in await read(bench)
    await count(bench, "town.mihon.lg.jp", 2)
    await count(bench, "d.example", 5)
    await count(bench, "more.example", 3, most=0)
    assert [("d.example", "5"), ("そのほかのドメイン", "3"), ("town.mihon.lg.jp", "2")] == ROW.findall(
        await read(bench)
    )
    english = await read(bench, "en")
    assert ["d.example", "other domains", "town.mihon.lg.jp"] == [name for name, _ in ROW.findall(english)]
    assert "Last 7 days" in english


async def test_the_other_domains_are_counted(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "MOST", 1)
    for domain in ("a.example", "b.example", "c.example"):
        await count(bench, domain, 1)
    page = await read(bench)
    assert (1, True) == (len(ROW.findall(page)), "ほかに2のドメインがあります。" in page)


@pytest.mark.parametrize("value", sorted(HOSTILE))
async def test_a_domain_does_nothing(bench: Bench, value: str) -> None:
    await count(bench, HOSTILE[value].replace("\0", ""), 1)
    page = await read(bench)
    assert 1 == len(ROW.findall(page))
    for poison in ("<script>", "<img", ' onfocus="', "\u202e", "\u2066", "\u200b", ">49<", "https://evil"):
        assert poison not in page


async def test_a_forged_application_is_counted_by_the_domain_that_it_claims(bench: Bench) -> None:
    run = ScenarioRun(bench.sandbox, Person("手書 一葉", "ichiyo@town.mihon.lg.jp"))
    await forger(run)
    assert [("town.mihon.lg.jp", "1")] == ROW.findall(await read(bench))
