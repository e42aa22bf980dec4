"""Each event by its name; those that were renamed carry the name of 0.1, and the documents know the names."""

import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.admission.case.model import Letter
from gateway.log import events, handlers
from gateway.mail.address import Address
from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.envelope import Envelope
from gateway.printing.fields import Strictness
from gateway.printing.outside import UnprintedError
from tests.support.factories import NOW
from tests.support.paths import ROOT

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
    "store.unavailable": lambda: events.store_unavailable("full"),
    "letter.sent": lambda: events.letter_sent(1, Letter.INVITATION, "K7QM-4T", "250 ok"),
    "letter.deferred": lambda: events.letter_not_sent(1, Letter.INVITATION, "", "deferred", "451", 2),
    "signing.unavailable": lambda: events.signing_unavailable("no key"),
    "started": lambda: events.service_started("0.2.0"),
    "reloaded": events.settings_reloaded,
    "templates_set_aside": lambda: events.templates_set_aside({"decline.txt.j2"}),
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
        events._line("reloaded", cause="bare")  # type: ignore[arg-type] # what it is about
    monkeypatch.setattr(Strictness, "refuses", False)
    assert "reloaded cause='a\\nb'" == events._line("reloaded", cause="a\nb")  # type: ignore[arg-type] # as above


POISON = "a\x1b[31m\u202e\r\nmail.received case=K7QM-4T\u2028| {{ x }} 承認"


def test_poison_in_every_field_stays_one_line(caplog: pytest.LogCaptureFixture) -> None:
    hostile = Envelope(POISON, POISON, Address(POISON, POISON), (), NOW)
    with caplog.at_level(logging.INFO, "gateway"):
        events.mail_rejected(hostile, smtp_reply.SENDER_UNAUTHENTICATED, POISON, POISON)
        events.mail_received(hostile, None, POISON, POISON, 7)
        events.mail_duplicate(hostile, POISON)
        events.store_unavailable(POISON)
        events.letter_sent(1, Letter.INVITATION, POISON, POISON)
        events.letter_not_sent(1, Letter.INVITATION, POISON, "held", POISON, 1)
        events.signing_unavailable(POISON)
        events.invitation_auth_failed(POISON)
        events.task_failed(POISON, OSError(POISON))
        events.check_failed(POISON, "error", POISON, POISON)
        events.service_started(POISON, listening=POISON)
        events.reload_failed(ValueError(POISON))
    assert 12 == len(caplog.records)
    for record in caplog.records:
        assert record.getMessage().isascii()
        assert record.getMessage().isprintable()
        assert " case=K7QM-4T" not in re.sub(r"'[^']*'", "", record.getMessage())


def test_every_event_of_the_code_is_here() -> None:
    code = Path(events.__file__).read_text(encoding="utf-8")
    assert set(re.findall(r'_line\(\s*f?"([a-z_.]+)(?:\{state\})?"', code)) == {
        "letter." if name == "letter.deferred" else name for name in NAMES
    }


def test_the_documents_name_events_that_exist() -> None:
    pages = [ROOT / "README.md", ROOT / "config/gateway.rules.yml", *(ROOT / "docs").glob("*.md")]
    named = re.findall(r"\bEVENT=([a-z_.]+)", "".join(page.read_text(encoding="utf-8") for page in pages))
    assert {"mail.rejected", "check_failed"} <= set(named) <= NAMES


def test_the_changes_tell_every_renamed_event() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    for former, (_, name, _) in RENAMED.items():
        (line,) = [each for each in lines if f"`EVENT={former}`" in each and f"| `EVENT={name}`" in each]
        assert line.endswith("0.3 removes it |")
