"""The register: organisations by code, name, reading or domain, and the newest cases of each."""

from __future__ import annotations

from starlette.responses import Response

from gateway.admission.business_days import tokyo_date
from gateway.admission.organisations.register import Domain, Organisation
from gateway.console.asgi.visit import Visit
from gateway.console.view.cases.case_row import tell_case
from gateway.console.view.framing import frame_of, refuse
from gateway.console.view.rendering import render
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.store.queries.console.lists import Row
from gateway.store.queries.console.search import search

MAX_TEXT, MAX_SHOWN = 100, 100


def list_organisations(visit: Visit) -> Response:
    """Show the organisations that match a text; without one, only the form."""
    text = visit.query.get("q", "").strip()[:MAX_TEXT]
    found = visit.site.load_register(visit.connection).find(text) if text else ()
    return render(
        "office/organisations",
        frame_of(visit, "organisations"),
        text=Outside(text),
        is_sought=bool(text),
        rows=[_tell(one) for one in found[:MAX_SHOWN]],
        more=max(0, len(found) - MAX_SHOWN),
    )


def show_organisation(visit: Visit) -> Response:
    """Show an organisation, its domains with source and dates, and cases that name it."""
    found = visit.site.load_register(visit.connection).by_code(visit.path["code"])
    if found is None:
        return refuse(visit, 404)
    today = tokyo_date(visit.now)
    return render(
        "office/organisation",
        frame_of(visit, "organisations"),
        one=_tell(found),
        domains=[_tell_domain(each, each.is_valid_on(today)) for each in found.domains],
        cases=[_tell_case(row) for row in search(visit.connection, found.name).rows],
    )


def _tell(one: Organisation) -> dict[str, object]:
    return {
        "code": Outside(one.code),
        "href": Ours(f"/organisations/{one.code}" if one.code.isalnum() and one.code.isascii() else ""),
        "name": Outside(one.name),
        "title": Outside(one.title),
        "kana": Outside(one.kana),
        "prefecture": Outside(one.prefecture),
        "by_staff": one.by_staff,
        "source": Outside(one.source),
        "as_of": one.as_of,
        "domains": Outside(", ".join(each.name for each in one.domains)),
    }


def _tell_domain(each: Domain, is_valid: bool) -> dict[str, object]:
    return {
        "name": Outside(each.name),
        "source": Outside(each.source),
        "since": each.since,
        "until": each.until,
        "is_shared": each.shared,
        "is_valid": is_valid,
    }


def _tell_case(row: Row) -> dict[str, object]:
    return {
        **tell_case(row),
        "organisation": Outside(row["organisation"]),
        "name": Outside(row["name"]),
    }
