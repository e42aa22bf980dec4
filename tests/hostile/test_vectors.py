"""Every byte vector of the catalogue through the real listener and the real path in, against its label.

`tests/data/hostile.jsonl`: id, n, kind, b64 (the octets), expect (what the catalogue asks for), outcome (what
the gateway does: how its reply begins, the text read, or the decision), why (where the two differ).
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from gateway.admission.replies import decision
from gateway.mail.encoding import charset
from tests.hostile.desk import HostileDesk, hostile_desk
from tests.support.paths import DATA

CASES = DATA / "hostile.jsonl"
ROWS = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
VICTIMS = ("legit.test", "v.test", "e.test")
pytestmark = pytest.mark.asyncio(loop_scope="module")


def of_kind(*kinds: str) -> Any:
    """The rows of some kinds, by id and number."""
    rows = [row for row in ROWS if row["kind"] in kinds]
    return pytest.mark.parametrize("row", rows, ids=[f"{row['id']}-{row['n']}" for row in rows])


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[HostileDesk]:
    """One desk for all vectors: what the one leaves behind must not help the next."""
    async with hostile_desk(tmp_path_factory.mktemp("vectors")) as running:
        yield running


def octets(row: dict[str, Any]) -> bytes:
    return b64decode(row["b64"])


@of_kind("message")
async def test_a_message_ends_as_labelled(desk: HostileDesk, row: dict[str, Any]) -> None:
    before = desk.mails()
    # Many vectors have one Message-ID and body; a line of its own keeps each from being taken for a repeat.
    raw = octets(row) + f"{row['id']} {row['n']}\r\n".encode()
    answer = await desk.send(raw, row.get("mail_from", "a@a.test"))
    assert row["outcome"] == answer[: len(row["outcome"])]
    is_new = answer.startswith("250") and not answer.startswith(
        "250 2.0.0 Message already accepted"
    )  # but for blanks the same
    assert before + is_new == desk.mails()
    assert not [who for who in desk.authors() | desk.addressees() if who.endswith(VICTIMS)]


@of_kind("data")
async def test_the_octets_after_354_end_as_labelled(desk: HostileDesk, row: dict[str, Any]) -> None:
    before = desk.mails()
    answer = await desk.data(octets(row), "a@a.test")
    assert row["outcome"] == answer[: len(row["outcome"])]
    is_new = answer.startswith("250") and not answer.startswith(
        "250 2.0.0 Message already accepted"
    )  # but for blanks the same
    assert before + is_new == desk.mails()


@of_kind("session")
async def test_a_session_ends_as_labelled(desk: HostileDesk, row: dict[str, Any]) -> None:
    before = desk.mails()
    raw = octets(row)
    # A talker before the greeting sends all at once; the others one command after each reply.
    lines = [raw, b""] if row["id"] == "C03" else [b"", *re.findall(rb"(?s).+?(?:\r\n(?!\n)|\Z)", raw)]
    async with desk.talk() as say:
        answers = [await say(line) for line in lines]
    last = next(answer for answer in reversed(answers) if answer)
    assert row["outcome"] == last[: len(row["outcome"])]
    assert before == desk.mails()


@of_kind("text")
async def test_a_text_is_read_as_labelled(row: dict[str, Any]) -> None:
    assert row["outcome"] == charset.decode(octets(row), row["charset"])


@of_kind("reply")
async def test_a_reply_decides_what_its_label_says(row: dict[str, Any]) -> None:
    # P18-0 has a second word of decision below the mark of a signature, which hides nothing: unclear.
    expected = "none" if f"{row['id']}-{row['n']}" == "P18-0" else row["outcome"]
    assert expected == decision.parse(octets(row).decode("utf-8")).decision.value


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("approve", "ａｐｐｒｏｖｅ"),
        # Left by programs that make text of HTML: what the eye sees is the word.
        ("approve", "承\u200b認します。"),
        ("none", "\u0430pprove"),
        ("none", "\u202eevorppa"),
        ("none", "\u202eapprove"),
        ("none", "app\u2066rove\u2069"),
        ("none", "a\u0336p\u0336prove"),
        ("none", "appr\u00f3ve"),
        ("none", "approve\u20dd"),
    ],
)
async def test_u08_a_word_counts_when_the_eye_reads_it_too(expected: str, text: str) -> None:
    assert expected == decision.parse(text).decision.value


async def test_every_row_has_a_label() -> None:
    assert 104 == len(ROWS)
    assert [] == [row["id"] for row in ROWS if not row["outcome"]]
