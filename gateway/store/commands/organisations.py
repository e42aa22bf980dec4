"""The commands that write what staff add to the register, each with its journal line.

Requests come through `gateway.store.commands.requests`, so their content is validated here as untrusted
input.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from gateway.admission.case.model import JournalEntry
from gateway.admission.organisations.entries import import_list, import_plan, validation
from gateway.admission.organisations.entries.import_plan import Change
from gateway.admission.organisations.register import Domain, Organisation, Register
from gateway.printing.fields import to_facts
from gateway.printing.outside import Outside
from gateway.store.commands.requests import Handler, RefusedError, Request
from gateway.store.protocol import Store, Transaction
from gateway.store.repositories.organisations import OrganisationDirectory, load

ADD, SET_DOMAIN, REMOVE = "organisation.add", "organisation.set_domain", "organisation.remove"
IMPORT = "organisation.import"


async def refresh(directory: OrganisationDirectory, store: Store) -> None:
    """Load the additions in the database into the directory."""
    directory.set_additions(await store.transact(lambda tx: load(tx.connection)))


def build_handlers(shipped: OrganisationDirectory) -> Mapping[str, Handler]:
    """Return the handlers of the writing commands of `gateway org`, by name."""

    def current(tx: Transaction) -> Register:
        return load(tx.connection).apply_to(shipped.shipped)

    def add(tx: Transaction, request: Request, now: datetime) -> Mapping[str, object]:
        return _add(tx, request, now, current(tx))

    def set_domain(tx: Transaction, request: Request, now: datetime) -> Mapping[str, object]:
        return _set_domain(tx, request, now, current(tx))

    def import_all(tx: Transaction, request: Request, now: datetime) -> Mapping[str, object]:
        return _import(tx, request, now, current(tx))

    return {ADD: add, SET_DOMAIN: set_domain, REMOVE: _remove, IMPORT: import_all}


def _add(tx: Transaction, request: Request, now: datetime, known: Register) -> Mapping[str, object]:
    try:
        body = validation.parse_organisation(request.arguments, known)
    except validation.EntryError as error:
        raise RefusedError(str(error)) from error
    before = known.by_code(body.code)
    if before is not None and request.arguments.get("replace") is not True:
        raise RefusedError(
            f"code = {body.code!r}: already registered as {before.name}; use --replace to change it"
        )
    return _write_body(tx, request, now, body, before)


_COLUMNS = ("code", "prefecture", "name", "kana", "kind", "employer")


def _write_body(
    tx: Transaction, request: Request, now: datetime, body: Organisation, before: Organisation | None
) -> Mapping[str, object]:
    values = {name: getattr(body, name) for name in _COLUMNS}
    origin = {"source": body.source, "as_of": body.as_of.isoformat() if body.as_of else None}
    tx.connection.execute(
        """
        INSERT INTO organisations (code, prefecture, name, kana, kind, employer, source, as_of)
        VALUES (:code, :prefecture, :name, :kana, :kind, :employer, :source, :as_of)
        ON CONFLICT (code) DO UPDATE SET prefecture = excluded.prefecture, name = excluded.name,
          kana = excluded.kana, kind = excluded.kind, employer = excluded.employer,
          source = excluded.source, as_of = excluded.as_of
        """,
        {**values, **origin},
    )
    was = before.name if before is not None else ""
    detail = {**values, "was": was, **(origin if body.source else {})}
    _journal(tx, "organisation.changed" if was else "organisation.added", request, now, detail)
    return values


def _set_domain(tx: Transaction, request: Request, now: datetime, known: Register) -> Mapping[str, object]:
    try:
        listed = validation.parse_listed_domain(request.arguments, known)
    except validation.EntryError as error:
        raise RefusedError(str(error)) from error
    domain = listed.domain
    others = [body for body in known.by_domain(domain.name) if body.code != listed.code]
    if others and not domain.shared:
        names = ", ".join(f"{body.code} {body.name}" for body in others)
        raise RefusedError(
            f"domain = {domain.name!r}: already listed for {names}; use --shared if it is shared"
        )
    return _write_domain(tx, request, now, listed.code, domain)


def _write_domain(
    tx: Transaction, request: Request, now: datetime, code: str, domain: Domain
) -> Mapping[str, object]:
    values = {
        "code": code,
        "domain": domain.name,
        "source": domain.source,
        "since": domain.since.isoformat() if domain.since else None,
        "until": domain.until.isoformat() if domain.until else None,
        "shared": int(domain.shared),
    }
    tx.connection.execute(
        """
        INSERT INTO organisation_domains (domain, code, source, valid_from, valid_until, shared)
        VALUES (:domain, :code, :source, :since, :until, :shared)
        ON CONFLICT (domain, code) DO UPDATE SET source = excluded.source, valid_from = excluded.valid_from,
          valid_until = excluded.valid_until, shared = excluded.shared
        """,
        values,
    )
    _journal(tx, "organisation.domain_set", request, now, values)
    return values


def _remove(tx: Transaction, request: Request, now: datetime) -> Mapping[str, object]:
    """Remove what staff entered: one domain of an organisation, or the organisation with its domains."""
    code, domain = str(request.arguments.get("code", "")), str(request.arguments.get("domain", ""))
    gone = _delete(tx, request, now, code, domain)
    if not gone:
        raise RefusedError(f"code = {code!r}: not added by staff; shipped entries cannot be removed")
    return {"code": code, "domain": domain, "rows": gone}


def _delete(tx: Transaction, request: Request, now: datetime, code: str, domain: str) -> int:
    """Delete the rows; return how many there were."""
    values = {"code": code, "domain": domain}
    connection = tx.connection
    gone = connection.execute(
        "DELETE FROM organisation_domains WHERE code = :code AND (:domain = '' OR domain = :domain)", values
    ).rowcount
    if not domain:
        gone += connection.execute("DELETE FROM organisations WHERE code = :code", values).rowcount
    if gone:
        _journal(tx, "organisation.removed", request, now, values)
    return gone


def _import(tx: Transaction, request: Request, now: datetime, known: Register) -> Mapping[str, object]:
    """Import a list as a whole, or reject it; it is parsed and compared again here, in the transaction."""
    text = request.arguments.get("text")
    reading = import_list.read_list(text if isinstance(text, str) else "", known)
    plan = import_plan.build_plan(
        reading.entries,
        known,
        replace_others=request.arguments.get("replace") is True,
        remove=request.arguments.get("remove") is True,
    )
    problems = (*reading.problems, *plan.problems)
    if problems:
        first = problems[0]
        raise RefusedError(f"line {first.line}, {first.column}: {first.text}")
    for change in plan.changes:
        _take_over(tx, request, now, change, known.by_code(change.body.code))
    kinds = (import_plan.ADDED, import_plan.CHANGED, import_plan.REMOVED)
    return {**{kind: plan.count(kind) for kind in kinds}, "unchanged": plan.unchanged}


def _take_over(
    tx: Transaction, request: Request, now: datetime, change: Change, before: Organisation | None
) -> None:
    if change.kind == import_plan.REMOVED:
        for name in ("",) if change.whole else tuple(each.name for each in change.removed_domains):
            _delete(tx, request, now, change.body.code, name)
        return
    if change.whole:
        _write_body(tx, request, now, change.body, before)
    for domain in change.set_domains:
        _write_domain(tx, request, now, change.body.code, domain)


def _journal(
    tx: Transaction, name: str, request: Request, now: datetime, detail: Mapping[str, object]
) -> None:
    tx.journal((JournalEntry(name, Outside(request.by), to_facts(detail)),), now, None, None)
