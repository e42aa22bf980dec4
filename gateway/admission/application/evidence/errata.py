"""Pairs of 誤 and 正 beside a form: which of them correct one of its items."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gateway.admission.application.beside.corrections import PAIR, TOLD
from gateway.admission.application.evidence.shapes import fits
from gateway.admission.application.items.labels import Item
from gateway.admission.application.layout.line import parse_line


def find_errata(lines: Sequence[str]) -> frozenset[int]:
    """Return the numbers of the lines of pairs that correct the value of a label in these lines.

    The right text has to be a possible value of the same item; any other pair may correct the consent.
    """
    return frozenset(
        at for begun, line in enumerate(lines) if "誤" in line for at in _find_pair(lines, begun)
    )


def _find_pair(lines: Sequence[str], begun: int) -> range:
    pair = PAIR.search("\n".join(lines[begun : begun + 2]))
    if pair is None or pair.start() or not _corrects_label(pair["wrong"], pair["right"], lines):
        return range(0)
    return range(begun, begun + 1 + pair.group().count("\n"))


def _corrects_label(wrong: str, right: str, lines: Sequence[str]) -> bool:
    held = (one for one in map(parse_line, lines) if one is not None)
    bare = "".join(wrong.split())
    return any("".join(value.split()) == bare and _may_be(item, right) for item, value in held)


def _may_be(item: Item, value: str) -> bool:
    if item is Item.CODE:
        return re.fullmatch(r"[0-9０-９]{6}", value) is not None
    return item in TOLD and fits(item, value)
