"""Classifies an applicant's mail: an application, a supplement, a withdrawal, a colleague, or text."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from gateway.admission.application import form, short_answer
from gateway.admission.application.beside import words as words_beside
from gateway.admission.application.consent.answers.answer import is_put_off
from gateway.admission.application.consent.around.mentions import is_about
from gateway.admission.application.consent.people import NOBODY, Writer, build_writer, is_family_name
from gateway.admission.application.items.fields import AGREED, Consent, Form, merge, missing_items
from gateway.admission.application.items.labels import Item
from gateway.admission.application.items.values import clean_value
from gateway.admission.application.layout import people
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.lines import Lines, split_every_line
from gateway.admission.application.layout.table.several import names_several
from gateway.admission.application.unlabelled import introduction
from gateway.admission.application.writer import find_in_prose
from gateway.admission.authority.bond import bond, is_written_to_mailbox
from gateway.admission.case.events import (
    Apply,
    CaseEvent,
    Inquire,
    NameColleague,
    Note,
    SeveralPeople,
    Supplement,
    Unclear,
    Unknown,
    Withdraw,
)
from gateway.admission.case.model import ADMITTED, OPEN, Case, Letter, State
from gateway.admission.case.transitions.applicant import CATEGORY_BY_DOMAIN
from gateway.admission.intake.applicants.colleague import find_addresses
from gateway.admission.intake.applicants.withheld import is_subject_plain, withhold_consent
from gateway.admission.intake.extract import read_form
from gateway.admission.intake.mail_facts import MailFacts, ProvenAuthor, RequestWords
from gateway.admission.intake.staff.reply_context import build_applicant_context
from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.grammar.parsing.matching import is_understood
from gateway.admission.replies.outsiders import inquiry, moving
from gateway.admission.replies.outsiders.withdrawal import is_withdrawal
from gateway.admission.replies.text import own_words
from gateway.admission.replies.text.own_words import OwnWords
from gateway.mail.smtp.mailboxes import Purpose
from gateway.mail.text import fold, is_english
from gateway.patterns import compile_later
from gateway.printing.statement import Statement

_GAP = compile_later(r"\n{3,}")


def classify_request(person: ProvenAuthor, case: Case | None, told: tuple[str, ...]) -> CaseEvent:
    """Classify a mail to the request address: about the author's open case, or an application.

    `told` are lines of our letters about these. Even if the token was lost, our own text is not an answer.
    """
    own = case is not None and case.applicant.key == person.address.key
    if case is not None and not own and case.applicant.person != person.address.person:
        return Unclear(person.address, Statement("request_alone"))
    if own and case is not None and (said_of_it := _classify_about_own(person.mail, told, case)):
        return said_of_it
    said = read_own_form(person.mail, told)
    words = (None if told else person.mail.words) or _read_words(person.mail, told, said)
    is_other = own and case is not None and case.state in ADMITTED and _is_by_another(said, case)
    if words.several or is_other or names_several(said.name):
        return SeveralPeople(person.address, words.text.strip())
    if said.is_empty:
        english = is_english(person.mail.subject, person.mail.text)
        return Unknown(person.address, english, find_in_prose(words.text), words.text.strip())
    return Apply(person.address, said, person.background, person.mail.number, words.beside)


def read_words(mail: MailFacts) -> MailFacts:
    """Extract an applicant's own text before the store is queried."""
    if mail.purpose is not Purpose.REQUEST or mail.automatic is not None:
        return mail
    return replace(mail, words=_read_words(mail, (), mail.form))


def _read_words(mail: MailFacts, told: tuple[str, ...], said: Form) -> RequestWords:
    own = own_words.split(mail.text, told)
    lines = split_every_line(own.text)
    several = people.has_several_people(lines)
    beside = "" if several else _find_beside(own, said, lines)
    # The staff read a subject that says more than that somebody applies.
    subject = "" if several or said.is_empty or is_subject_plain(said, mail) else mail.subject.strip()
    return RequestWords(own.text, several, "\n".join(filter(None, (subject, beside))))


CHANGING_INQUIRIES = frozenset({"look", "move"})


def _may_ask(mail: MailFacts, asked: Inquire) -> bool:
    """Return whether the mail may make this inquiry.

    An answer goes only to the authenticated address, so any of its mails may ask for one. An inquiry that
    changes a case must be bound to us like any other statement.
    """
    return asked.kind not in CHANGING_INQUIRIES or bond(mail.binding, None, one_part=mail.one_part).natural


