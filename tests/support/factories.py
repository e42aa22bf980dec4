"""A desk with made-up people, for tests of the rules and of the store."""

from __future__ import annotations

from datetime import date

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Form
from gateway.admission.authority.binding import Binding
from gateway.admission.case.model import Background, Case, Letter, State, Transition
from gateway.admission.organisations.domains import Standing
from gateway.auth.results import ProofGrade
from gateway.mail.address import parse
from gateway.preview.sample_cases import DESK, NOW, SATO, SUZUKI

__all__ = [
    "APPLICANT", "BOUND", "DESK", "FORM_TEXT", "NOW", "SATO", "SUZUKI",
    "background", "case", "form", "letters",
]  # fmt: skip

APPLICANT = parse("hanako@town.mihon.lg.jp")
# From a host of the applicant's own domain, to the mailbox of the letter, in time.
BOUND = Binding(
    APPLICANT.domain, ProofGrade.DECISION, own_host=True, names_mailbox=True, date=NOW, received_at=NOW
)

FORM_TEXT = """区分: 自治体
団体名: 見本町
全国地方公共団体コード: 990019
部署名: 情報政策課
氏名: 見本 花子
規約への同意: 同意する
"""


def form(text: str = FORM_TEXT) -> Form:
    """A form read from its text."""
    return parse_form(text)


def background(standing: Standing = Standing.OWN, kind: str = "local_gov_lg") -> Background:
    """What is known of a domain."""
    return Background(kind, standing, "town.mihon.lg.jp", (), "dmarc", "proven by DMARC")


def case(state: State = State.UNDER_REVIEW, **changes: object) -> Case:
    """A case of the made-up applicant."""
    values: dict[str, object] = {
        "number": "K7QM-4T",
        "applicant": APPLICANT,
        "form": form(),
        "background": background(),
        "opened_at": NOW,
        "due_on": date(2026, 11, 27),
        "state": state,
    }
    return Case(**(values | changes))  # type: ignore[arg-type]


def letters(transition: Transition) -> list[Letter]:
    """The letters that a transition queues."""
    return [letter.letter for letter in transition.letters]
