"""What a page shows of a value: ours as it is, outside text in a form of `printing.forms`, else nothing.

The page's `finalize` sends every value through here, so that what is forgotten is refused and not let
through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum

from markupsafe import Markup, escape

from gateway.mail.address import Address
from gateway.printing import forms, terminal
from gateway.printing.fields import Ours, show_field, to_typed
from gateway.printing.outside import Outside, UnprintedError
from gateway.printing.statement import Statement
from gateway.printing.stating import say


def print_cell(value: object) -> Markup:
    """A value that stands bare: markup, what is ours by its type, a sentence.

    Raises UnprintedError for outside text, for what is no single value, and for a bare text where such is
    refused; in service that is inline.
    """
    if isinstance(value, Markup):
        return value
    fact = to_typed(value)
    if isinstance(fact, Ours | Enum | Address | date | int | float):
        return escape(show_field(fact))
    if isinstance(fact, Statement):
        return escape(say(fact))
    if isinstance(fact, Outside) and not isinstance(value, Outside):
        return print_inline(fact)
    raise UnprintedError


def print_inline(value: object) -> Markup:
    """Outside text as one short part of a line."""
    return _print(forms.inline, value)


def print_organisation(value: object) -> Markup:
    """The name of an organisation."""
    return _print(forms.organisation, value)


def print_text(value: object) -> Markup:
    """Outside text of many lines as it was written: links harmless, control signs gone."""
    return _print(forms.plain, value)


def print_whole(value: object) -> Markup:
    """A text of many lines whose outside parts were printed before, as a letter: without control signs."""
    return _print(terminal.show, value)


def _print(form: Callable[[object], str], value: object) -> Markup:
    return escape(forms.remove_signs(form(to_typed(value))))


FORMS: Mapping[str, Callable[[object], Markup]] = {
    "inline": print_inline,
    "organisation": print_organisation,
    "text": print_text,
    "whole": print_whole,
}
