"""`gateway explain`: what would become of a mail, step by step, without changing anything."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.shared import loading, options, output

if TYPE_CHECKING:
    from gateway.inbound.receive import Considered, Reception
    from gateway.inbound.screening import Examined, Refused
    from gateway.mail.smtp.envelope import Envelope
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
"""


@dataclass(frozen=True, slots=True)
class Question:
    """What the command was asked."""

    raw: bytes
    from_ip: str
    helo: str
    mail_from: str | None
    rcpt_to: str
    zone: Path | None


@click.command(epilog=EPILOG)
@click.argument("file", type=click.File("rb"))
@click.option("--from-ip", default="192.0.2.1", show_default=True, help="Address of the SMTP client.")
@click.option("--helo", default="", help="Name the client gave (default: the domain of the reverse-path).")
@click.option(
    "--mail-from", help="Reverse-path; <> for the null one (default: Return-Path, else the author)."
)
@click.option("--rcpt-to", default="", help="Forward-path (default: the request address of the settings).")
@click.option(
    "--zone", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Answers instead of DNS."
)
@options.config_option
@options.json_option
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
    """Explain FILE (an .eml, or - for standard input): proof, class, intent, and what would happen.

    Asks DNS (or the zone given) and reads the database if there is one; changes nothing and sends nothing.
    """
    from gateway.net.host.event_loop import run

    raw = _with_crlf(file.read())
    question = Question(raw, from_ip, helo, mail_from, rcpt_to, zone)
    loaded, folder = _settings(config_path)
    try:
        told = run(_explained(question, loaded, folder))
    except ValueError as error:
        loading.fail(str(error), 2)
    if as_json:
        output.print_json(told)
    else:
        _print(told)


def _with_crlf(raw: bytes) -> bytes:
    """Files often have bare LF where the wire had CRLF."""
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _settings(config_path: Path | None) -> tuple[Settings, Path]:
    """The settings and their folder, or the shipped example where there are none and none were asked for."""
    from gateway import settings
    from gateway.app.wiring.resources import share

    if config_path is None and not settings.find(None).is_file():
        click.echo("gateway: no settings found, explaining with those of config/gateway.toml", err=True)
        config_path = share("config")
    loaded, path = loading.load_settings(config_path)
    return loaded, path.parent


async def _explained(question: Question, loaded: Settings, folder: Path) -> dict[str, Any]:
    from gateway.app.wiring import values
    from gateway.app.wiring.resources import directory_of, rulebook_of
    from gateway.app.wiring.values import resolver_of
    from gateway.inbound.screening import Refused
    from gateway.net.dns import server as nameserver
    from gateway.net.dns.resolver import DnsResolver

    server = None
    if question.zone is not None:
        zone = nameserver.Zone.parse(question.zone.read_text(encoding="utf-8"))
        server = await nameserver.serve(zone)
        resolver = DnsResolver(["127.0.0.1"], server.port)
    else:
        resolver = resolver_of(loaded)
    try:
        reception = values.reception(loaded, resolver, rulebook_of(loaded, folder, directory_of(folder)))
        envelope = _envelope(question, loaded)
        examined = await reception.examine(envelope, question.raw)
    finally:
        await resolver.close()
        if server is not None:
            await server.close()
    if isinstance(examined, Refused):
        return _refused(envelope, examined)
    return _told(envelope, examined, _considered(reception, examined, Path(loaded.store.path)))


def _envelope(question: Question, loaded: Settings) -> Envelope:
    import ipaddress

    from gateway.app.wiring.values import utc_now
    from gateway.mail import address, message
    from gateway.mail.smtp.envelope import Envelope

    ipaddress.ip_address(question.from_ip)
    path = question.mail_from
    if path is None:
        try:
            parsed = message.parse(question.raw)
            path = parsed.first("return-path").decode("ascii", "replace") or _author(parsed)
        except message.MalformedMessageError:
            path = "<>"
    reverse_path = address.parse_path(path if path.startswith("<") else f"<{path}>")
    to = question.rcpt_to or f"{loaded.desk.request}@{loaded.desk.domain}"
    helo = question.helo or (reverse_path.domain if reverse_path else "relay.example")
    return Envelope(question.from_ip, helo, reverse_path, (address.parse(to),), utc_now())


def _author(parsed: Any) -> str:
    from gateway.mail.header import fields

    try:
        return str(fields.author(parsed).address)
    except fields.AuthorError:
        return "<>"


