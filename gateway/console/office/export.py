"""Cases as CSV, two thousand rows at a time: each part is a snapshot of its own, to release the log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from starlette.responses import Response

from gateway.admission.business_days import TOKYO, tokyo_date
from gateway.admission.case.model import Case, Level, find_attention
from gateway.console.asgi.visit import Visit, find_session
from gateway.console.office.figures import BAD_FILTER, MAX_TYPED, list_bad_days, read_span
from gateway.console.pages.live import Streams
from gateway.console.pages.search import LABELS, list_choices, mark_chosen
from gateway.console.view import sheet, words
from gateway.console.view.framing import frame_of
from gateway.console.view.rendering import render, render_trouble
from gateway.log import events
from gateway.printing.bilingual import EMPTY, both
from gateway.printing.fields import Ours, ours
from gateway.printing.outside import Outside
from gateway.store.protocol import Trouble
from gateway.store.queries.console.export import Wanted, load_part

USUAL = timedelta(days=365)
MAX_EXPORTS = 8  # at the same time: one that is read slowly takes up the room of a page for as long
HEAD = (
    both("受付番号", "Case"),
    both("状態", "State"),
    both("受付日", "Received"),
    both("期限", "Due"),
    both("判断日", "Decided"),
    both("招待日", "Invited"),
    both("区分", "Category"),
    both("団体コード", "Code"),
    both("注意", "Warnings"),
)
NAMES = (
    both("団体名", "Organisation"),
    both("部課", "Department"),
    both("氏名", "Name"),
    both("メールアドレス", "Email address"),
    both("担当", "Handler"),
    both("判断者", "Decided by"),
)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Export for a member whose session is checked again for each part."""

    visit: Visit
    wanted: Wanted

    def count(self, exports: Streams) -> Iterator[bytes]:
        """Yield all parts, counted as one of the exports."""
        if not exports.take():
            return
        try:
            yield from self.parts()
        finally:
            exports.release()

    def parts(self) -> Iterator[bytes]:
        """Yield the header, then part by part, until the session ends or the last case was read."""
        visit, after = self.visit, 0
        yield sheet.write_rows([(*HEAD, *NAMES) if visit.is_operator else HEAD], visit.language)
        while after >= 0:
            with visit.site.open() as connection:
                if find_session(visit.site, connection, visit.secret, visit.site.now()) is None:
                    return
                cases, after = load_part(connection, self.wanted, after)
            yield sheet.write_rows((_tell(case, visit.is_operator) for case in cases), visit.language)


def show_form(visit: Visit) -> Response:
    """Show the form that chooses cases, with a link to the file."""
    since, until = read_span(visit.query, tokyo_date(visit.now), USUAL)
    bad = _list_bad(visit)
    return render(
        "office/export",
        frame_of(visit, "figures"),
        status=400 if bad else 200,
        error=BAD_FILTER if bad else EMPTY,
        typed={name: Outside(visit.query[name][:MAX_TYPED]) for name in bad},
        since=since,
        until=until,
        labels=LABELS,
        choices=[
            (Ours(name), mark_chosen(each, visit.query.get(name, "")))
            for name, each in list_choices(visit).items()
        ],
        head=[*HEAD, *(NAMES if visit.is_operator else ())],
    )


def send_cases(visit: Visit, exports: Streams) -> Response:
    """Send the cases as CSV, with names for operators only, and log that."""
    if _list_bad(visit):
        return show_form(visit)
    if exports.is_full:
        return render_trouble(frame_of(visit, "figures"), Trouble.BUSY)
    since, until = read_span(visit.query, tokyo_date(visit.now), USUAL)
    begin, end = (datetime.combine(day, time(), TOKYO) for day in (since, until + timedelta(days=1)))
    events.console_seen("export", f"{since}_{until}", visit.session.member)
    chosen = {name: visit.query.get(name, "") for name in list_choices(visit)}
    reader = _Reader(visit, Wanted(begin, end, **chosen))
    return sheet.send(f"cases-{since}-{until}.csv", reader.count(exports))


def _list_bad(visit: Visit) -> list[str]:
    """Return the filters that are not valid."""
    choices = {name: {value for value, _ in each} for name, each in list_choices(visit).items()}
    unknown = (name for name, known in choices.items() if visit.query.get(name, "") not in {"", *known})
    return [*list_bad_days(visit.query), *unknown]


def _tell(case: Case, with_names: bool) -> list[sheet.Cell]:
    found = find_attention(case)
    plain: list[sheet.Cell] = [
        Ours(case.number),
        words.STATES[case.state],
        tokyo_date(case.opened_at),
        case.due_on,
        tokyo_date(case.decided_at) if case.decided_at else ours(""),
        tokyo_date(case.invited_at) if case.invited_at else ours(""),
        words.name_value("category", case.form.category),
        Outside(case.form.code),
        ours("") if found.level is Level.CLEAR else Ours(str(len(found.points))),
    ]
    return [*plain, *_list_names(case)] if with_names else plain


def _list_names(case: Case) -> list[sheet.Cell]:
    form = case.form
    texts = (
        form.organisation,
        form.department,
        form.name,
        str(case.applicant),
        case.handler,
        case.decided_by,
    )
    return [Outside(text) for text in texts]
