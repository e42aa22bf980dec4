"""The view of a case that a form carries, and what has changed since it was shown."""

from __future__ import annotations

import json
from collections.abc import Iterator

from gateway.admission.application.items.fields import FORM_FIELDS
from gateway.admission.case.model import Case, find_attention
from gateway.console.asgi.visit import Visit
from gateway.console.view import words
from gateway.printing import forms
from gateway.printing.bilingual import Language, Text, both
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.printing.sentences.stating import say
from gateway.printing.terminal import clean, show

MAX_VALUE = 200
MAX_VIEW = 16_000
Difference = tuple[Text, Outside, Outside]
_LANGUAGE = "language"
NAMES = {
    **{field.item.value: Text(Ours(field.japanese), Ours(field.english)) for field in FORM_FIELDS},
    "state": both("状態", "State"),
    "checks": both("自動の確認", "Automatic checks"),
    "decided_by": both("判断した人", "Decided by"),
    "first_approval": both("一人目の承認", "First approval"),
    "held_until": both("保留の期限", "End of the hold"),
    "question": both("照会したこと", "Question"),
    "confirmed_by": both("在籍を確かめた方", "Affiliation confirmed by"),
}


def _list_values(case: Case, visit: Visit) -> Iterator[tuple[str, object]]:
    for field in FORM_FIELDS:
        yield field.item.value, words.name_value(field.item, getattr(case.form, field.item, ""))
    yield "state", words.STATES[case.state]
    yield "checks", [say(point, visit.language) for point in find_attention(case).points]
    yield "decided_by", visit.site.name_member(case.decided_by) if case.decided_by else ""
    yield "first_approval", visit.site.name_member(case.first_approval) if case.first_approval else ""
    yield "held_until", words.show_day(case.held_until) if case.held_until else ""
    yield "question", case.question
    yield "confirmed_by", case.confirmed_by


def _tell(case: Case, visit: Visit) -> dict[str, str]:
    return {name: _print(value, visit.language) for name, value in _list_values(case, visit)}


def _print(value: object, language: Language) -> str:
    """Return a value as a page prints it, and as a form returns it."""
    text = show(value.choose(language) if isinstance(value, Text) else value)
    return clean(forms.inline(Outside(text[:MAX_VALUE])))


def write_view(case: Case, visit: Visit) -> str:
    """Return what the page shows, for its form to send back."""
    return json.dumps({_LANGUAGE: visit.language, **_tell(case, visit)}, ensure_ascii=False)


def compare(written: str, case: Case, visit: Visit) -> list[Difference]:
    """Return what has changed: (name, before, now).

    Empty if the form returned no view of ours, or one in another language.
    """
    before = _read(written)
    if before.get(_LANGUAGE) != visit.language:
        return []
    now = _tell(case, visit)
    changed = [name for name in now if name in before and now[name] != before[name]]
    return [(NAMES[name], Outside(before[name]), Outside(now[name])) for name in changed]


def _read(written: str) -> dict[str, str]:
    try:
        found = json.loads(written[:MAX_VIEW])
    except ValueError:
        return {}
    return {str(name): str(text) for name, text in found.items()} if isinstance(found, dict) else {}
