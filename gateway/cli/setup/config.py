"""`gateway config`: checks, shows and describes settings."""

from __future__ import annotations

import stat
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.shared import loading, options, output
from gateway.cli.shared.options import SuggestingGroup

if TYPE_CHECKING:
    from gateway.settings import Settings
    from gateway.settings.recommendations import Recommendation
    from gateway.settings.reference import Key

EPILOG = """\b
Examples:
  gateway config check --config /etc/gateway
  gateway config check --json
  gateway config show --changed
  gateway config show --json
  gateway config describe delivery.tls
  gateway config describe
  gateway config schema > gateway.schema.json
  gateway config schema | jq .title
"""


@click.group(cls=SuggestingGroup, epilog=EPILOG)
def config() -> None:
    """Check, show and describe settings."""


@config.command("check", epilog=EPILOG)
@options.config_option
@options.json_option
def check(config_path: Path | None, as_json: bool) -> None:
    """Check settings and templates.

    Exits with 78 if they are invalid.

    Warns about settings that are valid but probably unintended. Keys and passwords that this user cannot
    read are listed and skipped.
    """
    from gateway import settings
    from gateway.app.service import Gateway
    from gateway.net.host import systemd
    from gateway.net.host.desk_units import find_units
    from gateway.preview.proof import choose_templates
    from gateway.settings.recommendations import list_recommendations
    from gateway.settings.secret_files import without_files
    from gateway.templating.renderer import InvalidTemplateError

    loaded, path = loading.load_settings(config_path)
    unread = _list_unread(loaded, path)
    try:
        Gateway(without_files(loaded, unread), path.parent, check_templates=choose_templates)
    except settings.SettingsError as error:
        loading.fail(f"{path}: {error}", loading.EXIT_CONFIG)
    except InvalidTemplateError as error:
        loading.fail(f"template {error}", loading.EXIT_CONFIG)
    memory_max = systemd.unit_memory_max(units=find_units(path.absolute()))
    warnings = (*list_recommendations(loaded, memory_max), *_check_files(path))
    if as_json:
        said = {"file": path, "usable": True, "warnings": [_as_json(one) for one in warnings]}
        output.print_json({**said, "not_read": unread})
        return
    for one in warnings:
        output.echo(f"warning: {one.key}: {one.text}; {one.to_do}", err=True)
    if unread:
        output.echo(f"not checked (this user cannot read them): {', '.join(unread)}", err=True)
    output.echo(f"{path}: the settings are valid.")


def _list_unread(loaded: Settings, path: Path) -> tuple[str, ...]:
    """Return the keys whose files only the service can read; exit with 78 if a file does not exist."""
    from gateway.settings import secret_files

    unread = secret_files.list_unreadable(loaded)
    for key in unread:
        place = Path(secret_files.get_key(loaded, key))
        if secret_files.is_missing(place):
            text = f"{path}: {key} = {place.name!r}: file not found; searched {place}"
            loading.fail(f"{text} and in {secret_files.ENCRYPTED_STORE}", loading.EXIT_CONFIG)
    return unread


def _as_json(one: Recommendation) -> dict[str, str]:
    return {"key": one.key, "text": one.text, "to_do": one.to_do}


def _check_files(path: Path) -> list[Recommendation]:
    from gateway.settings.recommendations import Recommendation

    if path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return [Recommendation(str(path), "other users can change the settings", f"chmod go-w {path}")]
    return []


@config.command("show", epilog=EPILOG)
@options.config_option
@click.option("--changed", is_flag=True, help="Show only settings that differ from their defaults.")
@options.json_option
@options.wide_option
def show(config_path: Path | None, changed: bool, as_json: bool) -> None:
    """Show the settings in effect.

    Defaults are included. Secrets are kept in separate files and are not shown."""
    import msgspec

    from gateway.settings import reference

    loaded, path = loading.load_settings(config_path)
    values = msgspec.to_builtins(loaded)
    if as_json:
        output.print_json(reference.find_changed(loaded) if changed else values)
        return
    rows: list[tuple[str, object]]
    if changed:
        rows = list(reference.find_changed(loaded).items())
    else:
        rows = [
            (f"{section}.{key}", value)
            for section, table in values.items()
            if isinstance(table, dict)
            for key, value in table.items()
        ]
        rows += [("staff", f"{one['name']} <{one['address']}> {one['role']}") for one in values["staff"]]
    output.print_table(str(path), ("key", "value"), rows)


@config.command("describe", epilog=EPILOG)
@click.argument("key", required=False)
@options.json_option
@options.wide_option
def describe(key: str | None, as_json: bool) -> None:
    """Describe settings: type, default and purpose.

    KEY is a setting such as desk.open_days or a table such as desk. Without KEY, lists all settings."""
    from gateway.settings import reference

    known = reference.list_keys(_read_example())
    found = [one for one in known if key in {None, one.name, one.name.partition(".")[0]}]
    if not found:
        close = get_close_matches(str(key), [one.name for one in known], n=1)
        hint = f"did you mean {close[0]!r}?" if close else "see `gateway config describe`"
        loading.fail(f"unknown key {key!r}; {hint}", loading.EXIT_NOT_FOUND)
    if as_json:
        output.print_json([_key_as_json(one) for one in found])
    elif len(found) > 1:
        rows = [(one.name, "required" if one.default is None else one.default, one.text) for one in found]
        output.print_table("Settings", ("key", "default", "purpose"), rows)
    else:
        _print_key(found[0])


def _print_key(one: Key) -> None:
    default = "none: a value is required" if one.default is None else one.default
    output.echo(f"{one.name}\n  {one.text}\n  value:   {one.kind}\n  default: {default}")


def _key_as_json(one: Key) -> dict[str, str | None]:
    return {"key": one.name, "kind": one.kind, "default": one.default, "text": one.text}


@config.command("schema", epilog=EPILOG)
def schema() -> None:
    """Print the JSON schema of the settings file.

    Editors use it to complete and validate the file."""
    from gateway.settings import reference

    output.print_json(reference.schema(_read_example()))


def _read_example() -> str:
    from gateway import settings
    from gateway.app.wiring.files.resources import resource_dir

    return (resource_dir("config") / settings.FILE_NAME).read_text(encoding="utf-8")
