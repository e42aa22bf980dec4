"""An application made anew from the organisation's address takes the place of the earlier one, or not."""

from dataclasses import replace

import pytest

from gateway.admission.case.events import Apply
from gateway.admission.case.model import OPEN, Case, Letter, State
from gateway.admission.case.transitions.reapplication import (
    ask_earlier_applicant,
    has_agreed,
    is_reapplication,
    link_earlier_case,
)
from gateway.admission.organisations.domains import Standing
from gateway.mail.address import parse
from tests.support.factories import APPLICANT, background, case, form

PRIVATE = parse("jiro@jitaku.example")
OLD = case(State.AWAITING_AFFILIATION, applicant=PRIVATE, background=background(Standing.CONFIRM, "personal"))
NEW = Apply(APPLICANT, form(), background(), "1234-56")


@pytest.mark.parametrize(
    ("new", "old", "expected"),
    [
        pytest.param(NEW, OLD, True, id="again-from-the-organisation"),
        pytest.param(
            replace(NEW, background=background(Standing.CONFIRM)), OLD, False, id="from-another-private-one"
        ),
        pytest.param(replace(NEW, form=form("氏名: 別人")), OLD, False, id="another-name"),
        pytest.param(replace(NEW, form=form("団体名: 見本町")), OLD, False, id="no-name"),
        pytest.param(NEW, replace(OLD, state=State.UNDER_REVIEW), False, id="confirmed-meanwhile"),
        pytest.param(NEW, replace(OLD, state=State.INVITED), True, id="an-admitted-person-moves"),
        pytest.param(NEW, replace(OLD, applicant=APPLICANT), False, id="the-same-address"),
    ],
)
def test_follows(new: Apply, old: Case, expected: bool) -> None:
    assert expected == is_reapplication(new, old)


def test_the_earlier_case_stays_until_its_own_address_withdraws_it() -> None:
    """A number and a name are no secrets: they end nobody's waiting case."""
    transition = ask_earlier_applicant(OLD, NEW)
    (asked,) = transition.letters
    assert OLD == transition.case
    assert (Letter.REPLACEMENT_CHECK, PRIVATE) == (asked.letter, asked.to)
    assert str(NEW.applicant) == asked.facts["new_address"]
    assert "K7QM-4T" == link_earlier_case(NEW, OLD).background.earlier


MOVES = replace(OLD, moves_to=str(APPLICANT))


@pytest.mark.parametrize("state", sorted({*OPEN, State.APPROVED}))
def test_the_earlier_case_ends_where_its_address_named_the_new_one(state: State) -> None:
    old = replace(MOVES, state=state)
    transition = ask_earlier_applicant(old, NEW)
    (told,) = transition.letters
    assert transition.case is not None
    assert (State.WITHDRAWN, "") == (transition.case.state, transition.case.moves_to)
    assert (Letter.WITHDRAWAL_RECEIPT, PRIVATE) == (told.letter, told.to)
    assert Letter.INVITATION in transition.recalled
    assert link_earlier_case(NEW, old).background.agreed


@pytest.mark.parametrize(
    ("new", "old"),
    [
        pytest.param(replace(NEW, form=form("氏名: 別人")), MOVES, id="another-name"),
        pytest.param(NEW, replace(MOVES, moves_to="ichiro@town.mihon.lg.jp"), id="another-address"),
        pytest.param(NEW, replace(MOVES, state=State.DECLINED), id="ended"),
        pytest.param(NEW, replace(MOVES, moves_to=""), id="nothing-said"),
    ],
)
def test_otherwise_nobody_agreed_and_nothing_ends(new: Apply, old: Case) -> None:
    assert not has_agreed(new, old)
    assert not link_earlier_case(new, old).background.agreed
    assert old == ask_earlier_applicant(old, new).case


def test_a_named_address_may_be_any_that_can_apply() -> None:
    """It has to prove itself like every other, and its application is decided anew."""
    private = replace(NEW, background=background(Standing.CONFIRM, "personal"))
    assert is_reapplication(private, replace(MOVES, state=State.UNDER_REVIEW))


def test_who_was_admitted_stays_admitted_until_the_staff_act() -> None:
    old = replace(OLD, state=State.INVITED)
    transition = ask_earlier_applicant(old, NEW)
    assert (old, ["address_change"]) == (transition.case, [event.name for event in transition.journal])
