"""Recognises a form that the sender of a forwarded or quoted mail filled in, not the author of this mail.

A consent in it is that sender's. The author may send it on, but cannot agree for somebody else.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from gateway.admission.application.consent.around.contacts import is_in_head
from gateway.admission.application.consent.people import is_family_name, is_place, is_somebody
from gateway.admission.application.evidence.shapes import is_title
from gateway.admission.application.items.fields import AGREED, Consent, Form
from gateway.admission.application.layout.no_value import is_mark_of_mail
from gateway.admission.application.layout.people import are_two_people
from gateway.admission.application.layout.table.several import fold_name
from gateway.mail.address import Address
from gateway.patterns import compile_later

_SENDER = compile_later(
    r"[\s　>＞|]{0,20}\*{0,2}(?:差出人|送信者|発信者|from|sender)\*{0,2}[\s　]{0,4}[:：].{1,200}",
    re.IGNORECASE,
)
_ADDRESS = compile_later(r"[^\s<>()\[\],;:\"]{1,64}@[A-Za-z0-9.-]{1,253}")
_MAX_LINES = 2_000


def drop_consent_of_another(said: Form, text: str, author: Address | None, author_name: str) -> Form:
    """Return the form, without its consent if the sender of an old mail in `text` is the one it names."""
    if said.consent not in AGREED or author is None or not said.name:
        return said
    name = fold_name(said.name)
    # First the name, which few lines contain.
    lines = text.split("\n")[:_MAX_LINES]
    named = (at for at, line in enumerate(lines) if may_name(line, name))
    senders = [at for at in named if _SENDER.fullmatch(lines[at]) or is_mark_of_mail(lines[at])]
    is_another = any(
        _is_another(lines[at], said.name, author, author_name, in_head=is_in_head(lines, at))
        for at in senders
    )
    return replace(said, consent=Consent.ABSENT) if is_another else said


def find_person(author_name: str) -> str:
    """Return the person in the name of From, without office, post and brackets; empty if it names none."""
    words = _BRACKETS.sub(" ", author_name).replace("/", " ").replace("／", " ").split()
    name = " ".join(word for word in words if not is_place(word) and not is_title(word))
    is_whole = name == author_name.strip() or not is_family_name(name)  # 環境省 佐藤 may be anybody
    return name if is_whole and is_somebody(name) else ""


_BRACKETS = compile_later(r"[(（\[［【][^()（）\[\]［］【】]{0,60}[)）\]］】]")


def may_name(line: str, name: str) -> bool:
    """Return whether a line contains a folded name, its reading and other brackets included."""
    return name in "".join(unicodedata.normalize("NFKC", line).casefold().split())


def _is_another(sender: str, name: str, author: Address, author_name: str, *, in_head: bool) -> bool:
    """Return whether an old mail's sender bears the name of the form, and the author another one.

    If From names no person, their addresses differ. An office without an address may only be the own sender
    of a line that is in no head of an old mail.
    """
    if fold_name(name) not in fold_name(unicodedata.normalize("NFKC", sender)):
        return False
    if person := find_person(author_name):
        return are_two_people(person, name)
    found = {address.casefold() for address in _ADDRESS.findall(sender)}
    return author.key not in found if found else in_head and bool(author_name)
