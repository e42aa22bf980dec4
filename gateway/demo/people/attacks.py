"""Attacks with mails that others signed: each story is a function.

The attacker knows the mailboxes with tokens and has real signed mails of the staff, but none of their keys.
"""

from __future__ import annotations

from email.message import EmailMessage

from gateway.demo.fixtures import ATTACKER
from gateway.demo.people.messages import Person, build_mail, sign_mail
from gateway.demo.people.stories import (
    SATO,
    ScenarioRun,
    form,
    read_code,
)

FRIEND = Person("友人 四郎", "yujin@town.mihon.lg.jp")


async def replay(run: ScenarioRun) -> None:
    """A member approves and undoes it; an attacker sends the signed approval to the new request."""
    await run.apply(form("見本町", run.person.name, "水道課", code="477010"))
    request = await run.sandbox.letter(SATO.address, "審査依頼", await run.number())
    approval = _sign(run, SATO, request, "承認します。")
    await run.sandbox.send(SATO.address, str(request["Reply-To"]), approval)
    await run.sandbox.wait_for_state(run.person, "invited")
    receipt = await run.sandbox.letter(SATO.address, "判断を記録しました", await run.number())
    await run.sandbox.send(SATO.address, str(receipt["Reply-To"]), _sign(run, SATO, receipt, "取消"))
    # The invitation has left: undoing it takes word and code.
    asked = await run.sandbox.letter(SATO.address, "返信を読み取れませんでした", await run.number())
    undo = _sign(run, SATO, asked, f"取消 {read_code(asked)}")
    await run.sandbox.send(SATO.address, str(asked["Reply-To"]), undo)
    await run.sandbox.wait_for_state(run.person, "under_review")
    again = await run.wait_for_new_letter(SATO, request, "審査依頼")
    await _steal(run, b"Received: from thief by relay\r\n" + approval, str(again["Reply-To"]), "状況")


async def borrowed_yes(run: ScenarioRun) -> None:
    """An attacker sends a member's signed 承認します。 to a friend, about something else, to a request."""
    await run.apply(form("見本町", run.person.name, "観光課", code="477010"))
    request = await run.sandbox.letter(SATO.address, "審査依頼", await run.number())
    raw = build_mail(SATO, FRIEND.address, "懇親会の件", "承認します。")
    signed = sign_mail(raw, run.sandbox.world.signers[SATO.domain])
    await _steal(run, signed, str(request["Reply-To"]), "返信を読み取れませんでした")


def _sign(run: ScenarioRun, sender: Person, letter: EmailMessage, text: str) -> bytes:
    """Return the sender's reply to a letter, signed by their domain."""
    raw = build_mail(sender, str(letter["Reply-To"]), f"Re: {letter['Subject']}", text)
    return sign_mail(raw, run.sandbox.world.signers[sender.domain])


async def _steal(run: ScenarioRun, signed: bytes, to: str, heard: str) -> None:
    """Send somebody's signed mail; note the answer, and the letter that notifies its author."""
    run.answers.append(await run.sandbox.send(f"bounces@{ATTACKER}", to, signed))
    letter = await run.sandbox.letter(SATO.address, heard, await run.number())
    run.heard.append(str(letter["Subject"]))
    await run.sandbox.wait_for_state(run.person, "under_review")
