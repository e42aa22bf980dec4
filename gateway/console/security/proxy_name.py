"""The member named by a web server in front of the console: a header with an address, and one with a secret.

Every program in the proxy's group can reach the socket, so the address alone proves nothing. The gateway, not
the console, knows the secret. Over TCP, where any local account can connect, nobody is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

SECRET_HEADER = "x-console-secret"  # noqa: S105 - the name of the header
MAX_FIELD = 400


@dataclass(frozen=True, slots=True)
class Named:
    """An address and its secret, as sent; both empty if nobody is named."""

    address: str = ""
    secret: str = ""


class AmbiguousNameError(Exception):
    """Raised if one of the two headers is missing, repeated or too long: no proxy of ours sends that."""


NOBODY = Named()


def read_named(scope: Mapping[str, Any], header: str) -> Named:
    """Return whom the proxy names in an ASGI request. Raises AmbiguousNameError."""
    if scope["client"] is not None:
        return NOBODY
    found = [_list_values(scope["headers"], name) for name in (header, SECRET_HEADER)]
    if found == [[], []]:
        return NOBODY
    if [len(values) for values in found] != [1, 1] or not all(0 < len(one[0]) <= MAX_FIELD for one in found):
        raise AmbiguousNameError(header)
    return Named(*(values[0].strip() for values in found))


def _list_values(headers: Iterable[tuple[bytes, bytes]], name: str) -> list[str]:
    wanted = name.lower().encode()
    return [value.decode("latin-1") for field, value in headers if field.lower() == wanted]
