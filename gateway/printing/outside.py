"""`Outside`: text that somebody else wrote. It is no `str`, so that what forgets to print it is refused.

It can be compared, measured and passed on. It becomes text only by a form of `printing.forms`, which marks
it, cuts it or takes its signs away; every other way to make text of it raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import total_ordering
from typing import NoReturn


class UnprintedError(TypeError):
    """Outside text was about to be shown as it is."""

    def __init__(self) -> None:
        super().__init__("text from outside needs a form: quoted, inline or exact")


def refuse_printing(*_: object) -> NoReturn:
    """Stands where a value would become text. Raises UnprintedError."""
    raise UnprintedError


@total_ordering
class Outside:
    """Text from outside. Equal to the same text, ordered by it, as long as it; true unless it is empty."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for readers, the store and the forms of print alone."""
        return self._text

    # What a sandboxed template may not call (jinja2.sandbox).
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
    """The text of a value that may be outside text."""
    return value.reveal() if isinstance(value, Outside) else str(value)


def look_up(value: object, table: Mapping[str, object]) -> object | None:
    """What `table` holds under this text in small letters, None for nothing: the text itself is not shown."""
    return table.get(reveal(value).lower())
