"""Whom a reason is about: the application, not the writer and not the work of the desk."""

from __future__ import annotations

import re

from gateway.admission.replies.grammar.beside import terms
from gateway.admission.replies.grammar.phrases import TITLE

# The writer, and the people of a desk.
_DESK = re.compile(
    r"(?:私|わたし|わたくし|僕|俺|自分)(?=[はがもにのをで、]|ども|たち|達|個人|$)|我々|われわれ|うちの|小職|当職|当課|弊課|弊社"
    rf"|担当(?!業務|部署|部課|課名|者名)|(?<!所属)(?:{TITLE})|上司|同僚|後任|前任|事務局|窓口|受付|審査員"
    r"|\b(?:i|me|my|mine|myself|we|us|our|ours|ourselves|(?:some|any|every|no)(?:one|body))\b"
)
_CALLED = re.compile(r"先生")
_TOPIC = re.compile(r"(?P<who>[^、。,はが]{1,30})(?:は(?!ず|が)|が(?!き|ら))")
_CONJUNCTION = re.compile(r".*(?:です|でした|ます|ました|ません|だ|た)")
_TOPIC_EN = re.compile(
    r"(?:^|\b(?:the|an?|this|that|his|her|their) )(?P<who>[a-z' -]{1,40}?)"
    r" (?:is|was|are|were|has|have|had|does|did|left|retired|resigned|works?|belongs?)\b"
)
_HEAD = re.compile(
    r".*[のな](?P<head>[^のなはがをにで、。]{1,12})(?:です|でした|である|だ)(?:ため|ので|から)?"
)
_PLAIN_HEAD = re.compile(r"(?:方|者|人|もの|こと|点|ため|件|状態|状況|場合|とおり|通り)$")
_HERE = re.compile(
    r"\b(?:he|she|they|it|this|that|which)\b|(?:これ|それ|こちら|この方|同じもの|本件|勤務先|前職|雇用主|元)"
)


def is_of_application(text: str) -> bool:
    """Whether what folded text says is said of the application or the applicant."""
    if _DESK.search(_CALLED.sub("", text)):
        return False
    topics = [found["who"] for pattern in (_TOPIC, _TOPIC_EN) for found in pattern.finditer(text)]
    head = _HEAD.fullmatch(text)
    return all(map(_is_known, topics)) and (
        head is None or _is_known(head["head"]) or _PLAIN_HEAD.search(head["head"]) is not None
    )


def _is_known(who: str) -> bool:
    if _CONJUNCTION.fullmatch(who):
        return True
    return any(pattern.search(who) for pattern in (terms.ABOUT, terms.AGAINST, _HERE))
