"""Error messages for the settings: the file, the key, its value and what is permitted."""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from typing import Literal, NoReturn, get_args, get_origin

import msgspec

from gateway.settings import model
from gateway.settings.model import Section, Settings


class SettingsError(Exception):
    """Raised if the settings are unusable; the message has file, key, value and what is permitted."""


class UnreadableSettingsError(SettingsError):
    """Raised if this user may not read the settings; another may."""


def refuse_value(source: str, key: str, value: object, allowed: str) -> NoReturn:
    """Raise SettingsError for a key whose value is not permitted."""
    raise SettingsError(f"{source}: {key} = {value!r}: expected {allowed}")


def explain_error(text: str, raw: bytes) -> str:
    """Rewrite msgspec's message as key, value and what is permitted, with a suggestion for a mistyped key."""
    message, _, path = text.partition(" - at `$")
    path = path.rstrip("`").lstrip(".")
    if (unknown := _find_quoted(message, "unknown field")) is not None:
        close = get_close_matches(unknown, _known_keys(), n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"expected {', '.join(sorted(_known_keys()))}"
        return f"{_key(path, unknown)}: unknown key; {hint}"
    if (absent := _find_quoted(message, "missing required field")) is not None:
        return f"{_key(path, absent)}: this key is required; see config/gateway.toml"
    wanted = _format_choices(path) or message.removeprefix("Expected ").split(", got")[0].replace("`", "")
    return f"{path} = {_value_at(tomllib.loads(raw.decode()), path)!r}: expected {wanted}"


def _find_quoted(message: str, phrase: str) -> str | None:
    _, found, rest = message.partition(f"{phrase} `")
    return rest.split("`", 1)[0] if found else None


def _format_choices(path: str) -> str:
    """Return the permitted values of a key that is a choice; empty for other keys."""
    wanted: object = Settings
    for step in re.findall(r"[a-z_]+", path):
        wanted = get_args(wanted)[0] if get_origin(wanted) is tuple else wanted
        fields = msgspec.structs.fields(wanted) if isinstance(wanted, type) else ()
        wanted = next((field.type for field in fields if field.name == step), None)
    words = get_args(wanted) if get_origin(wanted) is Literal else ()
    return "one of " + ", ".join(map(repr, words)) if words else ""


def _key(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _value_at(document: object, path: str) -> object:
    for step in re.findall(r"[^.\[\]]+", path):
        if isinstance(document, dict) and step in document:
            document = document[step]
        elif isinstance(document, list) and step.isdigit() and int(step) < len(document):
            document = document[int(step)]
        else:
            return "..."
    return document


def _known_keys() -> set[str]:
    sections = (kind for kind in vars(model).values() if isinstance(kind, type) and issubclass(kind, Section))
    return {field.encode_name for section in sections for field in msgspec.structs.fields(section)}
