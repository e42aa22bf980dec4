"""Static pages: our own templates and our own small style sheet, no script, nothing from another server."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gateway.memoize import memoize

FOLDER = Path(__file__).parent / "templates"
STYLE = "style.css"


@memoize(maxsize=1, why="made once: templates are compiled when first used")
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(str(FOLDER)),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render_page(name: str, **values: object) -> str:
    """A page in HTML; the style sheet stands in it, so that one file is whole."""
    style = (FOLDER / STYLE).read_text(encoding="utf-8")
    return _environment().get_template(f"{name}.html.j2").render(style=style, **values)
