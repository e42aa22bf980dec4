"""How a `Statement` is said: our words as they are, each argument in the form that its slot has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.printing import forms
from gateway.printing.catalogue import AS_WRITTEN, DECISIONS, SLOTS
from gateway.printing.outside import Outside, reveal
from gateway.printing.statement import Argument, Statement, from_stored, is_stored, to_stored

MAX_LISTED = 5
_FIRST, _FURTHER = "  ", "    "
_DOMAIN_LENGTH = 253
_ADDRESS_LENGTH = 100
_TOKYO = ZoneInfo("Asia/Tokyo")


def stated(value: object, label: str = "") -> str:
    """A statement on lines of ours, at most 60 columns wide, `label` in front; where a line begins inside
    outside text it is marked. A text that an older version stored is quoted.

    Words of decision are broken in all of it: a sentence about decisions must not become one in a quotation.
    """
    if not isinstance(value, Statement) or value.id == AS_WRITTEN:
        return quoted(value, label)
    first, *others = forms.folded(f"{label}{_fill(value)}", forms.QUOTED_COLUMNS - len(_FURTHER)).split("\n")
    lines = [_make_breakable(first, _FIRST), *(_make_breakable(line, _FURTHER) for line in others)]
    return "\n".join(lines)


def quoted(value: object, label: str = "", most: int = 0) -> str:
    """`forms.quoted`, which also takes a statement: what templates before 0.2 do with flags and reasons."""
    if isinstance(value, Statement):
        value = value.arguments["text"] if value.id == AS_WRITTEN else Outside(say(value))
    return forms.quoted(value, label, most)


def say(statement: Statement) -> str:
    """A statement as one line for a command, without characters that a terminal obeys."""
    if statement.id == AS_WRITTEN:
        return forms.remove_signs(forms.inline(statement.arguments["text"], forms.MAX_BARE))
    return forms.remove_signs(_fill(statement))


def spell(value: object) -> object:
    """A value for JSON: each statement in it, also a stored one, with its text beside id and arguments."""
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
    """The line, indented or marked, with the reader's words to be broken in all of it."""
    marked = line.startswith((forms.MARK, forms.BEGIN))
    bare = forms.remove_signs(line.removeprefix(forms.MARK))
    return f"{forms.MARK if marked else indent}{forms.BEGIN}{bare}{forms.END}"


def _fill(statement: Statement) -> str:
    arguments = statement.arguments
    return "".join(
        slot.before + (_PRINTERS[slot.kind](arguments[slot.name]) if slot.name else "")
        for slot in SLOTS[statement.id]
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
    """A name that somebody chose: valid, and still no place for a word of decision."""
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


_PRINTERS: Mapping[str, Callable[[Argument], str]] = {
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
