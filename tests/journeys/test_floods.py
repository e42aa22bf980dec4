"""Floods of signed mail over real SMTP and DNS: each is bounded and hides no alarm and no application."""

from __future__ import annotations

import asyncio
import email
import email.policy
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.admission.case.model import LetterCaps
from gateway.demo.people.messages import Person
from gateway.demo.people.stories import form
from gateway.demo.sandbox import Sandbox, open_sandbox
from tests.journeys.world import HANAKO, SATO, body, under_review, write

CAPS = LetterCaps()
NO_FORM = "お世話になっております。"
FORM = form("見本町", "試作 太郎", code="477010")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with open_sandbox(tmp_path) as running:
        yield running


def person(desk: Sandbox, mailbox: str, domain: str) -> Person:
    """Somebody at a domain of strangers, which signs and publishes all it should."""
    if domain not in desk.world.signers:
        desk.world.publish_domain(domain, Ed25519PrivateKey.generate(), dmarc=True)
    return Person("試作 太郎", f"{mailbox}@{domain}")


async def empty(desk: Sandbox) -> None:
    """Wait until no letter is queued any more."""
    for _ in range(3000):
        if await desk.app.store.transact(lambda tx: tx.next_due()) is None:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("letters are still queued")


def count(desk: Sandbox, letter: str, to: str = "%", kind: str = "%") -> int:
    """How many letters of a kind there are."""
    with sqlite3.connect(desk.app.store.path) as db:
        sql = """
            SELECT count(*) FROM letters
            WHERE letter = ? AND recipient LIKE ? AND coalesce(facts ->> 'kind', '') LIKE ?
        """
        return int(db.execute(sql, (letter, to, kind)).fetchone()[0])


async def report_dead(desk: Sandbox, who: Person) -> None:
    """Their server says that the mailbox of the newest letter to them does not exist."""
    letter = await desk.letter(who.address)
    bounce = str(letter["Return-Path"]).strip("<>")
    report = (
        f"From: MAILER-DAEMON@{who.domain}\r\nTo: {bounce}\r\nSubject: failure\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nfailed\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {who.address}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    )
    assert 250 == (await desk.send("", bounce, report.encode())).code


async def flood_dead(desk: Sandbox, mailboxes: range, domain: str) -> None:
    """Proven mailboxes that apply, and whose letters come back."""
    people = [person(desk, f"d{at}", domain) for at in mailboxes]
    for one in people:
        assert 250 == (await write(desk, one, desk.request, FORM)).code
    await empty(desk)
    for one in people:
        await report_dead(desk, one)
    await empty(desk)


async def flood_words(desk: Sandbox, mailboxes: range, domain: str) -> None:
    """Mails that are no application, each of another address, and of names below the domain."""
    for at in mailboxes:
        who = person(desk, f"w{at}+{at}", domain if at % 2 else f"s{at % 4}.{domain}")
        await write(desk, who, desk.request, f"{NO_FORM}{at}")
    await empty(desk)


async def check_heard(desk: Sandbox, who: Person = HANAKO) -> None:
    """An honest application is answered and shown, and its lost letter is told to all of the office."""
    number = await under_review(desk, who)
    await desk.letter(SATO.address, "審査依頼", number)
    await report_dead(desk, who)
    await desk.wait_for_state(who, "undeliverable")
    await desk.letter(SATO.address, "お知らせ", number, says=who.address)


async def test_a_flood_of_one_domain_is_answered_within_its_cap(desk: Sandbox) -> None:
    await flood_words(desk, range(CAPS.per_domain + 10), "evil.example")
    assert CAPS.per_domain == count(desk, "how_to_apply")
    await check_heard(desk)


async def test_a_flood_of_changing_domains_hides_nothing(desk: Sandbox) -> None:
    for at in range(20):
        await flood_words(desk, range(3), f"evil{at}.example")
    assert 60 == count(desk, "how_to_apply"), "each is somebody else, and wrote"
    await check_heard(desk)


async def test_unconfirmed_cases_of_one_domain_are_asked_about_five_times_a_day(desk: Sandbox) -> None:
    for at in range(CAPS.unconfirmed_cases + 4):
        await write(desk, person(desk, f"a{at}", f"s{at}.evil.example"), desk.request, FORM)
    await empty(desk)
    assert CAPS.unconfirmed_cases == count(desk, "review_request", SATO.address)
    assert CAPS.unconfirmed_cases + 4 == count(desk, "acknowledgment") + count(desk, "affiliation_request")
    await check_heard(desk)


async def test_dead_mailboxes_of_one_domain_use_up_the_day_and_nothing_of_others(desk: Sandbox) -> None:
    await flood_dead(desk, range(CAPS.alarms + 6), "evil.example")
    assert CAPS.alarms == count(desk, "case_notice", SATO.address, "undelivered")
    capped = await desk.app.store.transact(lambda tx: tx.capped_letters(date.min, date.max))
    assert ("alarm undelivered", "domain", "evil.example", 6) in capped
    await flood_dead(desk, range(CAPS.alarms_per_domain + 1), "other.example")
    told = CAPS.alarms + CAPS.alarms_per_domain
    assert told == count(desk, "case_notice", SATO.address, "undelivered")
    await check_heard(desk)


def tighten(desk: Sandbox, caps: LetterCaps) -> None:
    """As with these numbers in the settings."""
    receiver = desk.app.reception
    changed = replace(receiver._desk, caps=caps)
    receiver._desk, receiver._planner = changed, replace(receiver._planner, desk=changed)


STEP = st.tuples(st.sampled_from(["words", "dead"]), st.integers(0, 2), st.integers(1, 8))


@settings(max_examples=5, deadline=None)
@given(st.lists(STEP, min_size=1, max_size=4))
async def test_in_no_order_of_floods_is_an_alarm_dropped(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int]]
) -> None:
    async with open_sandbox(tmp_path_factory.mktemp("floods")) as desk:
        tighten(desk, LetterCaps(alarms=1, alarms_per_domain=2, per_domain=2, review_spacing=timedelta()))
        for at, (kind, domain, many) in enumerate(steps):
            mailboxes = range(10 * at, 10 * at + many)
            await (flood_words if kind == "words" else flood_dead)(desk, mailboxes, f"evil{domain}.example")
        await check_heard(desk)


