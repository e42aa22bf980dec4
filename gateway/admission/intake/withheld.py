"""Withholds a consent that another part of the mail may take back: its subject, or the sender of an old mail.

The form itself is read by `application.form`; here it is compared with what stands around it in the mail.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.admission.application.consent.answer import Consent
from gateway.admission.application.consent.around.subject import is_plain_subject, is_reply_mark
from gateway.admission.application.consent.people import build_writer
from gateway.admission.application.fields import Form
from gateway.admission.intake.forwarded import drop_consent_of_another
from gateway.admission.intake.mail_facts import MailFacts
from gateway.mail.smtp.mailboxes import Purpose


def withhold_consent(said: Form, mail: MailFacts) -> Form:
    """Return the form of a mail, without its consent if something else in the mail may say otherwise."""
    if said.consent is not Consent.YES:
        return said
    if not is_subject_plain(said, mail):
        return replace(said, consent=Consent.ABSENT)
    return drop_consent_of_another(said, mail.text, mail.author, mail.author_name)


def is_subject_plain(said: Form, mail: MailFacts) -> bool:
    """Return whether the subject says no more than that somebody applies, or is that of our letter."""
    if mail.purpose is not Purpose.REQUEST and is_reply_mark(mail.subject):
        return True
    return is_plain_subject(mail.subject, build_writer(said.name, (said.organisation, said.department)))
