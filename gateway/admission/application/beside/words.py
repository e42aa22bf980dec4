"""Text beside the form in a mail: reasons, wishes, questions. The staff read it with the form."""

from __future__ import annotations

from gateway.admission.application.consent import beside
from gateway.admission.application.consent.answers.answer import may_answer
from gateway.admission.application.consent.answers.reading import read_lines
from gateway.admission.application.items.fields import Consent, Form
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.lines import Lines
from gateway.admission.application.layout.no_value import is_mark_of_mail
from gateway.admission.application.layout.table.rows import is_frame
from gateway.admission.application.unlabelled import introduction
from gateway.patterns import compile_later

MAX_WORDS = 4_000
_FRAME = compile_later(r"[\s　]*[-－─―=＝]{2,}[\s　]*(?:ここから|ここまで).*")

_SENTENCE = compile_later(r"[^。！!]*[。！!]|[^。！!]+")


def find_words_beside(lines: Lines, form: Form) -> str:
    """Return the lines that are no item of `form`, no greeting and no known line of a signature."""
    values = "".join("\n" + "".join(str(getattr(form, name)).split()) for name in Form.__slots__)
    own = (line.strip() for at, line in enumerate(lines.texts) if at not in lines.quoted)
    rest = [line for line in own if line and not _is_item(line, values)]
    answers = may_answer("\n".join(rest))
    return "\n".join(line for line in rest if not _is_known(line, answers=answers))[:MAX_WORDS]


def _is_item(line: str, values: str) -> bool:
    return "".join(line.split()) in values or parse_line(line) is not None


def _is_known(line: str, *, answers: bool) -> bool:
    """Return whether a line is not the writer's own text; `answers`: one of these lines may be a consent."""
    if is_frame(line) or _FRAME.fullmatch(line) or is_mark_of_mail(line):
        return True
    if introduction.read_line(line) is not None:
        return True
    if answers and read_lines([line]) is not Consent.ABSENT:
        return True
    return all(beside.says_nothing(one) for one in _SENTENCE.findall(line) if one.strip())
