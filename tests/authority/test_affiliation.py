"""No address outside the claimed body ever confirms: a table of attempts, and orders at random."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Form
from gateway.admission.case.decide import decide
from gateway.admission.case.events import CaseEvent, Confirm, Decide, NameColleague, Supplement
from gateway.admission.case.model import Case, Desk, Letter, State
from gateway.admission.case.model.affiliation import Affiliation, Confirmer, ConfirmerLoad
from gateway.admission.eligibility import confirmer
from gateway.admission.eligibility.assess import Rules
from gateway.admission.organisations import register_table
from gateway.admission.organisations.domains import Standing
from gateway.admission.replies.outsiders.confirmation import Confirmation
from gateway.admission.replies.reading import Decision, ParsedReply
from gateway.mail.address import Address, parse
from gateway.printing.statement import Statement
from tests.support.factories import DESK as PLAIN
from tests.support.factories import NOW, SATO, background, case

RULES = Rules(register=register_table.parse(Path("config/organisations.tsv").read_text(encoding="utf-8")))


@cache
def _judge(form: Form, domains: tuple[str, ...], address: Address) -> Confirmer:
    return confirmer.judge(case(form=form, affiliation=Affiliation(domains=domains)), address, RULES)


DESK = replace(
    PLAIN,
    confirmer=lambda of, address: _judge(of.form, of.affiliation.domains, address),
    claimed_domains=lambda form: confirmer.claimed_domains(form, RULES, date(2026, 11, 24)),
)
APPLICANT = parse("jiro@jitaku.example")
INSIDE = parse("yamada@city.sapporo.jp")
OTHER_OWN = parse("Jiro@city.sapporo.jp")
LISTED = frozenset({"city.sapporo.jp", "city.sapporo.lg.jp"})


FORM = """区分: 自治体
団体名: 札幌市
全国地方公共団体コード: 011002
部署名: 総務課
氏名: 私用 次郎
規約への同意: 同意する
"""
OTARU = Supplement(parse_form("団体名: 小樽市\n全国地方公共団体コード: 012033"), "")


def opened() -> Case:
    """A case that waits for its affiliation to Sapporo."""
    private = background(Standing.CONFIRM, "personal")
    return case(State.AWAITING_AFFILIATION, applicant=APPLICANT, background=private, form=parse_form(FORM))


def run(before: Case, *events: CaseEvent, desk: Desk = DESK) -> Case:
    """The case after these events."""
    for event in events:
        before = decide(before, event, NOW, desk).case or before
    return before


def yes(by: Address, **changes: object) -> Confirm:
    """A well-proven yes to the letter that went to `by`."""
    values: dict[str, object] = {"asked": by, "name": "山田", "words": "はい", "is_vouched": True}
    return Confirm(by, Confirmation.CONFIRM, background(), **(values | changes))  # type: ignore[arg-type]


def test_the_honest_way_confirms() -> None:
    assert str(INSIDE) == run(opened(), NameColleague((INSIDE,)), yes(INSIDE)).confirmed_by
    assert str(INSIDE) == run(opened(), yes(INSIDE, asked=None), yes(INSIDE)).confirmed_by


@pytest.mark.parametrize(
    "attempt",
    [
        [yes(INSIDE)],
        [yes(INSIDE, asked=None)],
        [NameColleague((INSIDE,)), yes(INSIDE, asked=None)],
        [NameColleague((INSIDE,)), yes(parse("betsu@city.sapporo.jp"), asked=INSIDE)],
        [NameColleague((INSIDE,)), yes(parse("Yamada@city.sapporo.jp"), asked=INSIDE)],
        [NameColleague((INSIDE,)), yes(parse("yamada+1@city.sapporo.jp"), asked=INSIDE)],
        [NameColleague((INSIDE,)), yes(INSIDE, is_vouched=False)],
        [NameColleague((INSIDE,)), yes(INSIDE, mark="Reply-To: differs from the From address")],
        [NameColleague((INSIDE,)), yes(INSIDE, name="私用　次郎")],
        [NameColleague((INSIDE,)), yes(INSIDE, name="次郎 私用（総務課）")],
        [NameColleague((OTHER_OWN,)), yes(OTHER_OWN)],
        [NameColleague((parse("ji.ro+1@city.sapporo.jp"),)), yes(parse("ji.ro+1@city.sapporo.jp"))],
        [NameColleague((INSIDE,)), yes(INSIDE, load=ConfirmerLoad(is_waiting=True))],
        [NameColleague((INSIDE,)), replace(yes(INSIDE), background=replace(background(), anybody=True))],
        [NameColleague((INSIDE,)), replace(yes(INSIDE), answer=Confirmation.NONE)],
        [NameColleague((INSIDE,)), replace(yes(INSIDE), answer=Confirmation.DENY), yes(INSIDE)],
        [NameColleague((INSIDE,)), replace(yes(INSIDE), answer=Confirmation.UNKNOWN), yes(INSIDE)],
        [NameColleague((INSIDE,)), OTARU, yes(INSIDE)],
        [NameColleague((INSIDE,)), Supplement(Form(name="別名 三郎"), ""), yes(INSIDE)],
        [NameColleague((INSIDE,)), yes(INSIDE), OTARU],
        [NameColleague((SATO,)), yes(SATO)],
        [NameColleague((APPLICANT,)), yes(APPLICANT)],
        [NameColleague((parse("jiro+2@jitaku.example"),)), yes(parse("jiro+2@jitaku.example"))],
        [NameColleague((parse("info@city.sapporo.jp"),)), yes(parse("info@city.sapporo.jp"))],
        [NameColleague((parse("a@x.city.sapporo.jp"),)), yes(parse("a@x.city.sapporo.jp"))],
        [NameColleague((parse("a@city.otaru.hokkaido.jp"),)), yes(parse("a@city.otaru.hokkaido.jp"))],
        [NameColleague((parse("a@soumu.go.jp"),)), yes(parse("a@soumu.go.jp"))],
        [NameColleague((INSIDE, parse("b@city.sapporo.jp"))), yes(INSIDE)],
    ],
)
def test_no_attempt_confirms(attempt: list[CaseEvent]) -> None:
    after = run(opened(), *attempt)
    assert ("", State.AWAITING_AFFILIATION) == (after.confirmed_by, after.state)


DOMAINS = st.sampled_from(
    [
        *sorted(LISTED), "city.otaru.hokkaido.jp", "pref.hokkaido.lg.jp", "town.sapporo.lg.jp",
        "city-sapporo.jp", "city.sapporo.example", "x.city.sapporo.jp", "sapporo.hokkaido.jp",
        "city.sapporo.hokkaido.jp", "vill.sapporo.lg.jp", "soumu.go.jp", "gmail.com", "jitaku.example",
    ]
)  # fmt: skip
ADDRESSES = st.builds(
    lambda name, domain: parse(f"{name}@{domain}"),
    st.sampled_from(["yamada", "Yamada", "yamada+1", "info", "jiro", "t-sato", "a+1"]),
    DOMAINS,
)
ANSWERS = st.builds(
    lambda by, asked, answer, own, mark: yes(by, asked=asked, is_vouched=own, mark=mark) if answer else
    replace(yes(by, asked=asked), answer=Confirmation.NONE),
    ADDRESSES, st.none() | ADDRESSES, st.booleans(), st.booleans(), st.sampled_from(["", "", "Sender"]),
)  # fmt: skip
NAMED = st.builds(lambda address: NameColleague((address,)), ADDRESSES)
CLAIMS = st.sampled_from(
    [OTARU, Supplement(parse_form("団体名: 札幌町"), ""), Supplement(parse_form(FORM), "")]
)
CALLS = st.sampled_from(["03-0000-0000 総務課 山田様", ""]).map(
    lambda note: Decide(SATO, ParsedReply(Decision.AFFILIATED, note, Statement("doubt")), 1, recallable=True)
)


@settings(max_examples=300)
@given(st.lists(NAMED | ANSWERS | CLAIMS, max_size=12))
def test_no_address_outside_the_claimed_body_ever_confirms(events: list[CaseEvent]) -> None:
    now = opened()
    for event in events:
        before, now = now, run(now, event)
        if now.confirmed_by and now.confirmed_by != before.confirmed_by:
            assert isinstance(event, Confirm)
            assert event.by == event.asked
            assert event.is_vouched
            assert not event.mark
            assert event.by.domain in (
                LISTED if now.form.organisation == "札幌市" else {"city.otaru.hokkaido.jp"}
            )
            assert before.affiliation.find(event.by) is not None
        checks = now.affiliation.checks
        assert len({check.address.person for check in checks}) == len(checks) <= DESK.checks_per_case


@settings(max_examples=200)
@given(st.lists(NAMED | ANSWERS | CLAIMS, max_size=12))
@example([NameColleague((INSIDE,)), OTARU, replace(yes(INSIDE), answer=Confirmation.NONE)])
def test_nothing_is_written_to_an_address_outside_the_claimed_body(events: list[CaseEvent]) -> None:
    now, asked = opened(), set[Address]()
    for event in events:
        done = decide(now, event, NOW, DESK)
        for one in done.letters:
            if one.letter is Letter.AFFILIATION_CHECK:
                own = LISTED if now.form.organisation == "札幌市" else {"city.otaru.hokkaido.jp"}
                assert any(one.to.domain == name or one.to.domain.endswith(f".{name}") for name in own)
                assert one.facts["occasion"] != "first" or one.to not in asked, "one letter each"
                asked.add(one.to)
        now = done.case or now


@settings(max_examples=200)
@given(st.lists(NAMED | ANSWERS | CLAIMS | CALLS, max_size=12))
def test_a_confirmed_case_has_a_letter_that_counts_or_a_call_and_belongs_to_its_claim(
    events: list[CaseEvent],
) -> None:
    after = run(opened(), *events)
    known = after.affiliation
    counted = [check for check in known.checks if check.counts]
    assert bool(after.confirmed_by) == bool(counted or known.call)
    assert all(check.claim == known.claim for check in counted)


def test_an_old_yes_does_not_confirm_for_ever() -> None:
    asked = run(opened(), NameColleague((INSIDE,)))
    later = decide(asked, yes(INSIDE), NOW + timedelta(days=1), DESK).case
    assert later is not None
    assert State.UNDER_REVIEW is later.state
    again = decide(later, yes(INSIDE), NOW + timedelta(days=2), DESK).case
    assert again is not None
    assert (later.confirmed_by, later.revision) == (again.confirmed_by, again.revision)


@pytest.mark.parametrize(
    ("own", "theirs"),
    [
        ("髙橋 一郎", "高橋一郎"), ("渡邊 健", "渡辺 健"), ("齋藤 学", "斉藤学"), ("濵田 学", "浜田 学"),
        ("山﨑 学", "山崎 学"), ("サトウ ケン", "ｻﾄｳ ｹﾝ"), ("サトウ ケン", "さとう けん"),
        ("佐藤 健", "健 佐藤様"), ("Sato Ken", "KEN SATO"), ("吉田 学", "𠮷田 学"),
    ],
)  # fmt: skip
def test_the_applicants_own_name_is_known_in_other_signs(own: str, theirs: str) -> None:
    waiting = replace(opened(), form=replace(opened().form, name=own))
    asked = run(waiting, Supplement(Form(name=own), ""), NameColleague((INSIDE,)))
    assert "" == run(asked, yes(INSIDE, name=theirs)).confirmed_by


@pytest.mark.parametrize("load", [ConfirmerLoad(is_waiting=True), ConfirmerLoad(open_checks=99)])
def test_nobody_learns_by_naming_somebody_who_has_applied(load: ConfirmerLoad) -> None:
    done = decide(opened(), NameColleague((INSIDE,), load=load), NOW, DESK)
    told = {one.facts["outcome"] for one in done.letters if one.letter is Letter.AFFILIATION_REQUEST}
    assert {"busy"} == told


def test_nobody_learns_by_naming_somebody_who_is_of_the_staff() -> None:
    member = replace(DESK.staff[0], address=INSIDE)
    done = decide(opened(), NameColleague((INSIDE,)), NOW, replace(DESK, staff=(member, *DESK.staff)))
    told = {one.facts["outcome"] for one in done.letters if one.letter is Letter.AFFILIATION_REQUEST}
    assert {"busy"} == told
    assert not [one for one in done.letters if one.letter is Letter.AFFILIATION_CHECK]
