"""Each event by its name; those that were renamed carry the name of 0.1, and the documents know the names."""

import inspect
import logging
import re
from collections.abc import Callable

import pytest

from gateway.admission.case.model import Letter
from gateway.log import events, handlers, listener_events
from gateway.log.log_event import build
from gateway.mail.address import Address
from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.envelope import Envelope
from gateway.printing.fields import Strictness
from gateway.printing.outside import UnprintedError
from tests.support.factories import NOW
from tests.support.paths import ROOT
from tools.pages.observability import EVENT_MODULES

ENVELOPE = Envelope("192.0.2.1", "mx.example", None, (Address("request", "gw.example.go.jp"),), NOW)
Event = Callable[[], None]
RENAMED: dict[str, tuple[Event, str, int]] = {
    "mail.refused": (
        lambda: events.mail_rejected(ENVELOPE, smtp_reply.SENDER_UNAUTHENTICATED, "no SPF"),
        "mail.rejected",
        logging.INFO,
    ),
    "mail.repeated": (lambda: events.mail_duplicate(ENVELOPE, "a@b.example"), "mail.duplicate", logging.INFO),
    "invitation.barred": (
        lambda: events.invitation_auth_failed("token_revoked"),
        "invitation_auth_failed",
        logging.ERROR,
    ),
    "failed": (lambda: events.task_failed("metrics", OSError("disk")), "task_failed", logging.ERROR),
    "doctor.error": (
        lambda: events.check_failed("dns", "error", "no MX", "publish one"),
        "check_failed",
        logging.ERROR,
    ),
    "doctor.warning": (
        lambda: events.check_failed("disk", "warning", "nearly full", "make room"),
        "check_failed",
        logging.WARNING,
    ),
    "few_files": (lambda: events.fd_limit_low(1024, 2048), "fd_limit_low", logging.WARNING),
    "reload.refused": (lambda: events.reload_failed(ValueError("port")), "reload_failed", logging.ERROR),
}
KEPT: dict[str, Event] = {
    "mail.received": lambda: events.mail_received(ENVELOPE, None, "application", "K7QM-4T", 7),
    "probe": lambda: events.probe_received(ENVELOPE, smtp_reply.PROBED),
    "store.unavailable": lambda: events.store_unavailable("full"),
    "store.stalled": lambda: events.store_stalled(20),
    "store.resumed": lambda: events.store_resumed(40),
    "database_in_use": lambda: events.database_in_use(OSError("x")),
    "letter.late": lambda: events.letter_late(1, Letter.INVITATION, "K7QM-4T", "250 ok"),
    "letter.sent": lambda: events.letter_sent(1, Letter.INVITATION, "K7QM-4T", "250 ok"),
    "letter.deferred": lambda: events.letter_not_sent(1, Letter.INVITATION, "", "deferred", "451", 2),
    "signing.unavailable": lambda: events.signing_unavailable("no key"),
    "started": lambda: events.service_started("0.2.0"),
    "node_differs": lambda: events.node_differs(("settings", "keys")),
    "node_lost": events.node_lost,
    "postmaster_notified": lambda: events.postmaster_notified("250 2.0.0 queued"),
    "postmaster_not_notified": lambda: events.postmaster_not_notified("connection refused"),
    "node_standby": lambda: events.node_standby(Exception("node mx1 is active")),
    "reloaded": events.settings_reloaded,
    "templates_set_aside": lambda: events.templates_set_aside({"decline.txt.j2"}),
    "closed": lambda: listener_events.session_closed("192.0.2.1", smtp_reply.BAD_LINE_END, "x"),
    "recipient_refused": lambda: listener_events.recipient_refused(
        "192.0.2.1", "TO:<x@y.example>", smtp_reply.NO_SUCH_MAILBOX
    ),
    "tls_failed": lambda: listener_events.tls_failed("192.0.2.1", "SSLError: no shared cipher"),
    "more_of": lambda: listener_events.refusals_not_told("tls_failed", 3),
    "closed_more": lambda: listener_events.sessions_closed(3),
    "turned_away": lambda: listener_events.clients_turned_away(3),
    "front_lost": lambda: listener_events.front_lost("killed by SIGKILL", "192.0.2.1"),
    "connections_not_passed": lambda: listener_events.connections_not_passed(3, "Broken pipe"),
    "fronts_keep_dying": lambda: listener_events.fronts_keep_dying(3, "killed by SIGKILL"),
    "no_descriptors": lambda: listener_events.descriptors_exhausted(3),
    "stop": lambda: listener_events.listener_stopped(1, 2),
    "disk_unknown": lambda: listener_events.disk_unknown(OSError("x")),
    "disk_full": lambda: listener_events.disk_full(1, 2),
    "disk_has_room": lambda: listener_events.disk_has_room(2, 1),
    "fault": lambda: listener_events.handler_failed("handler", "192.0.2.1", ValueError("x"), "a.py:1"),
    "console.signed_in": lambda: events.console_signed_in(Address("sato", "kyoso.mihon.go.jp")),
    "console.code_wrong": lambda: events.console_code_wrong("192.0.2.1"),
    "console.proxy_refused": lambda: events.console_proxy_refused("192.0.2.1"),
    "console.openid_refused": lambda: events.console_openid_refused("192.0.2.1", "nonce: missing"),
    "console.acted": lambda: events.console_acted("a@b.example", "K7QM-4T"),
    "console.limited": lambda: events.console_limited("a@b.example"),
    "console.seen": lambda: events.console_seen("case", "K7QM-4T", "sato@kyoso.mihon.go.jp"),
    "template_prints_bare": lambda: events.template_prints_bare(Letter.DECLINE),
}
NAMES = {*KEPT, *(name for _, name, _ in RENAMED.values())}


