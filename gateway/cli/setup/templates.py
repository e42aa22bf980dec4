"""`gateway templates`: the operator's custom letter templates, compared with the shipped ones."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.shared import loading, options, output
from gateway.cli.shared.options import SuggestingGroup

if TYPE_CHECKING:
    from gateway.templating.check import Problem
    from gateway.templating.overrides import Templates, TemplateSource

EPILOG = """\b
Examples:
  gateway templates list
  gateway templates list --json
  gateway templates copy decline
  gateway templates copy decline invitation
  gateway templates diff decline
  gateway templates diff
  gateway templates check --config /etc/gateway
  gateway templates check --explain
  gateway templates check --json
"""


@click.group(cls=SuggestingGroup, epilog=EPILOG)
def templates() -> None:
    """Copy, compare and check letter templates."""


@templates.command("list", epilog=EPILOG)
@options.config_option
@options.json_option
@options.wide_option
def list_templates(config_path: Path | None, as_json: bool) -> None:
    """List letter templates and their status.

    The status is shipped, overridden, outdated (the shipped template has changed since it was copied),
    unmarked (the copy does not name its original) or unused (no letter has that name)."""
    found = [{"name": one.name, "standing": one.standing.value} for one in _load_all(_templates(config_path))]
    output.print_rows(found, {"template": "name", "status": "standing"}, as_json)


@templates.command("copy", epilog=EPILOG)
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@options.config_option
def copy(names: tuple[str, ...], config_path: Path | None) -> None:
    """Copy shipped templates for editing.

    Copies go to the folder `templates` next to the settings. Existing files are not overwritten."""
    where = _templates(config_path)
    for name in [_find_template(where, one) for one in names]:
        try:
            path = where.copy(name)
        except FileExistsError:
            loading.fail(f"{where.own / name} already exists; nothing was copied", loading.EXIT_NOT_FOUND)
        except OSError as error:
            loading.fail(f"{where.own}: cannot be written ({error.strerror})", loading.EXIT_TEMPORARY)
        output.echo(f"{path}")
    output.echo("Edit it, preview it with `gateway preview`, then run `gateway templates check`.", err=True)


@templates.command("diff", epilog=EPILOG)
@click.argument("name", required=False)
@options.config_option
def diff(name: str | None, config_path: Path | None) -> None:
    """Show how overridden templates differ from the shipped ones.

    Without NAME, shows the differences for all overridden templates."""
    where = _templates(config_path)
    wanted = _find_template(where, name) if name else ""
    sources = [one for one in _load_all(where) if one.name == wanted or not wanted]
    texts = [source.diff() for source in sources if source.own is not None]
    shown = [text for text in texts if text]
    output.echo("\n".join(shown) if shown else "No differences from the shipped templates.")


@templates.command("check", epilog=EPILOG)
@click.option("--strict", is_flag=True, help="Also exit with 78 on warnings.")
@click.option("--explain", is_flag=True, help="Suggest a replacement for each reported line.")
@options.config_option
@options.json_option
def check(strict: bool, explain: bool, config_path: Path | None, as_json: bool) -> None:
    """Check letter templates.

    Checks syntax and placeholders, renders every branch with hostile text in every placeholder, and finds
    lines that would be parsed as a reply. Exits with 78 on errors, which also keep the service from
    starting."""
    found = _find_problems(config_path)
    if as_json:
        import msgspec

        output.print_json(msgspec.to_builtins(found))
    for problem in found if not as_json else ():
        place = f"{problem.file}, line {problem.line}" if problem.line else problem.file
        output.echo(f"{'error' if problem.error else 'warning'}: {place}: {problem.text}")
        if explain and problem.instead:
            output.echo(f"  use instead: {problem.instead}")
    if not found and not as_json:
        output.echo("The templates are valid.")
    if any(problem.error or strict for problem in found):
        sys.exit(loading.EXIT_CONFIG)


def _find_problems(config_path: Path | None) -> list[Problem]:
    from gateway.preview.proof import find_problems
    from gateway.templating.renderer import InvalidTemplateError

    loaded, path = loading.load_settings(config_path)
    try:
        return find_problems(loaded, path.parent)
    except InvalidTemplateError as error:
        loading.fail(str(error), loading.EXIT_CONFIG)


def _load_all(where: Templates) -> list[TemplateSource]:
    from gateway.templating.renderer import InvalidTemplateError

    try:
        return where.all()
    except InvalidTemplateError as error:
        loading.fail(str(error), loading.EXIT_CONFIG)


def _templates(config_path: Path | None) -> Templates:
    _, path = loading.load_settings(config_path)
    return _templates_beside(path)


def _templates_beside(settings_file: Path) -> Templates:
    from gateway.app.wiring.files.resources import resource_dir
    from gateway.templating.overrides import Templates

    return Templates(resource_dir("templates"), settings_file.parent / "templates")


def _find_template(where: Templates, name: str) -> str:
    found = where.named(name)
    if found is None:
        close = get_close_matches(name, [one.name.split(".")[0] for one in _load_all(where)], n=1)
        hint = f"; did you mean {close[0]!r}?" if close else "; see gateway templates list"
        loading.fail(f"there is no template {name!r}{hint}", loading.EXIT_NOT_FOUND)
    return found
