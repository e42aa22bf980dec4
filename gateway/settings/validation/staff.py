"""Checks of the staff, and of the addresses that letters go to."""

from __future__ import annotations

from gateway.auth.dns.public_suffix import is_public_suffix
from gateway.mail import address
from gateway.settings.errors import refuse_value
from gateway.settings.model import Settings, StaffMember


def check_addresses(settings: Settings, source: str) -> None:
    """Check the addresses of the staff and of the desk. Raises SettingsError."""
    seen: set[str] = set()
    for place, person in enumerate(settings.staff):
        key = f"staff[{place}].address"
        found = parse_outside_address(settings, source, key, person.address)
        if address.person_key(found) in seen:
            refuse_value(
                source,
                key,
                person.address,
                "a different address for each member, ignoring any +tag",
            )
        seen.add(address.person_key(found))
        _check_signing_domains(person, f"staff[{place}].signing_domains", source)
        _check_signature(source, f"staff[{place}].signature", person.signature)
    if settings.desk.escalation:
        parse_outside_address(settings, source, "desk.escalation", settings.desk.escalation)
    if settings.watch.postmaster:
        parse_outside_address(settings, source, "watch.postmaster", settings.watch.postmaster)
    try:
        address.parse(f"{settings.desk.request}@{settings.desk.domain}")
    except address.AddressError:
        refuse_value(source, "desk.request", settings.desk.request, "a local part such as request")
    if "+" in settings.desk.request or settings.desk.request.lower() != settings.desk.request:
        refuse_value(source, "desk.request", settings.desk.request, "lower case, without +")


def _check_signing_domains(person: StaffMember, key: str, source: str) -> None:
    for name in person.signing_domains:
        if not address.is_domain(name) or name != name.lower():
            refuse_value(source, key, name, "domain names in lower case, as in the signature's d=")
        if is_public_suffix(name):
            refuse_value(source, key, name, "the domain of one provider, not a public suffix")


def _check_signature(source: str, key: str, lines: tuple[str, ...]) -> None:
    """Reject decision words in a signature, because its lines are not parsed."""
    if not lines:
        return
    from gateway.admission.replies.text.own_words import has_stem  # noqa: PLC0415 - it takes a second

    for line in lines:
        if "\n" in line or has_stem(line):
            refuse_value(source, key, line, "single lines without a decision word (承認, 却下, hold, ask)")


def parse_outside_address(settings: Settings, source: str, key: str, text: str) -> str:
    """Parse an address outside desk.domain, and return its key."""
    try:
        found = address.parse(text)
    except address.AddressError as error:
        refuse_value(source, key, text, str(error))
    if found.domain == settings.desk.domain:
        refuse_value(
            source,
            key,
            text,
            "an address outside desk.domain, because the gateway receives that domain's mail",
        )
    return found.key


def check_deciders(settings: Settings, source: str) -> None:
    """Check that enough members decide, and that each case is reported to somebody. Raises SettingsError."""
    deciders = sum(person.role == "decide" for person in settings.staff)
    if deciders == 0:
        refuse_value(
            source, "staff", "no table with role decide", 'at least one [[staff]] table with role = "decide"'
        )
    if settings.desk.second_approval and deciders < 2:
        refuse_value(
            source, "desk.second_approval", True, 'false, unless two [[staff]] tables have role = "decide"'
        )
    if settings.desk.weekly_figures and not settings.desk.escalation:
        refuse_value(source, "desk.weekly_figures", True, "false, unless desk.escalation names the recipient")
    if not settings.desk.digest and any(person.mail != "each" for person in settings.staff):
        refuse_value(
            source,
            "staff.mail",
            "digest",
            "each, or desk.digest = true; otherwise nobody would be notified of a case",
        )
    last = max(settings.desk.remind_after_days, default=0)
    if last >= settings.desk.close_after_days:
        refuse_value(
            source,
            "desk.close_after_days",
            settings.desk.close_after_days,
            f"more than {last}, the day of the last reminder",
        )
