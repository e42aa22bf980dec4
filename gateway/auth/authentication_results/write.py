"""Writes our Authentication-Results field (RFC 8601), and removes forged ones with our authserv-id.

The field is built from checked values only, and is never read back for a decision.
"""

from __future__ import annotations

import re

from gateway.auth.authentication_results import parse
from gateway.auth.authentication_results.parse import AuthresError
from gateway.auth.results import Arc, Result, Verdict
from gateway.mail.address import is_domain
from gateway.mail.message import Field, Message

NAME = "Authentication-Results"
LINE_CHARS = 78
_TOKEN = re.compile(r"[A-Za-z0-9._-]{1,63}", re.ASCII)


def remove_foreign_results(message: Message, authserv_id: str) -> tuple[Field, ...]:
    """Return all fields except Authentication-Results that have, or seem to have, our authserv-id.

    RFC 8601 section 5: call this before our own field is added, so that all of them are forged.
    """
    foreign = [field for field in message.all(NAME) if _may_be_ours(field, authserv_id.lower())]
    if not foreign:
        return message.fields
    return tuple(field for field in message.fields if field not in foreign)


def _may_be_ours(field: Field, authserv_id: str) -> bool:
    try:
        return parse.authserv_id(field.value) == authserv_id
    except AuthresError:
        # A lenient parser could find our name in it, and a field without an authserv-id is of no use.
        return authserv_id.encode("ascii", "replace") in field.value.lower()


def format_results_field(of: Verdict, authserv_id: str) -> bytes:
    """Return the field with its CRLF, to put before the message, folded to 78 columns where possible.

    A single domain can be longer than that, but no line reaches 998 octets (RFC 5322 section 2.1.1). Raises
    ValueError if `authserv_id` is not a domain.
    """
    lines: list[str] = []
    line = f"{NAME}:"
    for word in format_results(of, authserv_id).split(" "):
        if len(line) + 1 + len(word) > LINE_CHARS and line.strip():
            lines.append(line)
            line = f"\t{word}"
        else:
            line = f"{line} {word}"
    lines.append(line)
    return ("\r\n".join(lines) + "\r\n").encode("ascii")


def format_results(of: Verdict, authserv_id: str) -> str:
    """Return the value of the field (RFC 8601 section 2.2) on one line, to be folded at spaces.

    Built from result names, checked domains and checked tokens only. Raises ValueError if `authserv_id` is
    not a domain.
    """
    if not is_domain(authserv_id):
        raise ValueError("an authserv-id must be a domain name")
    identity = "smtp.helo" if of.spf.identity == "helo" else "smtp.mailfrom"
    parts = [_format_method("spf", of.spf.result, {identity: _domain(of.spf.domain)})]
    for one in of.dkim:
        properties = {"header.d": _domain(one.domain), "header.s": _token(one.selector)}
        parts.append(_format_method("dkim", one.result, properties | {"header.a": _token(one.algorithm)}))
    if not of.dkim:
        parts.append("dkim=none")
    policy = {"header.from": _domain(of.author_domain), "policy.dmarc": _token(of.dmarc.policy)}
    parts.append(_format_method("dmarc", of.dmarc.result, policy))
    if of.arc is not None:
        parts.append(_format_arc(of.arc))
    return "; ".join([authserv_id, *parts])


def _format_arc(arc: Arc) -> str:
    # RFC 8617 section 4.4 has none, pass and fail; an unknown result is written as none.
    known = arc.result if arc.result in {Result.PASS, Result.FAIL} else Result.NONE
    return _format_method("arc", known, {"policy.sealer": _domain(arc.sealer)})


def _format_method(name: str, result: Result, properties: dict[str, str]) -> str:
    return " ".join(
        [f"{name}={result.value}", *(f"{key}={text}" for key, text in properties.items() if text)]
    )


def _domain(text: str) -> str:
    return text if is_domain(text) else ""


def _token(text: str) -> str:
    return text if _TOKEN.fullmatch(text) else ""
