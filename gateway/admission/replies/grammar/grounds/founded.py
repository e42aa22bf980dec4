"""Whether a refusal in natural words stands beside reasons of the closed kinds and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.admission.replies.context import Slots
from gateway.admission.replies.grammar.beside import terms
from gateway.admission.replies.grammar.beside.reasons import LABEL
from gateway.admission.replies.grammar.grounds import english, japanese
from gateway.admission.replies.grammar.units import Unit
from gateway.admission.replies.text.sentences import fold_phrase


def find_groundless(units: Sequence[Unit], slots: Slots) -> list[Unit]:
    """The units beside a refusal that give no reason of a known kind: what may be a condition, a limit or a
    doubt wants the code."""
    return [unit for unit in units if unit.kind is None and not _is_founded(unit, slots)]


def _is_founded(unit: Unit, slots: Slots) -> bool:
    if terms.APOLOGY.fullmatch(unit.sentence.bare):
        return True
    said = (unit.match.beside if unit.match else unit.sentence.raw).splitlines()
    return all(is_ground(line, slots) for line in said)


def is_ground(said: str, slots: Slots) -> bool:
    """Whether a line is a reason of a known kind, the number of a text of the office's own, or empty."""
    label = LABEL.match(said)
    folded = fold_phrase(said[label.end() if label else 0 :]).strip()
    bare = "".join(folded.split())
    snippet = terms.SNIPPET.fullmatch(bare.rstrip("。.")) is not None
    return not bare or snippet or japanese.is_ground(bare, slots) or english.is_ground(folded)
