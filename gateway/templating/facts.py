"""Types the facts of a letter again when they are read from the outbox: the default is outside.

A value that the schema names is ours, but only if it has the form of our values: an enum value, a number, a
date, a case number, a name from the settings. Any other text is `Outside`, and no template prints it bare.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime

from gateway.admission.authority import sign_in, tokens
from gateway.admission.case.model import STATE_WORDS
from gateway.admission.organisations.register import MAX_NAME
from gateway.printing.outside import Outside
from gateway.printing.sentences.stating import say
from gateway.printing.statement import Statement, from_stored, is_stored

_SLUG = re.compile(r"[a-z0-9_-]{0,40}")
_STATES = frozenset(STATE_WORDS.values())


def _is_slug(text: str) -> bool:
    return _SLUG.fullmatch(text) is not None


def _is_date(text: str) -> bool:
    return not text or _parses(date.fromisoformat, text)


def _is_moment(text: str) -> bool:
    return not text or _parses(datetime.fromisoformat, text)


def _is_number(text: str) -> bool:
    return not text or tokens.find_number(text) == text


def _is_code(text: str) -> bool:
    return not text or (len(text) == tokens.CODE_LENGTH and set(text) <= set(tokens.ALPHABET))


def _is_sign_in_code(text: str) -> bool:
    return len(text) == sign_in.CODE_DIGITS and text.isascii() and text.isdecimal()


def _is_machine_block(text: str) -> bool:
    """Return whether the text is ASCII JSON that cannot end the block that contains it."""
    return text.isascii() and "-----" not in text and _parses(json.loads, text)


def _is_register_name(text: str) -> bool:
    """Return whether the text is a name as registers have it: one line of letters and digits."""
    return len(text) <= MAX_NAME and all(sign.isalnum() or sign in " ・()()" for sign in text)


def _is_settings_text(_: str) -> bool:
    return True


def _parses(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


# Keys that only the code writes, anywhere in the facts.
_OURS: Mapping[str, Callable[[str], bool]] = {
    **dict.fromkeys(
        (
            *("state", "occasion", "what", "kind", "was", "about", "letter", "role", "sender", "grade"),
            *("domain_kind", "standing", "word", "category", "consent", "asked", "missing", "item"),
            *("answer", "because", "outcome"),
            *("packing", "left", "level", "mail"),
        ),
        _is_slug,
    ),
    **dict.fromkeys(
        ("due_on", "held_until", "closes_on", "answer_by", "look_until", "last_day", "day", "next"), _is_date
    ),
    **dict.fromkeys(
        ("opened_at", "decided_at", "leaves_at", "called_at", "waits_until", "noted_at"), _is_moment
    ),
    **dict.fromkeys(("number", "earlier"), _is_number),
    "state_words": _STATES.__contains__,
    "reply_code": _is_code,
    "sign_in_code": _is_sign_in_code,
    "payload": _is_machine_block,
    "register_name": _is_register_name,
    # Names of staff come from the settings, the words of a decline from the operator's table of eligibility.
    "to_name": _is_settings_text,
    "decline": _is_settings_text,
}

# Keys of catalogue sentences; older versions stored text under them.
_STATEMENTS = frozenset({"flags", "why"})


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def type_facts(facts: Mapping[str, object], outside: Callable[[str], object] = Outside) -> dict[str, object]:
    """Return the facts as a template gets them: values that are not ours are passed through `outside`."""
    return {key: _type(key, value, outside) for key, value in facts.items()}


def _type(key: str, value: object, outside: Callable[[str], object]) -> object:
    if isinstance(value, Statement) or is_stored(value) or (key in _STATEMENTS and _is_text(value)):
        statement = from_stored(value)
        return statement if outside is Outside else outside(say(statement))
    if isinstance(value, str):
        check = _OURS.get(key)
        return value if check is not None and check(value) else outside(value)
    if isinstance(value, Mapping):
        return type_facts(value, outside)
    if isinstance(value, list | tuple):
        return [_type(key, one, outside) for one in value]
    return value


def read_register_name(facts: Mapping[str, object]) -> str:
    """Return the organisation's name for Subjects to the staff; empty if it is not a line of letters.

    Letters queued before 0.2 have none.
    """
    name = facts.get("register_name", "")
    return name if isinstance(name, str) and _is_register_name(name) else ""
