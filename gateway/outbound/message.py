"""Builds the octets of a claimed letter: reply addresses, text, signature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.admission import business_days
from gateway.admission.authority import tokens
from gateway.admission.case.model import (
    CODED_LETTERS,
    CONSOLE_LETTERS,
    PRACTICE_LETTERS,
    STAFF_LETTERS,
    Letter,
)
from gateway.mail import address, compose
from gateway.mail.address import Address
from gateway.mail.smtp.mailboxes import Mailboxes, Purpose
from gateway.outbound.protocols import RenderedLetter, Renderer, Signer
from gateway.store.protocol import LetterRow

MASKED = "********"
TOKEN_ENTROPY_BYTES = 20
CODE_ATTEMPTS = 20
_UNASKED = CODED_LETTERS | CONSOLE_LETTERS.keys()
MAX_REFERENCE = 250
# Stands for a token, which is generated when the letter is sent.
_UNKNOWN_TOKEN = "0" * 26


@dataclass(frozen=True, slots=True)
class LetterWithTokens:
    """A claimed letter with its new tokens; `reply_token` is empty if no reply is expected.

    `sign_in_code` is the code in a letter about the console; it is not stored.
    """

    row: LetterRow
    reply_token: str
    bounce_token: str
    sign_in_code: str = ""


@dataclass(frozen=True, slots=True)
class ComposedMessage:
    """A letter ready to be sent: its octets, and what is stored of it, with the token masked."""

    raw: bytes
    subject: str
    text: str


class MessageWriter:
    """Composes letters. `signing` is None if letters are unsigned because the settings name no key."""

    def __init__(
        self,
        renderer: Renderer,
        mailboxes: Mailboxes,
        from_name: str,
        now: Callable[[], datetime],
        signing: Signer | None,
    ) -> None:
        self._renderer = renderer
        self._mailboxes = mailboxes
        self._from_name = from_name
        self._now = now
        self.signing = signing

    def write(self, sealed: LetterWithTokens) -> ComposedMessage:
        """Render, compose and sign a letter. Raises any error of a template, a fact or a key."""
        row = sealed.row
        reply_to = self._reply_to(sealed)
        rendered = self._render(sealed, str(reply_to))
        date = self._now().astimezone(business_days.TOKYO)
        raw = build_message(row, rendered, reply_to, self._from_name, self._mailboxes, date)
        if self.signing is not None:
            raw = self.signing.sign(raw) + raw
        return ComposedMessage(raw, rendered.subject, _mask(rendered.text, sealed))

    def preview(self, row: LetterRow) -> RenderedLetter:
        """Render a letter that is not queued, with masked tokens. Raises as `write` does."""
        sealed = LetterWithTokens(row, _UNKNOWN_TOKEN, "")
        rendered = self._render(sealed, str(self._reply_to(sealed)))
        return replace(rendered, text=_mask(rendered.text, sealed))

    def _render(self, sealed: LetterWithTokens, reply_to: str) -> RenderedLetter:
        """Render the letter; if replies need a code, choose one that is nowhere else in the text."""
        row = sealed.row
        if row.letter in CONSOLE_LETTERS:
            facts = {**row.facts, "sign_in_code": sealed.sign_in_code}
            return self._renderer.render(row.letter, facts, reply_to)
        if row.letter not in CODED_LETTERS:
            return self._renderer.render(row.letter, row.facts, reply_to)
        for attempt in range(CODE_ATTEMPTS):
            code = tokens.make_code(sealed.reply_token, attempt)
            rendered = self._renderer.render(row.letter, {**row.facts, "reply_code": code}, reply_to)
            if not tokens.has_code_elsewhere(rendered.text, code):
                break
        return rendered

    def reverse_path(self, sealed: LetterWithTokens) -> Address:
        """Return the address for bounces of this attempt."""
        return self._mailboxes.address(Purpose.BOUNCE, sealed.bounce_token)

    def _reply_to(self, sealed: LetterWithTokens) -> Address:
        correspondent = find_correspondent(sealed.row.letter, sealed.row.facts)
        if correspondent is not None:
            return correspondent
        if not sealed.reply_token:
            return self._mailboxes.address(Purpose.REQUEST)
        return self._mailboxes.address(reply_purpose(sealed.row.letter), sealed.reply_token)


def _mask(text: str, sealed: LetterWithTokens) -> str:
    """Mask the token and the sign-in code in a text."""
    for secret in filter(None, (sealed.reply_token, sealed.sign_in_code)):
        text = text.replace(secret, MASKED)
    return text


def build_message(
    row: LetterRow,
    rendered: RenderedLetter,
    reply_to: Address,
    from_name: str,
    mailboxes: Mailboxes,
    date: datetime,
) -> bytes:
    """Compose a letter, unsigned; `date` is in the time zone for the Date field."""
    return compose.compose(
        compose.MessageDraft(
            from_name=from_name,
            from_address=mailboxes.address(Purpose.REQUEST),
            to_address=row.to,
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            message_id=row.message_id,
            date=date,
            reply_to=reply_to,
            references=_thread(row, mailboxes),
            auto_submitted="auto-generated" if row.letter in _UNASKED else "auto-replied",
        )
    )


def _thread(row: LetterRow, mailboxes: Mailboxes) -> tuple[str, ...]:
    """Return the References for one thread per case, even if relays replace Message-IDs.

    A letter to an applicant is also threaded below the applicant's own mail (RFC 5322 section 3.6.4).
    """
    case = (f"<case.{row.number}@{mailboxes.domain}>",) if row.number else ()
    if row.letter in STAFF_LETTERS:
        return case
    return (*case, *(one for one in row.references if len(one) <= MAX_REFERENCE))


def find_correspondent(letter: Letter, facts: Mapping[str, object]) -> Address | None:
    """Return who receives a member's reply to this notice instead of the desk, else None.

    That is the author of a mail that could not be read as an application, to whom no letter was sent.
    """
    if letter is not Letter.CASE_NOTICE or facts.get("kind") != "unreadable":
        return None
    return address.parse(str(facts["by"]))


def reply_purpose(letter: Letter) -> Purpose:
    """Return which mailbox receives the reply to a letter."""
    if letter in PRACTICE_LETTERS:
        return Purpose.PRACTICE
    return Purpose.DECIDE if letter in STAFF_LETTERS else Purpose.CASE
