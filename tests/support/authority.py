"""The tables of this folder, and the honest cross: approvals, signatures, gateways' marks and Subjects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "authority"
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")


def load(name: str) -> tuple[str, ...]:
    """The rows of a table as mails: `\\n` is a line's end, `#` begins a remark."""
    rows = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    said = (row.replace("\\n", "\n") for row in rows if row and not row.startswith("#"))
    return tuple(_ESCAPE.sub(lambda sign: chr(int(sign[1], 16)), row) for row in said)


APPROVALS = load("honest/approvals.txt")[:30]
SIGNATURES = tuple("" if row == "(none)" else row for row in load("honest/signatures.txt"))
MARKS = (
    ("", ""),
    ("【外部メール】\n\n", ""),
    ("[EXTERNAL]\n", ""),
    ("このメールは外部から送信されています。\n\n", ""),
    ("", "\n\n※このメールは無害化処理されています。"),
    (
        "",
        "\n\nこのメールには機密情報が含まれている場合があります。誤って受信された方は、破棄をお願いします。",
    ),
)
LETTER_SUBJECT = "【審査依頼 K7QM-4T】見本市"
SUBJECTS = (f"Re: {LETTER_SUBJECT}", f"[外部] RE: {LETTER_SUBJECT}", f"Re: {LETTER_SUBJECT} 承認します")


@dataclass(frozen=True, slots=True)
class HonestReply:
    """A reply, and the lines of its signature, which a practice reply shows."""

    text: str
    subject: str
    signature: tuple[str, ...]


def replies(
    words: tuple[str, ...] = APPROVALS,
    subjects: tuple[str, ...] = SUBJECTS,
    signatures: tuple[str, ...] = SIGNATURES,
) -> Iterator[HonestReply]:
    """Every combination."""
    for said, signature, (above, below), subject in product(words, signatures, MARKS, subjects):
        text = f"{above}{said}" + (f"\n\n{signature}" if signature else "") + below
        yield HonestReply(text, subject, tuple(signature.split("\n")))
