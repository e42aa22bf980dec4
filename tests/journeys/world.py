"""A whole gateway on loopback for journeys: real SMTP in, real DNS, real DKIM, letters into a maildir."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import aiosmtplib

from gateway.demo.client import Answer
from gateway.demo.fixtures import DESK_DOMAIN, STAFF
from gateway.demo.people.messages import Person, build_mail, sign_mail
from gateway.demo.people.stories import form
from gateway.demo.sandbox import Sandbox
from tests.support.ports import PATIENCE_S

HANAKO = Person("見本 花子", "hanako@town.mihon.lg.jp")
SATO = Person("佐藤", STAFF[0][0])
SUZUKI = Person("鈴木", STAFF[1][0])
FORM = form("見本町", "見本 花子", code="477010")
REQUEST = f"request@{DESK_DOMAIN}"


def applications(count: int) -> list[tuple[str, bytes]]:
    """Applications by as many people, each with its sender."""
    people = [Person(f"職員 {n}", f"shokuin{n:03d}@town.mihon.lg.jp") for n in range(count)]
    return [
        (one.address, build_mail(one, REQUEST, "参加申請", form("見本町", one.name, code="477010")))
        for one in people
    ]


async def send(port: int, sender: str, raw: bytes, to: str = REQUEST) -> bool:
    """Whether the mail was answered 250."""
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False, timeout=PATIENCE_S)
    try:
        async with client:
            await client.sendmail(sender, [to], raw)
    except (aiosmtplib.SMTPException, OSError):
        return False
    return True


async def write(
    desk: Sandbox,
    sender: Person,
    to: str,
    text: str,
    *,
    subject: str = "参加申請",
    headers: dict[str, str] | None = None,
) -> Answer:
    """One mail, signed with the key of the sender's domain."""
    raw = build_mail(sender, to, subject, text, headers=headers)
    return await desk.send(sender.address, to, sign_mail(raw, desk.world.signers[sender.domain]))


async def under_review(desk: Sandbox, person: Person = HANAKO, text: str = FORM) -> str:
    """An application that waits for the staff; gives the case's number."""
    assert 250 == (await write(desk, person, desk.request, text)).code
    return (await desk.wait_for_state(person, "under_review")).number


async def reply_address(desk: Sandbox, to: str, *words: str) -> str:
    """Where an answer to the newest such letter goes."""
    return str((await desk.letter(to, *words))["Reply-To"])


def hold_letters(running: Sandbox, minutes: float = 10) -> None:
    """As with undo_minutes = 10 in the settings: the demo has none."""
    receiver = running.app.reception
    changed = replace(receiver._desk, undo_window=timedelta(minutes=minutes))
    receiver._desk, receiver._planner = changed, replace(receiver._planner, desk=changed)


async def answer(desk: Sandbox, text: str, who: Person = SATO, subject: str = "審査依頼") -> None:
    """Reply to the newest such letter of a member of staff."""
    letter = await desk.letter(who.address, subject)
    to = str(letter["Reply-To"])
    assert 250 == (await write(desk, who, to, text, subject=f"Re: {letter['Subject']}")).code


def body(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())
