"""`Statement`: a sentence of the desk that can contain text from outside, as an id and its arguments.

The words are in `printing.sentences.catalogue`. An argument is ours if its slot permits that and the value
has the right form; everything else is `Outside`. The same rules apply when it is created and loaded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from gateway.printing.outside import Outside, refuse_printing, reveal
from gateway.printing.sentences.catalogue import AS_WRITTEN, DECISIONS, FORMER, SLOTS

Argument = str | int | Outside | tuple["str | Outside", ...]

_CODE = re.compile(r"[0-9]{5,13}")
_DOMAIN = re.compile(r"(?=.{3,253}\Z)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+")
# A name in the register has the form of those that we ship: letters and digits. A name that staff wrote in
# another form is printed as text from outside.
_BODY = re.compile(r"[\w・]{1,210}")
MAX_ARGUMENT = 2_000


def _is_never_ours(_: str) -> bool:
    return False


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _is_office_text(_: str) -> bool:
    """Accept what the operator wrote into a file of the settings; only the code fills such a slot."""
    return True


KINDS: Mapping[str, Callable[[str], object]] = {
    "value": _is_never_ours,
    "address": _is_never_ours,
    "written": _is_never_ours,
    "office": _is_office_text,
    "code": _CODE.fullmatch,
    "body": _BODY.fullmatch,
    "bodies": _BODY.fullmatch,
    "domain": _DOMAIN.fullmatch,
    "moment": _is_moment,
    "decision": DECISIONS.__contains__,
    "number": str.isdecimal,
}


class Statement:
    """A sentence of the catalogue with its arguments, immutable.

    Raises ValueError if the id is unknown, or the arguments differ from its slots.
    """

    __slots__ = ("_arguments", "_id")

    def __init__(self, id: str, /, **arguments: object) -> None:  # noqa: A002 - positional, and what it is
        wanted = {slot.name: slot.kind for slot in SLOTS.get(id, ()) if slot.name}
        if id not in SLOTS or wanted.keys() != arguments.keys():
            raise ValueError(f"no sentence {id!r} with {sorted(arguments)}: see sentences/catalogue.py")
        self._id = id
        self._arguments = tuple((name, _type(kind, arguments[name])) for name, kind in wanted.items())

    @property
    def id(self) -> str:
        """The id in the catalogue."""
        return self._id

    @property
    def arguments(self) -> dict[str, Argument]:
        """The arguments by slot, typed."""
        return dict(self._arguments)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Statement) and (self._id, self._arguments) == (other._id, other._arguments)

    def __hash__(self) -> int:
        return hash((self._id, self._arguments))

    def __repr__(self) -> str:
        return f"<Statement {self._id}>"

    __str__ = refuse_printing
    __format__ = refuse_printing
    __html__ = refuse_printing


def _type(kind: str, value: object) -> Argument:
    if isinstance(value, Outside | int):
        return value
    if isinstance(value, list | tuple):
        return tuple(_type_text(kind, str(one)) if not isinstance(one, Outside) else one for one in value)
    return _type_text(kind, str(value))


def _type_text(kind: str, text: str) -> str | Outside:
    text = text[:MAX_ARGUMENT]
    return text if KINDS[kind](text) else Outside(text)


def to_stored(statement: Statement) -> dict[str, object]:
    """Convert for storage: `{"statement": ID, "arguments": {SLOT: VALUE}}`, of values that JSON knows."""
    arguments = {name: _to_plain(value) for name, value in statement.arguments.items()}
    return {"statement": statement.id, "arguments": arguments}


def _to_plain(value: Argument) -> object:
    if isinstance(value, tuple):
        return [reveal(one) for one in value]
    return value.reveal() if isinstance(value, Outside) else value


def is_stored(value: object) -> bool:
    """Return whether a decoded value is the result of `to_stored`."""
    return isinstance(value, Mapping) and value.keys() == {"statement", "arguments"}


def from_stored(value: object) -> Statement:
    """Load a stored sentence; never raises.

    A sentence that is no longer known, or a text of an older version, is kept in full as text from outside.
    """
    if isinstance(value, Statement):
        return value
    if isinstance(value, Mapping) and is_stored(value) and isinstance(value["arguments"], Mapping):
        try:
            return Statement(str(value["statement"]), **value["arguments"])
        except (ValueError, TypeError):
            return Statement(AS_WRITTEN, text=" ".join(map(str, value["arguments"].values())))
    if isinstance(value, str) and value in FORMER:
        return Statement(FORMER[value])
    return Statement(AS_WRITTEN, text=value if isinstance(value, Outside) else str(value))
