"""Fifty cases in a day with two staff, by mail alone: some one by one, the rest by a digest's button."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote

import pytest

from gateway.admission.authority.tokens import find_code
from gateway.demo import sandbox
from gateway.demo.fixtures import settings_text
from gateway.demo.people.messages import Person
from gateway.demo.people.stories import form
from gateway.demo.sandbox import Sandbox, open_sandbox
from gateway.housekeeping import Housekeeping
from tests.journeys.world import SATO, SUZUKI, body, under_review, write

CASES, ONE_BY_ONE, A_PERSON_AND_HOUR = 50, 10, 30
MOST_LETTERS = 60  # a person and day, with a letter for each case
# A Monday long ago, so that letters queued then leave at once.
MORNING = datetime(2025, 1, 6, 1, 0, tzinfo=UTC)


def press(letter: EmailMessage, words: str) -> str:
    """What a mail program writes for the button of a letter with these words: the text of its mail."""
    part = letter.get_body(("html",))
    assert part is not None
    links = [unquote(link) for link in re.findall(r'href="mailto:[^"]*body=([^"]*)"', part.get_content())]
    (found,) = {link for link in links if words in link}
    return found


def with_undo_window(folder: Path, smtp_port: int, dns_port: int, store: str) -> str:
    return settings_text(folder, smtp_port, dns_port, store).replace("undo_minutes = 0", "undo_minutes = 10")


async def apply_all(desk: Sandbox) -> list[Person]:
    people = [Person(f"職員 {n}", f"shokuin{n:03d}@town.mihon.lg.jp") for n in range(CASES)]
    for one in people:
        await under_review(desk, one, form("見本町", one.name, code="477010"))
    return people


async def look_through(desk: Sandbox, morning: datetime) -> None:
    """The digest of an open day's morning."""
    rules = replace(desk.app.reception._desk, digest=True)
    keeper = Housekeeping(desk.app.store, rules, now=lambda: morning, wake=desk.app.dispatch.wake)
    assert await keeper.work_once()


async def send(desk: Sandbox, who: Person, letter: EmailMessage, text: str) -> None:
    to = str(letter["Reply-To"])
    assert 250 == (await write(desk, who, to, text, subject=f"Re: {letter['Subject']}")).code


async def read_result(desk: Sandbox, who: Person, count: int) -> str:
    return body(await desk.letter(who.address, "一括返信の結果", f"{count}件を記録"))


async def test_fifty_cases_are_settled_by_thirteen_replies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the thirty-first approval of an hour on, a colleague's is needed too."""
    monkeypatch.setattr(sandbox, "settings_text", with_undo_window)
    async with open_sandbox(tmp_path) as desk:
        people = await apply_all(desk)
        numbers = [(await desk.wait_for_state(one, "under_review")).number for one in people]
        for who, number in zip([SUZUKI, *[SATO] * ONE_BY_ONE], numbers, strict=False):
            request = await desk.letter(who.address, "審査依頼", number)
            await send(desk, who, request, press(request, "承認"))
        await look_through(desk, MORNING)
        rest = CASES - ONE_BY_ONE - 1
        digest = await desk.letter(SATO.address, "一覧", f"{rest}件が待っています")
        await send(desk, SATO, digest, press(digest, f"{rest}件を承認"))
        told = await read_result(desk, SATO, rest)
        assert all(number in told for number in numbers[ONE_BY_ONE + 1 :])
        second = rest + ONE_BY_ONE - A_PERSON_AND_HOUR
        assert second == told.count("もう一人の承認が必要です")
        await look_through(desk, MORNING + timedelta(days=1))
        digest = await desk.letter(SUZUKI.address, "一覧", f"{second}件が待っています")
        waiting = [number for number in numbers if number in body(digest)]
        code = find_code(body(digest))
        await send(desk, SUZUKI, digest, "\n".join(f"{number} 承認 {code}" for number in waiting))
        await read_result(desk, SUZUKI, second)
        for one in people:
            await desk.wait_for_state(one, "approved")
        for member in (SATO, SUZUKI):
            subjects = (str(letter["Subject"]) for letter in desk.letters(member.address))
            got = Counter(re.sub(r" [0-9A-Z]{4}-[0-9A-Z]{2}|[0-9]+", "", each) for each in subjects)
            assert MOST_LETTERS + second >= got.total(), got  # a second approval is a request of its own
