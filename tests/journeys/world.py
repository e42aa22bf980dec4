"""A whole gateway on loopback for journeys: real SMTP in, real DNS, real DKIM, letters into a maildir."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

from gateway.demo.fixtures import STAFF
from gateway.demo.messages import Person, build_mail, sign_mail
from gateway.demo.sandbox import Answer, Sandbox
from gateway.demo.scenarios import form

HANAKO = Person("見本 花子", "hanako@town.mihon.lg.jp")
SATO = Person("佐藤", STAFF[0][0])
SUZUKI = Person("鈴木", STAFF[1][0])
FORM = form("見本町", "見本 花子", code="990019")


async def write(
    stage: Sandbox,
    sender: Person,
    to: str,
    text: str,
    *,
    subject: str = "参加申請",
    headers: dict[str, str] | None = None,
) -> Answer:
    """One mail, signed with the key of the sender's domain."""
    raw = build_mail(sender, to, subject, text, headers=headers)
    return await stage.send(sender.address, to, sign_mail(raw, stage.world.signers[sender.domain]))


async def under_review(stage: Sandbox, person: Person = HANAKO, text: str = FORM) -> str:
    """An application that waits for the staff; gives the case's number."""
    assert 250 == (await write(stage, person, stage.request, text)).code
    return (await stage.wait_for_state(person, "under_review")).number


async def reply_address(stage: Sandbox, to: str, *words: str) -> str:
    """Where an answer to the newest such letter goes."""
    return str((await stage.letter(to, *words))["Reply-To"])


def hold_letters(running: Sandbox, minutes: float = 10) -> None:
    """As with undo_minutes = 10 in the settings: the demo has none."""
    changed = replace(running.app.reception._desk, undo_window=timedelta(minutes=minutes))
    running.app.reception._desk = changed


async def answer(desk: Sandbox, text: str, who: Person = SATO, subject: str = "審査依頼") -> None:
    """Reply to the newest such letter of a member of staff."""
    to = await reply_address(desk, who.address, subject)
    assert 250 == (await write(desk, who, to, text)).code


def body(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())
