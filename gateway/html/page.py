"""Static pages: our own templates and our own small style sheet, no script, nothing from another server."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gateway.html.cell import FORMS, print_cell
from gateway.memoize import memoize
from gateway.printing.fields import Ours, ours

FOLDER = Path(__file__).parent / "templates"
STYLE = "style.css"


@memoize(maxsize=1, why="made once: templates are compiled when first used")
def _environment() -> Environment:
    return make_environment(FOLDER)


def make_environment(folder: Path) -> Environment:
    """Templates that print what is ours, and outside text in its forms alone (`html.cell`)."""
    made = Environment(
        loader=FileSystemLoader(str(folder)),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=print_cell,
    )
    made.filters.update(FORMS)
    made.globals.update(percent=_percent, number=_number)
    return made


def _percent(part: int, whole: int) -> Ours:
    return Ours(f"{100 * part / whole:.0f}%") if whole else ours("-")


def _number(value: float | None, unit: str = "") -> Ours:
    """A number without trailing zeros and its unit; a dash where there is none."""
    return ours("-") if value is None else Ours(f"{value:g}{unit}")


def render_page(name: str, **values: object) -> str:
    """A page in HTML of values that are ours, `Outside` or markup (`html.cell`).

    The style sheet stands in it, so that one file is whole.
    """
    style = (FOLDER / STYLE).read_text(encoding="utf-8")
    return _environment().get_template(f"{name}.html.j2").render(style=style, **values)
