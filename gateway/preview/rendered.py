"""Sample letters as the service would send them, and as they look behind an LGWAN gateway."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from gateway.admission import business_days
from gateway.admission.authority import tokens
from gateway.admission.case.model import CODED_LETTERS, STAFF_LETTERS, Letter, OutgoingLetter
from gateway.app.wiring.files.resources import build_renderer, resource_dir
from gateway.app.wiring.values import build_mailboxes
from gateway.mail.address import Address
from gateway.outbound.message import TOKEN_ENTROPY_BYTES, build_message, find_correspondent, reply_purpose
from gateway.outbound.protocols import RenderedLetter
from gateway.preview.sample_cases import APPLICANTS, NOW, SAMPLE_CODE, Applicant
from gateway.preview.sample_letters import build_letters
from gateway.printing.fields import Ours, ours
from gateway.settings import Settings
from gateway.store.protocol import LetterRow, LetterState
from gateway.templating.lint import lint
from gateway.templating.overrides import Templates

# The same in every preview, so that two previews can be compared. It is not a valid token.
EXAMPLE_TOKEN = tokens.make_token(bytes(range(TOKEN_ENTROPY_BYTES)))
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
REMOVED = "[リンクは削除されました]"


@dataclass(frozen=True, slots=True)
class RenderedSample:
    """A sample letter. `english`: with the English block; None if there is none (letters to staff)."""

    of: Applicant
    name: str
    outgoing: OutgoingLetter
    english: bool | None
    rendered: RenderedLetter
    raw: bytes

    @property
    def key(self) -> Ours:
        """The base name of its files."""
        language = {True: "-en", False: "-ja", None: ""}[self.english]
        return Ours(f"{self.of.key}-{self.name}{language}")

    @property
    def language(self) -> Ours:
        """Its name in the index: the language, or a dot for a letter to staff."""
        return {True: ours("en"), False: ours("ja"), None: ours("・")}[self.english]

    @property
    def findings(self) -> tuple[str, ...]:
        """The problems of the letter."""
        return lint(self.outgoing, self.rendered)

    @property
    def header(self) -> str:
        """The header as it is sent."""
        return self.raw.partition(b"\r\n\r\n")[0].decode("ascii").replace("\r\n", "\n")

    @property
    def sanitised(self) -> str:
        """The text behind a gateway that strips HTML and links."""
        return _LINK.sub(REMOVED, self.rendered.text)


class SampleRenderer:
    """Renders and composes letters as the service with these settings would."""

    def __init__(self, config: Settings, folder: Path | None, without: frozenset[str] = frozenset()) -> None:
        self._config = config
        self._mailboxes = build_mailboxes(config)
        self._renderer = build_renderer(config, folder, without, lambda: NOW)

    def rendered(self, outgoing: OutgoingLetter) -> RenderedLetter:
        """Render the letter."""
        reply_to = self.find_reply_to(outgoing.letter)
        facts = {**outgoing.facts, "reply_code": SAMPLE_CODE if outgoing.letter in CODED_LETTERS else ""}
        return self._renderer.render_strictly(outgoing.letter, facts, reply_to)

    def mail(self, outgoing: OutgoingLetter, rendered: RenderedLetter, key: str) -> bytes:
        """Compose the letter's octets; its Message-ID contains `key`."""
        row = LetterRow(
            id=0,
            case_id=None,
            letter=outgoing.letter,
            to=outgoing.to,
            facts=outgoing.facts,
            revision=1,
            message_id=f"<{key}@{self._config.desk.domain}>",
            state=LetterState.QUEUED,
            attempts=0,
            queued_at=NOW,
            not_before=NOW,
        )
        date = NOW.astimezone(business_days.TOKYO)
        reply_to = find_correspondent(outgoing.letter, outgoing.facts) or self._reply_to(outgoing.letter)
        return build_message(row, rendered, reply_to, self._config.desk.name, self._mailboxes, date)

    def find_reply_to(self, letter: Letter) -> str:
        """Return the mailbox for the reply to a letter, with a token that is not valid."""
        return str(self._reply_to(letter))

    def _reply_to(self, letter: Letter) -> Address:
        return self._mailboxes.address(reply_purpose(letter), EXAMPLE_TOKEN)


def render_samples(config: Settings, folder: Path | None) -> Iterator[RenderedSample]:
    """Yield all letters to and about the sample applicants, those to applicants also without English."""
    presses = {
        english: SampleRenderer(_with_english(config, english=english), folder) for english in (True, False)
    }
    for of in APPLICANTS:
        for name, outgoing in build_letters(of):
            staff = outgoing.letter in STAFF_LETTERS
            for english in (None,) if staff else (True, False):
                press = presses[english is not False]
                rendered = press.rendered(outgoing)
                yield RenderedSample(
                    of, name, outgoing, english, rendered, press.mail(outgoing, rendered, f"{of.key}.{name}")
                )


def render_letter(
    config: Settings, folder: Path | None, letter: Letter
) -> Iterator[tuple[Ours, RenderedLetter]]:
    """Yield a letter about the first sample applicant who gets it, on each occasion by its name.

    Raises InvalidTemplateError or TemplateError.
    """
    own = Templates(resource_dir("templates"), folder / "templates") if folder else None
    press = SampleRenderer(config, folder, own.find_old_copies() if own else frozenset())
    every = ([one for one in build_letters(of) if one[1].letter is letter] for of in APPLICANTS)
    for name, outgoing in next(filter(None, every), []):
        yield Ours(name.removesuffix(f"-{letter}")), press.rendered(outgoing)


def _with_english(config: Settings, *, english: bool) -> Settings:
    desk = msgspec.structs.replace(config.desk, english=english)
    return msgspec.structs.replace(config, desk=desk)
