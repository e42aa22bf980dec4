"""Static pages: our own templates and a small style sheet, no script, nothing from another server."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gateway.html.cell import build_forms, fill, print_cell
from gateway.html.compiling import PageEnvironment
from gateway.memoize import memoize
from gateway.printing.bilingual import Language
from gateway.printing.fields import Ours, ours

FOLDER = Path(__file__).parent / "templates"
STYLE = "style.css"


@memoize(maxsize=1, why="computed once: templates are compiled on first use")
def _environment() -> Environment:
    return make_environment(FOLDER)


def make_environment(*folders: Path, language: Language = Language.JA) -> Environment:
    """Return an environment for templates in these folders, of which the first takes precedence.

    It prints values of ours, and outside text only in its forms (`html.cell`). `t` selects a text in the
    page's language.
    """
    made = PageEnvironment(
        language,
        loader=FileSystemLoader([str(folder) for folder in folders]),
        auto_reload=False,  # no template changes while the process runs
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=partial(print_cell, language=language),
    )
    made.filters.update(build_forms(language))
    made.globals.update(percent=_percent, number=_number, t=partial(fill, language))
    return made


def _percent(part: int, whole: int) -> Ours:
    return Ours(f"{100 * part / whole:.0f}%") if whole else ours("-")


def _number(value: float | None, unit: str = "") -> Ours:
    """Return a number without trailing zeros and its unit; a dash for None."""
    return ours("-") if value is None else Ours(f"{value:g}{unit}")


def render_page(name: str, **values: object) -> str:
    """Render an HTML page of values that are ours, `Outside` or markup (`html.cell`).

    The style sheet is embedded, so that a single file is complete.
    """
    style = (FOLDER / STYLE).read_text(encoding="utf-8")
    return _environment().get_template(f"{name}.html.j2").render(style=style, **values)
