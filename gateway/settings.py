"""The settings: one TOML file, read once, every key checked, unknown keys refused.

Nothing below this room reads configuration; `app` turns these values into the objects that do the work.
"""

from __future__ import annotations

import os
import re
import tomllib
from datetime import date
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, NoReturn, get_args, get_origin

import msgspec
from msgspec import Meta

from gateway.mail import address

FILE_NAME = "gateway.toml"
SYSTEM_FOLDER = Path("/etc/gateway")

Port = Annotated[int, Meta(ge=0, le=65535)]
Whole = Annotated[int, Meta(ge=1)]


class SettingsError(Exception):
    """The settings cannot be used; the message names file, key, value and what is allowed."""


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the file: keys are known, missing ones have defaults."""


class Desk(Section, frozen=True):
    """Who the desk is and what it promises."""

    domain: str
    request: str = "request"
    name: str = "参加受付窓口"
    contact: str = ""
    community: str = "共創プラットフォーム"
    open_days: Whole = 3
    undo_minutes: Annotated[float, Meta(ge=0)] = 10
    closings: tuple[date, ...] = ()
    rules_version: str = ""
    english: bool = True
    digest: bool = True
    digest_hour: Annotated[int, Meta(ge=0, le=23)] = 9
    second_approval: bool = False
    escalation: str = ""
    remind_after_days: tuple[Whole, ...] = (3, 7)
    close_after_days: Whole = 14


class StaffMember(Section, frozen=True):
    """Somebody of the office; `role` says what their replies may do."""

    address: str
    name: str
    role: Literal["decide", "ask", "read"] = "decide"


class Listen(Section, frozen=True):
    """Where applications arrive. A certificate and its key switch STARTTLS on."""

    host: str = "0.0.0.0"  # noqa: S104 - a mail server listens to the world
    port: Port = 25
    hostname: str = ""
    tls_certificate: str = ""
    tls_key: str = ""


class Dns(Section, frozen=True):
    """Which resolvers to ask; empty means those of the system."""

    nameservers: tuple[str, ...] = ()
    port: Port = 53


class Store(Section, frozen=True):
    """Where the database lies."""

    path: str = "/var/lib/gateway/gateway.db"


class Delivery(Section, frozen=True):
    """How letters leave."""

    transport: Literal["smarthost", "mx", "maildir"] = "smarthost"
    host: str = "localhost"
    port: Port = 25
    tls: Literal["none", "opportunistic", "required", "implicit"] = "opportunistic"
    username: str = ""
    password_file: str = ""
    maildir: str = ""
    give_up_days: Annotated[float, Meta(gt=0)] = 5
    dkim_selector: str = ""
    dkim_key: str = ""


class Invitation(Section, frozen=True):
    """What an approved person gets."""

    sender: Literal["mail"] = "mail"
    join_link: str = ""
    valid_days: Whole = 30


class Eligibility(Section, frozen=True):
    """The office's additions to the domain rules."""

    personal_domains: tuple[str, ...] = ()
    own_domains: dict[str, str] = {}


class Trust(Section, frozen=True):
    """Whose word counts for the proof of a sender, besides our own checks."""

    relay_addresses: tuple[str, ...] = ()
    relay_authserv_ids: tuple[str, ...] = ()
    arc_sealers: tuple[str, ...] = ()


class Settings(Section, frozen=True):
    """The whole file."""

    desk: Desk
    staff: tuple[StaffMember, ...]
    listen: Listen = Listen()
    dns: Dns = Dns()
    store: Store = Store()
    delivery: Delivery = Delivery()
    invitation: Invitation = Invitation()
    eligibility: Eligibility = Eligibility()
    trust: Trust = Trust()


def find(explicit: Path | None) -> Path:
    """The settings file: `--config`, $GATEWAY_CONFIG_DIR, $CONFIGURATION_DIRECTORY, then /etc/gateway."""
    if explicit is not None:
        return explicit / FILE_NAME if explicit.is_dir() else explicit
    for variable in ("GATEWAY_CONFIG_DIR", "CONFIGURATION_DIRECTORY"):
        if folder := os.environ.get(variable):
            return Path(folder) / FILE_NAME
    return SYSTEM_FOLDER / FILE_NAME


