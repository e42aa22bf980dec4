"""Statements beside a consent that are not understood, but do not turn, wait, decide, or name somebody else.

団体コードは総務課に教わりました, この様式で再送します: people see that they leave the consent as it is, the
grammar doesn't. The staff are shown them and judge.
"""

from __future__ import annotations

from gateway.admission.application.consent.below.lexicon import FOR_ANOTHER, INVENTED, TURNING
from gateway.admission.application.consent.below.requests import is_conditional
from gateway.admission.application.consent.below.second_thought import (
    DOUBTFUL_EN,
    fold_sentence,
    fold_width,
    is_bare,
    is_elliptic,
    is_of_version,
    is_second_thought,
    split_sentences,
    tells_of_another,
)
from gateway.admission.application.consent.people import Writer, is_family_name
from gateway.patterns import compile_later

# A family name stands at its beginning, or after another script, and before a particle, a title or a blank.
_NAME = compile_later(
    r"(?<![一-鿿々])[一-鿿々]{1,3}(?=[がのはにをもへと、\s　]|から|より|さん|氏|[様殿]|くん|です|$)"
)
# Who else may have written, and what stands instead of an application.
_ANOTHER_EN = compile_later(
    r"\b(?:by|behalf|s?he|they|them|mr|mrs|ms|somebody|someone|successor|predecessor|supervisor|boss|manager"
    r"|director|chief|mayor|assistant|secretary|colleagues?|others?|decision|decide|will|agree\w*|terms|rules)\b"
)


def is_unread(text: str, writer: Writer) -> bool:
    """Return whether a text is only in doubt because words of it are unknown."""
    said = split_sentences(fold_width(text))
    return all(not is_second_thought(one) or _is_plain(one, writer) for one in said)


def _is_plain(written: str, writer: Writer) -> bool:
    """Return whether a sentence contains no sign that it takes an answer back, limits or replaces it."""
    said = fold_sentence(written)
    if is_bare(written, said) or is_elliptic(said) or is_of_version(said) or is_conditional(said):
        return False
    if tells_of_another(written) or not is_plain_en(written.casefold()):
        return False
    if any(signs.search(said) for signs in (TURNING, FOR_ANOTHER, INVENTED)):
        return False
    names = (found[0] for found in _NAME.finditer(written))
    return not any(is_family_name(name) and name not in writer.words for name in names)


def is_plain_en(said: str) -> bool:
    """Return whether a text in lower case contains no such sign in English."""
    return DOUBTFUL_EN.search(said) is None and _ANOTHER_EN.search(said) is None
