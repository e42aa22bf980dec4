"""Facts known about one mail before the store is queried, and about the holder of its token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from gateway.admission.application.items.fields import Form
from gateway.admission.authority.binding import UNBOUND, Binding
from gateway.admission.case.model import Background, Desk, Letter, Staff
from gateway.mail.address import Address
from gateway.mail.mime.bounce import BounceReport
from gateway.mail.smtp.mailboxes import Purpose


@dataclass(frozen=True, slots=True)
class RequestWords:
    """The author's own text in a mail to the request mailbox.

    `several` means that it contains the forms of several people; `beside` is the text besides the form.
    """

    text: str
    several: bool
    beside: str


@dataclass(frozen=True, slots=True)
class MailFacts:
    """The result of parsing a mail, before anything is looked up in the store.

    Automatic mail: `automatic` is the reason why the mail is certainly automatic, `machine_mark` a mark of a
    program on a mail that a person may have written, `weak_mark` a sign of a machine or a list, with which
    nothing is confirmed. `bounce` is the report in a mail to a bounce address.

    Content: `class_3` means that it is marked so, `html_only` that the text was made from HTML, `html_text`
    is the text of the HTML parts, `attachments` counts what is never stored, `packing` names a format in
    which the text cannot be read. `one_part`: the text is a single part with nothing before it. `is_cut`: the
    text continues beyond the part that is read. `has_another_text`: some programs show other text instead.
    `words` is an applicant's own text while no letter is known that it may reply to (None: not parsed).

    `written_on` is the day of the Date field (None: not readable).

    Origin: `binding` is what the text is backed by. `author_name` is the name in From, which proves nothing.
    `program` is the mail program named by the mail. `number` is a new case number, used if this mail opens a
    case. `author` and `background` are None for mail without authentication: reports, and mail to the
    postmaster.
    """

    author: Address | None
    purpose: Purpose
    subject: str
    text: str
    form: Form
    automatic: str | None
    bounce: BounceReport | None
    background: Background | None = None
    number: str = ""
    class_3: bool = False
    html_only: bool = False
    html_text: str = ""
    attachments: int = 0
    packing: Literal["", "tnef", "smime"] = ""
    one_part: bool = False
    binding: Binding = UNBOUND
    author_name: str = ""
    weak_mark: str = ""
    program: str = ""
    machine_mark: str = ""
    is_cut: bool = False
    has_another_text: bool = False
    words: RequestWords | None = None
    written_on: date | None = None


@dataclass(frozen=True, slots=True)
class ProvenAuthor:
    """The authenticated author of a mail, with the background of the author's domain."""

    address: Address
    background: Background
    mail: MailFacts


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """The addressee of the mail's token, with its letter and the revision of the case.

    `letter_lines` are the lines of that letter as sent, in order, so that a reply can be parsed without them.
    `letter_subject` is its subject, `code` its code (or empty), `handed_over_at` when it was delivered.
    `recallable`: the letter with the case's last decision has not started to leave. `former`: an earlier
    release sent the letter, so a reply to it decides nothing.

    `shown_revisions` are the revisions of the cases in a digest, by number, `listed_together` the numbers
    listed without 注意. `shown_unread` is what the letter showed as not understood, `known_lines` are known
    lines of the addressee's signature, `today` is the date of receipt in Japan.
    """

    purpose: Purpose
    addressee: Address
    letter: Letter
    revision: int
    expired: bool
    letter_lines: tuple[str, ...]
    recallable: bool
    code: str = ""
    handed_over_at: datetime | None = None
    shown_revisions: Mapping[str, int] = field(default_factory=dict)
    listed_together: tuple[str, ...] = ()
    former: bool = False
    letter_subject: str = ""
    shown_unread: tuple[str, ...] = ()
    known_lines: tuple[str, ...] = ()
    today: date | None = None


def find_proven_member(mail: MailFacts, desk: Desk) -> Staff | None:
    """Return the member of staff who wrote the mail, if authenticated well enough for a decision."""
    member = desk.member(mail.author) if mail.author is not None else None
    if member is None or not mail.binding.proves_decision(member.signing_domains):
        return None
    return member
