"""`gateway explain`: shows step by step what would happen to a mail, without changing anything."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.shared import loading, options, output
from gateway.cli.trial.explanation import print_explanation
from gateway.printing.fields import to_plain

if TYPE_CHECKING:
    from gateway.inbound.plan import MessagePlan
    from gateway.inbound.receive import Receiver
    from gateway.inbound.record.submission import MailRecord
    from gateway.inbound.screening import Rejected, Screened
    from gateway.mail.smtp.envelope import Envelope
    from gateway.net.dns.zone import Zone
    from gateway.settings import Settings

EPILOG = """\b
Examples:
  gateway explain mail.eml --from-ip 203.0.113.5 --mail-from taro@city.example.lg.jp
  gateway explain mail.eml --zone answers.zone --json
  gateway explain mail.eml --rcpt-to decide+TOKEN@gw.example.go.jp --config /etc/gateway

A zone file has lines such as
  city.example.lg.jp TXT v=spf1 ip4:203.0.113.0/24 -all
  city.example.lg.jp MX 10 mx.city.example.lg.jp
  broken.example.jp TEMPFAIL
Lines in dig format are accepted too.
"""


@dataclass(frozen=True, slots=True)
class ExplainRequest:
    """The arguments of the command."""

    raw: bytes
    from_ip: str
    helo: str
    mail_from: str | None
    rcpt_to: str
    zone: Path | None


@click.command(epilog=EPILOG)
@click.argument("file", type=click.File("rb"))
@click.option("--from-ip", default="192.0.2.1", show_default=True, help="IP address of the SMTP client.")
@click.option("--helo", default="", help="HELO name of the client (default: the reverse-path's domain).")
@click.option(
    "--mail-from", help="Reverse-path; <> is the null reverse-path (default: Return-Path, then From)."
)
@click.option(
    "--rcpt-to", default="", help="Forward-path (default: the application address in the settings)."
)
@click.option(
    "--zone",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Zone file to use instead of DNS.",
)
@options.config_option
@options.json_option
@options.wide_option
def explain(
    file: Any,
    from_ip: str,
    helo: str,
    mail_from: str | None,
    rcpt_to: str,
    zone: Path | None,
    config_path: Path | None,
    as_json: bool,
) -> None:
    """Dry-run a message and explain the result.

    FILE is an .eml file, or - for standard input. Shows its authentication, class, intent and effect.

    Queries DNS (or the given zone file) and reads the database if there is one. Nothing is changed or sent.
    """
    from gateway.net.host.event_loop import run

    raw = _convert_to_crlf(file.read())
    question = ExplainRequest(raw, from_ip, helo, mail_from, rcpt_to, zone)
    loaded, folder = _load_settings(config_path)
    try:
        told = run(_explain(question, loaded, folder))
    except ValueError as error:
        loading.fail(str(error), 2)
    if as_json:
        output.print_json(told)
    else:
        print_explanation(told)


def _convert_to_crlf(raw: bytes) -> bytes:
    """Convert line endings to CRLF, because files often have a bare LF."""
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _load_settings(config_path: Path | None) -> tuple[Settings, Path]:
    """Return the settings and their folder, or those of the example if there are none and none are given."""
    from gateway import settings
    from gateway.app.wiring.files.resources import resource_dir

    if config_path is None and not settings.find_settings_file(None).is_file():
        output.echo("gateway: no settings found; using those in config/gateway.toml", err=True)
        config_path = resource_dir("config")
    loaded, path = loading.load_settings(config_path)
    return loaded, path.parent


async def _explain(question: ExplainRequest, loaded: Settings, folder: Path) -> dict[str, Any]:
    from gateway.app.wiring import reception
    from gateway.app.wiring.files.resources import load_active_rules, load_directory
    from gateway.app.wiring.values import build_resolver
    from gateway.inbound.screening import Rejected
    from gateway.net.dns import server as nameserver
    from gateway.net.dns.resolver import DnsResolver

    server = None
    if question.zone is not None:
        server = await nameserver.serve(_read_zone(question.zone))
        resolver = DnsResolver(["127.0.0.1"], server.port)
    else:
        resolver = build_resolver(loaded)
    try:
        receiver = reception.build_receiver(loaded, load_active_rules(loaded, folder, load_directory(folder)))
        front = reception.build_front(loaded, resolver, receiver.submit)
        envelope = _build_envelope(question, loaded)
        screened = await front.screen(envelope, question.raw)
    finally:
        await resolver.close()
        if server is not None:
            await server.close()
    if isinstance(screened, Rejected):
        return _rejection_facts(envelope, screened)
    record = receiver.complete(front.build_record(screened))
    return _result_facts(screened, record, _plan(receiver, record, Path(loaded.store.path)))


def _read_zone(path: Path) -> Zone:
    from gateway.net.dns.zone import Zone

    try:
        return Zone.parse(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def _build_envelope(question: ExplainRequest, loaded: Settings) -> Envelope:
    import ipaddress

    from gateway.app.wiring.desk import utc_now
    from gateway.mail import address, message
    from gateway.mail.smtp.envelope import Envelope

    ipaddress.ip_address(question.from_ip)
    path = question.mail_from
    if path is None:
        try:
            parsed = message.parse(question.raw)
            path = parsed.first("return-path").decode("ascii", "replace") or _find_author(parsed)
        except message.MalformedMessageError:
            path = "<>"
    reverse_path = address.parse_path(path if path.startswith("<") else f"<{path}>")
    to = question.rcpt_to or f"{loaded.desk.request}@{loaded.desk.domain}"
    helo = question.helo or (reverse_path.domain if reverse_path else "relay.example")
    return Envelope(question.from_ip, helo, reverse_path, (address.parse(to),), utc_now())


def _find_author(parsed: Any) -> str:
    from gateway.mail.header import fields

    try:
        return str(fields.author(parsed).address)
    except fields.AuthorError:
        return "<>"


def _plan(receiver: Receiver, record: MailRecord, database: Path) -> MessagePlan | None:
    """Return the transition that would follow, using the database if there is one, else an empty one."""
    from gateway.store.privacy import tombstones
    from gateway.store.sqlite.migrations import schema
    from gateway.store.tables.transaction import SqlTransaction

    if database.is_file():
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    else:
        connection = sqlite3.connect(":memory:")
        schema.migrate(connection)
    with closing(connection):
        connection.row_factory = sqlite3.Row
        key = tombstones.load_key(database)
        return receiver.plan(SqlTransaction(connection, lambda: "", key), record)


def _rejection_facts(envelope: Envelope, refused: Rejected) -> dict[str, Any]:
    import msgspec

    return {
        "envelope": _envelope_facts(envelope),
        "author": refused.author,
        "verdict": msgspec.to_builtins(refused.verdict),
        "reply": str(refused.reply),
        "cause": refused.cause,
    }


def _result_facts(screened: Screened, record: MailRecord, plan: MessagePlan | None) -> dict[str, Any]:
    import msgspec

    from gateway.admission.case.events import event_kind, event_name
    from gateway.mail.smtp import smtp_reply

    mail = record.mail
    told: dict[str, Any] = {
        "envelope": _envelope_facts(record.envelope),
        "author": record.author,
        "verdict": msgspec.to_builtins(screened.verdict),
        "background": asdict(mail.background) if mail.background else None,
        "subject": mail.subject,
        "automatic": mail.automatic,
        "form": msgspec.to_builtins(mail.form),
        "reply": str(smtp_reply.NO_SUCH_MAILBOX if plan is None else smtp_reply.ACCEPTED),
    }
    if plan is not None:
        transition = plan.transition
        transitions = (*(other for _, other in plan.others), transition)
        told |= {
            "class": event_kind(plan.event),
            "intent": event_name(plan.event),
            "case": plan.before.number if plan.before else None,
            "state": transition.case.state.value if transition.case else None,
            "letters": [
                {"letter": outgoing.letter.value, "to": str(outgoing.to)}
                for each in transitions
                for outgoing in each.letters
            ],
            "events": [
                {"event": event.name, "detail": to_plain(event.detail)}
                for each in transitions
                for event in each.journal
            ],
        }
    return told


def _envelope_facts(envelope: Envelope) -> dict[str, str]:
    return {
        "client_ip": envelope.client_ip,
        "helo": envelope.helo,
        "reverse_path": str(envelope.reverse_path or "<>"),
        "forward_path": ", ".join(map(str, envelope.forward_paths)),
    }
