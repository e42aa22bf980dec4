"""Finds problems in a rendered letter: too wide, a second link, no case number, remnants of the template.

LGWAN gateways strip HTML, links and attachments, and old programs do not wrap, so the text must suffice.
"""

from __future__ import annotations

import re

from gateway.admission.case.model import GENERAL_LETTERS, Letter, OutgoingLetter
from gateway.mail.text import display_width
from gateway.outbound.protocols import RenderedLetter

MAX_COLUMNS = 70
MAX_LINKS = 1
# Lines that must not be broken: "key": "value" for a program, an address on its marked line.
_UNBROKEN = re.compile(r' *"[a-z_]+": ".*",?|\| [!-~]+@[!-~]+')
_LINK = re.compile(r"https?://", re.IGNORECASE)
_LEFT_OVER = re.compile(r"\{[{%#]|[%#}]\}|\bNone\b|\bUndefined\b")
# Replies to mail for which no case was opened.
_NO_CASE = GENERAL_LETTERS | {Letter.HOW_TO_APPLY, Letter.ONE_BY_ONE, Letter.NOT_KEPT}


def lint(outgoing: OutgoingLetter, rendered: RenderedLetter) -> tuple[str, ...]:
    """Return the findings, one sentence each; empty if the letter can be sent."""
    return (
        *_find_wide_lines(rendered.text),
        *_find_extra_links(rendered.text),
        *_find_left_overs(rendered),
        *_check_number(outgoing, rendered),
    )


def _find_wide_lines(text: str) -> list[str]:
    return [
        f"line {place} is {display_width(line)} columns wide, more than {MAX_COLUMNS}: {line}"
        for place, line in enumerate(text.splitlines(), 1)
        if display_width(line) > MAX_COLUMNS and not _UNBROKEN.fullmatch(line)
    ]


def _find_extra_links(text: str) -> list[str]:
    count = len(_LINK.findall(text))
    return [f"{count} links, more than {MAX_LINKS}"] if count > MAX_LINKS else []


def _find_left_overs(rendered: RenderedLetter) -> list[str]:
    parts = {"subject": rendered.subject, "text": rendered.text, "html": rendered.html or ""}
    return [
        f"the {part} contains {found.group()!r}, a leftover from the template"
        for part, text in parts.items()
        if (found := _LEFT_OVER.search(text))
    ]


def _check_number(outgoing: OutgoingLetter, rendered: RenderedLetter) -> list[str]:
    number = str(outgoing.facts.get("number", ""))
    if outgoing.letter in _NO_CASE or not number:
        return []
    parts = {"subject": rendered.subject, "text": rendered.text}
    return [
        f"the {part} does not contain the case number" for part, text in parts.items() if number not in text
    ]
