"""39 ways to quote a letter, wrapped at any width: a reply without a decision of its own decides nothing."""

from __future__ import annotations

import random
import unicodedata

import pytest

from gateway.admission.replies.decision import Decision, parse
from gateway.mail.text import display_width
from tests.support.replies import CONTEXT, SECOND_LETTER

# A letter with words that decide, which no letter of ours has: with marks it decides nothing either.
DECIDING = "佐藤 様\n\n一人目が承認しました。もう一人の承認が必要です。\n承認します。\n却下します。\n"
LETTERS = (SECOND_LETTER, DECIDING)
MARKS = ("> ", ">", "＞", "| ", ">> ", "ST> ", "&gt; ", "｜", "")
DESK = "<decide+tok@gw.example.go.jp>"
HEADS = (
    "",
    f"2026/11/28 10:05、参加受付窓口 {DESK}のメール:\n\n",
    "On 2026/11/28 10:32, 参加受付窓口 wrote:\n",
    f"-----Original Message-----\nFrom: desk {DESK}\nSent: Saturday, November 28, 2026\nTo: Sato\n\n",
    f"{'_' * 32}\n差出人: 参加受付窓口 {DESK}\n送信日時: 2026年11月28日 10:05\n宛先: 佐藤\n\n",
)
STYLES = [(mark, head) for mark in MARKS for head in HEADS if mark or head][:39]
OWN = ("", "よろしくお願いします。", "見ました。", "これでよいですか。", "佐藤 一郎")


def wrap(text: str, columns: int) -> str:
    """Each line broken after so many columns, as programs do behind their mark."""
    lines = []
    for line in text.split("\n"):
        held = ""
        for sign in line:
            if display_width(held + sign) > columns:
                lines.append(held)
                held = ""
            held += sign
        lines.append(held)
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("style", STYLES, ids=range(len(STYLES)))
def test_a_quotation_alone_decides_nothing(style: tuple[str, str], seed: int) -> None:
    chance = random.Random(f"{style}{seed}")  # noqa: S311 - a draw of test cases
    mark, head = style
    letter = chance.choice(LETTERS if mark else LETTERS[:1])
    quoted = "\n".join(mark + line for line in letter.split("\n"))
    broken = (
        wrap(quoted, chance.randint(24, 100)) if chance.random() < 0.8 and letter is SECOND_LETTER else quoted
    )
    own = chance.choice(OWN)
    text = f"{own}\n\n{head}{broken}" if chance.random() < 0.5 else f"{head}{broken}\n\n{own}"
    if chance.random() < 0.3:
        text = unicodedata.normalize("NFKC", text)
    if chance.random() < 0.3:
        text = text.encode("iso2022_jp", "replace").decode("iso2022_jp")
    assert Decision.NONE is parse(text, "", CONTEXT).decision
