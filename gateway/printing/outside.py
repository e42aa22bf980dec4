"""`Outside`: text that somebody else wrote. It is not a `str`, so that code that forgets to print it fails.

It can be compared, measured and passed on. It becomes text only through a form of `printing.forms`, which
marks it, truncates it or sanitizes it; any other conversion to text raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import total_ordering
from typing import NoReturn


class UnprintedError(TypeError):
    """Raised if outside text is about to be printed without a form."""

    def __init__(self) -> None:
        super().__init__("text from outside needs a form: quoted, inline or exact")


def refuse_printing(*_: object) -> NoReturn:
    """Raise UnprintedError; used where a value would be converted to text."""
    raise UnprintedError


@total_ordering
class Outside:
    """Text from outside. Compares, sorts and measures like its text; true unless it is empty."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself; for parsers, the store and the forms only."""
        return self._text

    # Prevents calls from sandboxed templates (jinja2.sandbox).
    reveal.unsafe_callable = True  # type: ignore[attr-defined]

    def __eq__(self, other: object) -> bool:
        return self._text == (other._text if isinstance(other, Outside) else other)

    def __lt__(self, other: Outside | str) -> bool:
        return self._text < (other._text if isinstance(other, Outside) else other)

    def __hash__(self) -> int:
        return hash(self._text)

    def __len__(self) -> int:
        return len(self._text)

    def __repr__(self) -> str:
        return f"<Outside, {len(self._text)} characters>"

    __str__ = refuse_printing
    __format__ = refuse_printing
    __add__ = __radd__ = __mod__ = __rmod__ = __mul__ = refuse_printing
    __html__ = __bytes__ = __iter__ = __getitem__ = __contains__ = refuse_printing


def reveal(value: object) -> str:
    """Return the text of a value that may be outside text."""
    return value.reveal() if isinstance(value, Outside) else str(value)


def look_up(value: object, table: Mapping[str, object]) -> object | None:
    """Look up this text in lower case in `table`; None if it is missing. The text itself is not printed."""
    return table.get(reveal(value).lower())
