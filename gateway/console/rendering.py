"""From a template and its values to an answer: every page is made here, errors too."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment
from starlette.responses import HTMLResponse, Response

from gateway.console import words
from gateway.html.page import make_environment
from gateway.memoize import memoize
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside

FOLDER = Path(__file__).parent
STYLE = FOLDER / "static" / "console.css"


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a page: the desk's name, who is signed in (empty: nobody), which part it is of."""

    office: str
    member: str = ""
    part: str = ""
    is_operator: bool = False


@memoize(maxsize=1, why="made once: templates are compiled when first used")
def _environment() -> Environment:
    made = make_environment(FOLDER / "templates")
    made.filters.update(words.FILTERS)
    return made


@memoize(maxsize=1, why="the style sheet does not change while the console runs")
def read_style() -> tuple[str, bytes]:
    """The name of the style sheet, which changes with it, and its octets."""
    raw = STYLE.read_bytes()
    return f"console-{hashlib.sha256(raw).hexdigest()[:12]}.css", raw


def render(template: str, frame: Frame, /, *, status: int = 200, **values: object) -> Response:
    """A page in HTML."""
    html = (
        _environment()
        .get_template(f"{template}.html.j2")
        .render(frame=_type_frame(frame), style=Ours(f"/static/{read_style()[0]}"), **values)
    )
    return HTMLResponse(html, status)


def _type_frame(frame: Frame) -> Mapping[str, object]:
    return {
        "office": Outside(frame.office),
        "member": Outside(frame.member),
        "part": Ours(frame.part),
        "is_operator": frame.is_operator,
    }


def render_error(office: str, status: int, member: str = "") -> Response:
    """The page of an error, in words: what happened, and what to do."""
    title, text, to_do = words.ERRORS.get(status, words.ERRORS[500])
    return render(
        "error", Frame(office, member), status=status, title=title, text=text, to_do=to_do, code=status
    )