def _classify_about_own(mail: MailFacts, told: tuple[str, ...], case: Case) -> CaseEvent | None:
    """Classify a mail about the author's own case; None for a new application after a closed case."""
    if asked := _find_inquiry(mail, told, case):
        return asked if _may_ask(mail, asked) else build_unbound(mail, told)
    if case.state not in OPEN:
        return None
    if not is_written_to_mailbox(mail.binding, None):
        return build_unbound(mail, told)
    return classify_reply(mail, told, case)


def build_unbound(mail: MailFacts, told: tuple[str, ...]) -> Supplement:
    """Pass to the staff text that may be meant for somebody else or for another case."""
    text = own_words.split(mail.text, told).text.strip() or mail.text
    return Supplement(Form(), text, unbound=True)


def _find_beside(own: OwnWords, said: Form, lines: Lines) -> str:
    """Return what the author writes besides the form, without a marked signature.

    All of it if the staff judge the consent. `lines` are all own lines.
    """
    if said.is_empty:
        return ""
    if said.consent is Consent.UNSURE:
        return own.text.strip()
    unsigned = [line.text for line in own.lines if not line.label]
    if len(unsigned) < len(own.lines):
        lines = split_every_line("\n".join(unsigned))
    return words_beside.find_words_beside(lines, said)


def classify_reply(
    mail: MailFacts,
    letter_lines: tuple[str, ...],
    case: Case,
    handed_over_at: datetime | None = None,
    answers: Letter | None = None,
) -> CaseEvent:
    """Classify a reply of the applicant of an open case; `answers` is the letter that the token is for."""
    context = build_applicant_context(case.form, letter_lines)
    # Without a bond it may be about something else; the staff then read it like any other text.
    bound = bond(mail.binding, handed_over_at, one_part=mail.one_part)
    if is_withdrawal(mail.text, context, html_text=mail.html_text) and bound.natural:
        return Withdraw()
    if bound.natural and (asked := _find_inquiry(mail, letter_lines, case)):
        return asked
    written = own_words.split(mail.text, letter_lines)
    words, lines = written.text, split_every_line(written.text)
    said = read_own_form(mail, letter_lines, _find_writer(case))
    if people.has_several_people(lines) or names_several(said.name) or _is_by_another(said, case):
        return SeveralPeople(mail.author or case.applicant, words.strip() or mail.text)
    if case.state is State.AWAITING_AFFILIATION and (named := _name_colleague(mail, letter_lines, case)):
        return named
    said = _take_back(_leave_known(said, words, case.form), words, case.form)
    if answers is Letter.MISSING_FIELDS and not mail.is_cut:
        said = _add_short_answer(said, words, case)
    said = said if not said.is_empty else _read_correction(words, case)
    if said.is_empty and not case.question and short_answer.is_thanks(words):
        return Note("thanks", "only thanks and greetings")
    # If a program quotes the whole answer, there is no own text; then all of it is passed on.
    text = _GAP.sub("\n\n", words).strip() or mail.text
    return Supplement(said, text, _find_beside(written, said, lines))


def _take_back(said: Form, words: str, known: Form) -> Form:
    """Return the form with a no if its text postpones a consent that was given before."""
    is_given = known.consent in AGREED and said.consent in {Consent.ABSENT, Consent.UNSURE}
    return replace(said, consent=Consent.NO) if is_given and any(map(is_put_off, words.split("\n"))) else said


def _leave_known(said: Form, words: str, known: Form) -> Form:
    """Return the form without what a greeting shortens and the case has in full.

    課の見本です is no change of 部の課 and 見本 花子. With a label it would be a change.
    """
    lines = words.split("\n")
    labelled = {held[0] for held in map(parse_line, lines) if held is not None}
    greeted = introduction.read_introduction(lines)
    short: dict[str, Any] = {
        item.value: ""
        for item in (Item.NAME, Item.ORGANISATION, Item.DEPARTMENT)
        if _is_short(item, getattr(greeted, item.value), getattr(known, item.value), labelled)
    }
    return replace(said, **short)


def _is_short(item: Item, greeted: str, known: str, labelled: Collection[Item]) -> bool:
    """Return whether only a greeting, not a label, gives the item, and no more of it than is known."""
    if item in labelled or Item.AFFILIATION in labelled:
        return False
    return _is_begun(greeted, known) if item is Item.NAME else _is_begun(greeted[::-1], known[::-1])


