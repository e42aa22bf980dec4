"""The operators' page: pause the desk or revoke a mailbox, each confirmed by a code."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from gateway.admission.authority.brakes import Brake
from gateway.console.asgi.visit import Visit
from gateway.console.deciding import offer, texts
from gateway.console.deciding.asking import Answer, answer_otherwise, ask, keep_grant
from gateway.console.view.framing import frame_of
from gateway.console.view.rendering import render
from gateway.printing.bilingual import EMPTY, Text, both
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.printing.statement import Statement
from gateway.store.console.accounts import identities
from gateway.store.console.outcome import What
from gateway.store.tables import brakes
from gateway.store.tables.staff import revocations

_NO_ERROR = EMPTY
_BRAKES = {
    Brake.DECISIONS: both("担当者の判断", "Decisions of the staff"),
    Brake.INVITATIONS: both("招待の送信", "Invitations"),
    Brake.STOP: both(
        "申請者などへのメール（担当者が止めたもの）",
        "Mail to applicants and others (stopped by the staff)",
    ),
}
_NAMES = {"pause": both("止める", "Pause"), "revoke": both("担当者のメールを失効させる", "Revoke a mailbox")}
_DONE = {"pause": both("止めました。", "Paused."), "revoke": both("失効させました。", "Revoked.")}


def show_desk(visit: Visit) -> Response:
    """Show what is paused, the staff, and what can be stopped."""
    return _show(visit)


def _show(visit: Visit, error: Text | Statement = _NO_ERROR, status: int = 200) -> Response:
    now = visit.now
    on = [one for one in brakes.load(visit.connection) if brakes.is_on(one, now)]
    gone = revocations.load(visit.connection)
    return render(
        "office/desk",
        frame_of(visit, "desk"),
        status=status,
        error=error,
        done=_DONE.get(visit.read_done("/desk"), _NO_ERROR),
        decides=visit.site.decides,
        on=[
            {
                "name": _BRAKES[one.brake],
                "by": Outside(visit.site.name_member(one.by)),
                "since": one.since,
                "until": one.until,
                "command": Ours(f"gateway resume --{one.brake.value}"),
            }
            for one in on
            if one.brake in _BRAKES
        ],
        pauses=[
            (Ours(brake.value), _BRAKES[brake])
            for brake in (Brake.DECISIONS, Brake.INVITATIONS)
            if brake not in {one.brake for one in on}
        ],
        slip=Outside(offer.make_slip()),
        staff=[
            {"name": Outside(one.name), "address": one.address, "is_gone": one.address.key in gone}
            for one in visit.site.desk.staff
        ],
        accounts=_list_accounts(visit) if visit.site.is_openid else [],
    )


def _list_accounts(visit: Visit) -> list[dict[str, object]]:
    """Return all accounts that can sign in, the newest link first."""
    found = sorted(identities.find_all(visit.connection), key=lambda one: one.since, reverse=True)
    return [
        {
            "who": Outside(visit.site.name_member(one.member)),
            "name": Ours(one.name),
            "provider": Outside(one.issuer),
            "since": one.since,
            "used": one.used_at,
        }
        for one in found
    ]


def propose(visit: Visit) -> Response:
    """Ask for the code."""
    answer = ask(visit, "desk.propose", _read(visit))
    return _show_confirmation(visit, answer) if answer.what is What.READY else _answer(visit, answer)


def confirm(visit: Visit) -> Response:
    """Execute the order."""
    asked = _read(visit)
    answer = ask(visit, "desk.order", {**asked, "code": visit.fields.get("code", "")[:100]})
    if answer.what is What.DONE:
        return keep_grant(visit, RedirectResponse(visit.name_done("/desk", asked["word"]), 303), answer)
    if answer.what is What.WRONG:
        again = ask(visit, "desk.propose", asked)
        if again.what is What.READY:
            return _show_confirmation(visit, again, texts.WRONG_CODE, 400)
        answer = again
    return keep_grant(visit, _answer(visit, answer), answer)


def _read(visit: Visit) -> dict[str, str]:
    given = ("word", "what", "slip")
    word, what, slip = (visit.fields.get(name, "")[:300] for name in given)
    return {"word": word, "what": what, "slip": slip}


def _answer(visit: Visit, answer: Answer) -> Response:
    if answer.what is What.REFUSED and answer.why is not None:
        return _show(visit, answer.why, 400)
    if answer.what is What.FULL:
        return _show(visit, texts.FULL_ORDER, 429)
    return answer_otherwise(visit, answer)


def _show_confirmation(visit: Visit, answer: Answer, error: Text = _NO_ERROR, status: int = 200) -> Response:
    asked = _read(visit)
    name = _NAMES.get(asked["word"], _NO_ERROR)
    brake = next((one for one in Brake if one.value == asked["what"]), None)
    about = _BRAKES[brake] if brake else Outside(asked["what"])
    hidden = [(Ours(field), Outside(asked[field])) for field in ("word", "what")]
    return render(
        "office/confirm_order",
        frame_of(visit, "desk"),
        status=status,
        act=name,
        about=about,
        hidden=hidden,
        slip=Outside(asked["slip"]),
        new_slip=Ours(offer.make_slip()),
        is_coded=answer.is_coded,
        own=visit.member.address,
        confirm=Ours("/desk/confirm"),
        again=Ours("/desk/propose"),
        error=error,
    )
