"""Mails and commands of sloppy programs, as they failed in the field: sent by SMTP, proven, read whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.auth.results import Outcome
from gateway.inbound.screening import LocalScreener, Screened
from gateway.mail import address
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.mailboxes import Mailboxes
from tests.corpus.test_field import FOLDER, YOKO
from tests.support.dns import ZoneResolver
from tests.support.factories import NOW
from tests.support.smtp_server import desk

DESK = Mailboxes("desk.example")
REQUEST = address.parse("request@desk.example")
AUTHOR = address.parse("yoko@town.mihon.lg.jp")
ZONE = (FOLDER / "field.zone").read_text(encoding="utf-8")
MAILS = ("15", "16", "17", "19", "21", "29")


def file_of(number: str) -> Path:
    (found,) = FOLDER.glob(f"{number}-*")
    return found


@pytest.mark.parametrize("number", MAILS)
async def test_a_mail_of_the_field_is_taken_proven_and_read_whole(number: str) -> None:
    async with desk() as at, at.client() as client:
        await client.up_to_data()
        await client.send(file_of(number).read_bytes() + b".\r\n")
        assert "250" == (await client.reply())[:3]
        (raw,) = at.handler.bodies
    envelope = Envelope("203.0.113.5", "mx.town.mihon.lg.jp", AUTHOR, (REQUEST,), NOW)
    screened = await LocalScreener(ZoneResolver(ZONE), DESK).screen(envelope, raw)
    assert isinstance(screened, Screened), screened
    assert screened.verdict is not None
    assert (Outcome.PROVEN, AUTHOR) == (screened.verdict.outcome, screened.mail.author)
    assert YOKO == screened.mail.form


@pytest.mark.parametrize("number", ["23", "24", "25"])
async def test_commands_of_the_field_are_taken(number: str) -> None:
    async with desk() as at, at.client() as client:
        await client.reply()
        for line in file_of(number).read_text(encoding="ascii").splitlines():
            assert "250" == (await client.ask(line.replace("madoguchi.mihon.go.jp", "desk.example")))[:3], (
                line
            )
