"""The log of a desk at work: an event is one printable line, without tokens or what people wrote."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest

from gateway.demo.people.messages import build_mail, sign_mail
from gateway.demo.sandbox import Sandbox, open_sandbox
from tests.journeys.world import FORM, HANAKO, SATO, answer, under_review, write

TOKEN = re.compile(r"\+([0-9a-z]{16,})@")
WRITTEN = ("情報政策課", "全国地方公共団体コード", "お世話になっております", "join.example/t")


def tokens(desk: Sandbox) -> set[str]:
    """Every token that left the desk."""
    found: set[str] = set()
    for path in (desk.folder / "letters").glob("*/new/*"):
        found |= set(TOKEN.findall(path.read_text(encoding="utf-8", errors="replace")))
    return found


async def test_x05_no_token_and_no_body_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """At DEBUG too, over the whole way from the application to the invitation."""
    caplog.set_level(logging.DEBUG)
    async with open_sandbox(tmp_path) as desk:
        await under_review(desk)
        await answer(desk, "承認")
        await desk.wait_for_state(HANAKO, "invited")
        to = sorted(tokens(desk))
        # A token in the wrong hands, and one that stands for nothing.
        await write(desk, HANAKO, f"decide+{to[0]}@{desk.app.config.desk.domain}", "承認")
        await write(desk, SATO, f"decide+{'a' * 26}@{desk.app.config.desk.domain}", "承認")
        assert 3 <= len(to)
    assert "mail.received" in caplog.text
    assert not [token for token in to if token in caplog.text]
    assert not [words for words in WRITTEN if words in caplog.text]


@pytest.mark.parametrize(
    "headers",
    [
        {"Subject": "=?utf-8?B?eAogMjUwIGluamVjdGVkIG1haWwucmVjZWl2ZWQ=?="},
        {"Subject": "=?utf-8?Q?=1B[31m_=E2=80=AE_=00?="},
        {"X-Mailer": "=?utf-8?Q?a=0D=0Aevent=3Dfake?="},
        {"Authentication-Results": "gw; spf=pass (a\x1b[2Jb) smtp.mailfrom=x"},
        {"DKIM-Signature": "v=1; d=a\x1b[31m.example; s=x; h=from; b=x"},
    ],
)
async def test_x01_what_a_mail_says_breaks_no_line_of_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, headers: dict[str, str]
) -> None:
    """Taken or refused, signed or not."""
    caplog.set_level(logging.DEBUG)
    async with open_sandbox(tmp_path) as desk:
        top = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()
        raw = top + build_mail(HANAKO, desk.request, "参加申請", FORM)
        await desk.send(HANAKO.address, desk.request, sign_mail(raw, desk.world.signers[HANAKO.domain]))
        await desk.send("x@elsewhere.example", desk.request, raw)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("gateway")]
    assert ours
    assert [] == [line for line in ours if not (line.isprintable() and line.isascii())]
