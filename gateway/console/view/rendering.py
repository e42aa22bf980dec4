"""Renders templates to responses: every page, including errors."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from gateway.console.view import errors, words
from gateway.html.page import FOLDER as PAGES
from gateway.html.page import make_environment
from gateway.memoize import memoize
from gateway.printing.bilingual import Language, Text
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.store.protocol import Trouble

FOLDER = Path(__file__).parent
STATIC = {"console.css": "text/css", "live.js": "text/javascript"}


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of a page: the desk's name, the signed-in member (or empty), and the part of the console.

    Also the page's language, the link to the other language, and its stream of changes (or empty).
    """

    office: str
    member: str = ""
    part: str = ""
    is_operator: bool = False
    language: Language = Language.JA
    other: str = ""
    events: str = ""


@memoize(maxsize=len(Language), why="computed once per language: templates are compiled on first use")
def _environment(language: Language) -> Environment:
    made = make_environment(FOLDER / "templates", PAGES, language=language)
    made.filters.update(words.FILTERS)
    return made


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file under a name that changes with its content."""

    name: str
    raw: bytes
    media_type: str


@memoize(maxsize=1, why="the files do not change while the console is running")
def read_static() -> Mapping[str, StaticFile]:
    """Return the style sheet and the script, by file name."""
    return {name: _read_file(name, media_type) for name, media_type in STATIC.items()}


def _read_file(name: str, media_type: str) -> StaticFile:
    raw, (base, _, end) = (FOLDER / "static" / name).read_bytes(), name.partition(".")
    return StaticFile(f"{base}-{hashlib.sha256(raw).hexdigest()[:12]}.{end}", raw, media_type)


def render(template: str, frame: Frame, /, *, status: int = 200, **values: object) -> Response:
    """Render an HTML page."""
    files = {"style": _link("console.css"), "script": _link("live.js")}
    return HTMLResponse(
        print_part(template, frame.language, frame=_type_frame(frame), **files, **values), status
    )


def print_part(template: str, language: Language, /, **values: object) -> Markup:
    """Render a template as markup: a page, or a part of one."""
    return Markup(_environment(language).get_template(f"{template}.html.j2").render(**values))  # noqa: S704 - ours


def _link(name: str) -> Ours:
    return Ours(f"/static/{read_static()[name].name}")


def _type_frame(frame: Frame) -> Mapping[str, object]:
    return {
        "office": Outside(frame.office),
        "member": Outside(frame.member),
        "part": Ours(frame.part),
        "is_operator": frame.is_operator,
        "language": frame.language,
        "other": Ours(frame.other),
        "events": Ours(frame.events),
    }


def render_trouble(frame: Frame, trouble: Trouble) -> Response:
    """Render the page for database trouble: why nothing can be read or done now, and what to do."""
    answer = _render_words(frame, 503, errors.TROUBLES[trouble])
    answer.headers["retry-after"] = "60"
    return answer


def render_not_ended(frame: Frame) -> Response:
    """Render the page after a sign-out of which the gateway could not be notified."""
    return _render_words(frame, 503, errors.NOT_ENDED)


def render_error(frame: Frame, status: int) -> Response:
    """Render an error page: what happened, and what to do."""
    return _render_words(frame, status, errors.ERRORS.get(status, errors.ERRORS[500]))


def _render_words(frame: Frame, status: int, said: tuple[Text, Text, Text]) -> Response:
    title, text, to_do = said
    return render("shared/error", frame, status=status, title=title, text=text, to_do=to_do, code=status)