def logged(event: Event, caplog: pytest.LogCaptureFixture) -> logging.LogRecord:
    with caplog.at_level(logging.INFO, "gateway"):
        event()
    (record,) = caplog.records
    return record


@pytest.mark.parametrize("former", RENAMED)
def test_a_renamed_event_ends_with_its_former_name(former: str, caplog: pytest.LogCaptureFixture) -> None:
    event, name, level = RENAMED[former]
    record = logged(event, caplog)
    assert (name, level) == (record.getMessage().split()[0], record.levelno)
    assert record.getMessage().endswith(f" was={former}")
    fields = handlers.journal_fields(record)
    assert (name, former) == (fields["EVENT"], fields["WAS"])


@pytest.mark.parametrize("name", KEPT)
def test_the_other_events_have_one_name(name: str, caplog: pytest.LogCaptureFixture) -> None:
    fields = handlers.journal_fields(logged(KEPT[name], caplog))
    assert name == fields["EVENT"]
    assert "WAS" not in fields


def test_a_field_that_nobody_typed_is_refused_here_and_printed_in_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(UnprintedError):
        build("reloaded", cause="bare")  # type: ignore[arg-type] # what it is about
    monkeypatch.setattr(Strictness, "refuses", False)
    assert "reloaded cause='a\\nb'" == build("reloaded", cause="a\nb")  # type: ignore[arg-type] # as above


POISON = "a\x1b[31m\u202e\r\nmail.received  case K7QM-4T  reply 250 case=K7QM-4T\u2028| {{ x }} 承認"


HOSTILE = Envelope(POISON, POISON, Address(POISON, POISON), (), NOW)
# What a parameter gets by its annotation: poison wherever somebody else may have written it.
ARGUMENTS: dict[str, object] = {
    "str": POISON,
    "object": POISON,
    "LiteralString": "handler",
    "int": 7,
    "Letter": Letter.INVITATION,
    "SmtpReply": smtp_reply.SENDER_UNAUTHENTICATED,
    "Envelope": HOSTILE,
    "Verdict | None": None,
    "BaseException": OSError(POISON),
    "Exception": OSError(POISON),
    "Iterable[str]": [POISON],
    "Collection[str]": [POISON],
    "set[str]": {POISON},
}
FUNCTIONS = [
    one
    for module in EVENT_MODULES
    for name, one in inspect.getmembers(module, inspect.isfunction)
    if one.__module__ == module.__name__ and not name.startswith("_")
]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: one.__name__)
def test_poison_in_every_field_stays_one_line(
    function: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    """Every event there is: in the line, on a terminal and in the journal's fields nothing gets out."""
    wanted = inspect.signature(function).parameters.values()
    given = {one.name: ARGUMENTS[one.annotation] for one in wanted if one.kind is not one.VAR_KEYWORD}
    more = {"listening": POISON} if any(one.kind is one.VAR_KEYWORD for one in wanted) else {}
    with caplog.at_level(logging.INFO, "gateway"):
        function(**given, **more)
    (record,) = caplog.records
    line = record.getMessage()
    assert line.isascii()
    assert line.isprintable()
    assert " case=K7QM-4T" not in re.sub(r"'[^']*'", "", line)
    shown = handlers.TerminalFormatter().format(record)
    assert shown.isprintable()
    assert "  case K7QM-4T" not in shown
    assert handlers.OneLineFormatter(handlers.KEY_VALUE).format(record).isprintable()
    named = {"EVENT", "MESSAGE", "PRIORITY", "LOGGER", "SYSLOG_IDENTIFIER", "MAIL_ID", "LETTER_ID"}
    fields = handlers.journal_fields(record)
    assert fields.keys() - named <= {name.upper() for name in record.msg.values}  # type: ignore[attr-defined]
    assert POISON not in {*fields.keys(), fields["EVENT"], fields["MESSAGE"]}


def test_every_event_of_the_code_is_here() -> None:
    code = "".join(inspect.getsource(module) for module in EVENT_MODULES)
    assert set(re.findall(r'\bbuild\(\s*f?"([a-z_.]+)(?:\{state\})?"', code)) == {
        "letter." if name == "letter.deferred" else name for name in NAMES
    }


def test_the_documents_name_events_that_exist() -> None:
    docs = set((ROOT / "docs").rglob("*.md")) - {ROOT / "docs/changelog.md"}  # which has former names
    pages = [ROOT / "README.md", ROOT / "config/gateway.rules.yml", *docs]
    named = re.findall(r"\bEVENT=([a-z_.]+)", "".join(page.read_text(encoding="utf-8") for page in pages))
    assert {"mail.rejected", "check_failed"} <= set(named) <= NAMES


def test_the_changes_tell_every_renamed_event() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    for former, (_, name, _) in RENAMED.items():
        (line,) = [each for each in lines if f"`EVENT={former}`" in each and f"| `EVENT={name}`" in each]
        assert line.endswith("0.3 removes it |")
