"""The writer, if no label gives the name: sentences above the consent, and the signature below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gateway.admission.application.consent.passage import Agreement
from gateway.admission.application.evidence.blocks import find_signature
from gateway.admission.application.evidence.introduced import find_writer
from gateway.admission.application.items.fields import AGREED, Form
from gateway.admission.application.items.labels import Item
from gateway.admission.application.items.values import clean, clean_value, parse_category
from gateway.admission.application.layout.beyond.old_mail import find_old_mail
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.lines import Lines
from gateway.admission.application.unlabelled import introduction, prose
from gateway.admission.application.unlabelled.introduction import Introduction
from gateway.admission.application.unlabelled.self_named import is_full_name
from gateway.patterns import compile_later


def introduce(form: Form, agreed: Agreement, lines: Lines) -> Form:
    """Add who writes to a form without it.

    Whoever agrees to the rules applies; if no label gives the name, what is above the consent does, with the
    signature below it, or a sentence that names the person of the form.
    """
    if not (form.name or form.consent in AGREED):
        return form
    end = agreed.at + 1 if agreed.at >= 0 else len(lines.texts)
    old = find_old_mail(lines.texts, end)
    own = [text for at, text in enumerate(lines.texts[:old]) if at not in lines.quoted or at >= end]
    if not form.category:
        form = replace(form, category=parse_category(prose.find_category(own[:end])))
    form = _sign(form, own)
    if form.organisation and form.name:
        return form
    found = introduction.read_introduction(own[:end])
    found = _add(found, find_writer(own[:end], form.name))
    # A consent alone may answer a letter, and its signer may be known already.
    is_more = bool(form.code or form.category or found != Introduction())
    if form.consent in AGREED and not form.name and (is_more or _asks_to_join(own)):
        found = _complete(introduction.add_signature(found, own), own)
    if form.organisation and not is_full_name(found.name):
        return form  # a family name alone is asked for
    return form if form.name and not _names(form.name, found.name) else _fill(form, found)


def _sign(form: Form, own: Sequence[str]) -> Form:
    """Fill empty items of the form from the signature of its writer."""
    if (form.organisation and form.department and form.name) or not (form.code or form.category):
        return form
    left = {held[0] for held in map(parse_line, own) if held is not None and not clean_value(held[1])}
    signed = {item.value: value for item, value in find_signature(own).items() if item not in left}
    is_own = form.consent in AGREED if not form.name else _names(form.name, signed.get("name", ""))
    return _fill(form, Introduction(**signed)) if is_own else form


def _names(name: str, said: str) -> bool:
    """Return whether a sentence names the person of a form, or the family name."""
    return bool(said) and "".join(name.split()).startswith("".join(said.split()))


_JOINS = compile_later(
    r"(?:参加|入会|加入|登録)(?:を(?:希望|申請|申し)|(?:の|を)?お願い|(?:いた|致)?した[いく]|させて)|仲間に(?:入|加)"
)
_MAX_LINE = 200


def _asks_to_join(own: Sequence[str]) -> bool:
    """Return whether a mail is an application by its own words, and no answer to a letter."""
    return any(_JOINS.search(line[:_MAX_LINE]) is not None for line in own)


def _complete(found: Introduction, own: Sequence[str]) -> Introduction:
    """Return who writes with the items of a signature below the family name: 総務課の見本です."""
    signed = find_signature(own)
    name = signed.get(Item.NAME, "")
    if not found.name or len(name.split()) < 2 or not _names(name, found.name):
        return found
    more: dict[Item, str] = {item: said for item, said in signed.items() if item is not Item.NAME}
    return _add(replace(found, name=name), more)


def _add(found: Introduction, more: Mapping[Item, str]) -> Introduction:
    """Return what was found, with `more` for items it lacks, and for a family name that it completes."""
    name = more.get(Item.NAME, "")
    is_half = bool(found.name) and name.split()[:1] == [found.name]
    added = replace(found, **{item: said for item, said in more.items() if not getattr(found, item)})
    return replace(added, name=name) if is_half else added


def _fill(form: Form, found: Introduction) -> Form:
    return replace(
        form,
        organisation=form.organisation or found.organisation,
        code=form.code or found.code,
        department=form.department or found.department,
        title=form.title or found.title,
        name=form.name or found.name,
    )


def find_in_prose(text: str) -> Form:
    """Return what a text without a form says about its writer, for a form to return; never a consent."""
    return _fill(Form(), introduction.find_in_prose(clean(text)))
