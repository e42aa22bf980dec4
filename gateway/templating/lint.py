"""What is wrong with a letter as rendered: too wide, a second link, no case number, template left in it.

LGWAN gateways strip HTML, links and attachments, old programs do not wrap: the text alone must do.
"""

from __future__ import annotations

import re

from gateway.admission.case.model import GENERAL_LETTERS, Letter, Owed
from gateway.mail.text import columns
from gateway.outbound.protocols import Rendered

MAX_COLUMNS = 70
MAX_LINKS = 1
_DATA = re.compile(r' *"[a-z_]+": ".*",?')
_LINK = re.compile(r"https?://", re.IGNORECASE)
_LEFT_OVER = re.compile(r"\{[{%#]|[%#}]\}|\bNone\b|\bUndefined\b")
# These answer mails of which no case was made.
_NO_CASE = GENERAL_LETTERS | {Letter.HOW_TO_APPLY, Letter.NOT_KEPT}


def lint(owed: Owed, rendered: Rendered) -> tuple[str, ...]:
    """Findings, one sentence each; none when the letter is fit to be sent."""
    return (
        *_wide(rendered.text),
        *_links(rendered.text),
        *_left_over(rendered),
        *_gaps(rendered.text),
        *_number(owed, rendered),
    )


def _wide(text: str) -> list[str]:
    return [
        f"line {place} is {columns(line)} columns wide, more than {MAX_COLUMNS}: {line}"
        for place, line in enumerate(text.splitlines(), 1)
        # What a machine reads must not be broken, and is not read by people: "key": "value".
        if columns(line) > MAX_COLUMNS and not _DATA.fullmatch(line)
    ]


def _links(text: str) -> list[str]:
    count = len(_LINK.findall(text))
    return [f"{count} links, more than {MAX_LINKS}"] if count > MAX_LINKS else []


def _left_over(rendered: Rendered) -> list[str]:
    parts = {"subject": rendered.subject, "text": rendered.text, "html": rendered.html or ""}
    return [
        f"the {part} holds {found.group()!r}, left over from the template"
        for part, text in parts.items()
        if (found := _LEFT_OVER.search(text))
    ]


def _gaps(text: str) -> list[str]:
    return ["two blank lines in a row"] if "\n\n\n" in text else []


def _number(owed: Owed, rendered: Rendered) -> list[str]:
    number = str(owed.facts.get("number", ""))
    if owed.letter in _NO_CASE or not number:
        return []
    parts = {"subject": rendered.subject, "text": rendered.text}
    return [f"the {part} does not tell the case number" for part, text in parts.items() if number not in text]
