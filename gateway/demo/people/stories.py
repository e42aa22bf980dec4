"""The stories of the people of the demo: each is a function.

The staff's replies are real mails through the same listener, signed like everybody else's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.message import EmailMessage

from gateway.admission.authority import tokens
from gateway.demo.client import Answer, Client, DemoError
from gateway.demo.fixtures import ATTACKER, SILENT_DOMAIN, STAFF
from gateway.demo.people.messages import (
    Person,
    build_application,
    build_mail,
    build_outlook_mail,
    sign_mail,
)

SATO = Person("佐藤", STAFF[0][0])
SUZUKI = Person("鈴木", STAFF[1][0])
SUBJECT = "参加申請"


@dataclass(slots=True)
class ScenarioRun:
    """Run of one persona; records every answer of the SMTP session.

    `heard` has the Subjects of letters that notify others of it.
    """

    sandbox: Client
    person: Person
    answers: list[Answer] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    async def post(self, raw: bytes, to: str, sender: Person | None = None, via: str | None = None) -> Answer:
        """Sign a mail with its domain's key and send it; `via`: unsigned, in another domain's envelope."""
        sender = sender or self.person
        if via is None:
            raw = sign_mail(raw, self.sandbox.world.signers[sender.domain])
        answer = await self.sandbox.send(f"bounces@{via}" if via else sender.address, to, raw)
        if sender == self.person:
            self.answers.append(answer)
        return answer

    async def apply(self, text: str) -> Answer:
        """Send an application."""
        return await self.post(
            build_mail(self.person, self.sandbox.request, SUBJECT, text), self.sandbox.request
        )

    async def number(self) -> str:
        """Return the number of the person's case. Raises DemoError if there is none."""
        case = await self.sandbox.find_case(self.person)
        if case is None:
            raise DemoError("no case was opened")
        return case.number

    async def staff_reply(
        self, staff: Person, text: str, subject: str = "審査依頼", headers: dict[str, str] | None = None
    ) -> None:
        """Answer the review request about this person's case as a staff member does."""
        letter = await self.sandbox.letter(staff.address, subject, await self.number())
        to = str(letter["Reply-To"])
        raw = build_mail(staff, to, f"Re: {letter['Subject']}", text, headers=headers)
        answer = await self.post(raw, to, staff)
        if answer.code != 250:
            raise DemoError(f"the staff member's reply was answered with {answer.code} {answer.text}")

    async def wait_for_new_letter(self, to: Person, old: EmailMessage, subject: str) -> EmailMessage:
        """Wait for a letter about this person's case after `old`, with the same words in its Subject."""
        number = await self.number()
        async for _ in self.sandbox.attempts():
            letter = await self.sandbox.letter(to.address, subject, number)
            if letter["Message-ID"] != old["Message-ID"]:
                return letter
        raise DemoError(f"no second letter to {to.address} with {subject!r} in its subject")


Story = Callable[[ScenarioRun], Awaitable[None]]


def form(organisation: str, name: str, department: str = "情報政策課", code: str = "", **more: str) -> str:
    """Return a complete form."""
    fields = {"区分": "自治体" if code else "政府機関", "団体名": organisation}
    if code:
        fields["全国地方公共団体コード"] = code
    return build_application(
        **fields, **{"部署名": department, "氏名": name, "規約への同意": "同意する", **more}
    )


async def _apply_and_approve(run: ScenarioRun, text: str) -> None:
    await run.apply(text)
    await run.staff_reply(SATO, "承認します。")
    await run.sandbox.letter(run.person.address, "ご招待")
    await run.sandbox.wait_for_state(run.person, "invited")


async def town_clerk(run: ScenarioRun) -> None:
    """The simple case."""
    await _apply_and_approve(run, form("見本町", "見本 花子", code="477010"))


async def ministry(run: ScenarioRun) -> None:
    """An official of the national government."""
    await _apply_and_approve(run, form("見本省", "例示 太郎", "大臣官房デジタル室"))


async def regional(run: ScenarioRun) -> None:
    """A town with a regional domain name."""
    await _apply_and_approve(run, form("新宮町", "試験 一郎", "総務課", code="287016"))


