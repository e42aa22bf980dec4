"""All variants of mail from applicants, for previews and tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Form
from gateway.admission.case.events import (
    Apply,
    Confirm,
    Inquire,
    SeveralPeople,
    Supplement,
    Unknown,
    Withdraw,
)
from gateway.admission.case.model import State
from gateway.admission.replies.outsiders.confirmation import Confirmation
from gateway.mail.address import parse
from gateway.preview.affiliation_steps import NamedStep
from gateway.preview.sample_cases import NOW, NUMBER, SATO, SUZUKI, Applicant
from gateway.printing.statement import Statement

_UNLISTED = Statement("code_not_listed", code="998001")


def arrival_steps(of: Applicant, extra: str) -> list[NamedStep]:
    """Return the steps for an applicant's mail; `extra` is added to each text that a person writes."""
    incomplete = replace(of.form, department="", consent=Form().consent)
    moved = replace(of.background, earlier="AB12-CD")
    english = replace(of.form, organisation="Mihon Town", department="General Affairs", name="Hanako Mihon")
    unlisted = replace(of.background, flags=(_UNLISTED,), grade="dmarc", register_name="")
    unread = replace(of.case(State.NEEDS_INFORMATION), form=incomplete)
    tagged = replace(of.case(), applicant=parse(f"{of.address.local_part}+2@{of.address.domain}"))
    return [
        ("apply", None, Apply(of.address, of.form, of.background, NUMBER)),
        ("apply-unlisted", None, Apply(of.address, of.form, unlisted, NUMBER)),
        ("apply-with-words", None, Apply(of.address, of.form, of.background, NUMBER, _beside(extra))),
        ("apply-half-with-words", None, Apply(of.address, incomplete, of.background, NUMBER, _beside(extra))),
        ("apply-moved", None, Apply(of.address, of.form, moved, NUMBER)),
        (
            "apply-agreed",
            None,
            Apply(of.address, of.form, replace(moved, agreed=True), NUMBER),
        ),
        ("apply-half", None, Apply(of.address, incomplete, of.background, NUMBER)),
        (
            "apply-nothing",
            None,
            Apply(of.address, parse_form(f"氏名: {of.form.name}"), of.background, NUMBER),
        ),
        ("apply-again", of.case(State.INVITED), Apply(of.address, of.form, of.background, NUMBER)),
        (
            "apply-tagged",
            tagged,
            Apply(of.address, of.form, of.background, NUMBER),
        ),
        ("third-party", of.case(State.INVITED), Confirm(of.colleague, Confirmation.CONFIRM, of.background)),
        ("changed", of.case(), Supplement(parse_form("部署名: 総務課"), "")),
        ("filled-in", of.case(form=replace(of.form, title="")), Supplement(parse_form("役職: 主査"), "")),
        (
            "wrote",
            of.case(),
            Supplement(Form(), f"来月の異動の後も使えますか。\nhttps://mihon.example/{extra}"),
        ),
        ("wrote-unread", unread, Supplement(Form(), f"担当は、まだ決まっていません。{extra}")),
        ("withdrawn", of.case(), Withdraw()),
        *_inquiry_steps(of, extra),
        ("unknown", None, Unknown(of.address)),
        ("unknown-prefilled", None, Unknown(of.address, found=replace(of.form, consent=Form().consent))),
        ("unknown-again", None, Unknown(of.address, words=f"参加したいです。{extra}", again=True)),
        ("unknown-member", None, Unknown(SATO, words=f"お休みします。{extra}", again=True)),
        ("several-people", None, SeveralPeople(of.address, f"氏名: 見本 花子\n氏名: 試作 葉子\n{extra}")),
        ("other-person", of.case(), SeveralPeople(of.address, f"氏名: 試作 葉子\n{extra}")),
        ("unknown-english", None, Unknown(of.address, english=True)),
        ("apply-english", None, Apply(of.address, english, of.background, NUMBER)),
    ]


def _beside(extra: str) -> str:
    return f"休職に入るため、早めにお願いします。\n費用はかかりますか。{extra}"


def _inquiry_steps(of: Applicant, extra: str) -> list[NamedStep]:
    declined = of.case(
        State.DECLINED, decided_by=str(SATO), decided_at=NOW - timedelta(days=1), reason="対象外"
    )
    waiting = of.case(State.NEEDS_INFORMATION)
    asked = f"再検討をお願いします。{extra}"
    states = (State.ON_HOLD, State.INVITED, State.JOINED, State.WITHDRAWN, State.EXPIRED)
    return [
        ("inquired", of.case(), Inquire("status")),
        ("inquired-missing", waiting, Inquire("status")),
        ("inquired-affiliation", of.case(State.AWAITING_AFFILIATION), Inquire("status")),
        ("inquired-declined", declined, Inquire("status")),
        *((f"inquired-{state.value}", of.case(state), Inquire("status")) for state in states),
        ("inquired-held", of.case(), Inquire("held")),
        *(
            (f"move-{state.value}", of.case(state), Inquire("move", "異動", of.colleague))
            for state in (State.UNDER_REVIEW, State.INVITED)
        ),
        ("move-how", of.case(), Inquire("move", "異動")),
        ("look", declined, Inquire("look", asked)),
        ("look-late", replace(declined, second_look=str(SUZUKI)), Inquire("look", asked)),
    ]
