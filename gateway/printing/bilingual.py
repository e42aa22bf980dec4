"""A text of ours in Japanese and English. The caller that prints it chooses, and neither can be forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import LiteralString

from gateway.printing.fields import Ours
from gateway.printing.outside import refuse_printing


class Language(StrEnum):
    """The languages, by BCP 47 tag."""

    JA = "ja"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """The same text in both languages; true unless it is empty."""

    ja: Ours
    en: Ours

    def choose(self, language: Language) -> Ours:
        """Return the text in a language."""
        return self.ja if language is Language.JA else self.en

    def __bool__(self) -> bool:
        return bool(self.ja)

    __str__ = refuse_printing
    __format__ = refuse_printing
    __html__ = refuse_printing


def both(ja: LiteralString, en: LiteralString) -> Text:
    """Build a text from literals in the code."""
    return Text(Ours(ja), Ours(en))


def join(*parts: Text | Ours) -> Text:
    """Concatenate texts; a part without a language is the same in both."""
    chosen = [[part.choose(each) if isinstance(part, Text) else part for part in parts] for each in Language]
    return Text(*(Ours("".join(each)) for each in chosen))


EMPTY = both("", "")
