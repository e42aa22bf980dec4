"""Recognises a form that the sender of a forwarded or quoted mail filled in, not the author of this mail.

A consent in it is that sender's. The author may send it on, but cannot agree for somebody else.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from gateway.admission.application.fields import Consent, Form
from gateway.admission.application.layout.no_value import is_mark_of_mail
from gateway.admission.application.layout.people import are_two_people
from gateway.admission.application.layout.table.several import fold_name
from gateway.mail.address import Address

_SENDER = re.compile(
    r"[\s　>＞|]{0,20}\*{0,2}(?:差出人|送信者|発信者|from|sender)\*{0,2}[\s　]{0,4}[:：].{1,200}",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]{1,64}@[A-Za-z0-9.-]{1,253}")
_MAX_LINES = 2_000


def drop_consent_of_another(said: Form, text: str, author: Address | None, author_name: str) -> Form:
    """Return the form, without its consent if the sender of an old mail in `text` is the one it names."""
    if said.consent is not Consent.YES or author is None or not said.name:
        return said
    name = fold_name(said.name)
    # First the name, which few lines contain.
    lines = (line for line in text.split("\n")[:_MAX_LINES] if may_name(line, name))
    senders = [line for line in lines if _SENDER.fullmatch(line) or is_mark_of_mail(line)]
    is_another = any(_is_another(line, said.name, author, author_name) for line in senders)
    return replace(said, consent=Consent.ABSENT) if is_another else said


def may_name(line: str, name: str) -> bool:
    """Return whether a line contains a folded name, its reading and other brackets included."""
    return name in "".join(unicodedata.normalize("NFKC", line).casefold().split())


def _is_another(sender: str, name: str, author: Address, author_name: str) -> bool:
    """Return whether an old mail's sender bears the name of the form, and the author another one.

    If From has no name, their addresses differ.
    """
    if fold_name(name) not in fold_name(unicodedata.normalize("NFKC", sender)):
        return False
    if are_two_people(author_name, name):
        return True
    found = {address.casefold() for address in _ADDRESS.findall(sender)}
    return not author_name and bool(found) and author.key not in found
