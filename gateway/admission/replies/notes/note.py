"""The text after 却下, 照会 and 保留 that is passed on, and what of a reply is left out.

`grammar.beside.reasons` decides whether a text is permitted there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.admission.replies.grammar.beside.reasons import LABEL
from gateway.admission.replies.grammar.parsing.units import DecidingMatch, Unit
from gateway.patterns import compile_later

MAX_NOTE = 1_000
_CLOSING = compile_later(r"以上(?:です|となります)?")


@dataclass(frozen=True, slots=True)
class Note:
    """The text that is passed on, and the sentences that are not."""

    text: str
    left_out: tuple[str, ...]


def find_note(units: Sequence[Unit], at: int, match: DecidingMatch, text: str) -> Note:
    """Return the note of the decision at index `at` of the units."""
    before = _paragraph_before(units, at, text)
    behind, rest = _split_behind(
        units[at + 1 :], text, begun=bool(match.beside), line=units[at].sentence.stop
    )
    taken = behind or ([] if match.beside else before)
    parts = [*([match.beside] if match.beside else []), _write(taken, text)]
    left = [unit for unit in rest if unit.is_unknown]
    if taken is not before:
        left = [*before, *left]
    earlier = [unit for unit in units[:at] if unit.is_unknown and unit not in before]
    names = tuple(unit.sentence.raw.strip()[:100] for unit in [*earlier, *left])
    return Note("\n".join(part for part in parts if part).strip(), names)


def _paragraph_before(units: Sequence[Unit], at: int, text: str) -> list[Unit]:
    found: list[Unit] = []
    below = units[at].sentence
    for unit in reversed(units[:at]):
        if "\n\n" in _gap(text, unit.sentence.stop, below.start):
            break
        below = unit.sentence
        if unit.is_unknown:
            found.insert(0, unit)
    return found


def _split_behind(
    units: Sequence[Unit], text: str, *, begun: bool, line: int
) -> tuple[list[Unit], list[Unit]]:
    """Return the units of the note that follow the word, and those after the note."""
    taken: list[Unit] = []
    end, labelled = line, False
    for number, unit in enumerate(units):
        blank = "\n\n" in _gap(text, end, unit.sentence.start)
        end = unit.sentence.stop
        is_label = LABEL.match(unit.sentence.raw) is not None
        if _ends(unit) or (blank and (taken or begun) and not labelled and not is_label):
            return taken, list(units[number:])
        labelled = labelled or is_label
        if unit.is_unknown:
            taken.append(unit)
    return taken, []


def _ends(unit: Unit) -> bool:
    return unit.is_signature or bool(unit.line.label) or _CLOSING.fullmatch(unit.sentence.bare) is not None


def _gap(text: str, start: int, stop: int) -> str:
    return re.sub(r"[^\S\n]", "", text[start:stop])


def _write(units: Sequence[Unit], text: str) -> str:
    """Return the units as written, keeping lines and paragraphs, without a leading label."""
    said, end = "", 0
    for unit in units:
        written = text[unit.sentence.start : unit.sentence.stop].strip()
        if said:
            lines = min(2, _gap(text, end, unit.sentence.start).count("\n"))
            said += "\n" * lines + written
        else:
            label = LABEL.match(written)
            said = written[label.end() :] if label else written
        end = unit.sentence.stop
    return said
