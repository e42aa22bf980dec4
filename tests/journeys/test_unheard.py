"""No silence behind 250, over real SMTP: every class of mail ends in a letter, in a changed case, or in a
line that `gateway mail list` shows."""

from __future__ import annotations

import sqlite3
from base64 import b64encode
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from gateway.demo.people.messages import Person
from gateway.demo.sandbox import Sandbox, open_sandbox
from tests.journeys.world import FORM, HANAKO, SATO, body, write

GIVEN = "葵茜楓環梓薫忍渚蓮陸航樹稔灯湊柊澪碧凪紬栞岬蒼颯暁"
OTHER = "試作 太郎"
PROSE = "見本町の見本です。参加するにはどうすればよいですか。"
HALF = "団体名: 見本町\n氏名: 見本 花子\n"
CERTAIN = {"Auto-Submitted": "auto-replied"}
WEAK = {"X-Auto-Response-Suppress": "All"}
SENT = "Date: Thu, 26 Nov 2026 10:00:00 +0900\r\nMIME-Version: 1.0\r\n"
STATUS = (
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
    "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.town.mihon.lg.jp\r\n\r\n"
    "Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n--b--\r\n"
)
TEXT = "Content-Type: text/plain; charset=utf-8\r\n\r\n"


@dataclass
class Journey:
    """One desk, and the person whose mail it is now."""

    desk: Sandbox
    person: Person = HANAKO

    async def write(self, text: str, who: Person | None = None, to: str = "", **more: object) -> None:
        said = text.replace("見本 花子", self.person.name)
        answered = await write(self.desk, who or self.person, to or self.desk.request, said, **more)  # type: ignore[arg-type]
        assert 250 == answered.code, answered

    async def reply(self, text: str, who: Person, words: tuple[str, ...], headers: dict[str, str]) -> None:
        """To the newest letter with these words in its Subject."""
        letter = await self.desk.letter(who.address, *words)
        subject = f"Re: {letter['Subject']}"
        await self.write(text, who, str(letter["Reply-To"]), subject=subject, headers=headers)

    async def send(self, reverse_path: str, to: str, rest: str) -> None:
        """A mail that nobody wrote as text."""
        author = f"<{self.person.address}>"
        raw = f"From: {author}\r\nTo: <{to}>\r\nMessage-ID: {author}\r\n{SENT}{rest}"
        answered = await self.desk.send(reverse_path, to, raw.encode())
        assert 250 == answered.code, answered

    def read_ends(self) -> set[str]:
        """How the newest mail ended: its letters, its events, and the line that the office sees."""
        with closing(sqlite3.connect(f"file:{self.desk.app.store.path}?mode=ro", uri=True)) as connection:
            query = "SELECT id, unheard, forward_path FROM mails ORDER BY id DESC LIMIT 1"
            mail, mark, _ = connection.execute(query).fetchone()
            letters = connection.execute("SELECT letter FROM letters WHERE mail_id = ?", (mail,)).fetchall()
            events = connection.execute("SELECT event FROM journal WHERE mail_id = ?", (mail,)).fetchall()
        lines = {f"line: {mark}"} if mark else set()
        return {name for (name,) in letters} | lines | {f"event: {name}" for (name,) in events}


Act = Callable[[Journey], Awaitable[None]]


def first(text: str, headers: dict[str, str] | None = None) -> Act:
    """The first mail of somebody, to the request address."""
    return lambda journey: journey.write(text, headers=headers)


def answer(begun: str, words: str, text: str) -> Act:
    """A first mail, and the answer to the letter that it brought."""

    async def act(journey: Journey) -> None:
        await journey.write(begun)
        await journey.reply(text, journey.person, (words,), {})

    return act


def member(text: str, headers: dict[str, str] | None = None) -> Act:
    """A member's reply to the review request for an application."""

    async def act(journey: Journey) -> None:
        await journey.write(FORM)
        number = (await journey.desk.wait_for_state(journey.person, "under_review")).number
        await journey.reply(text, SATO, ("審査依頼", number), headers or {})

    return act