def _considered(reception: Reception, examined: Examined, database: Path) -> Considered | None:
    """The step that would follow, judged on the database if there is one, else on an empty one."""
    from gateway.store.sqlite import tombstones
    from gateway.store.sqlite.migrations import schema
    from gateway.store.sqlite.transaction import SqliteTransaction

    if database.is_file():
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    else:
        connection = sqlite3.connect(":memory:")
        schema.prepare(connection)
    with closing(connection):
        connection.row_factory = sqlite3.Row
        key = tombstones.key_if_any(database)
        return reception.consider(SqliteTransaction(connection, lambda: "", key), examined)


def _refused(envelope: Envelope, refused: Refused) -> dict[str, Any]:
    import msgspec

    return {
        "envelope": _envelope_facts(envelope),
        "author": refused.author,
        "verdict": msgspec.to_builtins(refused.verdict),
        "reply": str(refused.reply),
        "cause": refused.cause,
    }


def _told(envelope: Envelope, examined: Examined, considered: Considered | None) -> dict[str, Any]:
    import msgspec

    from gateway.admission.case.events import kind_of
    from gateway.mail.smtp import smtp_reply

    mail = examined.mail
    told: dict[str, Any] = {
        "envelope": _envelope_facts(envelope),
        "author": examined.arrival.from_whom,
        "verdict": msgspec.to_builtins(examined.verdict),
        "background": msgspec.to_builtins(mail.background),
        "subject": mail.subject,
        "automatic": mail.automatic,
        "form": msgspec.to_builtins(mail.form),
        "reply": str(smtp_reply.NO_SUCH_MAILBOX if considered is None else smtp_reply.ACCEPTED),
    }
    if considered is not None:
        step = considered.step
        steps = (*(other for _, other in considered.others), step)
        told |= {
            "class": kind_of(considered.intent),
            "intent": type(considered.intent).__name__.lower(),
            "case": considered.before.number if considered.before else None,
            "state": step.case.state.value if step.case else None,
            "letters": [
                {"letter": owed.letter.value, "to": str(owed.to)} for each in steps for owed in each.owed
            ],
            "events": [
                {"event": event.name, "detail": dict(event.detail)}
                for each in steps
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


def _print(told: dict[str, Any]) -> None:
    verdict = told["verdict"] or {}
    output.print_table("Envelope", ("", ""), told["envelope"].items())
    if verdict:
        output.print_table("Proof", ("check", "result", "about", "why"), _proof_rows(verdict))
        rows = ((a["type"], a["name"], a["status"], " / ".join(a["records"])) for a in _answers(verdict))
        output.print_table("DNS answers as seen", ("type", "name", "status", "records"), rows)
    facts = [
        ("author", told["author"]),
        (
            "verdict",
            f"{verdict.get('outcome', '-')} ({verdict.get('grade', '-')}): {verdict.get('reason', '')}",
        ),
        *((key.removeprefix("domain_"), value) for key, value in _background(told)),
        ("automatic", told.get("automatic")),
        *((f"form: {key}", value) for key, value in (told.get("form") or {}).items()),
        ("class", told.get("class")),
        ("intent", told.get("intent")),
        ("case before", told.get("case")),
        ("state afterwards", told.get("state")),
        *(("letter owed", f"{one['letter']} to {one['to']}") for one in told.get("letters", [])),
        ("cause", told.get("cause")),
        ("SMTP reply", told["reply"]),
    ]
    output.print_table("What would happen", ("", ""), ((key, value) for key, value in facts if value))


def _proof_rows(verdict: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    spf, dmarc = verdict["spf"], verdict["dmarc"]
    return [
        ("SPF", spf["result"], f"{spf['domain']} ({spf['identity']})", spf["reason"]),
        *(
            ("DKIM", one["result"], f"{one['domain']} ({one['selector']}, {one['algorithm']})", one["reason"])
            for one in verdict["dkim"]
        ),
        ("DMARC", dmarc["result"], f"{dmarc['domain']} {dmarc['policy']}", dmarc["reason"]),
        ("MX", verdict["mx"], verdict["author_domain"], ""),
    ]


def _background(told: dict[str, Any]) -> list[tuple[str, Any]]:
    """What the domain is; the proof stands in a table of its own."""
    known = told.get("background") or {}
    return [(key, known[key]) for key in ("domain_kind", "standing", "organisation") if key in known] + [
        ("flag", flag) for flag in known.get("flags", ())
    ]


def _answers(verdict: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"type": one["rtype"], "name": one["name"], "status": one["status"], "records": one["records"]}
        for one in verdict.get("answers", ())
    ]
