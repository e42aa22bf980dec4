"""Caps by cause: pure, with counts in a dictionary."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.case import caps, letters
from gateway.admission.case.caps import Bound, Scope
from gateway.admission.case.decide import decide
from gateway.admission.case.events import Undelivered
from gateway.admission.case.model import Case, Letter, LetterCaps, OutgoingLetter, State
from gateway.mail.address import parse
from tests.support.factories import APPLICANT, DESK, NOW, SATO, case

CAPS = LetterCaps()


class Day:
    """The counts of one day; `left` are the letters that were not capped."""

    def __init__(self) -> None:
        self.counts: Counter[Bound] = Counter()
        self.left: list[OutgoingLetter] = []
        self.capped: list[OutgoingLetter] = []

    def put(self, outgoing: OutgoingLetter, about: Case | None = None) -> bool:
        admission = caps.admit(caps.find_counting(outgoing, about, CAPS), lambda bound: self.counts[bound])
        self.counts.update(admission.counted)
        (self.capped if admission.full else self.left).append(outgoing)
        return admission.full is None


def notice(kind: str, of: Case | None = None, **facts: object) -> OutgoingLetter:
    if of is None:
        return letters.general_notices(DESK, kind, **facts)[0]
    return letters.notices(of, DESK, kind, **facts)[0]


def numbered(at: int) -> Case:
    return case(number=f"K7QM-{at:02d}", applicant=parse(f"a{at}@town.mihon{at}.lg.jp"))


def flood(at: int) -> tuple[OutgoingLetter, Case | None]:
    """A letter that a stranger's mails bring, of one of the kinds."""
    stranger = parse(f"x{at}@evil{at % 3}.example")
    kind = at % 6
    about = case(number=f"AB{at % 100:02d}-CD", applicant=stranger, state=State.AWAITING_AFFILIATION)
    if kind == 0:
        return OutgoingLetter(Letter.HOW_TO_APPLY, stranger, {}), None
    if kind == 1:
        return letters.unclear_decision(about, stranger, "why", DESK), about
    if kind == 2:
        return letters.review_requests(about, DESK, "new")[0], about
    if kind == 3:
        return letters.to_applicant(about, Letter.ACKNOWLEDGMENT), about
    return notice(("wrote", "third_party")[kind % 2], about, by=str(stranger)), about


@given(st.lists(st.one_of(st.integers(0, 200).map(lambda at: ("noise", at)),
                          st.integers(0, 60).map(lambda at: ("alarm", at))), max_size=300))  # fmt: skip
