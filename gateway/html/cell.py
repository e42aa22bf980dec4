"""Prints values in pages: ours unchanged, outside text in a form of `printing.forms`, nothing else.

The page's `finalize` passes every value through here, so that what is forgotten is rejected instead of
printed. A text in two languages is printed in the page's language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from functools import partial

from markupsafe import Markup, escape

from gateway.mail.address import Address
from gateway.printing import forms, terminal
from gateway.printing.bilingual import Language, Text
from gateway.printing.fields import Ours, show_field, to_typed
from gateway.printing.outside import Outside, UnprintedError
from gateway.printing.sentences.stating import say
from gateway.printing.statement import Statement

_BREAKS = re.compile(r"(?<=@)(?=\w)|(?<=\w)(?=\.\w)")
MAX_PART = 32  # a longer one is broken anywhere
# Made once: a union within `isinstance` is made anew at each call.
Plain = Ours | Enum | Address | date | int | float


def print_cell(value: object, language: Language = Language.JA) -> Markup:
    """Print a value without a form: markup, what is ours by its type, a sentence.

    Raises UnprintedError for outside text, for what is no single value, and for a bare text if that is
    refused; in service, that is printed inline.
    """
    if isinstance(value, Markup):
        return value
    if isinstance(value, Text):
        return escape(value.choose(language))
    fact = to_typed(value)
    if isinstance(fact, Plain):
        return escape(show_field(fact))
    if isinstance(fact, Statement):
        return escape(say(fact, language))
    if isinstance(fact, Outside) and not isinstance(value, Outside):
        return print_inline(fact)
    raise UnprintedError


def print_inline(value: object) -> Markup:
    """Print outside text as one short part of a line."""
    return _print(forms.inline, value)


def print_organisation(value: object) -> Markup:
    """Print the name of an organisation."""
    return _print(forms.organisation, value)


def print_text(value: object) -> Markup:
    """Print outside text of several lines as written, with links defused and control characters removed."""
    return _print(forms.plain, value)


def print_line(value: object) -> Markup:
    """Print outside text of one line as written, such as a subject or the reply of a server."""
    return _print(forms.line, value)


def print_address(value: object) -> Markup:
    """Print an address or a domain, which is broken only after its @ and before a dot."""
    parts = "<wbr>".join(map(_join_part, _BREAKS.split(print_line(value))))
    return Markup(f'<span class="address">{parts}</span>')  # noqa: S704 - escaped above


def _join_part(part: str) -> str:
    """Return a part of an address, which must not be broken after a hyphen."""
    return f'<span class="part">{part}</span>' if "-" in part and len(part) <= MAX_PART else part


def print_whole(value: object) -> Markup:
    """Print a text whose outside parts are already printed, such as a letter, without control characters."""
    return _print(terminal.show, value)


def _print(form: Callable[[object], str], value: object) -> Markup:
    return escape(forms.remove_signs(form(to_typed(value))))


FORMS: Mapping[str, Callable[[object], Markup]] = {
    "inline": print_inline,
    "organisation": print_organisation,
    "text": print_text,
    "line": print_line,
    "address": print_address,
    "whole": print_whole,
}


def build_forms(language: Language) -> dict[str, Callable[[object], Markup]]:
    """Return the forms for a language; they also accept a text of ours, which needs none."""
    return {name: partial(_print_either, form, language) for name, form in FORMS.items()}


def _print_either(form: Callable[[object], Markup], language: Language, value: object) -> Markup:
    return print_cell(value, language) if isinstance(value, Text) else form(value)


def fill(language: Language, ja: str, en: str, /, **values: object) -> Markup:
    """Fill a text of a template in the page's language; `{name}` is replaced by a value."""
    text = ja if language is Language.JA else en
    printed = {name: print_cell(value, language) for name, value in values.items()}
    return Markup(text.format(**printed))  # noqa: S704 - a literal of a template of ours, and markup in it
