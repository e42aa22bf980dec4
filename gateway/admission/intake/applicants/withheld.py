"""Withholds a consent that another part of the mail may take back: its subject, HTML, From, or an old mail.

The form itself is read by `application.form`; here it is compared with what stands around it in the mail.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from gateway.admission.application.beside.words import MAX_WORDS
from gateway.admission.application.consent.answers.reading import is_answer
from gateway.admission.application.consent.around.subject import is_plain_subject, is_reply_mark
from gateway.admission.application.consent.people import NOBODY, Writer, build_writer
from gateway.admission.application.evidence.day import find_days
from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import AGREED, Consent, Form
from gateway.admission.application.items.labels import Item
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.lines import split_every_line
from gateway.admission.application.layout.people import are_two_people
from gateway.admission.intake.applicants.forwarded import drop_consent_of_another, find_person
from gateway.admission.intake.mail_facts import MailFacts
from gateway.mail.lines import is_quoted
from gateway.mail.smtp.mailboxes import Purpose
from gateway.patterns import compile_later


def withhold_consent(said: Form, mail: MailFacts, known: Writer = NOBODY) -> Form:
    """Return the form of a mail, without its consent if something else in the mail may say otherwise.

    So may the rest of a text that was cut. A name from somebody else's signature is left out, too. `known` is
    who is expected to write, if the form gives no name.
    """
    said = drop_foreign_name(said, mail)
    if said.consent not in AGREED:
        return said
    named = replace(said, name=said.name or known.name)
    is_whole = not mail.is_cut and not _is_of_a_later_day(mail)
    if not is_whole or not is_subject_plain(named, mail) or _is_by_another(named, mail):
        return replace(said, consent=Consent.ABSENT)
    least = _find_least({said.consent, _read_shown(said.consent, mail, known)})
    is_left = least is not Consent.UNSURE or _can_be_judged(mail)
    shown = replace(said, consent=least if is_left else Consent.ABSENT)
    return drop_consent_of_another(shown, mail.text, mail.author, mail.author_name)


def drop_foreign_name(said: Form, mail: MailFacts) -> Form:
    """Return the form, without a name that no label gives and that is not the one in From.

    It is from a signature, possibly of somebody whose mail is below.
    """
    if not _is_by_another(said, mail):
        return said
    held = (parse_line(line) for line in split_every_line(mail.text or mail.html_text).texts)
    labelled = any(one is not None and one[0] is Item.NAME and said.name in one[1] for one in held)
    return said if labelled else replace(said, name="", consent=Consent.ABSENT)


def _is_by_another(said: Form, mail: MailFacts) -> bool:
    """Return whether From names another person than the form: a full name of which no part is equal."""
    author = find_person(mail.author_name)
    return bool(author) and are_two_people(author, said.name)


def _is_of_a_later_day(mail: MailFacts) -> bool:
    """Return whether the day of an answer is after that of the mail: it holds from then on."""
    lines = f"{mail.text}\n{mail.html_text}".split("\n")
    days = [day for line in lines for day in find_days(line) if is_answer(line)]
    return bool(days) and (mail.written_on is None or max(days) > mail.written_on)


def _can_be_judged(mail: MailFacts) -> bool:
    """Return whether the staff see the whole text of a mail: short, and the same in all its forms."""
    return len(mail.text) <= MAX_WORDS and (mail.html_only or _is_alike(mail))


def _is_alike(mail: MailFacts) -> bool:
    """Return whether there is only one text, or the HTML shows the plain text again."""
    return not mail.html_text.strip() or _bare(mail.text) == _bare(mail.html_text)


def _find_least(answers: Collection[Consent]) -> Consent:
    """Return the answer that holds if a mail gives all of these."""
    if not AGREED.issuperset(answers):
        return Consent.ABSENT
    return Consent.UNSURE if Consent.UNSURE in answers else Consent.YES


def _read_shown(said: Consent, mail: MailFacts, known: Writer) -> Consent:
    """Return what is left of a consent after each form that the mail shows, and its other text.

    Some programs show the HTML, others the plain text. One without a form is beside the form of the other.
    """
    if mail.html_only or _is_alike(mail):
        return said if _is_quoted_alike(mail) else Consent.UNSURE
    forms = [parse_form(text, known) for text in (mail.text, mail.html_text)]
    if not any(form.is_empty for form in forms):
        return _find_least({form.consent for form in forms}) if _agree(*forms) else Consent.ABSENT
    both = _IN_PLACE_OF_HTML.sub("", f"{mail.text}\n\n{mail.html_text}")
    return parse_form(both, known).consent


def _is_quoted_alike(mail: MailFacts) -> bool:
    """Return whether both forms of a mail quote something, or neither does."""
    quotes = (any(map(is_quoted, text.split("\n"))) for text in (mail.text, mail.html_text) if text.strip())
    return len(set(quotes)) < 2


_ITEMS = ("organisation", "department", "title", "name")


def _agree(one: Form, other: Form) -> bool:
    """Return whether two forms give the same values, apart from notes and from what only one gives."""
    pairs = ((_bare(getattr(one, item)), _bare(getattr(other, item))) for item in _ITEMS)
    return all(mine in theirs or theirs in mine for mine, theirs in pairs)


def _bare(text: str) -> str:
    """Return a text without blanks: programs break and indent the lines of the other form anew."""
    return _BREAKS.sub("", text)


_BREAKS = compile_later(r"[\s>]+")
# What plain text has in place of a table or a picture.
_IN_PLACE_OF_HTML = compile_later(
    r"(?m)^[ \t　]*[\[［<(（](?:表|図|画像|写真|table|image|cid:)[^\]］>)）\n]*[\]］>)）][ \t　]*$"
)


def is_subject_plain(said: Form, mail: MailFacts) -> bool:
    """Return whether the subject says no more than that somebody applies, or is that of our letter."""
    if mail.purpose is not Purpose.REQUEST and is_reply_mark(mail.subject):
        return True
    return is_plain_subject(mail.subject, build_writer(said.name, (said.organisation, said.department)))
