"""What is unusual about a member's mail: how many approvals an hour, from which program, signed by whom."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ASIDE = re.compile(r"\([^()]{0,200}\)|/\S{0,100}")
MAX_PROGRAM = 200
MAX_NAME = 60
# No program, or no signature, is one of its own: who never wrote so does so for the first time.
NAMELESS = "-"


@dataclass(frozen=True, slots=True)
class Conduct:
    """`approvals`: the member's within the last hour; `new_program` and `new_domain`: with which no word of
    the member was carried out before (empty: nothing new; NAMELESS: without any, for the first time)."""

    approvals: int = 0
    new_program: str = ""
    new_domain: str = ""


USUAL = Conduct()


def name_program(field: str) -> str:
    """The program of a User-Agent or X-Mailer field without versions and systems: `Mozilla
    Thunderbird 128.4 (X11)` is `mozilla thunderbird`. Empty where the field names none."""
    bare = _ASIDE.sub(" ", field[:MAX_PROGRAM].casefold())
    words = (word.strip(" ,;:[]-") for word in bare.split())
    named = (word for word in words if word and not any(sign.isdigit() for sign in word))
    return " ".join(named)[:MAX_NAME]