async def association(run: ScenarioRun) -> None:
    """A wide-area association with a code."""
    await _apply_and_approve(run, form("見本広域連合", "広域 さくら", "事務局総務係", code="478997"))


async def private_address(run: ScenarioRun) -> None:
    """A private address; the applicant names a colleague, who is asked and replies with word and code."""
    await run.apply(form("例市", run.person.name, "デジタル推進課", code="477028"))
    colleague = Person("同僚 三郎", "dokyo@city.rei.lg.jp")
    await _name_colleague(run, colleague)
    letter = await run.sandbox.letter(colleague.address, "在籍のご確認", await run.number())
    await _answer(run, colleague, letter, f"はい {read_code(letter)}")
    await run.sandbox.wait_for_state(run.person, "under_review")
    await run.staff_reply(SUZUKI, "在籍は確認済みです。\n承認します。")
    await run.sandbox.wait_for_state(run.person, "invited")


async def _name_colleague(run: ScenarioRun, colleague: Person) -> None:
    """Answer the applicant's letter with the address of a colleague."""
    letter = await run.sandbox.letter(run.person.address, "所属確認のお願い")
    to = str(letter["Reply-To"])
    await run.post(build_mail(run.person, to, f"Re: {letter['Subject']}", colleague.address), to)


async def _answer(run: ScenarioRun, colleague: Person, letter: EmailMessage, text: str) -> None:
    """Answer a letter, or a forwarded one, as a colleague."""
    to = str(letter["Reply-To"])
    raw = build_mail(colleague, to, f"Re: {letter['Subject']}", text)
    if (await run.post(raw, to, colleague)).code != 250:
        raise DemoError("the colleague's reply was not accepted")


async def foreign_confirmer(run: ScenarioRun) -> None:
    """An official of another town confirms, both named and unasked. Nobody is asked, nothing changes."""
    await run.apply(form("例市", run.person.name, "秘書課", code="477028"))
    friend = Person("友人 四郎", "yujin@town.mihon.lg.jp")
    request = await run.sandbox.letter(run.person.address, "所属確認のお願い")
    await _name_colleague(run, friend)
    await run.sandbox.letter(SATO.address, "お知らせ", await run.number())
    await _answer(run, friend, request, f"{run.person.name}は例市に在籍しています。")
    await run.sandbox.wait_for_state(run.person, "awaiting_affiliation")
    if run.sandbox.letters(friend.address):
        raise DemoError("the gateway wrote to an address outside the claimed organisation")


async def forger(run: ScenarioRun) -> None:
    """A stranger who writes the town's address into From."""
    raw = build_mail(run.person, run.sandbox.request, SUBJECT, form("見本町", "偽物 四郎", code="477010"))
    await run.post(raw, run.sandbox.request, via=ATTACKER)


async def dns_down(run: ScenarioRun) -> None:
    """The sender's DNS is down; the client retries later."""
    run.sandbox.world.fail_dns(SILENT_DOMAIN)
    raw = build_mail(run.person, run.sandbox.request, SUBJECT, form("雲市", "雲野 五郎", code="477036"))
    await run.post(raw, run.sandbox.request)
    run.sandbox.world.restore_dns(SILENT_DOMAIN)
    async for _ in run.sandbox.attempts():
        answer = await run.post(raw, run.sandbox.request)
        if answer.code == 250:
            break
        run.answers.pop()
    await run.staff_reply(SATO, "承認")
    await run.sandbox.wait_for_state(run.person, "invited")


async def old_kanji(run: ScenarioRun) -> None:
    """A name from Outlook that strict ISO-2022-JP cannot represent."""
    text = form("古漢字村", run.person.name, "住民課", code="477044")
    await run.post(build_outlook_mail(run.person, run.sandbox.request, SUBJECT, text), run.sandbox.request)
    case = await run.sandbox.wait_for_state(run.person, "under_review")
    if case.form.name != run.person.name:
        raise DemoError(f"the name was recorded as {case.form.name!r}")
    await run.staff_reply(SATO, "標記の件、承認いたします。\nよろしくお願いいたします。")
    await run.sandbox.wait_for_state(run.person, "invited")


