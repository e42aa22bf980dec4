"""`gateway preview`: renders every letter as a page, for review before it is sent."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from gateway.cli.shared import loading, options, output
from gateway.printing.terminal import count

EPILOG = """\b
Examples:
  gateway preview
  gateway preview --config /etc/gateway --out /tmp/letters
  gateway preview --strict --json
"""


@click.command(epilog=EPILOG)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var/preview"),
    show_default=True,
    help="Output directory; pages from an earlier preview are overwritten.",
)
@click.option("--strict", is_flag=True, help="Exit with 78 if a letter has problems.")
@options.config_option
@options.json_option
def preview(out: Path, strict: bool, config_path: Path | None, as_json: bool) -> None:
    """Render all letters as HTML for preview.

    Shows each letter in phone, desktop and sanitised views, with its headers, .eml file and any problems.

    The people are invented; wording, office details and your own templates come from the settings.
    Without settings, the demo settings are used.
    """
    from jinja2 import TemplateError

    from gateway.preview.pages import write_pages
    from gateway.preview.rendered import render_samples
    from gateway.templating.renderer import InvalidTemplateError

    loaded, folder = loading.load_settings_or_demo(config_path)
    try:
        printed = write_pages(out, render_samples(loaded, folder))
    except (TemplateError, InvalidTemplateError) as error:
        loading.fail(f"a template cannot be used: {error}; run gateway templates check", loading.EXIT_CONFIG)
    except OSError as error:
        loading.fail(f"{out}: the pages cannot be written ({error.strerror})", loading.EXIT_TEMPORARY)
    if as_json:
        output.print_json({"index": printed.index, "letters": printed.letters, "flawed": printed.flawed})
    else:
        output.echo(f"{printed.index}: {count(printed.letters, 'letter')}, {printed.flawed} with problems.")
    if strict and printed.flawed:
        sys.exit(loading.EXIT_CONFIG)
