"""What types cannot say: keys that go together, addresses that must be some, files that must exist."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from typing import NoReturn
from urllib.parse import urlsplit

from gateway.admission.replies.text.own_words import has_stem
from gateway.auth.dns.public_suffix import is_public_suffix
from gateway.mail import address
from gateway.net.smtp.limits.resource_usage import count_fronts, count_handled_times
from gateway.settings.errors import SettingsError
from gateway.settings.model import Settings, StaffMember, Trust
from gateway.settings.page import split_notice
from gateway.settings.urls import MAX_LINK, is_origin, is_page, is_safe_url

_URL = "postgresql://USER@HOST/DATABASE"
_SPF_TERM = re.compile(r"(?:include|exists|ip4|ip6):[!-~]{1,255}|(?:a|mx)(?:[:/][!-~]{1,255})?")


def check(settings: Settings, source: str) -> None:
    """What types cannot say. Raises SettingsError."""
    if not address.is_domain(settings.desk.domain):
        _fail(source, "desk.domain", settings.desk.domain, "a domain name such as gw.example.go.jp")
    if not settings.staff:
        _fail(source, "staff", [], "at least one [[staff]] table with address and name")
    _check_page(settings, source)
    _check_console(settings, source)
    _check_addresses(settings, source)
    _check_deciders(settings, source)
    _check_delivery(settings, source)
    _check_listen(settings, source)
    _check_spf(settings, source)
    _check_trust(settings, source)
    _check_limits(settings, source)
    _check_retention(settings, source)
    _check_store(settings, source)
    _check_invitation(settings, source)
    if settings.invitation.remind_days_before >= settings.invitation.valid_days:
        allowed = f"less than invitation.valid_days, {settings.invitation.valid_days}; 0 sends no reminder"
        _fail(source, "invitation.remind_days_before", settings.invitation.remind_days_before, allowed)
    if not settings.invitation.join_link.startswith(("https://", "http://")):
        allowed = "the join link, beginning with https://"
        _fail(source, "invitation.join_link", settings.invitation.join_link, allowed)


def _check_page(settings: Settings, source: str) -> None:
    """Links that a letter can hold whole on a line of its own, and notices of one line."""
    desk = settings.desk
    for key in ("rules_link", "manual_link", "guide_link", "privacy_link", "help_link"):
        if getattr(desk, key) and not is_page(getattr(desk, key)):
            _fail(source, f"desk.{key}", getattr(desk, key), f"an https URL of at most {MAX_LINK} characters")
    for place, text in enumerate(desk.notice):
        if split_notice(text) is None:
            allowed = "a date and a line of text without a link, such as 2026-06-18 要件を改めました"
            _fail(source, f"desk.notice[{place}]", text, allowed)


def _check_console(settings: Settings, source: str) -> None:
    """An origin that a browser sends, and operators who are members."""
    url = settings.console.public_url
    if url and not is_origin(url):
        allowed = "https:// and a host name without a path, or http://127.0.0.1:PORT"
        _fail(source, "console.public_url", url, allowed)
    members = {one.address.lower() for one in settings.staff}
    for place, text in enumerate(settings.console.operators):
        if text.lower() not in members:
            _fail(source, f"console.operators[{place}]", text, "an address of a [[staff]] table")


def _check_retention(settings: Settings, source: str) -> None:
    kept = settings.retention
    if kept.raw_mail_days > kept.case_days:
        allowed = f"at most retention.case_days ({kept.case_days}): the mails of a case go with it"
        _fail(source, "retention.raw_mail_days", kept.raw_mail_days, allowed)


def _check_store(settings: Settings, source: str) -> None:
    """A URL that holds no secret, and names that need no quotes."""
    store = settings.store
    if not store.url:
        return
    try:
        found = urlsplit(store.url)
        _ = found.port
    except ValueError:
        _fail(source, "store.url", "...", _URL)
    if found.scheme not in ("postgresql", "postgres") or not found.path.strip("/"):
        _fail(source, "store.url", store.url if found.password is None else "...", _URL)
    if found.password is not None or "password" in found.query:
        _fail(source, "store.url", "...", "no password: it goes into store.password_file or ~/.pgpass")
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", store.schema):
        _fail(source, "store.schema", store.schema, "small letters, digits and _")
    if not re.fullmatch(r"[A-Za-z0-9._-]{0,64}", store.node):
        _fail(source, "store.node", store.node, "letters, digits, dots and dashes")


def _check_invitation(settings: Settings, source: str) -> None:
    """What the sender needs, and URLs over which nobody else can read."""
    invitation = settings.invitation
    needed = {
        "mail": (),
        "handoff": ("handoff_address",),
        "webhook": ("webhook_url", "webhook_secret_file"),
        "slack": ("slack_token_file", "slack_team", "slack_channels"),
    }
    for key in needed[invitation.sender]:
        if not getattr(invitation, key):
            _fail(
                source,
                f"invitation.{key}",
                "",
                f'a value, because invitation.sender is "{invitation.sender}"',
            )
    if invitation.handoff_address:
        _parse_outside_address(settings, source, "invitation.handoff_address", invitation.handoff_address)
    if invitation.webhook_url and not is_safe_url(invitation.webhook_url):
        allowed = "an https URL without user and password; http on loopback only"
        _fail(source, "invitation.webhook_url", invitation.webhook_url, allowed)


def _check_addresses(settings: Settings, source: str) -> None:
    seen: set[str] = set()
    for place, person in enumerate(settings.staff):
        key = f"staff[{place}].address"
        found = _parse_outside_address(settings, source, key, person.address)
        if address.person_key(found) in seen:
            _fail(source, key, person.address, "each address once; with and without +tag is one person")
        seen.add(address.person_key(found))
        _check_signing_domains(person, f"staff[{place}].signing_domains", source)
        _check_signature(source, f"staff[{place}].signature", person.signature)
    if settings.desk.escalation:
        _parse_outside_address(settings, source, "desk.escalation", settings.desk.escalation)
    try:
        address.parse(f"{settings.desk.request}@{settings.desk.domain}")
    except address.AddressError:
        _fail(source, "desk.request", settings.desk.request, "a local part such as request")
    if "+" in settings.desk.request or settings.desk.request.lower() != settings.desk.request:
        _fail(source, "desk.request", settings.desk.request, "lower case and without +")


def _check_signing_domains(person: StaffMember, key: str, source: str) -> None:
    for name in person.signing_domains:
        if not address.is_domain(name) or name != name.lower():
            _fail(source, key, name, "domain names in lower case, as in d= of the signature")
        if is_public_suffix(name):
            _fail(source, key, name, "the domain of one provider, not a public suffix that is nobody's")


def _check_signature(source: str, key: str, lines: tuple[str, ...]) -> None:
    """A word of decision in a signature must not be let through unread."""
    for line in lines:
        if "\n" in line or has_stem(line):
            _fail(source, key, line, "single lines that hold no word of decision (承認, 却下, hold, ask)")


def _parse_outside_address(settings: Settings, source: str, key: str, text: str) -> str:
    """An address whose mail is not our own, as it is compared."""
    try:
        found = address.parse(text)
    except address.AddressError as error:
        _fail(source, key, text, str(error))
    if found.domain == settings.desk.domain:
        _fail(source, key, text, "an address outside desk.domain, whose mail the gateway itself takes")
    return found.key


def _check_deciders(settings: Settings, source: str) -> None:
    deciders = sum(person.role == "decide" for person in settings.staff)
    if deciders == 0:
        _fail(source, "staff", "nobody who decides", 'at least one [[staff]] table with role = "decide"')
    if settings.desk.second_approval and deciders < 2:
        _fail(
            source, "desk.second_approval", True, 'true only with two [[staff]] tables with role = "decide"'
        )
    if settings.desk.weekly_figures and not settings.desk.escalation:
        _fail(source, "desk.weekly_figures", True, "true only with desk.escalation, who gets them")
    if not settings.desk.digest and any(person.mail != "each" for person in settings.staff):
        _fail(source, "staff.mail", "digest", "each, or desk.digest = true: else nobody would hear of a case")
    last = max(settings.desk.remind_after_days, default=0)
    if last >= settings.desk.close_after_days:
        _fail(
            source, "desk.close_after_days", settings.desk.close_after_days, f"more than {last}, a reminder"
        )


def _check_delivery(settings: Settings, source: str) -> None:
    delivery = settings.delivery
    if delivery.transport == "maildir" and not delivery.maildir:
        _fail(source, "delivery.maildir", "", 'a folder, because delivery.transport is "maildir"')
    if delivery.transport == "smarthost" and not delivery.host:
        _fail(source, "delivery.host", "", 'a host name, because delivery.transport is "smarthost"')
    if bool(delivery.username) != bool(delivery.password_file):
        _fail(source, "delivery.username", delivery.username, "both username and password_file, or neither")
    if not delivery.retry_minutes:
        _fail(source, "delivery.retry_minutes", [], "at least one number of minutes; the last one repeats")
    if delivery.transport == "mx" and delivery.tls == "implicit":
        _fail(source, "delivery.tls", "implicit", "none, opportunistic or required with transport mx")
    for place, name in enumerate(delivery.require_tls):
        if not address.is_domain(f"x.{name}") or name != name.lower():
            _fail(
                source, f"delivery.require_tls[{place}]", name, "a domain name in lower case, such as lg.jp"
            )
    _check_signing(settings, source)


def _check_signing(settings: Settings, source: str) -> None:
    delivery = settings.delivery
    first, second = delivery.dkim_selector, delivery.dkim_second_selector
    pairs = (("dkim_", first, delivery.dkim_key), ("dkim_second_", second, delivery.dkim_second_key))
    for prefix, selector, key in pairs:
        if bool(selector) != bool(key):
            allowed = f"both {prefix}selector and {prefix}key, or neither"
            _fail(source, f"delivery.{prefix}selector", selector, allowed)
        if selector and not address.is_domain(f"{selector}.x"):
            _fail(source, f"delivery.{prefix}selector", selector, "a label such as s2026")
    if second and second == first:
        _fail(source, "delivery.dkim_second_selector", second, "another than dkim_selector")


def _check_listen(settings: Settings, source: str) -> None:
    listen = settings.listen
    if bool(listen.tls_certificate) != bool(listen.tls_key):
        allowed = "both tls_certificate and tls_key, or neither"
        _fail(source, "listen.tls_certificate", listen.tls_certificate, allowed)

    for place, text in enumerate(listen.public_addresses):
        try:
            ip_address(text)
        except ValueError:
            _fail(
                source,
                f"listen.public_addresses[{place}]",
                text,
                "an address such as 192.0.2.25 or 2001:db8::25",
            )
    if listen.hostname and not address.is_domain(listen.hostname):
        _fail(source, "listen.hostname", listen.hostname, "a name such as mx.example.go.jp")


def _check_spf(settings: Settings, source: str) -> None:
    for place, term in enumerate(settings.delivery.spf_terms):
        # RFC 7208 section 4.6.1; "all" and the version are written by `gateway dns`.
        if not _SPF_TERM.fullmatch(term):
            allowed = "one SPF mechanism without all, such as include:spf.example.jp or ip4:192.0.2.0/24"
            _fail(source, f"delivery.spf_terms[{place}]", term, allowed)
    if (name := settings.delivery.helo_name) and not address.is_domain(name):
        _fail(source, "delivery.helo_name", name, "the name of a server such as post.example.go.jp, or empty")


def _check_trust(settings: Settings, source: str) -> None:
    trust = settings.trust
    for place, text in enumerate(trust.relay_addresses):
        try:
            ip_network(text)
        except ValueError as error:
            _fail(source, f"trust.relay_addresses[{place}]", text, f"an address or a network ({error})")
    _check_relay_protocol(trust, source)
    for key, names in (("relay_authserv_ids", trust.relay_authserv_ids), ("arc_sealers", trust.arc_sealers)):
        for place, name in enumerate(names):
            if not address.is_domain(name):
                _fail(source, f"trust.{key}[{place}]", name, "a domain name")


def _check_relay_protocol(trust: Trust, source: str) -> None:
    """The client of a relayed mail is known in one way: by a protocol, or by Authentication-Results."""
    protocol, ids = trust.relay_protocol, list(trust.relay_authserv_ids)
    if protocol == "none":
        if bool(trust.relay_addresses) != bool(ids):
            allowed = "both relay_addresses and relay_authserv_ids, or neither"
            _fail(source, "trust.relay_authserv_ids", ids, allowed)
        return
    if not trust.relay_addresses:
        _fail(source, "trust.relay_protocol", protocol, '"none" without trust.relay_addresses')
    if ids:
        allowed = f'[] with trust.relay_protocol = "{protocol}", which names the client itself'
        _fail(source, "trust.relay_authserv_ids", ids, allowed)


def _check_limits(settings: Settings, source: str) -> None:
    """A part is not larger than the whole, and a check ends before what waits for it."""
    limits = settings.limits
    for small, large in (
        ("field_bytes", "header_bytes"),
        ("header_bytes", "message_bytes"),
        ("connections_per_address", "connections"),
        ("dns_query_s", "checks_s"),
        ("checks_s", "handler_s"),
        ("handler_s", "session_s"),
        ("command_s", "session_s"),
        ("data_s", "session_s"),
        ("handshake_s", "session_s"),
    ):
        value, most = getattr(limits, small), getattr(limits, large)
        if value > most:
            _fail(source, f"limits.{small}", value, f"at most limits.{large}, which is {most}")
    fronts = count_fronts(settings.listen.front_processes)
    times = count_handled_times(fronts) * max(1, fronts)  # each front has its part
    if (least := times * limits.message_bytes) > limits.in_flight_bytes:
        allowed = f"at least {times} times limits.message_bytes, which is {least}"
        _fail(source, "limits.in_flight_bytes", limits.in_flight_bytes, allowed)


def _fail(source: str, key: str, value: object, allowed: str) -> NoReturn:
    raise SettingsError(f"{source}: {key} = {value!r}: allowed is {allowed}")
