"""The commands that write what staff add to the register, each with its line in the journal.

They come through `gateway.store.commands.queue`, so what they hold is checked here as text from outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from gateway.admission.case.model import JournalEntry
from gateway.admission.organisations import validation
from gateway.admission.organisations.register import Register
from gateway.printing.fields import to_facts
from gateway.printing.outside import Outside
from gateway.store.commands.queue import Handler, RefusedError, Request
from gateway.store.organisations import OrganisationDirectory, load
from gateway.store.protocol import Store, Transaction
from gateway.store.sqlite.transaction import get_connection

ADD, SET_DOMAIN, REMOVE = "organisation.add", "organisation.set_domain", "organisation.remove"


async def refresh(directory: OrganisationDirectory, store: Store) -> None:
    """Let the directory take over what the database holds."""
    directory.set_additions(await store.transact(lambda tx: load(get_connection(tx))))


def build_handlers(shipped: OrganisationDirectory) -> Mapping[str, Handler]:
    """The commands of `gateway org` that write, by name."""

    def current(tx: Transaction) -> Register:
        return load(get_connection(tx)).apply_to(shipped.shipped)

    def add(tx: Transaction, request: Request, now: datetime) -> Mapping[str, object]:
        return _add(tx, request, now, current(tx))

    def set_domain(tx: Transaction, request: Request, now: datetime) -> Mapping[str, object]:
        return _set_domain(tx, request, now, current(tx))

    return {ADD: add, SET_DOMAIN: set_domain, REMOVE: _remove}


def _add(tx: Transaction, request: Request, now: datetime, known: Register) -> Mapping[str, object]:
    try:
        body = validation.parse_organisation(request.arguments, known)
    except validation.EntryError as error:
        raise RefusedError(str(error)) from error
    before = known.by_code(body.code)
    if before is not None and request.arguments.get("replace") is not True:
        raise RefusedError(
            f"code = {body.code!r}: already in the register as {before.name}; --replace changes it"
        )
    values = {name: getattr(body, name) for name in _COLUMNS}
    get_connection(tx).execute(
        """
        INSERT INTO organisations (code, prefecture, name, kana, kind, employer)
        VALUES (:code, :prefecture, :name, :kana, :kind, :employer)
        ON CONFLICT (code) DO UPDATE SET prefecture = excluded.prefecture, name = excluded.name,
          kana = excluded.kana, kind = excluded.kind, employer = excluded.employer
        """,
        values,
    )
    was = before.name if before is not None else ""
    _journal(
        tx, "organisation.changed" if was else "organisation.added", request, now, {**values, "was": was}
    )
    return values


_COLUMNS = ("code", "prefecture", "name", "kana", "kind", "employer")


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
            f"domain = {domain.name!r}: stands with {names} already; --shared says that both use it"
        )
    values = {
        "code": listed.code,
        "domain": domain.name,
        "source": domain.source,
        "since": domain.since.isoformat() if domain.since else None,
        "until": domain.until.isoformat() if domain.until else None,
        "shared": int(domain.shared),
    }
    get_connection(tx).execute(
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
    """Take back what staff entered: one domain of a body, or the body with its domains."""
    code, domain = str(request.arguments.get("code", "")), str(request.arguments.get("domain", ""))
    values = {"code": code, "domain": domain}
    connection = get_connection(tx)
    gone = connection.execute(
        "DELETE FROM organisation_domains WHERE code = :code AND (:domain = '' OR domain = :domain)", values
    ).rowcount
    if not domain:
        gone += connection.execute("DELETE FROM organisations WHERE code = :code", values).rowcount
    if not gone:
        raise RefusedError(
            f"code = {code!r}: nothing that staff entered; the shipped register stays as it is"
        )
    _journal(tx, "organisation.removed", request, now, values)
    return {**values, "rows": gone}


def _journal(
    tx: Transaction, name: str, request: Request, now: datetime, detail: Mapping[str, object]
) -> None:
    tx.journal((JournalEntry(name, Outside(request.by), to_facts(detail)),), now, None, None)