async def answer_all(desk: Sandbox, begin: str, say: str, to: str) -> int:
    """A machine that answers every letter, each time from another address, without any mark; gives how often
    it wrote when it fell silent."""
    written, seen = 0, set[Path]()
    waiting = [(desk.request, begin)]
    while waiting and written < MOST_ROUNDS:
        for target, text in waiting:
            await write(desk, person(desk, f"bot{written}", f"a{written % 3}.loop.example"), target, text)
            written += 1
        await empty(desk)
        new = [one for one in (desk.folder / "letters").glob("*loop.example/new/*") if one not in seen]
        seen.update(new)
        letters = [email.message_from_bytes(one.read_bytes(), policy=email.policy.default) for one in new]
        waiting = [
            (
                str(one["Reply-To"]) if to == "reply-to" else desk.request,
                body(one) if say == "echo" else begin,
            )
            for one in letters
        ]
    return written


MOST_ROUNDS = 300
BEGUN = {"words": NO_FORM, "application": FORM, "half-an-application": "団体名: 見本町\n氏名: 試作 太郎\n"}


@pytest.mark.parametrize("begin", BEGUN.values(), ids=BEGUN)
@pytest.mark.parametrize("to", ["request", "reply-to"])
async def test_a_loop_that_sends_our_letters_back_from_changing_addresses_ends(
    desk: Sandbox, begin: str, to: str
) -> None:
    assert await answer_all(desk, begin, "echo", to) <= CAPS.per_domain + 3
    await check_heard(desk)


@pytest.mark.parametrize("begin", BEGUN.values(), ids=BEGUN)
async def test_a_machine_that_applies_again_from_changing_addresses_is_stopped_by_the_hour(
    tmp_path: Path, begin: str
) -> None:
    """Letters of proven applications are not capped by domain; what comes in from one is."""
    limit = "[limits]\nmails_per_domain_per_hour = 30\n"
    async with open_sandbox(tmp_path, more_settings=limit) as desk:
        assert await answer_all(desk, begin, "same", "request") <= 31
        await check_heard(desk)
