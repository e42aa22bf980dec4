"""The language of a page: from the URL, an earlier choice, or the browser's settings.

RFC 9110 section 12.5.4: Accept-Language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from gateway.console.security import cookies
from gateway.console.security.cookies import Cookie
from gateway.printing.bilingual import Language

PARAMETER = "lang"
MAX_HEADER = 500
_RANGE = re.compile(r"\s*([a-z]{1,8})(?:-[a-z0-9-]{1,40})?\s*(?:;\s*q=([01](?:\.[0-9]{0,3})?))?\s*")
_KNOWN = {one.value: one for one in Language}


def choose_language(
    query: Mapping[str, str], sent: Mapping[str, str], accepted: str, *, secure: bool
) -> Language:
    """Return the language by query, cookie or Accept-Language field; Japanese by default."""
    named = (query.get(PARAMETER, ""), cookies.read(sent, Cookie.LANGUAGE, secure=secure))
    found = (_KNOWN[name] for name in named if name in _KNOWN)
    return next(found, None) or read_accepted(accepted) or Language.JA


def read_accepted(field: str) -> Language | None:
    """Return the language of ours that a browser prefers; None if it names none."""
    found = [_RANGE.fullmatch(part) for part in field[:MAX_HEADER].lower().split(",")]
    weighed = [(float(one[2] or 1), _KNOWN[one[1]]) for one in found if one and one[1] in _KNOWN]
    wanted = [(weight, language) for weight, language in weighed if weight > 0]
    return max(wanted, key=lambda one: one[0])[1] if wanted else None


def link_other(path: str, query: Mapping[str, str], language: Language) -> str:
    """Return the link to a page in the other language; without a path, to the present one."""
    other = Language.EN if language is Language.JA else Language.JA
    return f"{path}?{urlencode({**query, PARAMETER: other.value})}"
