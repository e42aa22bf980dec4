"""What a proof of each grade may do: the very domain, its parent or a named signer decides and confirms."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.authority.binding import Binding, SignedCover
from gateway.admission.authority.bond import WEAK_PROOF
from gateway.admission.case.events import Apply, CaseEvent, Confirm, Decide, DigestReply
from gateway.admission.case.model import Desk, Letter, Staff
from gateway.admission.eligibility import assess
from gateway.admission.eligibility.assess import Rules
from gateway.admission.intake.classify import classify
from gateway.admission.intake.mail_facts import MailFacts, TokenHolder, find_proven_member
from gateway.admission.organisations import domains
from gateway.admission.replies.reading import Decision
from gateway.auth.results import Dkim, Dmarc, Evidence, MxState, Outcome, ProofGrade, Result, Spf, Verdict
from gateway.mail.address import Address, parse
from gateway.mail.smtp.mailboxes import Purpose
from gateway.printing.statement import Statement
from tests.support.factories import APPLICANT, DESK, FORM_TEXT, NOW, SATO, background, case

COLLEAGUE = parse(f"dokyo@{APPLICANT.domain}")
PROVIDER = "provider.example"
SIGNED_FOR = Desk((Staff(SATO, "佐藤", signing_domains=frozenset({PROVIDER})),))
DECISION, APPLICATION, NOTHING = ProofGrade.DECISION, ProofGrade.APPLICATION, ProofGrade.NONE


def bound(author: Address, proof: ProofGrade, signer: str = "") -> Binding:
    """As good as a mail can be bound, but for the grade."""
    signatures = (SignedCover(signer, True, True, True, True, "c" * 64),) if signer else ()
    return Binding(
        author.domain, proof, signatures, own_host=not signer, names_mailbox=True, date=NOW, received_at=NOW
    )


def read(
    author: Address, purpose: Purpose, text: str, binding: Binding, letter: Letter, desk: Desk
) -> CaseEvent | DigestReply:
    mail = MailFacts(
        author, purpose, "Re:", text, parse_form(text), None, None, background(), "K7QM-4T", one_part=True,
        binding=binding,
    )  # fmt: skip
    to = author if purpose is Purpose.DECIDE else APPLICANT
    held = TokenHolder(purpose, to, letter, 1, False, (), True, code="4F7K", shown_revisions={"K7QM-4T": 1})
    if purpose is Purpose.REQUEST:
        return classify(mail, None, None, desk)
    about = None if letter is Letter.DIGEST else case()
    return classify(mail, held, about, desk)


CHANGES = [
    "承認します。",
    "承認 4F7K",
    "却下します。",
    "取り消してください。",
    "取消 4F7K",
    "保留 4F7K",
    "参加 4F7K",
]


@pytest.mark.parametrize("text", CHANGES)
@pytest.mark.parametrize("proof", ProofGrade)
def test_a_word_of_a_member_needs_the_grade_of_a_decision(text: str, proof: ProofGrade) -> None:
    event = read(SATO, Purpose.DECIDE, text, bound(SATO, proof), Letter.REVIEW_REQUEST, DESK)
    assert isinstance(event, Decide)
    assert (proof is DECISION) is (event.reply.decision is not Decision.NONE)
    assert proof is DECISION or event.reply.why == WEAK_PROOF


@pytest.mark.parametrize("text", ["状況", "ヘルプ"])
def test_a_question_of_a_member_needs_no_more_than_an_application(text: str) -> None:
    event = read(SATO, Purpose.DECIDE, text, bound(SATO, APPLICATION), Letter.REVIEW_REQUEST, DESK)
    assert isinstance(event, Decide)
    assert event.reply.decision in {Decision.STATUS, Decision.HELP}


@pytest.mark.parametrize("proof", ProofGrade)
def test_lines_of_a_digest_need_it_too(proof: ProofGrade) -> None:
    event = read(SATO, Purpose.DECIDE, "K7QM-4T 承認", bound(SATO, proof), Letter.DIGEST, DESK)
    assert isinstance(event, DigestReply)
    assert (1 if proof is DECISION else 0) == len(event.entries)
    assert (proof is DECISION) is (event.why is None or event.why == "")


@pytest.mark.parametrize("proof", ProofGrade)
def test_a_confirmation_needs_it_too(proof: ProofGrade) -> None:
    text, binding = "在籍を確認しました", bound(COLLEAGUE, proof)
    event = read(COLLEAGUE, Purpose.CASE, text, binding, Letter.AFFILIATION_CHECK, DESK)
    assert isinstance(event, Confirm)
    assert (proof is DECISION) is event.is_vouched


def test_an_application_does_not() -> None:
    event = read(APPLICANT, Purpose.REQUEST, FORM_TEXT, bound(APPLICANT, APPLICATION), Letter.DIGEST, DESK)
    assert isinstance(event, Apply)


@pytest.mark.parametrize(
    ("signer", "desk", "decides"),
    [
        (PROVIDER, SIGNED_FOR, True),
        (PROVIDER, DESK, False),
        ("other.example", SIGNED_FOR, False),
        (f"x.{PROVIDER}", SIGNED_FOR, False),
        ("example", SIGNED_FOR, False),
    ],
)
def test_only_named_domains_sign_for_a_member(signer: str, desk: Desk, decides: bool) -> None:
    binding = bound(SATO, APPLICATION, signer)
    event = read(SATO, Purpose.DECIDE, "承認します。", binding, Letter.REVIEW_REQUEST, desk)
    assert isinstance(event, Decide)
    assert decides is (event.reply.decision is Decision.APPROVE)


grades = st.sampled_from((APPLICATION, NOTHING))
names = st.sampled_from((PROVIDER, f"x.{SATO.domain}", "other.example", "jp", ""))


@given(grades, names, st.booleans(), st.sampled_from(CHANGES))
def test_nothing_else_makes_a_weaker_proof_decide(
    proof: ProofGrade, signer: str, own_host: bool, text: str
) -> None:
    binding = replace(bound(SATO, proof, signer), own_host=own_host)
    event = read(SATO, Purpose.DECIDE, text, binding, Letter.REVIEW_REQUEST, DESK)
    assert isinstance(event, Decide)
    assert Decision.NONE is event.reply.decision


@pytest.mark.parametrize("proof", ProofGrade)
def test_only_a_proven_member_is_taken_for_one_by_the_limits(proof: ProofGrade) -> None:
    mail = MailFacts(SATO, Purpose.REQUEST, "", "", parse_form(""), None, None, binding=bound(SATO, proof))
    assert (proof is DECISION) is (find_proven_member(mail, DESK) is not None)


F = "city.yokohama.lg.jp"


@pytest.mark.parametrize(
    ("prover", "wide", "aliases", "flags"),
    [
        (F, False, (), ()),
        (f"old.{F}", False, (), (domains.FLAG_OTHER_NAME,)),
        (f"old.{F}", False, ("x.example",), (domains.FLAG_OTHER_NAME, domains.FLAG_FOREIGN_ALIAS)),
        (F, True, (), (domains.FLAG_SPF_ALLOWS_ALL,)),
        (F, False, ("x.example",), (domains.FLAG_FOREIGN_ALIAS,)),
    ],
)
def test_a_weak_proof_is_flagged_for_the_staff_and_stays_so(
    prover: str, wide: bool, aliases: tuple[str, ...], flags: tuple[Statement, ...]
) -> None:
    spf = Spf(Result.PASS, prover, wide=wide)
    verdict = Verdict(
        F, Outcome.PROVEN, Evidence.DMARC, "x", spf, (Dkim(Result.NONE, "", ""),), Dmarc(Result.PASS, F),
        MxState.MX, proof=APPLICATION, prover=prover, foreign_aliases=aliases,
    )  # fmt: skip
    known = assess.build_background(verdict, Rules())
    assert flags == known.flags
    again = assess.reassess(parse(f"a@{F}"), parse_form(""), known, Rules())
    assert set(flags) <= set(again.flags)
    assert again == assess.reassess(parse(f"a@{F}"), parse_form(""), again, Rules())
