"""Shows members of the office by name in letters, where the facts have their addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from jinja2 import pass_context
from jinja2.runtime import Context

from gateway.mail import address
from gateway.printing.outside import Outside, look_up


def list_names(members: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Map `Address.key` to name, from pairs of address and name. Raises AddressError.

    A name that two members share is left out, because it would be ambiguous.
    """
    given = [(address.parse(of).key, name) for of, name in members]
    often = Counter(name for _, name in given)
    return {key: name for key, name in given if often[name] == 1}


@pass_context
def colleague(context: Context, value: object) -> object:
    """Return the name of the member with this address, to be printed by a form; any other value unchanged."""
    office = context.get("office")
    names = office.get("members") if isinstance(office, Mapping) else None
    name = look_up(value, names) if isinstance(names, Mapping) else None
    return Outside(str(name)) if name else value
