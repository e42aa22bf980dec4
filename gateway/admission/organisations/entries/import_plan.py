"""The changes that a list would make to the register. Pure; see `import_list`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gateway.admission.organisations.entries.import_list import Entry, Problem
from gateway.admission.organisations.register import Domain, Organisation, Register

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
_FACTS = ("prefecture", "name", "kana", "kind")


@dataclass(frozen=True, slots=True)
class Change:
    """The change of one body.

    `kind` is the kind of change, `details` describe it, `whole` is whether the body's own row is written or
    removed; `set_domains` and `removed_domains` are its changed domains.
    """

    kind: str
    body: Organisation
    details: tuple[str, ...] = ()
    whole: bool = False
    set_domains: tuple[Domain, ...] = ()
    removed_domains: tuple[Domain, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes in order of code, and the number of rows without a change.

    `missing` are entries that earlier came from the same source and are not in the list. `problems` are lines
    that need another decision of the office.
    """

    changes: tuple[Change, ...] = ()
    unchanged: int = 0
    missing: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()

    def count(self, kind: str) -> int:
        """Return the number of changes of this kind."""
        return sum(each.kind == kind for each in self.changes)


def build_plan(entries: Sequence[Entry], known: Register, *, replace_others: bool, remove: bool) -> Plan:
    """Compare a list with the current register.

    Entries from other sources are changed only with `replace_others`; entries of the same source that are
    missing from the list are removed only with `remove`.
    """
    missing = tuple(_find_missing(entries, known))
    changes = [change for each in entries if (change := _compare(each.body, known)) is not None]
    done = [*changes, *(missing if remove else ())]
    result = _apply(done, known)
    problems = (
        *(() if replace_others else _find_others(entries, known)),
        *(problem for each in entries for problem in _find_shared(each, result)),
    )
    ordered = tuple(sorted(done, key=lambda each: each.body.code))
    return Plan(ordered, len(entries) - len(changes), () if remove else missing, problems)


def _compare(body: Organisation, known: Register) -> Change | None:
    before = known.by_code(body.code)
    domains = tuple(each for each in body.domains if _is_news(each, before, body.source))
    if before is None:
        return Change(ADDED, body, _domain_details(domains), whole=True, set_domains=domains)
    details = tuple(_list_differences(body, before))
    if not details and not domains:
        return None
    said = (*details, *_domain_details(domains))
    return Change(CHANGED, body, said, whole=bool(details), set_domains=domains)


def _list_differences(body: Organisation, before: Organisation) -> Iterator[str]:
    for fact in _FACTS:
        was, now = getattr(before, fact), getattr(body, fact)
        if was != now:
            yield f"{fact}: {was or '-'} → {now or '-'}"
    if before.source == body.source and before.as_of != body.as_of:
        yield f"date: {before.as_of} → {body.as_of}"


def _is_news(domain: Domain, before: Organisation | None, source: str) -> bool:
    """Return whether a domain is new or changed; a later date counts, another source does not."""
    was = _find_domain(before, domain.name)
    if was is None:
        return True
    return was != (domain if _is_from(was, source) else replace(domain, source=was.source))


def _find_domain(body: Organisation | None, name: str) -> Domain | None:
    return next((each for each in body.domains if each.name == name), None) if body is not None else None


def _is_from(domain: Domain, source: str) -> bool:
    """Return whether a list of this source added the domain: its source is that of the list and a date."""
    return domain.source.startswith(f"{source} ")


def _domain_details(domains: Sequence[Domain], sign: str = "+") -> tuple[str, ...]:
    return tuple(f"{sign} {each.name}{' (shared)' if each.shared else ''}" for each in domains)


# --- missing entries, and entries of other sources --------------------------------------------


def _find_missing(entries: Sequence[Entry], known: Register) -> Iterator[Change]:
    sources = {each.body.source for each in entries}
    listed = {each.body.code: {domain.name for domain in each.body.domains} for each in entries}
    for body in known.organisations:
        if body.by_staff and body.source in sources and body.code not in listed:
            yield Change(REMOVED, body, _domain_details(body.domains, "-"), True, (), body.domains)
            continue
        gone = tuple(
            each
            for each in body.domains
            if each.name not in listed.get(body.code, ()) and any(_is_from(each, name) for name in sources)
        )
        if gone:
            yield Change(REMOVED, body, _domain_details(gone, "-"), removed_domains=gone)


def _find_others(entries: Sequence[Entry], known: Register) -> Iterator[Problem]:
    """Yield rows that differ from another source: the shipped register, staff, another list."""
    for each in entries:
        before = known.by_code(each.body.code)
        if before is None or before.source == each.body.source:
            continue
        for fact in _FACTS:
            was, now = getattr(before, fact), getattr(each.body, fact)
            if was != now:
                yield Problem(
                    each.line, fact, f"{now!r}: the register has {was!r}; use --replace to change it"
                )
        yield from _find_other_days(each, before)


def _find_other_days(entry: Entry, before: Organisation) -> Iterator[Problem]:
    for domain in entry.body.domains:
        old = _find_domain(before, domain.name)
        if old is None or _is_from(old, entry.body.source):
            continue
        if _is_news(domain, before, entry.body.source):
            said = f"{domain.name!r}: the register has different dates; use --replace to change them"
            yield Problem(entry.line, "domains", said)


def _find_shared(entry: Entry, result: Register) -> Iterator[Problem]:
    for domain in entry.body.domains:
        others = [body for body in result.by_domain(domain.name) if body.code != entry.body.code]
        if others and not domain.shared:
            names = ", ".join(f"{body.code} {body.name}" for body in others)
            said = f"{domain.name!r}: is also listed for {names}; use shared = yes if it is shared"
            yield Problem(entry.line, "domains", said)


def _apply(changes: Sequence[Change], known: Register) -> Register:
    """Return the resulting register; a removed body stays, without domains, since only those matter here."""
    bodies = {each.code: each for each in known.organisations}
    for change in changes:
        before = bodies.get(change.body.code)
        gone = {each.name for each in (*change.removed_domains, *change.set_domains)}
        kept = [each for each in (before.domains if before else ()) if each.name not in gone]
        bodies[change.body.code] = replace(change.body, domains=(*kept, *change.set_domains))
    return Register(bodies.values())
