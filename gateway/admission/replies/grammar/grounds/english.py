"""Reasons of a refusal in English, of the same closed set as the Japanese ones."""

from __future__ import annotations

from gateway.patterns import compile_later

_WHO = r"(?:the applicant|this applicant|he|she|they|this person)"
_BODY = (
    r"(?:the |this |their |his |her )?(?:organi[sz]ation|body|company|domain|agency|employer|address|office)"
)
_PUBLIC = (
    r"(?:(?:a|any) )?(?:government|public|local government|municipal|national government)"
    r" (?:employee|body|agency|official|servant|organi[sz]ation|office)"
)
_OUTSIDER = (
    r"(?:an? )?(?:private (?:company|contractor|person|individual|business|organi[sz]ation)|contractor"
    r"|student|vendor|company|individual|freelancer)"
)
_IS = r"(?:is|are|was)"
_FOUND = r"(?:could not|cannot|can't|couldn't) (?:be )?(?:confirm|confirmed|verify|verified)"
_AFFILIATION = (
    r"(?:the |their |his |her )?(?:affiliation|employment|identity|membership|organi[sz]ation|department)"
)
_GROUND = compile_later(
    r"(?:[1-9*-] ?)?(?:because |since |as )?(?:"
    rf"(?:(?:{_WHO}|{_BODY}|it) {_IS} )?(?:not eligible|ineligible|out of scope)"
    rf"|(?:{_WHO} |{_BODY} |it )?(?:does not|doesn't|do not) (?:belong to|work for|meet) (?:{_PUBLIC}"
    r"|the (?:requirements|criteria|rules))"
    rf"|(?:(?:{_WHO}|{_BODY}|it) {_IS} )?(?:{_OUTSIDER}|not {_PUBLIC})(?:, not {_PUBLIC})?"
    rf"|(?:{_AFFILIATION} {_FOUND}|we {_FOUND} {_AFFILIATION})"
    r"|not employed (?:there|here)|no employment record(?: was)? found"
    rf"|{_WHO} (?:has |have )?(?:left the (?:organi[sz]ation|office|body)|retired|resigned)"
    rf"|{_WHO} {_IS} not on (?:our|the) staff (?:list|roster)"
    r"|(?:wrong|unknown|missing|invalid) (?:department|organi[sz]ation|address|name)"
    r"|(?:a )?duplicate(?: application)?|(?:this|it) is a duplicate(?: application)?"
    r"|free ?mail address"
    r"|(?:please )?(?:re-?apply|apply again)(?: from (?:your|an?) (?:office|work|official) address)?"
    r")"
)


def is_ground(spaced: str) -> bool:
    """Return whether folded text is a reason of a known kind."""
    return _GROUND.fullmatch(spaced.strip(" .!")) is not None
