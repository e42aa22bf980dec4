"""The keys of the settings, as printed by `gateway config describe`."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from gateway.settings import reference
from gateway.settings.reference import Key
from tools.pages.markdown import format_table

ROOT = Path(__file__).resolve().parents[2]


def list_settings() -> str:
    """Return a table for each section, in file order."""
    example = (ROOT / "config" / "gateway.toml").read_text(encoding="utf-8")
    keys = groupby(reference.list_keys(example), lambda key: key.name.partition(".")[0])
    return "\n".join(_format_section(section, list(of)) for section, of in keys)


def _format_section(section: str, keys: list[Key]) -> str:
    title = "[[staff]]" if section == "staff" else f"[{section}]"
    rows = [
        (f"`{key.name}`", key.kind, "required" if key.default is None else f"`{key.default}`", key.text)
        for key in keys
    ]
    return f"## {title}\n\n{format_table(('key', 'type', 'default', 'description'), rows)}"
