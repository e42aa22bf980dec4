"""What is known of one mail before the store is asked, and of the holder of its token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from gateway.admission.application.form import Form
from gateway.admission.authority.binding import UNBOUND, Binding
from gateway.admission.case.model import Background, Desk, Letter, Staff
from gateway.mail.address import Address
from gateway.mail.mime.bounce import BounceReport
from gateway.mail.smtp.mailboxes import Purpose


@dataclass(frozen=True, slots=True)
class RequestWords:
    """The writer's own words in a mail to the request mailbox: their `text`, whether it holds the forms of
    `several` people, and what stands `beside` the form."""

    text: str
    several: bool
    beside: str


@dataclass(frozen=True, slots=True)
class MailFacts:
    """What reading a mail gave, before anything is looked up in the store.

    `automatic` says in words why the mail certainly came from a machine, `machine_mark` what a program put on
    one that a person may have written, `bounce` what a mail at a bounce address says, `class_3` that
    its writer marked it so, `html_only` that the text was made from HTML,
    `html_text` what the HTML parts show; `attachments` counts what
    is never kept,
    `packing` says what a text may be in that cannot be read; `one_part` that the text is one part with
    nothing before it; `binding` is what its words rest on; `number` is a new case number, used if this
    mail opens a case. `author_name` is the name in From, which proves nothing; `weak_mark` says in words
    what may come from a machine or a list, and confirms nothing; `program` is what
    it was written with, by its own word; `is_cut`: its text goes on where nobody reads, `has_another_text`:
    beside it stands one that some programs show instead; `words` are those of an applicant while no letter is
    known that they may answer (None: not read). `author` and `background` are None for mail that needs no
    proof: reports, and mail to the postmaster.
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


@dataclass(frozen=True, slots=True)
class ProvenAuthor:
    """The proven author of a mail, with the background of the author's domain."""

    address: Address
    background: Background
    mail: MailFacts


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """Whom the mail's token was given to, with which letter, about which revision of the case.

    `letter_lines` are the lines of that letter as sent, in their order, so that a reply can be read without
    them; `code` is the letter's, empty for one that shows none; `handed_over_at` is when it left;
    `recallable` says that the letter of the case's last decision has not begun to leave;
    `former`: an earlier release handed the letter over, so that nothing in a reply to it decides;
    `shown_revisions` are those of the cases that a digest told of, by number, `listed_together` the numbers
    of those that it listed without 注意; `letter_subject` is the letter's,
    `shown_unread` what it showed as not understood, `known_lines` what the addressee's signature is known to
    hold, `today` the day in Japan on which the mail came.
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
    """The member of the staff who wrote, where the proof is good enough for a decision."""
    member = desk.member(mail.author) if mail.author is not None else None
    if member is None or not mail.binding.proves_decision(member.signing_domains):
        return None
    return member
