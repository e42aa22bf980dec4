"""No sequence of mails and days leads anywhere it must not: a state machine over the pure rules."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from gateway.admission import business_days
from gateway.admission.application.items.fields import Form
from gateway.admission.case import deadlines
from gateway.admission.case.decide import decide
from gateway.admission.case.events import (
    Apply,
    CaseEvent,
    Confirm,
    DeadlinePassed,
    Decide,
    DigestRequest,
    Inquire,
    InvitationSent,
    Misuse,
    NameColleague,
    Note,
    Supplement,
    Unclear,
    Undelivered,
    Withdraw,
)
from gateway.admission.case.model import OPEN, Case, Desk, Letter, OutgoingLetter, Role, Staff, State
from gateway.admission.case.model.affiliation import Confirmer, ConfirmerLoad, Place
from gateway.admission.organisations.domains import Standing
from gateway.admission.replies import decision
from gateway.admission.replies.outsiders.confirmation import Confirmation
from gateway.mail.address import Address, parse
from gateway.printing.statement import Statement
from tests.support.factories import APPLICANT, NOW, SATO, SUZUKI, background, form

TANAKA = parse("tanaka@kyoso.mihon.go.jp")
STRANGER = parse("dareka@nisemono.example")
STAFF = (Staff(SATO, "佐藤"), Staff(SUZUKI, "鈴木"), Staff(TANAKA, "田中", Role.ASK))
# The common comes up more often, or no run would get far.
PEOPLE = st.sampled_from([SATO, SATO, SATO, SUZUKI, SUZUKI, SUZUKI, TANAKA, STRANGER, APPLICANT])
REPLIES = st.sampled_from(
    ["承認"] * 6
    + [
        "承認します。", "承認?", "却下", "却下: 対象外", "照会", "照会: 課名は?", "保留", "保留 12月1日",
        "取消", "取消", "担当", "参加", "再送", "再送", "状況", "ヘルプ", "了解しました", "承認しません",
        "承認します。ただし条件付き", "", "在籍確認済: 03-0000-0000 山田様", "在籍確認済",
    ]
)  # fmt: skip
SELDOM = st.integers(0, 5).map(lambda number: number == 5)
FORMS = st.sampled_from(["", "部署名: 総務課", "氏名: 見本 次郎", "規約への同意: 同意しない"])


INSIDE = "town.mihon.lg.jp"
COLLEAGUES = st.sampled_from(
    [parse(f"{name}@{INSIDE}") for name in ("dokyo", "Dokyo", "a", "b", "c", "d")]
    + [parse("dokyo@city.betsu.lg.jp"), parse("dokyo@jitaku.example"), SATO]
)


def judge(_: Case, address: Address) -> Confirmer:
    return Confirmer(Place.BODY if address.domain == INSIDE else Place.ELSEWHERE, address.domain)


class DeskMachine(RuleBasedStateMachine):
    """One applicant, three members of staff, a stranger, and time."""

    @initialize(second=st.booleans(), own=st.booleans(), staff_applies=st.booleans())
    def begin(self, second: bool, own: bool, staff_applies: bool) -> None:
        self.now = NOW
        self.desk = Desk(STAFF, second_approval=second, confirmer=judge)
        self.applicant = SATO if staff_applies else APPLICANT
        self.background = background() if own else background(Standing.CONFIRM, "personal")
        self.case: Case | None = None
        self.outgoing: list[OutgoingLetter] = []
        self.approvals: set[str] = set()
        self.invitations = 0
        self.resent = 0
        self.take(Apply(self.applicant, form(), self.background, "K7QM-4T"))

    def take(self, event: CaseEvent) -> None:
        """One step, with what a store does with it."""
        before = self.case
        step = decide(before, event, self.now, self.desk)
        assert step == decide(before, event, self.now, self.desk)
        # The outbox takes back before it puts.
        self.outgoing = [one for one in self.outgoing if one.letter not in step.recalled]
        self.outgoing += [one for one in step.letters if one.letter is Letter.INVITATION]
        self.case = step.case or before
        if before is None or (self.case is not None and self.case.revision != before.revision):
            self.approvals = set()

    @rule(text=FORMS)
    def apply(self, text: str) -> None:
        filled = form(text) if text else form()
        self.take(Apply(self.applicant, filled, self.background, "K7QM-4T"))

    @rule(text=FORMS)
    def supplement(self, text: str) -> None:
        self.take(Supplement(form(text) if text else Form(), text or "いつですか?"))

    @rule(names=st.lists(COLLEAGUES, min_size=1, max_size=2), letters=st.integers(0, 2))
    def name_colleague(self, names: list[Address], letters: int) -> None:
        if self.case is not None and self.case.state is State.AWAITING_AFFILIATION:
            self.take(NameColleague(tuple(names), load=ConfirmerLoad(letters)))

    @rule(
        by=COLLEAGUES,
        asked=st.none() | COLLEAGUES,
        answer=st.sampled_from([Confirmation.CONFIRM, *Confirmation]),
        own=st.booleans(),
        mark=SELDOM,
    )
    def confirm(
        self, by: Address, asked: Address | None, answer: Confirmation, own: bool, mark: bool
    ) -> None:
        before = self.case
        event = Confirm(by, answer, background(), asked, "Sender" if mark else "", is_vouched=own)
        self.take(event)
        if before is not None and self.case is not None and self.case.confirmed_by != before.confirmed_by:
            assert by == asked
            assert (INSIDE, True, False) == (by.domain, own, mark)
            assert answer is Confirmation.CONFIRM
            assert before.affiliation.find(by) is not None

    @rule(by=PEOPLE, text=REPLIES, outdated=SELDOM)
    def reply(self, by: Address, text: str, outdated: bool) -> None:
        reading = decision.parse(text)
        revision = (self.case.revision if self.case else 1) - outdated
        recallable = bool(self.outgoing)
        may = self.desk.member(by) is not None and by not in {TANAKA, self.applicant}
        before = self.case
        self.take(Decide(by, reading, revision, recallable))
        if reading.decision == "resend" and self.outgoing and self.invitations > self.resent:
            self.resent += 1  # one that has left is queued again
        if reading.decision == "approve" and may and not outdated:
            self.approvals.add(by.key)
        elif before != self.case:
            self.approvals -= set() if reading.decision in {"take", "approve"} else self.approvals
        if before is not None and before.state is not State.APPROVED and self.case is not None:
            self.check_approval(self.case, by, reading.decision, may and not outdated)

    def check_approval(self, after: Case, by: Address, word: str, authorised: bool) -> None:
        if after.state is not State.APPROVED:
            return
        if word == "resend":
            return
        assert word == "approve"
        assert authorised
        assert after.decided_by == str(by)
        if self.desk.second_approval and self.background.standing is not Standing.OWN:
            assert len(self.approvals) >= 2

    @rule(
        event=st.sampled_from(
            [
                Misuse(STRANGER, SATO),
                Withdraw(),
                Inquire("status"),
                Inquire("held"),
                Inquire("look", "再検討"),
                Inquire("move", "異動", parse("hanako@city.mihon.lg.jp")),
                Unclear(SATO, Statement("machine")),
                Note("automatic", "Auto-Submitted"),
                DigestRequest(SATO),
                Undelivered(Letter.ACKNOWLEDGMENT, APPLICANT, "550"),
                Undelivered(Letter.REVIEW_REQUEST, SATO, "550"),
            ]
        )
    )
    def other_mail(self, event: CaseEvent) -> None:
        before = self.case.state if self.case else None
        self.take(event)
        after = self.case.state if self.case else None
        again = {State.UNDER_REVIEW, State.AWAITING_AFFILIATION} if before is State.DECLINED else set()
        assert after in {before, State.UNDELIVERABLE, State.WITHDRAWN} | again

    @rule()
    def dispatch(self) -> None:
        """The invitation leaves, once its time has come."""
        due = [one for one in self.outgoing if (one.not_before or self.now) <= self.now]
        for one in due:
            self.outgoing.remove(one)
            assert self.case is not None
            assert self.case.state is State.APPROVED, "an invitation leaves only while the case is approved"
            self.take(InvitationSent())
            self.invitations += 1

    @rule(days=st.integers(0, 9))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days, minutes=30)
        if self.case is None:
            return
        today = business_days.tokyo_date(self.now)
        for deadline in deadlines.due_deadlines(self.case, today, self.desk)[-1:]:
            before = self.case
            self.take(DeadlinePassed(deadline))
            assert self.case is not None
            assert self.case.state in {
                before.state,
                State.UNDER_REVIEW,
                State.AWAITING_AFFILIATION,
                State.EXPIRED,
            }

    @invariant()
    def nobody_is_invited_twice(self) -> None:
        if hasattr(self, "case"):
            assert self.invitations <= 1 + self.resent
            assert len(self.outgoing) <= 1

    @invariant()
    def invited_means_decided(self) -> None:
        if getattr(self, "case", None) and self.case.state is State.INVITED:  # type: ignore[union-attr]
            assert self.case.decided_by  # type: ignore[union-attr]
            assert self.invitations == 1 + self.resent
            assert self.case.invited_at  # type: ignore[union-attr]

    @invariant()
    def an_open_case_has_a_next_step_with_a_date(self) -> None:
        if getattr(self, "case", None) and self.case.state in OPEN:  # type: ignore[union-attr]
            today = business_days.tokyo_date(self.now)
            following = deadlines.next_action_date(self.case, today, self.desk)  # type: ignore[arg-type]
            assert following is not None
            assert following > today

    @invariant()
    def the_bounds_of_asking_hold(self) -> None:
        case = getattr(self, "case", None)
        if case is not None:
            checks = case.affiliation.checks
            assert len(checks) <= self.desk.checks_per_case
            assert len({check.address.key for check in checks}) == len(checks)
            assert all(check.address.domain == INSIDE for check in checks)

    @invariant()
    def confirmed_means_by_whom_we_asked_or_by_telephone(self) -> None:
        case = getattr(self, "case", None)
        if case is not None and case.confirmed_by:
            confirmed = [check for check in case.affiliation.checks if check.counts]
            assert confirmed or case.affiliation.call
            assert all(check.answer == "confirm" for check in confirmed)

    @invariant()
    def a_hold_and_a_question_belong_to_their_states(self) -> None:
        case = getattr(self, "case", None)
        if case is not None:
            assert case.held_until is None or case.state is State.ON_HOLD
            assert not case.question or case.state is State.NEEDS_INFORMATION


DeskMachine.TestCase.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)
TestDesk = DeskMachine.TestCase
