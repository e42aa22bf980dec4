"""`gateway reply test`: shows how a staff reply would be parsed. Nothing is changed or sent."""

from __future__ import annotations

import base64
import binascii
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.shared import loading, options, output
from gateway.cli.shared.options import SuggestingGroup
from gateway.printing import terminal

if TYPE_CHECKING:
    from gateway.admission.replies.reading import ParsedReply
    from gateway.mail.message import Message

EPILOG = """\b
Examples:
  gateway reply test answer.eml
  gateway reply test --json answer1.eml answer2.eml
  echo 承認します。 | gateway reply test --body -
  gateway reply test --jsonl replies.jsonl --json

Each line of the --jsonl file is an object with "body" (or "raw_b64": the octets of the body in base64) and
optionally "id", "subject", "headers" (an object), "charset" and "mime_charset" (the label, if different).
"""
MAX_BYTES = 10_000_000
# Words that decide a case; the others (undo, take, list, status, help) are only in `word`.
_DECISIONS = frozenset({"approve", "decline", "ask", "hold"})


@dataclass(frozen=True, slots=True)
class Sample:
    """One reply to parse: its source, its id if any, and the octets of the mail."""

    name: str
    id: object
    raw: bytes


@click.group(cls=SuggestingGroup, epilog=EPILOG)
def reply() -> None:
    """Test how a staff reply would be parsed."""


@reply.command("test", epilog=EPILOG)
@click.argument("files", nargs=-1, type=click.Path(allow_dash=True, path_type=Path))
@click.option("--body", is_flag=True, help="FILE contains only the text of a reply, not a whole message.")
@click.option(
    "--jsonl",
    "rows",
    multiple=True,
    type=click.Path(allow_dash=True, path_type=Path),
    metavar="FILE",
    help="Read replies as JSON, one object per line.",
)
@options.json_option
def test_reply(files: tuple[Path, ...], body: bool, rows: tuple[Path, ...], as_json: bool) -> None:
    """Show how staff replies would be parsed, and why.

    FILE is an .eml file, or - for standard input."""
    if not files and not rows:
        raise click.UsageError("specify a FILE, - for standard input, or --jsonl FILE")
    for sample in (*_samples_from_files(files, body=body), *_samples_from_rows(rows)):
        told = _reading_facts(sample)
        output.print_line(told) if as_json else output.echo(_format_line(told))


def _samples_from_files(files: tuple[Path, ...], *, body: bool) -> Iterator[Sample]:
    for file in files:
        octets = _read(file)
        yield Sample(
            str(file), None, _build_mail({}, "", octets, "utf-8") if body else _convert_to_crlf(octets)
        )


def _samples_from_rows(files: tuple[Path, ...]) -> Iterator[Sample]:
    for file in files:
        for place, line in enumerate(_read(file).splitlines(), start=1):
            if line.strip():
                yield _parse_sample(f"{file}:{place}", line)


def _parse_sample(name: str, line: bytes) -> Sample:
    try:
        row = json.loads(line)
        return Sample(name, row.get("id"), _mail_from_row(row))
    except (ValueError, AttributeError, TypeError, KeyError, binascii.Error, LookupError) as error:
        loading.fail(f"{name}: expected a JSON object with a body: {error}", 2)


def _mail_from_row(row: Mapping[str, Any]) -> bytes:
    """Build the mail that a row describes."""
    charset = str(row.get("mime_charset") or row.get("charset") or "utf-8")
    if "raw_b64" in row:
        octets = base64.b64decode(row["raw_b64"], validate=True)
    else:
        # The body of a row is already text; only raw octets have a relevant charset.
        octets, charset = str(row["body"]).encode("utf-8", "replace"), "utf-8"
    headers = {str(name): str(value) for name, value in (row.get("headers") or {}).items()}
    return _build_mail(headers, str(row.get("subject", "")), octets, charset)


def _build_mail(headers: Mapping[str, str], subject: str, octets: bytes, charset: str) -> bytes:
    """Build a mail with these header fields and this text, as if it had just been received."""
    from gateway.mail.header import encoded_words
    from gateway.mail.header.fields import sanitize_header

    given = {name.lower() for name in headers}
    lines = [f"{name}: {sanitize_header(value)}" for name, value in headers.items()]
    lines.append("Subject: " + encoded_words.encode(sanitize_header(subject), len("Subject: ")))
    if "content-type" not in given:
        lines.append(f'Content-Type: text/plain; charset="{sanitize_header(charset)}"')
        lines.append("Content-Transfer-Encoding: base64")
        octets = base64.encodebytes(octets)
    return "\r\n".join([*lines, "", ""]).encode("utf-8") + _convert_to_crlf(octets)


def _reading_facts(sample: Sample) -> dict[str, object]:
    """Return the parsed reply and the reason for `--json`."""
    reading, machine = _parse_reply(sample.raw)
    word = reading.decision.value
    told: dict[str, object] = {} if sample.id is None else {"id": sample.id}
    told |= {
        "file": sample.name,
        "decision": word if word in _DECISIONS else "none",
        "word": word,
        "note": reading.note,
        "why": reading.why,
        "automatic": machine,
    }
    return told


def _parse_reply(raw: bytes) -> tuple[ParsedReply, str | None]:
    """Return the parsed reply, and why it is automatic mail (None: it is not)."""
    from gateway.admission.replies import decision
    from gateway.admission.replies.context import ReplyContext
    from gateway.admission.replies.reading import Decision, ParsedReply
    from gateway.admission.replies.text.other_parts import find_answered
    from gateway.mail import message
    from gateway.mail.header import auto_submitted, fields
    from gateway.mail.mime import content
    from gateway.printing.statement import Statement

    try:
        parsed = message.parse(raw)
        read = content.extract(parsed)
    except message.MalformedMessageError as error:
        return ParsedReply(Decision.NONE, "", Statement("not_a_mail", cause=str(error))), None
    # Including weak marks: with them words alone do not decide, and a row has no code.
    certain = auto_submitted.automatic_reason(parsed, null_reverse_path=False)
    machine = certain or auto_submitted.weak_mark(parsed, None) or auto_submitted.machine_mark(parsed) or None
    if read.source == "html":
        return ParsedReply(Decision.NONE, "", Statement("html_alone")), machine
    # The service knows the author's name and the letter; here both are taken from the mail.
    subject = fields.subject(parsed)
    context = ReplyContext(member_names=_read_names(parsed), letter_subject=find_answered(subject))
    is_automatic = machine is not None
    html = read.html_text
    return decision.parse(read.text, subject, context, html_text=html, automatic=is_automatic), machine


def _read_names(parsed: Message) -> tuple[str, ...]:
    """Return the display name in From, if any."""
    from gateway.mail.header import fields

    try:
        name = fields.author(parsed).name
    except fields.AuthorError:
        return ()
    return (name,) if name else ()


def _format_line(told: Mapping[str, object]) -> str:
    """Format the result as one line for people."""
    name = told.get("id") or told["file"]
    word = f" ({told['word']})" if told["word"] != told["decision"] else ""
    note = " | " + " ".join(str(told["note"]).split()) if told["note"] else ""
    return f"{name}: {told['decision']}{word} - {told['automatic'] or terminal.show(told['why'])}{note}"


def _read(file: Path) -> bytes:
    try:
        if str(file) == "-":
            return sys.stdin.buffer.read(MAX_BYTES)
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES)
    except OSError as error:
        loading.fail(f"{file}: cannot be read ({error.strerror})", 2)


def _convert_to_crlf(octets: bytes) -> bytes:
    """Convert line endings to CRLF, whatever the file contains."""
    return octets.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
