"""Checks that types cannot express: keys that go together, valid addresses, permitted links."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network

from gateway.mail import address
from gateway.net.smtp.limits.resource_usage import count_fronts, count_handled_times
from gateway.settings.database_url import SHAPE, find_unusable, holds_password, is_database
from gateway.settings.errors import refuse_value
from gateway.settings.model import Settings, Trust
from gateway.settings.page import split_notice
from gateway.settings.urls import MAX_LINK, is_page, is_safe_url
from gateway.settings.validation.console import check_console
from gateway.settings.validation.staff import check_addresses, check_deciders, parse_outside_address

_SPF_TERM = re.compile(r"(?:include|exists|ip4|ip6):[!-~]{1,255}|(?:a|mx)(?:[:/][!-~]{1,255})?")


def check(settings: Settings, source: str) -> None:
    """Check the settings beyond their types. Raises SettingsError."""
    if not address.is_domain(settings.desk.domain):
        refuse_value(source, "desk.domain", settings.desk.domain, "a domain name such as gw.example.go.jp")
    if not settings.staff:
        refuse_value(source, "staff", [], "at least one [[staff]] table with address and name")
    _check_page(settings, source)
    check_console(settings, source)
    check_addresses(settings, source)
    check_deciders(settings, source)
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
        refuse_value(source, "invitation.remind_days_before", settings.invitation.remind_days_before, allowed)
    if not settings.invitation.join_link.startswith(("https://", "http://")):
        allowed = "the join link, beginning with https://"
        refuse_value(source, "invitation.join_link", settings.invitation.join_link, allowed)


def _check_page(settings: Settings, source: str) -> None:
    """Check that links fit on one line of a letter, and that notices have one line."""
    desk = settings.desk
    for key in ("rules_link", "manual_link", "guide_link", "privacy_link", "help_link"):
        if getattr(desk, key) and not is_page(getattr(desk, key)):
            refuse_value(
                source, f"desk.{key}", getattr(desk, key), f"an https URL of at most {MAX_LINK} characters"
            )
    for place, text in enumerate(desk.notice):
        if split_notice(text) is None:
            allowed = "a date and a line of text without a link, such as 2026-06-18 要件を改めました"
            refuse_value(source, f"desk.notice[{place}]", text, allowed)


def _check_retention(settings: Settings, source: str) -> None:
    kept = settings.retention
    if kept.raw_mail_days > kept.case_days:
        allowed = f"at most retention.case_days ({kept.case_days}): the messages of a case are erased with it"
        refuse_value(source, "retention.raw_mail_days", kept.raw_mail_days, allowed)


def _check_store(settings: Settings, source: str) -> None:
    """Check that the URL contains no secret, and that names need no quotes."""
    store = settings.store
    if not store.url:
        if store.copies != "one":
            refuse_value(
                source, "store.copies", store.copies, '"one": without store.url the database is a local file'
            )
        return
    if holds_password(store.url):
        refuse_value(
            source,
            "store.url",
            "...",
            "a URL without a password, which belongs in store.password_file or ~/.pgpass",
        )
    if not is_database(store.url):
        refuse_value(source, "store.url", "..." if "@" in store.url else store.url, SHAPE)
    unusable = find_unusable(store.url)
    if unusable is not None:
        refuse_value(source, "store.url", *unusable)
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", store.schema):
        refuse_value(source, "store.schema", store.schema, "lower-case letters, digits and _")
    if not re.fullmatch(r"[A-Za-z0-9._-]{0,64}", store.node):
        refuse_value(source, "store.node", store.node, "letters, digits, dots and dashes")
    if not re.fullmatch(r"[A-Za-z0-9._-]{0,63}", store.reader):
        refuse_value(source, "store.reader", store.reader, "letters, digits, _, dots and dashes")


def _check_invitation(settings: Settings, source: str) -> None:
    """Check that the sender has the keys it needs, and that URLs are safe from eavesdropping."""
    invitation = settings.invitation
    needed = {
        "mail": (),
        "handoff": ("handoff_address",),
        "webhook": ("webhook_url", "webhook_secret_file"),
        "slack": ("slack_token_file", "slack_team", "slack_channels"),
    }
    for key in needed[invitation.sender]:
        if not getattr(invitation, key):
            refuse_value(
                source,
                f"invitation.{key}",
                "",
                f'a value, because invitation.sender is "{invitation.sender}"',
            )
    if invitation.handoff_address:
        parse_outside_address(settings, source, "invitation.handoff_address", invitation.handoff_address)
    if invitation.webhook_url and not is_safe_url(invitation.webhook_url):
        allowed = "an https URL without user and password; http on loopback only"
        refuse_value(source, "invitation.webhook_url", invitation.webhook_url, allowed)


def _check_delivery(settings: Settings, source: str) -> None:
    delivery = settings.delivery
    if delivery.transport == "maildir" and not delivery.maildir:
        refuse_value(source, "delivery.maildir", "", 'a directory, because delivery.transport is "maildir"')
    if delivery.transport == "smarthost" and not delivery.host:
        refuse_value(source, "delivery.host", "", 'a host name, because delivery.transport is "smarthost"')
    if bool(delivery.username) != bool(delivery.password_file):
        refuse_value(
            source, "delivery.username", delivery.username, "both username and password_file, or neither"
        )
    if not delivery.retry_minutes:
        refuse_value(
            source, "delivery.retry_minutes", [], "at least one interval in minutes; the last one repeats"
        )
    if delivery.transport == "mx" and delivery.tls == "implicit":
        refuse_value(source, "delivery.tls", "implicit", "for transport mx: none, opportunistic or required")
    for place, name in enumerate(delivery.require_tls):
        if not address.is_domain(f"x.{name}") or name != name.lower():
            refuse_value(
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
            refuse_value(source, f"delivery.{prefix}selector", selector, allowed)
        if selector and not address.is_domain(f"{selector}.x"):
            refuse_value(source, f"delivery.{prefix}selector", selector, "a label such as s2026")
    if second and second == first:
        refuse_value(source, "delivery.dkim_second_selector", second, "a selector other than dkim_selector")


def _check_listen(settings: Settings, source: str) -> None:
    listen = settings.listen
    if bool(listen.tls_certificate) != bool(listen.tls_key):
        allowed = "both tls_certificate and tls_key, or neither"
        refuse_value(source, "listen.tls_certificate", listen.tls_certificate, allowed)

    for place, text in enumerate(listen.public_addresses):
        try:
            ip_address(text)
        except ValueError:
            refuse_value(
                source,
                f"listen.public_addresses[{place}]",
                text,
                "an address such as 192.0.2.25 or 2001:db8::25",
            )
    if listen.hostname and not address.is_domain(listen.hostname):
        refuse_value(source, "listen.hostname", listen.hostname, "a name such as mx.example.go.jp")


def _check_spf(settings: Settings, source: str) -> None:
    for place, term in enumerate(settings.delivery.spf_terms):
        # RFC 7208 section 4.6.1; `gateway dns` adds the version and "all".
        if not _SPF_TERM.fullmatch(term):
            allowed = "one SPF mechanism other than all, such as include:spf.example.jp or ip4:192.0.2.0/24"
            refuse_value(source, f"delivery.spf_terms[{place}]", term, allowed)
    if (name := settings.delivery.helo_name) and not address.is_domain(name):
        refuse_value(source, "delivery.helo_name", name, "a server name such as post.example.go.jp, or empty")


def _check_trust(settings: Settings, source: str) -> None:
    trust = settings.trust
    for place, text in enumerate(trust.relay_addresses):
        try:
            ip_network(text)
        except ValueError as error:
            refuse_value(
                source, f"trust.relay_addresses[{place}]", text, f"an address or a network ({error})"
            )
    _check_relay_protocol(trust, source)
    for key, names in (("relay_authserv_ids", trust.relay_authserv_ids), ("arc_sealers", trust.arc_sealers)):
        for place, name in enumerate(names):
            if not address.is_domain(name):
                refuse_value(source, f"trust.{key}[{place}]", name, "a domain name")


def _check_relay_protocol(trust: Trust, source: str) -> None:
    """Check that the client of relayed mail is known in one way: protocol or Authentication-Results."""
    protocol, ids = trust.relay_protocol, list(trust.relay_authserv_ids)
    if protocol == "none":
        if bool(trust.relay_addresses) != bool(ids):
            allowed = "both relay_addresses and relay_authserv_ids, or neither"
            refuse_value(source, "trust.relay_authserv_ids", ids, allowed)
        return
    if not trust.relay_addresses:
        refuse_value(
            source, "trust.relay_protocol", protocol, '"none", because trust.relay_addresses is empty'
        )
    if ids:
        allowed = f'[] with trust.relay_protocol = "{protocol}", which names the client itself'
        refuse_value(source, "trust.relay_authserv_ids", ids, allowed)


def _check_limits(settings: Settings, source: str) -> None:
    """Check that a part is not larger than the whole, and that a check ends before what waits for it."""
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
            refuse_value(source, f"limits.{small}", value, f"at most limits.{large} ({most})")
    fronts = count_fronts(settings.listen.front_processes)
    times = count_handled_times(fronts) * max(1, fronts)  # the limit is shared among the front processes
    if (least := times * limits.message_bytes) > limits.in_flight_bytes:
        allowed = f"at least {times} times limits.message_bytes ({least})"
        refuse_value(source, "limits.in_flight_bytes", limits.in_flight_bytes, allowed)