def report(rest: str) -> Act:
    """A report from the null reverse-path about the acknowledgment of an application."""

    async def act(journey: Journey) -> None:
        await journey.write(FORM)
        letter = await journey.desk.letter(journey.person.address, "受け付けました")
        to = str(letter["Return-Path"]).strip("<>")
        await journey.send("", to, rest.replace("{to}", journey.person.address))

    return act


async def pack(journey: Journey) -> None:
    """An empty mail with a packed file, as offices send forms."""
    packed = b64encode(b"PK\x03\x04" + bytes(64)).decode()
    rest = f"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n{packed}\r\n"
    await journey.send(journey.person.address, journey.desk.request, rest)


# What is sent, and one of the ways in which it must end: a letter, an event of the case, or a line.
CLASSES: dict[str, tuple[Act, str]] = {
    "an application": (first(FORM), "acknowledgment"),
    "half an application": (first(HALF), "missing_fields"),
    "prose": (first(PROSE), "how_to_apply"),
    "nothing": (first(""), "how_to_apply"),
    "a packed file": (pack, "how_to_apply"),
    "class 3": (first(f"機密性3\n{FORM}"), "not_kept"),
    "two people": (first(f"{FORM}\n{FORM.replace('見本 花子', OTHER)}"), "one_by_one"),
    "certainly a machine, with a form": (first(FORM, CERTAIN), "line: form"),
    "certainly a machine": (first("本日は不在です。", CERTAIN), "line: mail"),
    "a weak mark, with a form": (first(FORM, WEAK), "line: form"),
    "a weak mark, with words": (first(PROSE, WEAK), "line: words"),
    "a short answer": (
        answer(HALF, "追記のお願い", "総務課です。\n477010\n同意します。"),
        "acknowledgment",
    ),
    "an answer not understood": (answer(HALF, "追記のお願い", "検討します。"), "passed_on"),
    "thanks": (answer(FORM, "受け付けました", "ありがとうございました。"), "line: "),
    "a question": (answer(FORM, "受け付けました", "招待の前に研修はありますか。"), "case_notice"),
    "a withdrawal": (answer(FORM, "受け付けました", "申請を取り下げます。"), "withdrawal_receipt"),
    "another's form": (answer(FORM, "受け付けました", FORM.replace("見本 花子", OTHER)), "one_by_one"),
    "an approval": (member("承認します。"), "decision_receipt"),
    "a reply not understood": (member("よい方だと思います。"), "unclear_decision"),
    "a member's reply with a weak mark": (member("承認します。", WEAK), "unclear_decision"),
    "a member's absence": (member("本日は不在です。", CERTAIN), "line: mail"),
    "a member's machine with a word": (member("承認", CERTAIN), "line: decision"),
    "a failure": (report(STATUS.replace("{action}", "failed").replace("{status}", "5.1.1")), "event: "),
    "a delay": (report(STATUS.replace("{action}", "delayed").replace("{status}", "4.4.1")), "line: mail"),
    "an absence at the bounce address": (
        report(f"Auto-Submitted: auto-replied\r\n{TEXT}不在です。\r\n"),
        "line: mail",
    ),
    "a report that nobody can read": (report(f"{TEXT}xyzzy plugh\r\n"), "case_notice"),
}


async def test_every_class_of_mail_is_heard(tmp_path: Path) -> None:
    wrong: dict[str, set[str]] = {}
    async with open_sandbox(tmp_path) as running:
        for number, (name, (act, end)) in enumerate(CLASSES.items()):
            person = Person(f"見本 {GIVEN[number % len(GIVEN)]}", f"shokuin{number}@town.mihon.lg.jp")
            journey = Journey(running, person)
            await act(journey)
            found = journey.read_ends()
            if not any(one.startswith(end) for one in found):
                wrong[name] = found
    assert {} == wrong


async def test_a_members_answer_to_an_unreadable_mail_goes_to_its_writer(tmp_path: Path) -> None:
    async with open_sandbox(tmp_path) as desk:
        journey = Journey(desk)
        await journey.write(PROSE)
        await journey.write(f"{PROSE}\n電話でも構いません。")
        notice = await desk.letter(SATO.address, "読み取れないメール")
        assert HANAKO.address == str(notice["Reply-To"]).strip("<>")
        assert "この方へ直接届きます" in body(notice)
