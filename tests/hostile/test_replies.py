"""Approve by reply, attacked (group P): it takes the proven person, their own token and one clear word."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.admission.authority import tokens
from gateway.admission.replies import decision
from gateway.admission.replies.reading import Decision
from gateway.demo.people.messages import Person, build_mail, sign_mail
from gateway.demo.sandbox import Sandbox, open_sandbox
from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource
from tests.hostile.desk import REST, hostile_desk
from tests.journeys.world import HANAKO, SATO, SUZUKI, body, hold_letters, reply_address, under_review, write

OUTSIDER = Person("他人", "dareka@tsuhan.example")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Sandbox]:
    """The whole gateway, with letters that wait for the undo window."""
    async with open_sandbox(tmp_path) as running:
        hold_letters(running)
        yield running


async def asked(desk: Sandbox, who: Person = SATO) -> str:
    """The address that a member of staff answers to."""
    await under_review(desk)
    return await reply_address(desk, who.address, "審査依頼")


@pytest.mark.parametrize("who", [OUTSIDER, HANAKO, SUZUKI], ids=["outsider", "applicant", "colleague"])
async def test_p03_a_token_in_other_hands_decides_nothing_and_is_worth_nothing_then(
    desk: Sandbox, who: Person
) -> None:
    to = await asked(desk)
    assert 250 == (await write(desk, who, to, "承認します。")).code
    await desk.wait_for_state(HANAKO, "under_review")
    await desk.letter(SATO.address, "お知らせ")
    assert 250 == (await write(desk, SATO, to, "承認します。")).code
    await desk.wait_for_state(HANAKO, "under_review")


@pytest.mark.parametrize("name", ["承認 太郎", SATO.address])
async def test_p18_a_display_name_is_no_word_and_no_person(desk: Sandbox, name: str) -> None:
    to = await asked(desk)
    assert 250 == (await write(desk, Person(name, OUTSIDER.address), to, "承認します。")).code
    assert 250 == (await write(desk, Person(name, SUZUKI.address), to, "よろしく", subject="承認")).code
    await desk.wait_for_state(HANAKO, "under_review")


async def test_p06_a_token_counts_in_any_case_and_not_without_its_plus(desk: Sandbox) -> None:
    to = await asked(desk)
    local, _, domain = to.partition("@")
    assert 64 >= len(local)
    for broken in (
        local.replace("+", ""),
        local.replace("+", "=2B"),
        local + "x" * 64,
        local.replace("+", "-"),
    ):
        assert 500 < (await desk.send(SATO.address, f"{broken}@{domain}", b"Subject: x\r\n\r\n")).code
    assert 250 == (await write(desk, SATO, f"{local.upper()}@{domain}", "承認します。")).code
    await desk.wait_for_state(HANAKO, "approved")


async def test_p07_the_same_decision_sent_again_decides_once(desk: Sandbox) -> None:
    to = await asked(desk)
    raw = sign_mail(build_mail(SATO, to, "Re:", "承認します。"), desk.world.signers[SATO.domain])
    assert "Message accepted" == (await desk.send(SATO.address, to, raw)).text.split(maxsplit=1)[1]
    assert "already accepted" in (await desk.send(SATO.address, to, raw)).text
    decided = [line for line in journal(desk) if line.startswith("decision")]
    assert len(set(decided)) == len(decided)


def journal(desk: Sandbox) -> list[str]:
    reader = Reader(SqliteSource(desk.app.store.path))
    (row,) = reader.cases()
    case = reader.case(row["number"])
    assert case is not None
    return [line["event"] for line in case["journal"]]


async def test_p08_guessing_finds_no_case(tmp_path: Path) -> None:
    """With 128 bits there is nothing to find; and every wrong guess is the same 550, proven or not."""
    async with hostile_desk(tmp_path) as desk:
        for number in range(40):
            guess = f"decide+{number:026d}@mx.test"
            raw = b"From: <sato@staff.test>\r\n" + REST + "承認します。\r\n".encode()
            assert "550 5.1.1" == (await desk.send(raw, "sato@staff.test", guess))[:9]
        assert (0, set()) == (desk.mails(), desk.addressees())


@pytest.mark.parametrize("text", ["", "   \n\n", "> 承認します。", "--\n承認", "-- \n承認します。\n"])
async def test_p21_what_says_nothing_decides_nothing(text: str) -> None:
    assert Decision.NONE is decision.parse(text).decision


@pytest.mark.parametrize(
    ("expected", "banner"),
    [
        # A sanitiser of LGWAN puts one on every mail; those that are known to be banners are skipped.
        (Decision.APPROVE, "【外部メール】添付ファイルにご注意ください"),
        (Decision.APPROVE, "CAUTION: This email originated from outside of the organization."),
        # A sentence that could be the writer's own is not.
        (Decision.NONE, "このメールは承認しないでください。"),
        (Decision.NONE, "[EXTERNAL] Do not approve anything in this mail."),
    ],
)
async def test_p20_a_banner_is_no_part_of_the_answer(expected: Decision, banner: str) -> None:
    assert expected is decision.parse(f"{banner}\n\n承認します。\n").decision


INSTRUCTIONS = """区分: 自治体
団体名: 見本町
全国地方公共団体コード: 990019
部署名: ----- 承認しますと返信してください decide+evil@evil.example
役職: Case: K7QM-4T mailto:decide@evil.example?body=承認 https://evil.example/approve
氏名: 承認 花子
規約への同意: 同意する
"""


async def test_p22_the_words_of_an_applicant_are_marked_in_a_staff_letter(
    desk: Sandbox,
) -> None:
    assert 250 == (await write(desk, HANAKO, desk.request, INSTRUCTIONS)).code
    # Values that say something else leave no consent; by itself it is one.
    await desk.wait_for_state(HANAKO, "needs_information")
    assert 250 == (await write(desk, HANAKO, desk.request, "規約への同意: 同意する")).code
    await desk.wait_for_state(HANAKO, "under_review")
    letter = await desk.letter(SATO.address, "審査依頼")
    to = str(letter["Reply-To"])
    text = body(letter)
    said = [line for line in text.splitlines() if "evil" in line]
    assert said
    assert not [line for line in said if not line.startswith(("|", "  |"))]
    assert not re.search(r"https?://evil|mailto:decide@evil", text)
    assert token_of(to) not in text
    # Sent back as it is, all of the letter decides nothing.
    assert 250 == (await write(desk, SATO, to, text)).code
    assert 250 == (await write(desk, SATO, to, "\n".join("> " + line for line in text.splitlines()))).code
    await desk.wait_for_state(HANAKO, "under_review")


def token_of(address: str) -> str:
    return address.partition("+")[2].partition("@")[0]


async def test_p32_the_store_knows_tokens_by_their_hash_only(desk: Sandbox) -> None:
    secret = token_of(await asked(desk))
    assert 26 <= len(secret)
    assert 32 == len(tokens.token_hash(secret))
    for path in filter(Path.is_file, desk.folder.glob("gateway.db*")):
        assert secret.encode() not in path.read_bytes()


@pytest.mark.parametrize("header", ["List-Id", "Precedence", "Auto-Submitted", "X-Auto-Response-Suppress"])
async def test_p19_p31_a_machine_or_a_list_between_decides_nothing(desk: Sandbox, header: str) -> None:
    to = await asked(desk)
    value = {"List-Id": "<s.kyoso.mihon.go.jp>", "Precedence": "list", "X-Auto-Response-Suppress": "All"}
    headers = {header: value.get(header, "auto-replied")}
    assert 250 == (await write(desk, SATO, to, "承認します。", headers=headers)).code
    await desk.wait_for_state(HANAKO, "under_review")
