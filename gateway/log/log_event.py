"""Log events: a name with values, and as text one line `event key=value ...`, whatever a client sent."""

from __future__ import annotations

from gateway.printing.fields import Field, show_field
from gateway.printing.outside import Outside


class LogEvent(str):
    """An event with its values; `name` identifies the kind of event."""

    __slots__ = ("name", "values")

    name: str
    values: dict[str, str]

    def __new__(cls, name: str, values: dict[str, str]) -> LogEvent:
        """Format the event as text; values are escaped where necessary."""
        line = super().__new__(
            cls, " ".join([name, *(f"{key}={_safe(text)}" for key, text in values.items())])
        )
        line.name, line.values = name, values
        return line


def build(event: str, **values: Field) -> LogEvent:
    """Build an event.

    Text from outside must be `Outside`; tests reject untyped values (`printing.fields`).
    """
    return LogEvent(event, {key: show_field(value) for key, value in values.items()})


def outside(value: object) -> Outside:
    """Return the text of a value from outside, such as an address or an exception."""
    return Outside(str(value))


def _safe(text: str) -> str:
    plain = text.isascii() and text.isprintable() and " " not in text and '"' not in text
    return text if plain and text else ascii(text)
