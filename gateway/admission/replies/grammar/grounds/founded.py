"""Checks that a refusal without the code gives only reasons of the closed set."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.admission.replies.context import Slots
from gateway.admission.replies.grammar.beside import terms
from gateway.admission.replies.grammar.beside.reasons import LABEL
from gateway.admission.replies.grammar.grounds import english, japanese
from gateway.admission.replies.grammar.parsing.units import Unit
from gateway.admission.replies.text.sentences import fold_phrase


def find_groundless(units: Sequence[Unit], slots: Slots) -> list[Unit]:
    """Return the units next to a refusal that give no known reason.

    They may be a condition, a restriction or a doubt, so the refusal needs the code.
    """
    return [unit for unit in units if unit.kind is None and not _is_founded(unit, slots)]


def _is_founded(unit: Unit, slots: Slots) -> bool:
    if terms.APOLOGY.fullmatch(unit.sentence.bare):
        return True
    said = (unit.match.beside if unit.match else unit.sentence.raw).splitlines()
    return all(is_ground(line, slots) for line in said)


def is_ground(said: str, slots: Slots) -> bool:
    """Return whether a line is a known reason, the number of one of the office's own texts, or empty."""
    label = LABEL.match(said)
    folded = fold_phrase(said[label.end() if label else 0 :]).strip()
    bare = "".join(folded.split())
    snippet = terms.SNIPPET.fullmatch(bare.rstrip("。.")) is not None
    return not bare or snippet or japanese.is_ground(bare, slots) or english.is_ground(folded)
