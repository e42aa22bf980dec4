"""From the facts of a mail to one intent: an application, a reply, a decision, a report, or a mere note.

Only the envelope's token gives authority; References and the case number in the subject may find the
case of its own applicant, the body never does (DESIGN: match order envelope > References > subject).
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.admission import confirmation, decision
from gateway.admission.form import Form
from gateway.admission.intent import (
    Apply,
    Confirm,
    Decide,
    Intent,
    Misuse,
    Note,
    Supplement,
    Unclear,
    Undelivered,
    Unknown,
    Withdraw,
)
from gateway.admission.model import OPEN, Background, Case, Desk, Letter
from gateway.mail.address import Address
from gateway.mail.dsn import Dsn
from gateway.mail.forward_path import Purpose


@dataclass(frozen=True, slots=True)
class Mail:
    """What reading a mail gave, before anything is looked up in the store.

    `automatic` says in words why the mail came from a machine (None: from a person), `class_3` that
    its writer marked it so, `html_only` that the text was made from HTML; `attachments` counts what
    is never kept; `number` is a new case number, used if this mail opens a case. `author` and
    `background` are None for mail that needs no proof: reports, and mail to the postmaster.
    """

    author: Address | None
    purpose: Purpose
    subject: str
    text: str
    form: Form
    background: Background | None
    automatic: str | None
    dsn: Dsn | None
    number: str
    class_3: bool = False
    html_only: bool = False
    attachments: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """The proven author of a mail, with the background of the author's domain."""

    address: Address
    background: Background
    mail: Mail


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom the mail's token was given to, with which letter, about which revision of the case.

    `own_lines` are the lines of that letter as sent, so that a reply can be read without them;
    `recallable` says that the letter owed by the case's last decision has not begun to leave.
    """

    purpose: Purpose
    addressee: Address
    letter: Letter
    revision: int
    expired: bool
    own_lines: frozenset[str]
    recallable: bool


def classify(mail: Mail, holder: Holder | None, case: Case | None, desk: Desk) -> Intent:
    """The one intent of a mail. `holder` is None when no valid token came with the envelope."""
    if mail.purpose is Purpose.BOUNCE:
        return _report(mail, holder)
    if mail.automatic is not None:
        return Note("automatic", mail.automatic)
    if mail.author is None or mail.background is None:
        return Note("postmaster", "written to the postmaster")
    if mail.class_3:
        return Note("class_3", "marked as confidentiality class 3")
    return _from_person(Person(mail.author, mail.background, mail), holder, case, desk)


def _from_person(person: Person, holder: Holder | None, case: Case | None, desk: Desk) -> Intent:
    if person.mail.purpose is Purpose.DECIDE:
        return _staff(person, holder, case, desk)
    if person.mail.purpose is Purpose.CASE:
        return _about_case(person, holder, case)
    return _request(person, case)


def _report(mail: Mail, holder: Holder | None) -> Intent:
    if mail.dsn is None or holder is None:
        return Note("automatic", mail.automatic or "no delivery report, sent to a bounce address")
    if not mail.dsn.failed:
        return Note("dsn", "a report that is no failure")
    return Undelivered(holder.letter, holder.addressee, mail.dsn.cause)


def _staff(person: Person, holder: Holder | None, case: Case | None, desk: Desk) -> Intent:
    """A token alone is never authority: its addressee must write, and must still be staff."""
    if holder is None or case is None or desk.member(person.address) is None:
        return Misuse(person.address)
    if holder.addressee.key != person.address.key:
        return Misuse(person.address)
    if person.mail.html_only:  # text hidden by styles would be read like any other
        return Unclear(
            person.address, "HTMLだけのメールからは判断を読み取りません。テキスト形式で送ってください"
        )
    if holder.expired:
        return Unclear(person.address, "返信先の有効期限が切れています")
    reading = decision.read(person.mail.text, person.mail.subject, holder.own_lines)
    return Decide(person.address, reading, holder.revision, holder.recallable)


def _about_case(person: Person, holder: Holder | None, case: Case | None) -> Intent:
    if holder is None or case is None:
        return Unknown(person.address)
    if person.address.key == case.applicant.key:
        return _from_applicant(person.mail, holder.own_lines)
    readable = "" if person.mail.html_only else person.mail.text
    answer = confirmation.read_confirmation(readable, holder.own_lines)
    return Confirm(person.address, answer, person.background)


def _from_applicant(mail: Mail, own_lines: frozenset[str]) -> Intent:
    if confirmation.withdraws(mail.text, own_lines):
        return Withdraw()
    return Supplement(mail.form, mail.text)


def _request(person: Person, case: Case | None) -> Intent:
    if case is not None and case.applicant.key != person.address.key:
        return Unclear(person.address, "審査依頼のメールに返信する形で送ってください(返信先が異なります)")
    if case is not None and case.state in OPEN:
        return _from_applicant(person.mail, frozenset())
    if person.mail.form.empty:
        return Unknown(person.address)
    return Apply(person.address, person.mail.form, person.background, person.mail.number)
