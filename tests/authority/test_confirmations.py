"""Answers to affiliation_check as real signed mails: what confirms, and what cannot be made to."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.case.decide import decide
from gateway.admission.case.events import NameColleague
from gateway.admission.case.model import Letter, State
from gateway.admission.organisations.domains import Standing
from gateway.mail.address import Address, parse
from gateway.mail.smtp.mailboxes import Purpose
from gateway.store.sqlite.store import SqliteStore
from tests.authority.test_affiliation import APPLICANT, DESK, FORM
from tests.support.desk_bench import (
    BOXES,
    CODE,
    GOOGLE,
    MICROSOFT,
    OPENDKIM,
    OWN_HOST,
    PROVIDER,
    STRANGER,
    DeskBench,
    Reply,
    publish,
    sign,
)
from tests.support.factories import NOW, background

ASKED = parse("yamada@city.sapporo.jp")
BY_CODE, SENTENCE = f"はい {CODE}\n", "私用 次郎さんは在籍しております。\n"
DOMAINS = ("city.sapporo.jp", "x.city.sapporo.jp", "sapporo.jp", "city.otaru.hokkaido.jp", "jitaku.example")


async def confirmed_by(place: Path, text: str, **changes: Any) -> str:
    """Who confirmed, after an answer with these changes to the letter that went to `ASKED`."""
    store = SqliteStore(place / "gateway.db", BOXES.domain)
    store.open()
    bench = DeskBench(store, desk=DESK, zone=publish(DOMAINS))
    private = background(Standing.CONFIRM, "personal")
    waiting = await bench.open_case(
        state=State.AWAITING_AFFILIATION, applicant=APPLICANT, background=private, form=parse_form(FORM)
    )
    asked = decide(waiting, NameColleague((ASKED,)), NOW, DESK).case
    assert asked is not None
    await store.transact(lambda tx: tx.save(asked))
    token = await bench.ask(asked, ASKED, Letter.AFFILIATION_CHECK)
    await _answer(bench, token, text, **changes)
    found = await store.transact(lambda tx: tx.case_by_number(asked.number))
    store.close()
    return found.confirmed_by if found else ""


async def _answer(
    bench: DeskBench,
    token: str,
    text: str,
    *,
    author: Address = ASKED,
    names: list[str] = OPENDKIM,
    client_ip: str = STRANGER,
    signer: str = "",
    to: str | None = None,
    days: float = 0,
    top: bytes = b"",
) -> None:
    reply = Reply(text, author, to=to, date=Reply().date + timedelta(days=days))
    raw = reply.octets(bench.mailbox(token, Purpose.CASE))
    signed = sign(raw, names, signer or author.domain) if names else raw
    await bench.send(top + signed, token, client_ip=client_ip, reverse_path=author, purpose=Purpose.CASE)


@pytest.mark.parametrize("text", [BY_CODE, SENTENCE])
@pytest.mark.parametrize(
    ("names", "client_ip"),
    [(OPENDKIM, STRANGER), (GOOGLE, PROVIDER), (MICROSOFT, PROVIDER), ([], OWN_HOST), ([], PROVIDER)],
)
async def test_each_mail_system_has_a_way_to_confirm(
    tmp_path: Path, text: str, names: list[str], client_ip: str
) -> None:
    assert str(ASKED) == await confirmed_by(tmp_path, text, names=names, client_ip=client_ip)


UNBOUND = {
    "written-to-somebody-else": {"to": "<friend@example.jp>"},
    "written-to-somebody-else, from its host": {
        "to": "<friend@example.jp>",
        "client_ip": OWN_HOST,
        "names": [],
    },
    "google-sent-on: no structure": {"names": GOOGLE},
    "microsoft-sent-on: no to": {"names": MICROSOFT},
    "nine-days-old": {"days": -9},
    "older-than-the-letter": {"days": -0.1},
}


@pytest.mark.parametrize("changes", UNBOUND.values(), ids=UNBOUND.keys())
async def test_a_sentence_that_is_not_bound_to_the_letter_confirms_nothing(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    assert "" == await confirmed_by(tmp_path, SENTENCE, **changes)


@pytest.mark.parametrize("text", [BY_CODE, SENTENCE])
@pytest.mark.parametrize(
    "changes",
    [
        {"author": parse("betsu@city.sapporo.jp")},
        {"author": parse("yamada+1@city.sapporo.jp")},
        {"author": parse("Yamada@city.sapporo.jp")},
        {"author": parse("yamada@x.city.sapporo.jp")},
        {"author": parse("yamada@city.otaru.hokkaido.jp")},
        {"author": APPLICANT},
        {"signer": "x.city.sapporo.jp"},
        {"signer": "city.otaru.hokkaido.jp"},
        {"top": b"List-Id: <a.example>\r\n"},
        {"top": b"Precedence: bulk\r\n"},
        {"top": b"Sender: <jiro@jitaku.example>\r\n"},
        {"top": b"Reply-To: <jiro@jitaku.example>\r\n"},
        {"top": b"Auto-Submitted: auto-replied\r\n"},
    ],
)
async def test_nobody_else_and_no_machine_confirms(
    tmp_path: Path, text: str, changes: dict[str, Any]
) -> None:
    assert "" == await confirmed_by(tmp_path, text, **changes)


@pytest.mark.parametrize(
    "text",
    [
        "はい\n",
        "確認しました。\n",
        "はい 9Z9Z\n",
        f"> はい {CODE}\n",
        f"いいえ {CODE}\n",
        f"心当たりがない {CODE}\n",
    ],
)
async def test_no_other_words_confirm(tmp_path: Path, text: str) -> None:
    assert "" == await confirmed_by(tmp_path, text)
