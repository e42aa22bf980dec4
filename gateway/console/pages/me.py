"""The signed-in member: absence, choice of mail, sessions, and accounts at the OpenID provider."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from gateway.admission.business_days import tokyo_date
from gateway.admission.case.model import MailChoice, Role
from gateway.console.asgi.visit import Visit
from gateway.console.deciding import texts
from gateway.console.deciding.asking import Answer, answer_otherwise, ask
from gateway.console.office.figures import read_day
from gateway.console.view.framing import frame_of
from gateway.console.view.rendering import render
from gateway.net.openid.protocol import UNLINK
from gateway.printing.bilingual import EMPTY, Text, both
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.store.console import sessions
from gateway.store.console.accounts import identities
from gateway.store.console.outcome import What
from gateway.store.tables.staff import absences, mail_choices

_ROLES = {
    Role.DECIDE: both("判断できます", "may decide"),
    Role.ASK: both("照会と担当ができます", "may ask applicants and claim cases"),
    Role.READ: both("見ることだけができます", "may only read"),
}


_NO_DAYS = both(
    "最初の日と最後の日を、2026-04-01 のように入力してください。",
    "Enter the first and the last day as dates such as 2026-04-01.",
)
_WRONG_DAYS = both(
    "本日か後に終わる、続けて93日までの期間にしてください。最初の日は1年以内です。",
    "The absence must end today or later, last at most 93 days, and begin within a year.",
)
_DONE = {
    "away": both("不在を記録しました。", "Your absence has been recorded."),
    "back": both("不在を終わらせました。", "Your absence has been ended."),
    "mail": both("届くメールの選択を記録しました。", "Your choice of mail has been recorded."),
}
_CHOICES = {
    MailChoice.EACH: both("判断を待つ件ごとに届く", "about each waiting case"),
    MailChoice.MINE: both("自分の担当の件と、期限の来た件だけ届く", "about my cases, and cases that are due"),
    MailChoice.DIGEST: both("まとめの一覧だけ届く", "the digest only"),
}
_NOT_LISTED = both("一覧から選んでください。", "Choose one from the list.")


def show_me(visit: Visit) -> Response:
    """Show the member's absence, choice of mail, sessions and linked accounts; each can be ended."""
    return _show(visit)


def note_absence(visit: Visit) -> Response:
    """Record the days on which the member is away, in place of an earlier absence."""
    days = [read_day(visit.fields.get(name, "")) for name in ("first", "last")]
    if None in days:
        return _show(visit, _NO_DAYS, 400)
    return _send_absence(visit, [str(day) for day in days], "away")


def end_absence(visit: Visit) -> Response:
    """End the absence of the member."""
    return _send_absence(visit, ["", ""], "back")


def _send_absence(visit: Visit, days: list[str], done: str) -> Response:
    answer = ask(visit, "me.absence", dict(zip(("first", "last"), days, strict=True)))
    if answer.what is What.DONE:
        return RedirectResponse(visit.name_done("/me", done), 303)
    return _answer(visit, answer, _WRONG_DAYS, "first")


def _answer(visit: Visit, answer: Answer, refused: Text, field: str) -> Response:
    """Return the page for any outcome but success; `refused` says what the field must contain."""
    if answer.what is What.REFUSED:
        return _show(visit, refused, 400, field)
    if answer.what is What.MANY:
        return _show(visit, texts.MANY, 429, field)
    return answer_otherwise(visit, answer)


def choose_mail(visit: Visit) -> Response:
    """Choose the letters that the member receives; empty: those of the settings."""
    chosen = visit.fields.get("choice")
    if chosen not in {"", *_list_choices(visit)}:
        return _show(visit, _NOT_LISTED, 400, "choice")
    answer = ask(visit, "me.mail", {"choice": chosen})
    if answer.what is What.DONE:
        return RedirectResponse(visit.name_done("/me", "mail"), 303)
    return _answer(visit, answer, _NOT_LISTED, "choice")  # refused if the settings have changed


def _list_choices(visit: Visit) -> tuple[MailChoice, ...]:
    """Return what can be chosen: without the digest, nobody may do without the letters about each case."""
    return tuple(_CHOICES) if visit.site.desk.digest else (MailChoice.EACH,)


def _tell_choices(visit: Visit) -> dict[str, object]:
    chosen = mail_choices.find(visit.connection, visit.session.member)
    return {
        "usual": _CHOICES[visit.member.mail],
        "choices": [(Ours(one.value), _CHOICES[one], one is chosen) for one in _list_choices(visit)],
    }


def _find_absence(visit: Visit) -> dict[str, object]:
    """Return the absence that is recorded, unless it is over, and what is typed in its form."""
    today = tokyo_date(visit.now)
    found = absences.find(visit.connection, visit.session.member)
    return {
        "away": found if found and today <= found[1] else None,
        "today": Ours(today.isoformat()),
        "typed": {name: Outside(visit.fields.get(name, "")[:20]) for name in ("first", "last")},
    }


def _show(visit: Visit, error: Text = EMPTY, status: int = 200, wrong: str = "first") -> Response:
    open_ = sessions.of_member(visit.connection, visit.session.member, visit.now)
    return render(
        "sign_in/me",
        frame_of(visit, "me"),
        status=status,
        error=error,
        done=_DONE.get(visit.read_done("/me"), EMPTY),
        wrong=Ours(wrong if error else ""),
        **_find_absence(visit),
        **_tell_choices(visit),
        address=visit.member.address,
        role=_ROLES[visit.role],
        minutes=int(visit.site.times.idle.total_seconds()) // 60,
        sessions=[
            {
                "digest": Ours(one.digest),
                "since": one.since,
                "seen": visit.site.activity.last(one.digest, one.seen_at),
                "ends": one.ends_at,
                "is_this": one.digest == visit.session.digest,
            }
            for one in open_
        ],
        accounts=[
            {
                "digest": Ours(one.digest),
                "name": Ours(one.name),
                "provider": Outside(one.issuer),
                "since": one.since,
                "used": one.used_at,
            }
            for one in identities.of_member(visit.connection, visit.session.member)
        ],
    )


def end_session(visit: Visit) -> Response:
    """End another session of the member."""
    digest = visit.fields.get("digest", "")
    if digest:
        visit.site.ask("console.end", {"session": visit.secret, "digest": digest[:64]})
    return RedirectResponse("/me", 303)


def unlink_account(visit: Visit) -> Response:
    """End the link of an account of the member, and their other sessions."""
    account = visit.fields.get("account", "")
    if account:
        visit.site.ask(UNLINK, {"session": visit.secret, "account": account[:64]})
    return RedirectResponse("/me", 303)
