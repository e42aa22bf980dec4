"""A form without a name: the writer's own signature gives it, and nobody else's does."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import formataddr, parseaddr
from itertools import product

import pytest

from gateway.admission.application.items.fields import Consent, Form
from gateway.admission.intake.extract import extract_facts, read_author_name
from gateway.mail.address import parse
from gateway.mail.message import parse as parse_message
from gateway.mail.smtp.mailboxes import Purpose

FORMS = (
    "区分：自治体\n団体名：見本町\n全国地方公共団体コード：990019\n部課名：企画課\n規約への同意：同意します\n",
    "団体名：見本町\nコード：990019\n部課名：企画課\n規約への同意：同意する\n",
)
OWN = (
    "見本町企画課 田中 花子\nTEL 0155-11-2233\n",
    "--\n見本町役場 企画課\n田中 花子\ntanaka@town.mihon.lg.jp\n",
    "**********************\n見本町企画課　主事　田中 花子\n電話：0155-11-2233\n**********************\n",
    "よろしくお願いいたします。\n\n――――――――――\n見本町 総務部 企画課\n主事　田中　花子（たなか　はなこ）\n",
)
# What stands above a superior's mail: the head or attribution of a mail program, and words.
HEADS = (
    "-----Original Message-----\nFrom: 鈴木 一郎 <suzuki@town.mihon.lg.jp>\nSent: Friday, November 27, 2026\n"
    "To: 田中 花子\nSubject: 案内\n",
    "----- 転送されたメッセージ -----\n差出人: 鈴木 一郎\n日付: 2026/11/27\n件名: 案内\n宛先: 企画課\n",
    "差出人: 鈴木 一郎\n送信日時: 2026年11月27日 17:10\n宛先: 田中 花子\n件名: FW: 案内\n",
    "2026年11月27日(金) 17:10 鈴木 一郎 <suzuki@town.mihon.lg.jp>:\n",
    "On Fri, Nov 27, 2026 at 5:10 PM 鈴木 一郎 <suzuki@town.mihon.lg.jp> wrote:\n",
    "2026/11/27 17:10、鈴木 一郎 <suzuki@town.mihon.lg.jp>のメール:\n",
    "---------- Forwarded message ---------\nFrom: 鈴木 一郎 <suzuki@town.mihon.lg.jp>\nDate: 2026/11/27\n",
    "鈴木課長からのメール\n",
    "（参考）鈴木課長からの案内\n",
    "以下、上司のメールを転送します。\n",
    "～～～以下転送～～～\n",
    "田中さん\n",
    "各位\n",
)
BODIES = (
    "",
    "国のコミュニティの案内です。申し込んでおいてください。\n\n",
    "お疲れ様です。鈴木です。\n参加をお願いします。\n\n",
)
FOREIGN = (
    "見本町企画課長　鈴木　一郎\n",
    "--\n見本町役場 企画課\n課長　鈴木 一郎\n電話 0155-11-2234\n",
    "==========\n見本町企画課\n鈴木 一郎\n==========\n",
    "見本町 総務部 総務課 課長 鈴木 一郎（すずき いちろう）\nsuzuki@town.mihon.lg.jp\n",
)
SENDERS = (
    "田中 花子 <tanaka@town.mihon.lg.jp>",
    "tanaka@town.mihon.lg.jp",
    "企画課 <kikaku@town.mihon.lg.jp>",
)


def read(text: str, sender: str) -> Form:
    """The form of a mail from this sender."""
    name, address = parseaddr(sender)
    mail = EmailMessage()
    mail["From"], mail["Subject"] = (formataddr((name, address)) if name else address), "参加申請"
    mail.set_content(text)
    message = parse_message(mail.as_bytes().replace(b"\n", b"\r\n"))
    author = parse(address)
    return extract_facts(
        message, author, Purpose.REQUEST, null_reverse_path=False, author_name=read_author_name(message)
    ).form


@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize(("form", "own"), [*product(FORMS, OWN)])
def test_the_own_signature_gives_the_name_also_above_an_old_mail(form: str, own: str, sender: str) -> None:
    assert "田中花子" == "".join(read(f"{form}\n{own}", sender).name.split())[:4]
    for at, head in enumerate(HEADS[:8]):
        below = f"{head}\n{BODIES[at % 3]}{FOREIGN[at % 4]}"
        assert "田中花子" == "".join(read(f"{form}\n{own}\n{below}", sender).name.split())[:4], head


@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize(("head", "foreign"), [*product(HEADS, FOREIGN)])
def test_the_signature_of_an_old_mail_gives_no_name(head: str, foreign: str, sender: str) -> None:
    for body in BODIES:
        assert not read(f"{FORMS[0]}\n{head}\n{body}{foreign}", sender).name


@pytest.mark.parametrize(("own", "foreign"), [*product(OWN, FOREIGN[1:])])
def test_two_signatures_give_no_name(own: str, foreign: str) -> None:
    assert not read(f"{FORMS[0]}\n{own}\n{foreign}", "tanaka@town.mihon.lg.jp").name


@pytest.mark.parametrize("foreign", FOREIGN[1:])
def test_a_signature_under_another_name_than_from_gives_none(foreign: str) -> None:
    said = read(f"{FORMS[0]}\n{foreign}", SENDERS[0])
    assert ("", Consent.ABSENT) == (said.name, said.consent)