def _is_begun(short: str, whole: str) -> bool:
    """Return whether one text is the beginning of the other, or equal to it."""
    one, other = "".join(fold(short).split()), "".join(fold(whole).split())
    return 0 < len(one) <= len(other) and other.startswith(one)


def _add_short_answer(said: Form, words: str, case: Case) -> Form:
    """Add requested items that were answered in sentences; only a form itself gives consent."""
    writer = _find_writer(case)
    short = short_answer.read_short_answer(words, find_asked(case), writer)
    is_clear = said.consent is Consent.UNSURE and short.consent is Consent.YES
    merged = replace(merge(short, said), consent=short.consent if is_clear else said.consent)
    return short if said.is_empty else merged


def _read_correction(words: str, case: Case) -> Form:
    """Return the items corrected in sentences; another person's name is no correction."""
    found = short_answer.read_correction(words, case.form, _find_writer(case))
    return Form() if found.name and not people.is_respelt(case.form.name, found.name) else found


def _find_writer(case: Case) -> Writer:
    """Return the applicant as the form of the case names them."""
    return build_writer(case.form.name, (case.form.organisation, case.form.department))


def _is_by_another(said: Form, case: Case) -> bool:
    """Return whether a form, with more than a corrected name, names another person than the case does."""
    whole = said.name and (said.department or said.organisation or said.consent is not Consent.ABSENT)
    return bool(whole) and people.is_other_person(case.form.name, said.name)


def find_asked(case: Case) -> tuple[Item, ...]:
    """Return the items that the last letter to the applicant asked for."""
    category = CATEGORY_BY_DOMAIN.get(case.background.domain_kind, "")
    return missing_items(case.form, category=category) if case.state is State.NEEDS_INFORMATION else ()


def _find_inquiry(mail: MailFacts, letter_lines: tuple[str, ...], case: Case) -> Inquire | None:
    """Return the applicant's inquiry about the own case; text in a form or in an answer is no inquiry."""
    names = (case.form.name,) if case.form.name else ()
    context = ReplyContext(member_names=names, letter_lines=letter_lines)
    said = read_own_form(mail, letter_lines)
    own = own_words.split(mail.text, letter_lines).text.strip()
    if replace(said, email="").is_empty and (move := _find_move(mail.text, own, context, case)):
        return move
    kind = inquiry.find_inquiry(mail.text, context)
    return Inquire(kind, own) if kind and said.is_empty else None


def _find_move(text: str, own: str, context: ReplyContext, case: Case) -> Inquire | None:
    """Return a change of address; if there are two new addresses, neither counts."""
    found, _ = find_addresses(text, context.letter_lines, {case.applicant.key})
    new = found[0] if len(found) == 1 else None
    is_one = len(found) <= 1 and moving.is_move(text, str(new or ""), context)
    return Inquire("move", own, new) if is_one else None


def _name_colleague(mail: MailFacts, letter_lines: tuple[str, ...], case: Case) -> NameColleague | None:
    """Return the colleague named by the applicant of a case that waits for a confirmation, or None."""
    own = read_own_form(mail, letter_lines, _find_writer(case))
    besides = {case.applicant.key}
    if not replace(own, email="").is_empty:  # an address in a form is the applicant's, not a colleague's
        besides.add(fold(own.email).strip())
    found, rest = find_addresses(mail.text, letter_lines, besides)
    if not found:
        return None
    form_said = replace(own, email="")
    heard = rest if form_said.is_empty and not is_understood(rest) else ""
    return NameColleague(found, form_said, heard)


def read_own_form(mail: MailFacts, letter_lines: tuple[str, ...], known: Writer = NOBODY) -> Form:
    """Return the applicant's form, without values and rules quoted from our letters.

    A quoted value would take precedence over an answer below it. Whoever is `known` to write has to give the
    consent: 同意します above the signature of a colleague is none.
    """
    values = [line for line in letter_lines if not _asks(line) and (is_about(line) or _says(line))]
    writer = NOBODY if is_family_name(known.name) else known  # may sign with the full name
    if not values and (mail.form.consent not in AGREED or not writer.name):
        return mail.form
    text, html = (own_words.remove_echo(text, letter_lines, values) for text in (mail.text, mail.html_text))
    return withhold_consent(read_form(text, html, writer), mail, writer)


def _says(line: str) -> bool:
    return not form.parse_form(line).is_empty


def _asks(line: str) -> bool:
    """Return whether a line of a letter is a label to fill in, which the answer needs."""
    held = parse_line(line)
    return held is not None and not clean_value(held[1])