def test_no_interleaving_of_caps_drops_an_alarm(happened: list[tuple[str, int]]) -> None:
    """Whatever else happens, the first 50 alarms of a day leave, and of every cause the first ones: what is
    dropped is dropped for the noise of its own case or domain."""
    day, causes, alarms = Day(), Counter[object](), 0
    for what, at in happened:
        if what == "noise":
            day.put(*flood(at))
            continue
        kind = KINDS[at % len(KINDS)]
        about = None if kind == "barred" else numbered(at // len(KINDS))
        left = day.put(notice(kind, about, by="eve@evil.example", about=LOST.get(kind, "")), about)
        cause: object = (kind, about.applicant.domain if kind in OF_DOMAIN and about else about)
        most = CAPS.alarms_per_domain if kind in OF_DOMAIN else 1
        assert left or (alarms >= CAPS.alarms and causes[cause] >= most)
        alarms += left
        causes[cause] += 1


KINDS = ("misuse", "undelivered", "unread_report", "barred", "anything new")
LOST = {"undelivered": "acknowledgment", "unread_report": "missing_fields"}
OF_DOMAIN = frozenset(LOST)


# Of colleagues there is one alarm of each case: see below.
LETTERS = st.sampled_from(sorted(set(Letter) - {Letter.AFFILIATION_CHECK}))


@given(st.lists(st.tuples(LETTERS, st.integers(0, 3), st.integers(0, 400)), max_size=300))
def test_dead_mailboxes_of_one_domain_are_bounded_and_hide_no_other(
    lost: list[tuple[Letter, int, int]],
) -> None:
    """A case each, as many as they like: what the office wrote is told each time, and of each domain five."""
    day, of_domain, unasked = Day(), Counter[object](), 0
    for letter, domain, mailbox in lost:
        to = parse(f"a{mailbox}@sub{mailbox % 7}.body{domain}.example")
        about = case(number=f"N{domain}{mailbox:03}-DD", applicant=to)
        before = len(day.left)
        told = decide(about, Undelivered(letter, to, "550 5.1.1 unknown"), NOW, DESK).letters
        left = day.put(told[0], about) if told else True
        if letter in OFFICE_LETTERS and told:
            assert left or day.left[:before].count(told[0]), "one of a case and letter"
        elif told:
            assert left or of_domain[domain] >= CAPS.alarms_per_domain
            of_domain[domain] += left
            unasked += left
    assert unasked <= CAPS.alarms + CAPS.alarms_per_domain * 4


OFFICE_LETTERS = frozenset(
    {
        Letter.INVITATION, Letter.INVITATION_NOTICE, Letter.INVITATION_REMINDER, Letter.HANDOFF,
        Letter.DECLINE, Letter.QUESTION, Letter.REOPENED, Letter.DESK_REPLY,
    }
)  # fmt: skip


@given(st.lists(st.integers(0, 1000), max_size=400))
def test_a_flood_uses_up_nothing_of_a_proven_application(happened: list[int]) -> None:
    day, honest = Day(), case(number="K7QM-4T", state=State.AWAITING_AFFILIATION)
    for at in happened:
        day.put(*flood(at))
    for letter in (Letter.ACKNOWLEDGMENT, Letter.MISSING_FIELDS, Letter.INVITATION, Letter.DECLINE):
        assert day.put(letters.to_applicant(honest, letter), honest)
    assert day.put(letters.review_requests(honest, DESK)[0], honest)


def test_five_unconfirmed_cases_of_a_domain_are_shown_and_those_shown_stay_so() -> None:
    day = Day()
    cases = [
        case(number=f"K7QM-{at}T", applicant=parse(f"a{at}@{'abcdefg'[at]}.firm.example"),
             state=State.AWAITING_AFFILIATION)
        for at in range(7)
    ]  # fmt: skip
    assert [True] * 5 + [False] * 2 == [day.put(letters.review_requests(one, DESK)[0], one) for one in cases]
    again = [day.put(letters.review_requests(one, DESK, "changed")[0], one) for one in cases]
    assert [True] * 5 + [False] * 2 == again
    confirmed = case(number="K7QM-6T", state=State.UNDER_REVIEW, confirmed_by="x@town.mihon.lg.jp")
    assert day.put(letters.review_requests(confirmed, DESK, "confirmed")[0], confirmed)


def test_a_loop_whose_address_changes_with_each_mail_ends() -> None:
    day = Day()
    for at in range(500):
        day.put(OutgoingLetter(Letter.HOW_TO_APPLY, parse(f"bot{at}@a{at}.loop.example"), {}))
    assert CAPS.per_domain == len(day.left)


@pytest.mark.parametrize(
    ("letter", "role", "scopes"),
    [
        (Letter.HOW_TO_APPLY, "", {Scope.ADDRESS, Scope.DOMAIN}),
        (Letter.NOT_KEPT, "", {Scope.ADDRESS, Scope.DOMAIN}),
        (Letter.UNCLEAR_DECISION, "", {Scope.ADDRESS, Scope.DOMAIN}),
        (Letter.UNCLEAR_DECISION, "decide", {Scope.ADDRESS}),
        (Letter.DIGEST, "decide", {Scope.ADDRESS}),
        (Letter.ALREADY_ADMITTED, "", {Scope.ADDRESS}),
        (Letter.ACKNOWLEDGMENT, "", {Scope.CASE}),
        (Letter.AFFILIATION_REQUEST, "", {Scope.CASE}),
        (Letter.INVITATION, "", set()),
        (Letter.DECLINE, "", set()),
        (Letter.DECISION_RECEIPT, "decide", set()),
        (Letter.REVIEW_REQUEST, "decide", set()),
    ],
)
def test_what_a_letter_counts_for(letter: Letter, role: str, scopes: set[Scope]) -> None:
    outgoing = OutgoingLetter(letter, APPLICANT, {"role": role})
    assert scopes == {bound.scope for bound in caps.find_counting(outgoing, case(), CAPS).bounds}


def test_a_request_that_takes_the_place_of_another_loses_nothing_of_it() -> None:
    waiting = {"occasion": "answered", "asked": "上司は誰ですか", "text": "山田です", "revision": 2}
    merged = caps.merge_request(waiting, {"occasion": "changed", "text": "部署が変わりました", "revision": 3})
    told = {"asked": "上司は誰ですか", "text": "山田です\n部署が変わりました"}
    assert {"occasion": "answered", **told, "revision": 3} == merged
    assert "new" == caps.merge_request({"occasion": "new"}, {"occasion": "changed"})["occasion"]


def test_a_notice_of_a_kind_that_nobody_listed_is_an_alarm() -> None:
    assert caps.is_alarm(notice("misuse", by=str(SATO)))
    assert caps.is_alarm(notice("something new"))
    assert not caps.is_alarm(notice("wrote", case()))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 9)), max_size=80))
def test_dead_mailboxes_of_one_domain_are_one_alarm_of_each_case(lost: list[tuple[int, int, int]]) -> None:
    """However many colleagues were asked; and five a domain go unheard of no flood."""
    day = Day()
    for at in range(CAPS.alarms):
        day.put(notice("barred", by=f"x@evil{at}.example"))
    for at, domain, mailbox in lost:
        to = f"a{mailbox}@sub.body{domain}.example"
        event = Undelivered(Letter.AFFILIATION_CHECK, parse(to), "550 5.1.1 unknown")
        day.put(decide(numbered(at), event, NOW, DESK).letters[0], numbered(at))
    told = Counter(str(one.facts["number"]) for one in day.left if one.facts["kind"] == "undelivered")
    asked = {(at, domain) for at, domain, _ in lost}
    assert Counter(numbered(at).number for at, _ in asked) == told


def test_the_next_request_waits_for_the_quarter_of_an_hour() -> None:
    before = NOW - timedelta(minutes=10)
    assert NOW + timedelta(minutes=5) == caps.earliest(before, NOW, CAPS)
    assert NOW == caps.earliest(None, NOW, CAPS) == caps.earliest(NOW - timedelta(hours=1), NOW, CAPS)
