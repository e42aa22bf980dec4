"""What a whole journey writes into the log: no token, no body, no subject (X05)."""

import io
import logging
import re
from pathlib import Path

import pytest

from gateway.admission.authority.tokens import find_code
from gateway.demo.sandbox import open_sandbox
from gateway.log import handlers
from tests.journeys.world import HANAKO, SATO, answer, body, reply_address, under_review, write

SECRET_WORDS = ("ひみつのことば", "himitsu-no-kotoba")
FORM = """区分: 自治体
団体名: 見本町
全国地方公共団体コード: 990019
部署名: {} {}
氏名: 見本 花子
規約への同意: 同意する
"""


@pytest.fixture
def log() -> io.StringIO:
    """All that is logged at DEBUG by anybody, with tracebacks, as a file would hold it."""
    return io.StringIO()


async def test_neither_tokens_nor_bodies_are_logged(
    tmp_path: Path, log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    handler = logging.StreamHandler(log)
    handler.setFormatter(handlers.OneLineFormatter(handlers.KEY_VALUE))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        tokens = await _journey(tmp_path)
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    printed = capfd.readouterr()
    said = log.getvalue() + printed.out + printed.err
    assert "mail.received" in said
    assert "letter.sent" in said
    assert 8 <= len(tokens)
    assert [] == [
        secret for secret in (*tokens, *SECRET_WORDS) if secret in said or ascii(secret)[1:-1] in said
    ]


async def _journey(folder: Path) -> set[str]:
    """Apply, ask, answer, misuse a token, decline; gives every token that was in a letter."""
    async with open_sandbox(folder) as desk:
        await under_review(desk, text=FORM.format(*SECRET_WORDS))
        code = find_code(body(await desk.letter(SATO.address, "審査依頼")))
        await answer(desk, f"照会 {code}\n\n{SECRET_WORDS[0]}は何ですか。{SECRET_WORDS[1]}")
        to = await reply_address(desk, HANAKO.address, "お尋ね")
        await write(desk, HANAKO, to, " ".join(SECRET_WORDS), subject=" ".join(SECRET_WORDS))
        await desk.wait_for_state(HANAKO, "under_review")
        staff = await reply_address(desk, SATO.address, "審査依頼")
        await write(desk, HANAKO, staff, f"承認 {SECRET_WORDS[0]}")
        await write(desk, SATO, f"decide+{'0' * 32}@madoguchi.mihon.go.jp", SECRET_WORDS[0])
        await desk.letter(SATO.address, "お知らせ")
        code = find_code(body(await desk.letter(SATO.address, "審査依頼")))
        await answer(desk, f"却下 {code}\n\n理由：{SECRET_WORDS[0]}は対象外です。")
        await desk.wait_for_state(HANAKO, "declined")
        letters = [one for person in (HANAKO, SATO) for one in desk.letters(person.address)]
    found = re.findall(
        r"(?:case|decide|bounce)\+([0-9a-z]+)@", " ".join(_shown(letter) for letter in letters)
    )
    return set(found)


def _shown(letter: object) -> str:
    return f"{letter['Reply-To']} {letter['Return-Path']} {body(letter)}"  # type: ignore[index, arg-type]
