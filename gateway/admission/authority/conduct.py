"""Unusual facts about a member's mail: approvals per hour, mail program, signing domain."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.patterns import compile_later

_ASIDE = compile_later(r"\([^()]{0,200}\)|/\S{0,100}")
MAX_PROGRAM = 200
MAX_NAME = 60
# Stands for no program or no signature, which counts as a value of its own.
NAMELESS = "-"


@dataclass(frozen=True, slots=True)
class Conduct:
    """Unusual facts about a member's mail.

    `approvals` counts the member's approvals within the last hour. `new_program` and `new_domain` are values
    that no decision of the member had before (empty: nothing new; NAMELESS: none at all, for the first time).
    """

    approvals: int = 0
    new_program: str = ""
    new_domain: str = ""


USUAL = Conduct()


def name_program(field: str) -> str:
    """Return the program of a User-Agent or X-Mailer field, without versions and systems.

    `Mozilla Thunderbird 128.4 (X11)` becomes `mozilla thunderbird`. Empty if the field names no program.
    """
    bare = _ASIDE.sub(" ", field[:MAX_PROGRAM].casefold())
    words = (word.strip(" ,;:[]-") for word in bare.split())
    named = (word for word in words if word and not any(sign.isdigit() for sign in word))
    return " ".join(named)[:MAX_NAME]
