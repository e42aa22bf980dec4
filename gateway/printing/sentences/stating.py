"""Renders a `Statement`: our words unchanged, each argument in the form for its slot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.printing import forms
from gateway.printing.bilingual import Language
from gateway.printing.outside import Outside, reveal
from gateway.printing.sentences import catalogue_english
from gateway.printing.sentences.catalogue import (
    AS_WRITTEN,
    DECISIONS,
    SLOTS,
    Slot,
    read_slots,
)
from gateway.printing.statement import Argument, Statement, from_stored, is_stored, to_stored

MAX_LISTED = 5
Printers = Mapping[str, Callable[[Argument], str]]
Texts = Mapping[str, tuple[Slot, ...]]
_FIRST, _FURTHER = "  ", "    "
_DOMAIN_LENGTH = 253
_ADDRESS_LENGTH = 100
_TOKYO = ZoneInfo("Asia/Tokyo")


def stated(value: object, label: str = "") -> str:
    """Return a statement on lines of at most 60 columns, after `label`.

    A line that begins inside outside text is marked. A text stored by an older version is quoted. Decision
    words are broken everywhere in it, because a sentence about decisions must not become one when it is
    quoted.
    """
    if not isinstance(value, Statement) or value.id == AS_WRITTEN:
        return quoted(value, label)
    first, *others = forms.folded(f"{label}{_fill(value)}", forms.QUOTED_COLUMNS - len(_FURTHER)).split("\n")
    lines = [_make_breakable(first, _FIRST), *(_make_breakable(line, _FURTHER) for line in others)]
    return "\n".join(lines)


def quoted(value: object, label: str = "", most: int = 0) -> str:
    """Do the same as `forms.quoted`; accepts a statement too, which templates before 0.2 pass."""
    if isinstance(value, Statement):
        value = value.arguments["text"] if value.id == AS_WRITTEN else Outside(say(value))
    return forms.quoted(value, label, most)


def say(statement: Statement, language: Language = Language.JA) -> str:
    """Return a statement as one line for a command or a page, without control characters."""
    if statement.id == AS_WRITTEN:
        return forms.remove_signs(forms.inline(statement.arguments["text"], forms.MAX_BARE))
    return forms.remove_signs(_fill(statement, _PRINTERS_OF[language], _SLOTS_OF[language]))


def spell(value: object) -> object:
    """Convert a value for JSON; each statement in it, also a stored one, gets a `text`."""
    if isinstance(value, Statement) or is_stored(value):
        statement = from_stored(value)
        stored = {name: spell(one) for name, one in to_stored(statement).items()}
        return {**stored, "text": say(statement)}
    if isinstance(value, Outside):
        return reveal(value)
    if isinstance(value, Mapping):
        return {key: spell(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [spell(one) for one in value]
    return value


def _make_breakable(line: str, indent: str) -> str:
    """Return the line, indented or marked, so that decision words are broken everywhere in it."""
    marked = line.startswith((forms.MARK, forms.BEGIN))
    bare = forms.remove_signs(line.removeprefix(forms.MARK))
    return f"{forms.MARK if marked else indent}{forms.BEGIN}{bare}{forms.END}"


def _fill(statement: Statement, printers: Printers | None = None, texts: Texts = SLOTS) -> str:
    arguments, printers = statement.arguments, printers or _PRINTERS
    return "".join(
        slot.before + (printers[slot.kind](arguments[slot.name]) if slot.name else "")
        for slot in texts[statement.id]
    )


def _print_plain(value: Argument) -> str:
    return (
        forms.inline(value)
        if isinstance(value, Outside)
        else " ".join(forms.CONTROL.sub("", str(value)).split())
    )


def _print_body(value: Argument) -> str:
    return forms.organisation(value) if isinstance(value, Outside) else str(value)


def _print_bodies(value: Argument) -> str:
    titles = value if isinstance(value, tuple) else (value,)
    rest = f"など{len(titles)}団体" if len(titles) > MAX_LISTED else ""
    return "、".join(map(_print_body, titles[:MAX_LISTED])) + rest


def _print_domain(value: Argument) -> str:
    """Print a domain inline: somebody chose it, so even a valid one can contain a decision word."""
    return forms.inline(value, forms.NAME_LENGTH if isinstance(value, Outside) else _DOMAIN_LENGTH)


def _print_address(value: Argument) -> str:
    return forms.inline(value, _ADDRESS_LENGTH)


def _print_moment(value: Argument) -> str:
    if isinstance(value, Outside):
        return forms.inline(value)
    at = datetime.fromisoformat(str(value)).astimezone(_TOKYO)
    return f"{at.month}月{at.day}日{at.hour}時{at.minute:02d}分"


def _print_decision(value: Argument) -> str:
    return forms.inline(value) if isinstance(value, Outside) else DECISIONS[str(value)]


def _print_english_bodies(value: Argument) -> str:
    titles = value if isinstance(value, tuple) else (value,)
    rest = f" and others, {len(titles)} in all" if len(titles) > MAX_LISTED else ""
    return ", ".join(map(_print_body, titles[:MAX_LISTED])) + rest


def _print_english_moment(value: Argument) -> str:
    if isinstance(value, Outside):
        return forms.inline(value)
    return f"{datetime.fromisoformat(str(value)).astimezone(_TOKYO):%Y/%m/%d %H:%M}"


def _print_english_decision(value: Argument) -> str:
    return forms.inline(value) if isinstance(value, Outside) else catalogue_english.DECISIONS[str(value)]


_PRINTERS: Printers = {
    "value": forms.inline,
    "written": forms.inline,
    "address": _print_address,
    "domain": _print_domain,
    "office": _print_plain,
    "code": _print_plain,
    "number": _print_plain,
    "body": _print_body,
    "bodies": _print_bodies,
    "moment": _print_moment,
    "decision": _print_decision,
}
_PRINTERS_OF: Mapping[Language, Printers] = {
    Language.JA: _PRINTERS,
    Language.EN: {
        **_PRINTERS,
        "bodies": _print_english_bodies,
        "moment": _print_english_moment,
        "decision": _print_english_decision,
    },
}
_SLOTS_OF: Mapping[Language, Texts] = {
    Language.JA: SLOTS,
    Language.EN: {name: read_slots(text) for name, text in catalogue_english.TEXTS.items()},
}
