"""A form about a case as sent by the browser: command, text, date, and what was shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from gateway.admission.replies.reading import Decision
from gateway.console.deciding import texts
from gateway.printing.bilingual import Text
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.printing.terminal import clean

MAX_HIDDEN = 20_000


@dataclass(frozen=True, slots=True)
class Form:
    """A form; `word` is None if none was chosen; `error` is a fault of the form itself."""

    word: Decision | None
    text: str
    until: date | None
    slip: str
    shown: str
    view: str
    error: Text | None = None

    def to_question(self, number: str) -> dict[str, str]:
        """Return the fields of the request to the gateway."""
        return {
            "number": number,
            "word": self.word.value if self.word else "",
            "text": self.text,
            "until": self.until.isoformat() if self.until else "",
            "slip": self.slip,
            "shown": self.shown,
        }

    def to_hidden(self) -> list[tuple[Ours, Outside]]:
        """Return the hidden fields of the confirming form, without its slip."""
        field = texts.FIELDS.get(self.word, "") if self.word else ""
        given = {"word": self.word.value if self.word else "", "shown": self.shown, "view": self.view}
        given |= {field: self.text} if field else {}
        given |= {"until": self.until.isoformat()} if self.until else {}
        return [(Ours(name), Outside(text)) for name, text in given.items()]


def read_form(fields: Mapping[str, str], words: Collection[Decision]) -> Form:
    """Parse a form; only the text field that belongs to its command counts."""
    word = next((one for one in words if one.value == fields.get("word")), None)
    text = tidy(fields.get(texts.FIELDS.get(word, ""), "")) if word else ""
    until, is_day = _read_day(fields.get("until", "") if word is Decision.HOLD else "")
    error = None if is_day else texts.NO_DAY
    if word is not None and word in texts.MISSING and not text:
        error = texts.MISSING[word]
    if len(text) > texts.MAX_TYPED:
        error = texts.TOO_LONG
    slip, shown = fields.get("slip", "")[:100], fields.get("shown", "")[:100]
    return Form(word, text[: texts.MAX_TYPED], until, slip, shown, fields.get("view", "")[:MAX_HIDDEN], error)


def tidy(text: str) -> str:
    """Normalise typed text: our line ends, no control characters, so that it survives a round trip."""
    return clean(text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _read_day(text: str) -> tuple[date | None, bool]:
    try:
        return (date.fromisoformat(text.strip()) if text.strip() else None), True
    except ValueError:
        return None, False