def load(path: Path) -> Settings:
    """Read and check a settings file. Raises SettingsError."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"{path}: cannot be read ({error.strerror}); give --config FILE, or create it"
        ) from error
    return parse(raw, str(path))


def parse(raw: bytes, source: str) -> Settings:
    """Check settings in TOML. Raises SettingsError that names `source`, the key and what is allowed."""
    try:
        settings = msgspec.toml.decode(raw, type=Settings)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{source}: {_explained(str(error), raw)}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{source}: this is not TOML: {error}") from error
    check(settings, source)
    return settings


def check(settings: Settings, source: str) -> None:
    """What types cannot say. Raises SettingsError."""
    if not address.is_domain(settings.desk.domain):
        _bad(source, "desk.domain", settings.desk.domain, "a domain name such as gw.example.go.jp")
    if not settings.staff:
        _bad(source, "staff", [], "at least one [[staff]] table with address and name")
    _check_addresses(settings, source)
    _check_deciders(settings, source)
    _check_delivery(settings, source)
    _check_listen(settings, source)
    _check_trust(settings, source)
    if not settings.invitation.join_link.startswith(("https://", "http://")):
        allowed = "the join link, beginning with https://"
        _bad(source, "invitation.join_link", settings.invitation.join_link, allowed)


def _check_addresses(settings: Settings, source: str) -> None:
    seen: set[str] = set()
    for place, person in enumerate(settings.staff):
        key = f"staff[{place}].address"
        found = _outside(settings, source, key, person.address)
        if found in seen:
            _bad(source, key, person.address, "each address once")
        seen.add(found)
    if settings.desk.escalation:
        _outside(settings, source, "desk.escalation", settings.desk.escalation)
    try:
        address.parse(f"{settings.desk.request}@{settings.desk.domain}")
    except address.AddressError:
        _bad(source, "desk.request", settings.desk.request, "a local part such as request")
    if "+" in settings.desk.request or settings.desk.request.lower() != settings.desk.request:
        _bad(source, "desk.request", settings.desk.request, "lower case and without +")


def _outside(settings: Settings, source: str, key: str, text: str) -> str:
    """An address whose mail is not our own, as it is compared."""
    try:
        found = address.parse(text)
    except address.AddressError as error:
        _bad(source, key, text, str(error))
    if found.domain == settings.desk.domain:
        _bad(source, key, text, "an address outside desk.domain, whose mail the gateway itself takes")
    return found.key


def _check_deciders(settings: Settings, source: str) -> None:
    deciders = sum(person.role == "decide" for person in settings.staff)
    if deciders == 0:
        _bad(source, "staff", "nobody who decides", 'at least one [[staff]] table with role = "decide"')
    if settings.desk.second_approval and deciders < 2:
        _bad(source, "desk.second_approval", True, 'true only with two [[staff]] tables with role = "decide"')
    last = max(settings.desk.remind_after_days, default=0)
    if last >= settings.desk.close_after_days:
        _bad(source, "desk.close_after_days", settings.desk.close_after_days, f"more than {last}, a reminder")


def _check_delivery(settings: Settings, source: str) -> None:
    delivery = settings.delivery
    if delivery.transport == "maildir" and not delivery.maildir:
        _bad(source, "delivery.maildir", "", 'a folder, because delivery.transport is "maildir"')
    if delivery.transport == "smarthost" and not delivery.host:
        _bad(source, "delivery.host", "", 'a host name, because delivery.transport is "smarthost"')
    if bool(delivery.dkim_selector) != bool(delivery.dkim_key):
        allowed = "both dkim_selector and dkim_key, or neither"
        _bad(source, "delivery.dkim_selector", delivery.dkim_selector, allowed)
    if bool(delivery.username) != bool(delivery.password_file):
        _bad(source, "delivery.username", delivery.username, "both username and password_file, or neither")
    for key, text in (("dkim_key", delivery.dkim_key), ("password_file", delivery.password_file)):
        if text and not Path(text).is_file():
            _bad(source, f"delivery.{key}", text, "a file that exists")


def _check_listen(settings: Settings, source: str) -> None:
    listen = settings.listen
    if bool(listen.tls_certificate) != bool(listen.tls_key):
        allowed = "both tls_certificate and tls_key, or neither"
        _bad(source, "listen.tls_certificate", listen.tls_certificate, allowed)
    for key, text in (("tls_certificate", listen.tls_certificate), ("tls_key", listen.tls_key)):
        if text and not Path(text).is_file():
            _bad(source, f"listen.{key}", text, "a file that exists")


def _check_trust(settings: Settings, source: str) -> None:
    trust = settings.trust
    for place, text in enumerate(trust.relay_addresses):
        try:
            ip_network(text)
        except ValueError as error:
            _bad(source, f"trust.relay_addresses[{place}]", text, f"an address or a network ({error})")
    if bool(trust.relay_addresses) != bool(trust.relay_authserv_ids):
        ids = list(trust.relay_authserv_ids)
        _bad(
            source, "trust.relay_authserv_ids", ids, "both relay_addresses and relay_authserv_ids, or neither"
        )
    for key, names in (("relay_authserv_ids", trust.relay_authserv_ids), ("arc_sealers", trust.arc_sealers)):
        for place, name in enumerate(names):
            if not address.is_domain(name):
                _bad(source, f"trust.{key}[{place}]", name, "a domain name")


def _bad(source: str, key: str, value: object, allowed: str) -> NoReturn:
    raise SettingsError(f"{source}: {key} = {value!r}: allowed is {allowed}")


def _explained(text: str, raw: bytes) -> str:
    """msgspec's message as key, value and what is allowed, with a suggestion for a mistyped key."""
    message, _, path = text.partition(" - at `$")
    path = path.rstrip("`").lstrip(".")
    if (unknown := _named(message, "unknown field")) is not None:
        close = get_close_matches(unknown, _known_keys(), n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"allowed are {', '.join(sorted(_known_keys()))}"
        return f"{_key(path, unknown)}: unknown key; {hint}"
    if (absent := _named(message, "missing required field")) is not None:
        return f"{_key(path, absent)}: this key is required; config/gateway.toml explains it"
    wanted = _choices(path) or message.removeprefix("Expected ").split(", got")[0].replace("`", "")
    return f"{path} = {_value_at(tomllib.loads(raw.decode()), path)!r}: allowed is {wanted}"


def _named(message: str, phrase: str) -> str | None:
    _, found, rest = message.partition(f"{phrase} `")
    return rest.split("`", 1)[0] if found else None


def _choices(path: str) -> str:
    """The words that a key may have, where it has only a few."""
    wanted: object = Settings
    for step in re.findall(r"[a-z_]+", path):
        wanted = get_args(wanted)[0] if get_origin(wanted) is tuple else wanted
        fields = msgspec.structs.fields(wanted) if isinstance(wanted, type) else ()
        wanted = next((field.type for field in fields if field.name == step), None)
    words = get_args(wanted) if get_origin(wanted) is Literal else ()
    return "one of " + ", ".join(map(repr, words)) if words else ""


def _key(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _value_at(document: object, path: str) -> object:
    for step in re.findall(r"[^.\[\]]+", path):
        if isinstance(document, dict) and step in document:
            document = document[step]
        elif isinstance(document, list) and step.isdigit() and int(step) < len(document):
            document = document[int(step)]
        else:
            return "..."
    return document


def _known_keys() -> set[str]:
    sections = (Settings, Desk, StaffMember, Listen, Dns, Store, Delivery, Invitation, Eligibility, Trust)
    return {field.encode_name for section in sections for field in msgspec.structs.fields(section)}