async def missing_fields(run: ScenarioRun) -> None:
    """Half a form, completed by a reply to the letter that requests the rest."""
    await run.apply(build_application(団体名="見本町", 氏名=run.person.name))
    letter = await run.sandbox.letter(run.person.address, "追記のお願い")
    to = str(letter["Reply-To"])
    text = "部署名: 出納室\n全国地方公共団体コード: 47701-0\n規約への同意: 同意します\n"
    await run.post(build_mail(run.person, to, f"Re: {letter['Subject']}", text), to)
    await run.sandbox.wait_for_state(run.person, "under_review")
    await run.staff_reply(
        SUZUKI, "承認します。\n\n-----元のメッセージ-----\n差出人: 参加受付\n> 却下 … お断りします\n"
    )
    await run.sandbox.wait_for_state(run.person, "invited")


async def twice(run: ScenarioRun) -> None:
    """The same mail arrives twice, because the client never saw our first 250."""
    raw = build_mail(
        run.person, run.sandbox.request, SUBJECT, form("見本町", run.person.name, "会計課", code="477010")
    )
    await run.post(raw, run.sandbox.request)
    await run.post(raw, run.sandbox.request)
    await run.staff_reply(SATO, "承認です。")
    await run.sandbox.wait_for_state(run.person, "invited")
    invitations = [one for one in run.sandbox.letters(run.person.address) if "ご招待" in str(one["Subject"])]
    if len(invitations) != 1:
        raise DemoError(f"{len(invitations)} invitations were sent")


async def out_of_office(run: ScenarioRun) -> None:
    """A staff member's automatic reply quotes 承認: it must not decide anything."""
    await run.apply(form("見本町", run.person.name, "税務課", code="477010"))
    text = "本日は休暇をいただいております。\n\n承認します。\n"
    await run.staff_reply(SUZUKI, text, headers={"Auto-Submitted": "auto-replied"})
    await run.staff_reply(SATO, "了解しました。")
    await run.sandbox.letter(SATO.address, "返信を読み取れませんでした", await run.number())
    await run.sandbox.wait_for_state(run.person, "under_review")


async def second_thought(run: ScenarioRun) -> None:
    """An approval that the next sentence revokes, then one above a wrapped quotation."""
    await run.apply(form("見本町", run.person.name, "企画課", code="477010"))
    await run.staff_reply(SATO, "承認します。\n先に在籍確認をしてください。")
    asked = await run.sandbox.letter(SATO.address, "返信を読み取れませんでした", await run.number())
    if "先に在籍確認をしてください" not in read_text(asked):
        raise DemoError("the letter does not show the sentence that was not understood")
    await run.sandbox.wait_for_state(run.person, "under_review")
    request = await run.sandbox.letter(SATO.address, "審査依頼", await run.number())
    await run.staff_reply(
        SATO, f"在籍を確認しましたので、承認します。\n\n{wrap_quotation(read_text(request))}"
    )
    await run.sandbox.wait_for_state(run.person, "invited")


def read_text(letter: EmailMessage) -> str:
    """Return the plain text of a letter."""
    body = letter.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def read_code(letter: EmailMessage) -> str:
    """Return the code in a letter."""
    return tokens.find_code(read_text(letter))


def wrap_quotation(text: str, columns: int = 24) -> str:
    """Return a text as some programs quote it: marked, then wrapped, so that wrapped lines have no mark."""
    marked = (f"> {line}" for line in text.splitlines())
    return "\n".join(line[at : at + columns] for line in marked for at in range(0, len(line), columns))


async def declined(run: ScenarioRun) -> None:
    """An employee of a company that works for a town; declined with a reason."""
    await run.apply(form("株式会社通販見本", run.person.name, "営業部", code="477010"))
    reason = "民間企業にお勤めの方は、参加の対象ではないためです。"
    await run.staff_reply(SATO, f"却下\n{reason}")
    letter = await run.sandbox.letter(run.person.address, "結果のお知らせ")
    if reason not in read_text(letter):
        raise DemoError("the letter does not give the reason")
    await run.sandbox.wait_for_state(run.person, "declined")
