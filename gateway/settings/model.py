"""The structure of the settings file: every table and key with its type and default."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Port = Annotated[int, Meta(ge=0, le=65535)]
Whole = Annotated[int, Meta(ge=1)]
Seconds = Annotated[float, Meta(ge=1)]


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the file; unknown keys are rejected, missing ones have defaults."""


class Desk(Section, frozen=True):
    """The desk: its name, its addresses and its deadlines."""

    domain: str
    request: str = "request"
    name: str = "参加受付窓口"
    contact: str = ""
    community: str = "共創プラットフォーム"
    open_days: Whole = 3
    undo_minutes: Annotated[float, Meta(ge=0)] = 10
    closings: tuple[date, ...] = ()
    rules_version: str = ""
    rules_link: str = ""
    rules_file: str = ""
    manual_link: str = ""
    guide_link: str = ""
    privacy_link: str = ""
    help_link: str = ""
    notice: tuple[str, ...] = ()
    notice_days: Whole = 60
    english: bool = True
    digest: bool = True
    digest_hour: Annotated[int, Meta(ge=0, le=23)] = 9
    reply_code: Literal["natural", "always"] = "natural"
    require_dkim: bool = False
    second_approval: bool = False
    approvals_per_hour: Whole = 30
    escalation: str = ""
    weekly_figures: bool = False
    second_look_days: Annotated[int, Meta(ge=0, le=366)] = 30
    remind_after_days: tuple[Whole, ...] = (3, 7)
    close_after_days: Whole = 14


class StaffMember(Section, frozen=True):
    """A member of the office.

    `role` determines what their replies can do, `signing_domains` which domains can sign their mail, and
    `mail` which letters they receive.
    """

    address: str
    name: str
    role: Literal["decide", "ask", "read"] = "decide"
    signing_domains: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    signature: tuple[str, ...] = ()
    mail: Literal["each", "digest", "mine"] = "each"


class Listen(Section, frozen=True):
    """The SMTP server that receives applications. A certificate and its key enable STARTTLS."""

    host: str = "0.0.0.0"  # noqa: S104 - a mail server listens on all interfaces
    port: Port = 25
    hostname: str = ""
    public_addresses: tuple[str, ...] = ()
    front_processes: Literal["auto", 0, 1, 2] = "auto"
    examiners: Annotated[int, Meta(ge=0)] = 0  # of 0.1, without effect; will be removed in 0.3
    tls_certificate: str = ""
    tls_key: str = ""


class Dns(Section, frozen=True):
    """The DNS resolvers to query; if empty, the system's resolvers."""

    nameservers: tuple[str, ...] = ()
    port: Port = 53


class Store(Section, frozen=True):
    """The database: a file, or a schema on a PostgreSQL server."""

    path: str = "/var/lib/gateway/gateway.db"
    url: str = ""
    schema: str = "gateway"
    node: str = ""
    password_file: str = ""
    reader: str = ""
    reader_password_file: str = ""
    copies: Literal["one", "standby", "provider"] = "one"


class Retention(Section, frozen=True):
    """How long personal data is kept, in days after the last activity."""

    raw_mail_days: Whole = 90
    loose_days: Whole = 30
    case_days: Whole = 365
    tombstone_days: Whole = 1095
    backup_days: Whole = 30


class Delivery(Section, frozen=True):
    """Delivery of letters."""

    transport: Literal["smarthost", "mx", "maildir"] = "smarthost"
    host: str = "localhost"
    port: Port = 25
    tls: Literal["none", "opportunistic", "required", "implicit"] = "opportunistic"
    username: str = ""
    password_file: str = ""
    maildir: str = ""
    ca_file: str = ""
    require_tls: tuple[str, ...] = ()
    connections: Annotated[int, Meta(ge=1, le=50)] = 8
    per_domain: Annotated[int, Meta(ge=1, le=50)] = 4
    retry_minutes: tuple[Annotated[float, Meta(ge=1)], ...] = (5, 10, 30, 60, 240)
    give_up_days: Annotated[float, Meta(gt=0)] = 5
    hold: bool = False
    dkim_selector: str = ""
    dkim_key: str = ""
    dkim_second_selector: str = ""
    dkim_second_key: str = ""
    spf_terms: tuple[str, ...] = ()
    helo_name: str = ""


class Invitation(Section, frozen=True):
    """Invitations for approved people."""

    sender: Literal["mail", "handoff", "webhook", "slack"] = "mail"
    handoff_address: str = ""
    webhook_url: str = ""
    webhook_secret_file: str = ""
    slack_token_file: str = ""
    slack_team: str = ""
    slack_channels: tuple[str, ...] = ()
    join_link: str = ""
    valid_days: Whole = 30
    remind_days_before: Annotated[int, Meta(ge=0)] = 7


class Eligibility(Section, frozen=True):
    """The office's additions to the domain rules."""

    personal_domains: tuple[str, ...] = ()
    own_domains: dict[str, str] = {}


