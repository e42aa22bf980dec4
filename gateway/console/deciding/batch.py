"""Approval of several cases: the letters for each are shown, then confirmed with one code for the list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from starlette.responses import Response

from gateway.admission.authority.tokens import find_number
from gateway.admission.case.digest.together import is_listed_together
from gateway.admission.case.model import Case
from gateway.admission.case.model.shown import make_mark
from gateway.admission.case.own_person import find_tie
from gateway.admission.case.transitions.office.staff import list_allowed
from gateway.admission.replies.reading import Decision
from gateway.console.asgi.visit import Visit
from gateway.console.deciding import offer, texts
from gateway.console.deciding.asking import Answer, answer_otherwise, ask, keep_grant
from gateway.console.view import words
from gateway.console.view.framing import frame_of
from gateway.console.view.rendering import render
from gateway.log import events
from gateway.printing.bilingual import EMPTY, Text, both
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.printing.statement import Statement
from gateway.store.console.acts.batches import MAX_CASES
from gateway.store.console.outcome import What
from gateway.store.queries.console import lists

Parts = tuple[tuple[str, Answer], ...]
Told = dict[str, object]
PREFIX = "case-"
MAX_MARK = 40
_NONE = both("一覧で、承認する件を選んでください。", "Select the cases to approve in the queue.")
_TOO_MANY = both("まとめて承認できるのは、25件までです。", "At most 25 cases can be approved together.")
_LEFT_OUT = both("いまの操作では、どの件も承認していません。", "This action approved none of the cases.")
_WHY: Mapping[What, Text] = {
    What.CHANGED: both("表示したあとに内容が変わりました", "changed after it was shown"),
    What.GONE: both("この番号の件はありません", "there is no such case"),
}
_OTHERWISE = both("この件は承認できませんでした", "could not be approved")


def mark_choice(case: Case, visit: Visit) -> str:
    """Return the mark of a case that this member can approve together with others; otherwise empty."""
    is_allowed = visit.site.decides and Decision.APPROVE in list_allowed(visit.role)
    is_offered = is_allowed and is_listed_together(case) and find_tie(visit.member, case) is None
    return make_mark(case) if is_offered else ""


def propose(visit: Visit) -> Response:
    """Show the letters for each case, and ask for the code."""
    return _propose(visit, _read(visit))


def _propose(visit: Visit, chosen: Mapping[str, str], error: Text = EMPTY) -> Response:
    if not 0 < len(chosen) <= MAX_CASES:
        return _show(visit, (), _TOO_MANY if chosen else _NONE, 400)
    answer = ask(visit, "batch.propose", _to_question(visit, chosen))
    if answer.what is What.READY:
        return _show(
            visit, answer.parts, error, 400 if error else 200, chosen=chosen, is_coded=answer.is_coded
        )
    return _answer(visit, answer)


def confirm(visit: Visit) -> Response:
    """Execute the approvals; show which cases were approved, and which were left out."""
    chosen = _read(visit)
    if not 0 < len(chosen) <= MAX_CASES:
        return _show(visit, (), _TOO_MANY if chosen else _NONE, 400)
    asked = {**_to_question(visit, chosen), "code": visit.fields.get("code", "")[:100]}
    answer = ask(visit, "batch.decide", asked)
    if answer.what is What.WRONG:
        return _propose(visit, chosen, texts.WRONG_CODE)
    if answer.what is What.DONE:
        return keep_grant(visit, _show_done(visit, answer), answer)
    return keep_grant(visit, _answer(visit, answer), answer)


def _read(visit: Visit) -> dict[str, str]:
    """Return the chosen cases: the mark of what was shown, by number."""
    named = (
        (name.removeprefix(PREFIX), text) for name, text in visit.fields.items() if name.startswith(PREFIX)
    )
    return {
        number: mark
        for number, mark in named
        if find_number(number) == number and mark.isalnum() and len(mark) < MAX_MARK
    }


def _to_question(visit: Visit, chosen: Mapping[str, str]) -> dict[str, str]:
    pairs = (f"{number}={mark}" for number, mark in chosen.items())
    return {"cases": " ".join(pairs), "slip": visit.fields.get("slip", "")[:100]}


def _answer(visit: Visit, answer: Answer) -> Response:
    """Return the page for any other outcome of a list."""
    if answer.what is What.REFUSED:
        return _show(visit, answer.parts, _LEFT_OUT, 400)
    if answer.what is What.FULL:
        return _show(visit, (), texts.FULL, 429)
    return answer_otherwise(visit, answer)


def _show(
    visit: Visit,
    parts: Parts,
    error: Text,
    status: int,
    *,
    chosen: Mapping[str, str] | None = None,
    is_coded: bool = False,
) -> Response:
    ready = {number for number, part in parts if part.what is What.READY}
    going, left_out = _part(visit, parts, What.READY)
    hidden = [(Ours(f"{PREFIX}{number}"), Outside((chosen or {})[number])) for number in sorted(ready)]
    return render(
        "cases/batch",
        frame_of(visit, "queue"),
        status=status,
        error=error,
        chosen=going,
        left_out=left_out,
        hidden=hidden,
        slip=Outside(visit.fields.get("slip", "")[:100]),
        new_slip=Ours(offer.make_slip()),
        is_coded=is_coded,
        own=visit.member.address,
    )


def _show_done(visit: Visit, answer: Answer) -> Response:
    chosen, left_out = _part(visit, answer.parts, What.DONE)
    return render("cases/batch_done", frame_of(visit, "queue"), chosen=chosen, left_out=left_out)


def _part(visit: Visit, parts: Parts, good: What) -> tuple[list[Told], list[Told]]:
    """Return the accepted cases, and those left out, each with the reason."""
    found = list(_tell(visit, parts))
    return [told for what, told in found if what is good], [told for what, told in found if what is not good]


def _tell(visit: Visit, parts: Parts) -> Iterator[tuple[What, Told]]:
    for number, part in parts:
        case = lists.find_case(visit.connection, number)
        if case is not None and part.letters:
            events.console_seen("case", number, visit.session.member)
        told = {"letters": part.letters, "why": _find_reason(part), "now": _tell_now(visit, case)}
        yield part.what, {**_name(case, number), **told}


def _tell_now(visit: Visit, case: Case | None) -> Told | None:
    """Return the state of a case and who decided it; None if nobody has.

    After a form that was sent twice, it is the member.
    """
    if case is None or not case.decided_by:
        return None
    return {"state": words.STATES[case.state], "by": Outside(visit.site.name_member(case.decided_by))}


def _name(case: Case | None, number: str) -> Told:
    return {
        "number": Ours(number),
        "href": Ours(f"/cases/{number}"),
        "organisation": Outside(case.form.organisation if case else ""),
        "name": Outside(case.form.name if case else ""),
    }


def _find_reason(part: Answer) -> Text | Statement:
    return part.why or _WHY.get(part.what, _OTHERWISE)
