"""The reference of all keys with type, default and explanation, which is taken from the shipped example.

The example is the only place that explains a key: a comment applies to the keys below it, up to the next
comment or empty line. `gateway config describe` and the JSON schema repeat it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from inspect import cleandoc
from typing import Any

import msgspec

from gateway.settings.model import Section, Settings, StaffMember

_TABLE = re.compile(r"#?\[\[?([a-z_.]+)\]\]?")
_KEY = re.compile(r"#?([a-z_]+) = ")
_COMMENT = re.compile(r"# (.*)")
_KINDS = {
    "boolean": "true or false",
    "integer": "whole number",
    "number": "number",
    "object": 'table: name = "text"',
    "string": "text",
}


@dataclass(frozen=True, slots=True)
class Key:
    """A key; `default` is in TOML syntax, None if a value is required."""

    name: str
    kind: str
    default: str | None
    text: str


def list_keys(example: str) -> tuple[Key, ...]:
    """Return all keys of the settings in the order of the file; `example` is config/gateway.toml."""
    texts = parse_key_comments(example)
    shapes = msgspec.json.schema(Settings)["$defs"]
    return tuple(
        Key(f"{table}.{name}", _format_type(shape), _format_default(shape), texts.get(f"{table}.{name}", ""))
        for table, model in sections().items()
        for name, shape in shapes[model.__name__]["properties"].items()
    )


def sections() -> dict[str, type[Section]]:
    """Return the tables of the file with their types."""
    tables = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    return {name: StaffMember if name == "staff" else kind for name, kind in tables.items()}


def parse_key_comments(example: str) -> dict[str, str]:
    """Return the comments of the example by key."""
    texts: dict[str, str] = {}
    table, words = "", list[str]()
    open_ended = False
    for line in example.splitlines():
        if found := _TABLE.match(line):
            table = found[1]
            if "." in table:
                texts[table] = " ".join(words)
            words = []
        elif found := _KEY.match(line):
            texts[f"{table}.{found[1]}"] = " ".join(words)
            open_ended = False
        elif found := _COMMENT.match(line):
            words = [*words, found[1]] if open_ended else [found[1]]
            open_ended = True
        elif not line.strip():
            words = []
    return texts


def schema(example: str) -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of the settings file, with the explanations of the example."""
    shape = msgspec.json.schema(Settings)
    texts = parse_key_comments(example)
    for described in shape["$defs"].values():
        if text := described.get("description", ""):
            described["description"] = cleandoc(text)  # msgspec does this itself from 0.23 on
    for table, model in sections().items():
        for name, described in shape["$defs"][model.__name__]["properties"].items():
            if text := texts.get(f"{table}.{name}", ""):
                described["description"] = text
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of the intake gateway (gateway.toml)",
        **shape,
    }


def find_changed(settings: Settings) -> dict[str, object]:
    """Return the keys that differ from their defaults or have none, in the order of the file."""
    found: dict[str, object] = {}
    values = msgspec.to_builtins(settings)
    for table, model in sections().items():
        if table == "staff":
            continue
        for field in msgspec.structs.fields(model):
            value = values[table][field.name]
            if field.required or value != _builtin_default(field):
                found[f"{table}.{field.name}"] = value
    return found | {
        f"staff[{place}]": f"{one['name']} <{one['address']}> {one['role']}"
        for place, one in enumerate(values["staff"])
    }


def _builtin_default(field: msgspec.structs.FieldInfo) -> object:
    value = field.default_factory() if field.default is msgspec.NODEFAULT else field.default
    return msgspec.to_builtins(value)


def format_toml(value: object) -> str:
    """Format a value in TOML."""
    if isinstance(value, Mapping):
        return (
            "{" + ", ".join(f"{json.dumps(key)} = {format_toml(each)}" for key, each in value.items()) + "}"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(format_toml, value)) + "]"
    if isinstance(value, date):
        return value.isoformat()
    # TOML 1.0 uses the same escapes as JSON, except that it requires one for U+007F.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _format_default(shape: Mapping[str, Any]) -> str | None:
    return format_toml(shape["default"]) if "default" in shape else None


def _format_type(shape: Mapping[str, Any]) -> str:
    """Return the type of a key in words."""
    if "enum" in shape:
        return "one of " + ", ".join(map(format_toml, shape["enum"]))
    if shape["type"] == "array":
        return "list: " + _format_type(shape["items"])
    if shape.get("format") == "date":
        return "date, such as 2026-06-01"
    return _KINDS[shape["type"]] + _format_limits(shape)


def _format_limits(shape: Mapping[str, Any]) -> str:
    low = shape.get("minimum")
    said = [f"from {low}"] if low is not None else []
    said += [f"above {shape['exclusiveMinimum']}"] if "exclusiveMinimum" in shape else []
    word = "to" if low is not None else "up to"
    said += [f"{word} {shape['maximum']}"] if "maximum" in shape else []
    return f", {' '.join(said)}" if said else ""