class Affiliation(Section, frozen=True):
    """Questions to colleagues about an applicant's affiliation, and limits on them."""

    addresses_per_case: Annotated[int, Meta(ge=1, le=10)] = 3
    reminder_days: Whole = 2
    checks_per_address: Annotated[int, Meta(ge=1, le=10)] = 2
    open_checks_per_domain: Whole = 20
    guest_domains: tuple[str, ...] = ()
    role_mailboxes: tuple[str, ...] = ()


class Trust(Section, frozen=True):
    """Relays and ARC sealers whose results are trusted in addition to the gateway's own checks."""

    relay_addresses: tuple[str, ...] = ()
    relay_authserv_ids: tuple[str, ...] = ()
    arc_sealers: tuple[str, ...] = ()
    relay_protocol: Literal["none", "xclient", "proxy"] = "none"


class Limits(Section, frozen=True):
    """Limits on what one client, and all clients together, may use. Names without a unit are counts."""

    message_bytes: Annotated[int, Meta(ge=65_536, le=100_000_000)] = 10_240_000
    line_bytes: Annotated[int, Meta(ge=998, le=65_536)] = 10_000
    header_bytes: Annotated[int, Meta(ge=8_192, le=65_536)] = 65_536
    field_bytes: Annotated[int, Meta(ge=2_048, le=16_384)] = 16_384
    header_fields: Annotated[int, Meta(ge=50, le=200)] = 200
    mime_parts: Annotated[int, Meta(ge=10, le=100)] = 100
    mime_depth: Annotated[int, Meta(ge=5, le=20)] = 20
    recipients: Whole = 100
    connections: Whole = 200
    connections_per_address: Whole = 50
    in_flight_bytes: Whole = 256_000_000
    unknown_commands: Whole = 5
    errors: Whole = 10
    junk_commands: Whole = 20
    mails_per_client_per_hour: Annotated[int, Meta(ge=0)] = 2_000
    mails_per_domain_per_hour: Annotated[int, Meta(ge=0)] = 500
    unproven_bytes_per_day: Annotated[int, Meta(ge=1_000_000)] = 10_000_000
    proven_bytes_per_day: Annotated[int, Meta(ge=1_000_000)] = 100_000_000
    command_s: Seconds = 60
    data_s: Seconds = 60
    data_bytes_per_s: Whole = 500
    handshake_s: Seconds = 60
    session_s: Seconds = 900
    handler_s: Seconds = 60
    checks_s: Seconds = 20
    dns_query_s: Seconds = 4.5


class Caps(Section, frozen=True):
    """Limits on how many letters one cause can produce in a day; the digest counts those beyond a limit."""

    alarms_per_day: Whole = 50
    alarms_per_domain: Whole = 5
    unconfirmed_cases_per_domain: Whole = 5
    letters_per_case: Whole = 10
    answers_per_domain: Whole = 50
    answers_per_address: Whole = 3
    review_request_minutes: Annotated[float, Meta(ge=0)] = 15


Snippet = Annotated[str, Meta(min_length=3, max_length=1_000)]


class Snippets(Section, frozen=True):
    """The office's standard texts, which staff refer to by number."""

    decline: Annotated[tuple[Snippet, ...], Meta(max_length=20)] = ()
    ask: Annotated[tuple[Snippet, ...], Meta(max_length=20)] = ()


class Watch(Section, frozen=True):
    """Monitoring of the running gateway."""

    metrics_port: Port = 0
    postmaster: str = ""


class Console(Section, frozen=True):
    """The web console for staff; without a `public_url`, nobody can sign in."""

    public_url: str = ""
    operators: tuple[str, ...] = ()
    decisions: Literal["never", "confirmed"] = "never"
    login: Literal["code", "proxy", "openid"] = "code"
    proxy_header: str = "X-Remote-User"
    proxy_secret_file: str = ""
    openid_issuer: str = ""
    openid_client: str = ""
    openid_secret_file: str = ""
    openid_required: tuple[str, ...] = ()
    idle_minutes: Annotated[int, Meta(ge=5, le=480)] = 30
    hours: Annotated[int, Meta(ge=1, le=24)] = 8
    link_in_letters: bool = False


class Log(Section, frozen=True):
    """What the log contains; with `addresses` false, a keyed hash replaces every email address."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    addresses: bool = True


class Settings(Section, frozen=True):
    """The whole settings file."""

    desk: Desk
    staff: tuple[StaffMember, ...]
    listen: Listen = Listen()
    dns: Dns = Dns()
    store: Store = Store()
    retention: Retention = Retention()
    delivery: Delivery = Delivery()
    invitation: Invitation = Invitation()
    eligibility: Eligibility = Eligibility()
    affiliation: Affiliation = Affiliation()
    trust: Trust = Trust()
    limits: Limits = Limits()
    caps: Caps = Caps()
    snippets: Snippets = Snippets()
    watch: Watch = Watch()
    console: Console = Console()
    log: Log = Log()
