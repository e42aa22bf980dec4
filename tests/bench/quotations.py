"""Simulated quotations of letters with hostile text: how many answer, with the breaking and without.

  python3 tests/bench/quotations.py 390000 [SEED]

13 conversions, widths from 20 to 100, marks kept, lost or doubled; a hundred take about two seconds.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import get_args

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gateway.admission.replies.grammar.vocabulary import Reader
from tests.support.quotations import (
    CONVERSIONS,
    LETTER_OF,
    MARKS,
    draw_values,
    find_answer,
    print_letter,
    quote,
    strip_marks,
)


def main(count: int, seed: int) -> int:
    """Print how many of `count` quotations answer; 1 when any does with the breaking."""
    chance = random.Random(seed)  # noqa: S311 - a draw of test cases
    answered = {True: 0, False: 0}
    for _ in range(count):
        reader: Reader = chance.choice(get_args(Reader))
        values = draw_values(chance, reader)
        width, marks = chance.randint(20, 100), chance.choice(MARKS)
        conversion = chance.choice(sorted(CONVERSIONS))
        for broken in answered:
            letter = print_letter(LETTER_OF[reader], values, broken=broken)
            text = quote(letter, width=width, marks=marks, conversion=conversion)
            found = find_answer(strip_marks(text), reader)
            answered[broken] += bool(found)
            if broken and found:
                print(f"{reader}, {conversion}, {width} columns, marks {marks}: {values} -> {found}")
    print(f"{count} quotations: {answered[False]} answer without the breaking, {answered[True]} with it")
    return int(answered[True] > 0)


if __name__ == "__main__":
    numbers = [*map(int, sys.argv[1:]), *(20_000, 77)[len(sys.argv) - 1 :]]
    sys.exit(main(*numbers))
