"""The writer, if no label gives the name: sentences above the consent, and the signature below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gateway.admission.application.consent.passage import Agreement
from gateway.admission.application.evidence.blocks import find_signature
from gateway.admission.application.evidence.introduced import find_writer
from gateway.admission.application.fields import AGREED, Form
from gateway.admission.application.labels import Item
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.lines import Lines
from gateway.admission.application.layout.old_mail import find_old_mail
from gateway.admission.application.unlabelled import introduction, prose
from gateway.admission.application.unlabelled.introduction import Introduction
from gateway.admission.application.values import clean, clean_value, parse_category


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
    if form.organisation or (form.department and form.name):
        return form
    found = introduction.read_introduction(own[:end])
    found = _add(found, find_writer(own[:end], form.name))
    # A consent alone may answer a letter, and its signer may be known already.
    if form.consent in AGREED and not form.name and (form.code or form.category or found != Introduction()):
        found = introduction.add_signature(found, own)
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


def _add(found: Introduction, more: Mapping[Item, str]) -> Introduction:
    """Return what was found, with `more` for items it lacks."""
    return replace(found, **{item: said for item, said in more.items() if not getattr(found, item)})


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
