"""The wording of the letters: each kind with sample facts, by the present templates and settings."""

from __future__ import annotations

from starlette.responses import Response

from gateway.admission.case.model import STAFF_LETTERS, Letter
from gateway.console.asgi.visit import Visit
from gateway.console.view import words
from gateway.console.view.framing import frame_of, refuse
from gateway.console.view.rendering import render
from gateway.printing.bilingual import Text, both
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside

_GROUPS: tuple[tuple[Text, bool], ...] = (
    (both("申請者や所属の団体の方あて", "To applicants and their organisations"), False),
    (both("担当者あて", "To the staff"), True),
)


def list_letters(visit: Visit) -> Response:
    """Show every kind of letter, by addressee."""
    groups = [
        {"name": name, "letters": [_link(one) for one in Letter if (one in STAFF_LETTERS) is to_staff]}
        for name, to_staff in _GROUPS
    ]
    return render("mail/letters", frame_of(visit, "outbox"), groups=groups)


def _link(letter: Letter) -> dict[str, object]:
    return {"name": words.name_letter(letter), "href": Ours(f"/letters/samples/{letter.value}")}


def show_samples(visit: Visit) -> Response:
    """Show one kind, on each occasion on which it is sent."""
    letter = next((one for one in Letter if one.value == visit.path["letter"]), None)
    if letter is None:
        return refuse(visit, 404)
    samples = [
        {"occasion": one.occasion, "subject": Outside(one.subject), "text": Outside(one.text)}
        for one in visit.site.render_samples(letter)
    ]
    return render("mail/samples", frame_of(visit, "outbox"), title=words.name_letter(letter), samples=samples)
