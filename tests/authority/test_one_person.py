"""A mailbox with and without a tag is one person; and a number and a name end nobody's case."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.case import letters
from gateway.admission.case.decide import decide
from gateway.admission.case.digest.overview import build_digest
from gateway.admission.case.events import Apply, Decide
from gateway.admission.case.model import ADMITTED, OPEN, Case, Letter, Staff, State
from gateway.admission.case.transitions import reapplication
from gateway.admission.organisations.domains import Standing
from gateway.admission.replies.reading import Decision, ParsedReply
from gateway.mail.address import ATEXT, parse, person_key
from tests.support.factories import APPLICANT, DESK, NOW, SATO, SUZUKI, background, case, form

TAGS = ("", "+2", "+a.b", "+", "+x+y")
local_parts = st.from_regex(rf"(?:{ATEXT}|\.){{1,20}}", fullmatch=True).filter(lambda text: "=?" not in text)


def tagged(address: object, tag: str) -> str:
    local_part, _, domain = str(address).rpartition("@")
    return f"{local_part}{tag}@{domain}"


def said(by: str, decision: Decision = Decision.APPROVE) -> Decide:
    return Decide(parse(by), ParsedReply(decision, "", ""), 1, recallable=True)


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("decision", [Decision.APPROVE, Decision.HOLD, Decision.TAKE, Decision.UNDO])
def test_nobody_decides_their_own_application_under_another_tag(tag: str, decision: Decision) -> None:
    own = case(applicant=parse(tagged(SATO, tag)))
    transition = decide(own, said(str(SATO), decision), NOW, DESK)
    assert own == transition.case
    assert [Letter.UNCLEAR_DECISION] == [one.letter for one in transition.letters]
    assert str(SATO) not in {str(one.to) for one in letters.review_requests(own, DESK)}
    assert [] == build_digest(Staff(SATO, "佐藤"), [own], NOW.date(), DESK).facts["cases"]


OTHER_BOXES = {
    "a private box and the same name": ("ichiro.sato@gmail.com", "佐藤 一郎"),
    "the name the other way round": ("ichiro.sato@gmail.com", "一郎佐藤"),
    "the name in Latin letters": ("x@gmail.com", "SATO Ichiro"),
    "a child domain of the own": (f"{SATO.local_part}@mail.{SATO.domain}", "別人 太郎"),
}


@pytest.mark.parametrize("box", OTHER_BOXES)
@pytest.mark.parametrize("decision", [Decision.APPROVE, Decision.HOLD, Decision.TAKE])
def test_nor_one_from_another_box_of_theirs(box: str, decision: Decision) -> None:
    address, name = OTHER_BOXES[box]
    own = case(applicant=parse(address), form=form(f"団体名: 見本町\n氏名: {name}"))
    sato = Staff(SATO, "佐藤 一郎", names=("Ichiro Sato",))
    desk = replace(DESK, staff=(sato, Staff(SUZUKI, "鈴木 花")))
    assert own == decide(own, said(str(SATO), decision), NOW, desk).case
    by_colleague = decide(own, said(str(SUZUKI)), NOW, desk).case
    assert by_colleague is not None
    assert State.APPROVED is by_colleague.state


def test_the_same_family_name_or_box_elsewhere_is_somebody_else() -> None:
    other = case(applicant=parse(f"{SATO.local_part}@town.mihon.lg.jp"), form=form("氏名: 佐藤 花子"))
    desk = replace(DESK, staff=(Staff(SATO, "佐藤 一郎"), Staff(SUZUKI, "鈴木 花")))
    decided = decide(other, said(str(SATO)), NOW, desk).case
    assert decided is not None
    assert State.APPROVED is decided.state


@pytest.mark.parametrize("tag", TAGS)
def test_two_approvals_are_of_two_people(tag: str) -> None:
    second = parse(tagged(SATO, tag))
    desk = replace(DESK, second_approval=True, staff=(*DESK.staff, Staff(second, "佐藤")))
    waiting = case(
        State.UNDER_REVIEW, background=background(Standing.CONFIRM), confirmed_by="x@town.mihon.lg.jp"
    )
    once = decide(waiting, said(str(SATO)), NOW, desk).case
    assert once is not None
    assert State.UNDER_REVIEW is once.state
    assert once == decide(once, said(str(second)), NOW, desk).case
    twice = decide(once, said(str(SUZUKI)), NOW, desk).case
    assert twice is not None
    assert State.APPROVED is twice.state


@pytest.mark.parametrize("state", sorted(OPEN | ADMITTED))
def test_another_tag_changes_no_case_and_the_address_that_applied_hears_of_it(state: State) -> None:
    known = case(state)
    again = Apply(parse(tagged(APPLICANT, "+2")), form("氏名: 別人"), background(), "1234-56")
    transition = decide(known, again, NOW, DESK)
    assert known == transition.case
    told = [one for one in transition.letters if one.letter is not Letter.CASE_NOTICE]
    assert [APPLICANT] == [one.to for one in told]
    assert len(DESK.staff) == len(transition.letters) - 1


@given(local_parts, local_parts)
def test_a_tag_is_what_follows_the_first_plus(local_part: str, tag: str) -> None:
    person = parse(f"{local_part}@town.mihon.lg.jp").person
    assert person == person_key(person)
    if not local_part.startswith("+") and len(local_part) + len(tag) < 64:
        assert person == parse(f"{local_part}+{tag}@TOWN.mihon.lg.jp").person


OLD_STATES = sorted({State.AWAITING_AFFILIATION, *ADMITTED})


@given(st.sampled_from(OLD_STATES), st.integers(1, 3))
def test_no_application_of_another_address_ends_a_case(state: State, times: int) -> None:
    """Whoever knows number and name can bring letters to the old address, and nothing else."""
    old: Case = case(state, applicant=parse("jiro@jitaku.example"), background=background(Standing.CONFIRM))
    for _ in range(times):
        new = Apply(APPLICANT, form(), background(), "1234-56")
        assert reapplication.is_reapplication(new, old)
        transition = reapplication.ask_earlier_applicant(old, new)
        assert old == transition.case
        assert {old.applicant} >= {one.to for one in transition.letters}
