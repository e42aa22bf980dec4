"""Which event a mail has, by who wrote it, where to, and with whose token."""

from dataclasses import replace

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent, Form
from gateway.admission.case.decide import decide
from gateway.admission.case.events import (
    Apply,
    CaseEvent,
    Confirm,
    Decide,
    DigestReply,
    DigestRequest,
    Inquire,
    Misuse,
    Note,
    SeveralPeople,
    Supplement,
    Unclear,
    Undelivered,
    Unknown,
    UnreadReport,
    Withdraw,
)
from gateway.admission.case.model import Case, Letter, State
from gateway.admission.intake.classify import classify
from gateway.admission.intake.mail_facts import MailFacts, TokenHolder
from gateway.admission.replies.reading import Decision
from gateway.mail.address import Address, parse
from gateway.mail.mime.bounce import BounceKind, BounceReport
from gateway.mail.smtp.mailboxes import Purpose
from tests.support.factories import APPLICANT, BOUND, DESK, FORM_TEXT, NOW, SATO, SUZUKI, background, case

COLLEAGUE = parse("dokyo@town.mihon.lg.jp")


DECIDE, CASE, BOUNCE, REQUEST = Purpose.DECIDE, Purpose.CASE, Purpose.BOUNCE, Purpose.REQUEST


def mail(author: Address | None, purpose: Purpose, text: str = "", **changes: object) -> MailFacts:
    """A mail by a person, read already."""
    values: dict[str, object] = {
        "author": author,
        "purpose": purpose,
        "subject": "Re: 参加申請",
        "text": text,
        "form": parse_form(text),
        "background": background() if author else None,
        "automatic": None,
        "bounce": None,
        "number": "K7QM-4T",
        "binding": BOUND,
    }
    return MailFacts(**(values | changes))  # type: ignore[arg-type]


def report(kind: BounceKind) -> MailFacts:
    """A mail at a bounce address."""
    return mail(None, BOUNCE, bounce=BounceReport(kind, "550 5.1.1 unknown"))


REPORTS: tuple[tuple[BounceKind, type, str], ...] = (
    ("bounce", Undelivered, "bounce"),
    ("complaint", Undelivered, "L18-complaint"),
    ("unread", UnreadReport, "unread-report"),
    ("delay", Note, "delay"),
    ("vacation", Note, "vacation"),
    ("receipt", Note, "L17-mdn"),
)


def holder(purpose: Purpose, addressee: Address, **changes: object) -> TokenHolder:
    """A valid token."""
    given = TokenHolder(purpose, addressee, Letter.REVIEW_REQUEST, 1, False, (), True)
    return replace(given, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("read_mail", "held", "about", "expected"),
    [
        pytest.param(mail(APPLICANT, REQUEST, FORM_TEXT), None, None, Apply, id="application"),
        pytest.param(mail(APPLICANT, REQUEST, "こんにちは"), None, None, Unknown, id="no-form"),
        pytest.param(
            mail(APPLICANT, REQUEST, FORM_TEXT), None, case(State.DECLINED), Apply, id="applies-again"
        ),
        pytest.param(
            mail(APPLICANT, REQUEST, "部署名: 総務課"), None, case(), Supplement, id="completes-by-request"
        ),
        pytest.param(mail(SATO, REQUEST, "承認"), None, case(), Unclear, id="staff-to-the-wrong-address"),
        pytest.param(mail(SATO, DECIDE, "承認"), holder(DECIDE, SATO), case(), Decide, id="decision"),
        pytest.param(
            mail(SUZUKI, DECIDE, "承認"), holder(DECIDE, SATO), case(), Misuse, id="a-colleagues-token"
        ),
        pytest.param(
            mail(APPLICANT, DECIDE, "承認"), holder(DECIDE, SATO), case(), Misuse, id="a-strangers-hands"
        ),
        pytest.param(
            mail(COLLEAGUE, DECIDE, "承認"), holder(DECIDE, COLLEAGUE), case(), Misuse, id="no-longer-staff"
        ),
        pytest.param(
            mail(SATO, DECIDE, "承認"),
            holder(DECIDE, SATO, expired=True),
            case(),
            Unclear,
            id="expired-token",
        ),
        pytest.param(
            mail(SATO, DECIDE, "承認", html_only=True), holder(DECIDE, SATO), case(), Decide, id="html-only"
        ),
        pytest.param(
            mail(SATO, DECIDE, "承認", automatic="Auto-Submitted"),
            holder(DECIDE, SATO),
            case(),
            Note,
            id="out-of-office",
        ),
        pytest.param(mail(APPLICANT, CASE, "状況"), holder(CASE, APPLICANT), case(), Inquire, id="status"),
        pytest.param(
            mail(APPLICANT, CASE, "異動 hanako@city.mihon.lg.jp"),
            holder(CASE, APPLICANT),
            case(State.AWAITING_AFFILIATION),
            Inquire,
            id="change-of-address",
        ),
        pytest.param(
            mail(APPLICANT, CASE, "異動\nhanako@city.mihon.lg.jp\njiro@city.mihon.lg.jp"),
            holder(CASE, APPLICANT),
            case(),
            Supplement,
            id="two-new-addresses",
        ),
        pytest.param(
            mail(APPLICANT, CASE, "再検討\n出向中です。"),
            holder(CASE, APPLICANT),
            case(State.DECLINED),
            Inquire,
            id="second-look",
        ),
        pytest.param(
            mail(APPLICANT, CASE, "状況が変わりました。"),
            holder(CASE, APPLICANT),
            case(),
            Supplement,
            id="news",
        ),
        pytest.param(
            mail(APPLICANT, CASE, "部署名: 総務課"),
            holder(CASE, APPLICANT),
            case(),
            Supplement,
            id="applicants-reply",
        ),
        pytest.param(
            mail(APPLICANT, CASE, "取り下げます"), holder(CASE, APPLICANT), case(), Withdraw, id="withdrawal"
        ),
        pytest.param(
            mail(COLLEAGUE, CASE, "在籍を確認しました"),
            holder(CASE, APPLICANT),
            case(),
            Confirm,
            id="confirmation",
        ),
        *(
            pytest.param(report(kind), holder(BOUNCE, APPLICANT), case(), expected, id=name)
            for kind, expected, name in REPORTS
        ),
        pytest.param(report("bounce"), None, None, Note, id="report-about-nothing"),
        pytest.param(mail(None, Purpose.POSTMASTER, "help"), None, None, Note, id="postmaster"),
        pytest.param(mail(APPLICANT, REQUEST, FORM_TEXT, class_3=True), None, None, Note, id="class-3"),
    ],
)
def test_the_intent_of(
    read_mail: MailFacts, held: TokenHolder | None, about: Case | None, expected: type[CaseEvent]
) -> None:
    assert expected is type(classify(read_mail, held, about, DESK))


@pytest.mark.parametrize(
    ("given", "said"),
    [(Consent.YES, Consent.NO), (Consent.ABSENT, Consent.ABSENT), (Consent.NO, Consent.ABSENT)],
)
def test_a_consent_given_before_does_not_outlast_a_postponement(given: Consent, said: Consent) -> None:
    about = case(State.NEEDS_INFORMATION, form=replace(parse_form(FORM_TEXT), consent=given))
    event = classify(mail(APPLICANT, CASE, "規約には後日同意します。"), holder(CASE, APPLICANT), about, DESK)
    assert isinstance(event, Supplement)
    assert said is event.form.consent


def test_a_decision_from_html_only_is_never_read() -> None:
    event = classify(
        mail(COLLEAGUE, CASE, "在籍を確認しました", html_only=True), holder(CASE, APPLICANT), case(), DESK
    )
    assert isinstance(event, Confirm)
    assert "none" == event.answer.value


def test_the_lines_of_our_own_letter_are_not_the_answer() -> None:
    held = holder(DECIDE, SATO, letter_lines=("承認",))
    event = classify(mail(SATO, DECIDE, "承認\n\nよろしくお願いします。\n"), held, case(), DESK)
    assert isinstance(event, Decide)
    assert Decision.NONE is event.reply.decision


def test_a_token_is_misused_only_once() -> None:
    held = holder(DECIDE, SATO, expired=True)
    assert Note is type(classify(mail(COLLEAGUE, DECIDE, "承認"), held, case(), DESK))


def test_an_answer_to_an_escalation_is_no_misuse() -> None:
    desk = replace(DESK, escalation=COLLEAGUE)
    event = classify(mail(COLLEAGUE, DECIDE, "承認"), holder(DECIDE, COLLEAGUE), case(), desk)
    assert Unclear is type(event)


@pytest.mark.parametrize("about", [None, case()], ids=["digest", "case"])
def test_a_question_for_all_that_waits(about: Case | None) -> None:
    held = holder(DECIDE, SATO, letter=Letter.DIGEST if about is None else Letter.REVIEW_REQUEST)
    assert DigestRequest is type(classify(mail(SATO, DECIDE, "一覧"), held, about, DESK))


@pytest.mark.parametrize(
    ("changes", "entries", "why"),
    [({}, 1, False), ({"html_only": True}, 0, True)],
    ids=["text", "html-only"],
)
def test_a_reply_to_a_digest_is_read_by_lines(changes: dict[str, bool], entries: int, *, why: bool) -> None:
    held = holder(DECIDE, SATO, letter=Letter.DIGEST, shown_revisions={"K7QM-4T": 1})
    event = classify(mail(SATO, DECIDE, "K7QM-4T 承認", **changes), held, None, DESK)
    assert isinstance(event, DigestReply)
    assert (entries, why, {"K7QM-4T": 1}) == (
        len(event.entries),
        bool(event.why),
        dict(event.shown_revisions),
    )


INCOMPLETE = replace(
    case(State.NEEDS_INFORMATION), form=parse_form("団体名: 見本町\n氏名: 見本 花子\n区分: 自治体")
)


@pytest.mark.parametrize(
    ("letter", "text", "consent", "department"),
    [
        (Letter.MISSING_FIELDS, "同意します。", Consent.YES, ""),
        (Letter.MISSING_FIELDS, "危機管理室です。よろしくお願いします。", Consent.ABSENT, "危機管理室"),
        (Letter.MISSING_FIELDS, "同意します。\nただし第3条を除きます", Consent.ABSENT, ""),
        (Letter.ACKNOWLEDGMENT, "同意します。", Consent.ABSENT, ""),
    ],
)
def test_a_short_answer_counts_for_the_letter_that_asked(
    letter: Letter, text: str, consent: Consent, department: str
) -> None:
    event = classify(mail(APPLICANT, CASE, text), holder(CASE, APPLICANT, letter=letter), INCOMPLETE, DESK)
    assert isinstance(event, Supplement)
    assert (consent, department) == (event.form.consent, event.form.department)


TWO_FORMS = "団体名: 見本町\n氏名: 試作 葉子\n\n団体名: 見本町\n氏名: 見本 次郎\n"


@pytest.mark.parametrize(
    ("text", "about"),
    [
        (TWO_FORMS, None),
        (TWO_FORMS, case()),
        ("部課名: 総務課\n氏名: 試作 葉子", case()),
        ("部課名: 総務課\n氏名: 試作 葉子", case(State.AWAITING_AFFILIATION)),
        ("部課名: 総務課\n氏名: 試作 葉子", case(State.INVITED)),
    ],
)
def test_two_people_are_never_one_application(text: str, about: Case | None) -> None:
    event = classify(mail(APPLICANT, REQUEST, text), None, about, DESK)
    assert SeveralPeople(APPLICANT, text.strip()) == event
    transition = decide(about, event, NOW, DESK)
    assert about == transition.case
    assert {text.strip()} == {
        one.facts["text"] for one in transition.letters if one.letter is Letter.CASE_NOTICE
    }
    assert Letter.ONE_BY_ONE in {one.letter for one in transition.letters}


@pytest.mark.parametrize("text", ["K7QM-4T を承認します。", "例の件、進めておいてください。"])
def test_what_a_member_writes_by_hand_is_shown_to_the_office(text: str) -> None:
    event = classify(mail(SATO, REQUEST, text), None, None, DESK)
    assert isinstance(event, Unknown)
    told = decide(None, event, NOW, DESK).letters
    assert {(Letter.CASE_NOTICE, text)} == {(one.letter, one.facts.get("text")) for one in told}


def test_a_corrected_name_is_a_change() -> None:
    event = classify(mail(APPLICANT, REQUEST, "氏名: 試作 葉子"), None, case(), DESK)
    assert isinstance(event, Supplement)


@pytest.mark.parametrize(
    ("text", "name", "department"),
    [
        ("見本町政策室の見本です。\n規約に同意します。", "", ""),  # who writes, in short, is no change
        ("氏名: 見本", "見本", ""),  # a label is
        ("氏名: 見本 華子\n部課名: 総務課", "見本 華子", "総務課"),
        ("部課名: 政策室", "", "政策室"),
    ],
)
def test_what_is_known_at_greater_length_stays(text: str, name: str, department: str) -> None:
    about = replace(
        case(State.NEEDS_INFORMATION),
        form=parse_form("氏名: 見本 花子\n団体名: 見本町\n部課名: 企画部政策室\n区分: 自治体"),
    )
    letter = holder(CASE, APPLICANT, letter=Letter.MISSING_FIELDS)
    event = classify(mail(APPLICANT, CASE, text), letter, about, DESK)
    assert isinstance(event, Supplement)
    assert (name, department) == (event.form.name, event.form.department)


def test_thanks_alone_are_a_note_unless_the_staff_asked_something() -> None:
    thanks, held = mail(APPLICANT, CASE, "ありがとうございます。"), holder(CASE, APPLICANT)
    assert Note("thanks", "only thanks and greetings") == classify(thanks, held, case(), DESK)
    assert isinstance(classify(thanks, held, replace(case(), question="誰ですか"), DESK), Supplement)


def test_an_answer_of_the_applicant_is_taken_without_our_own_lines() -> None:
    held = holder(CASE, APPLICANT, letter_lines=("課名を教えてください",))
    event = classify(mail(APPLICANT, CASE, "総務課です。\n\n課名を教えてください\n"), held, case(), DESK)
    assert isinstance(event, Supplement)
    assert "総務課です。" == event.text


# What lacks, the answer, and what it fills in; the last three are told to the staff and asked for again.
SHORT_ANSWERS: tuple[tuple[tuple[str, ...], str, dict[str, str]], ...] = (
    (("consent",), "同意いたします。", {"consent": "yes"}),
    (
        ("consent",),
        "規約に同意します。よろしくお願いいたします。\n\n見本町総務課\n見本 花子",
        {"consent": "yes"},
    ),
    (
        ("consent",),
        "お世話になっております。見本町の見本です。\n規約について、同意します。\nお手数をおかけしますが、よろしくお願いいたします。",
        {"consent": "yes"},
    ),
    (("consent",), "はい、同意します", {"consent": "yes"}),
    (("consent",), "ご連絡ありがとうございます。\n同意します。", {"consent": "yes"}),
    (("consent",), "規約への同意の記入漏れでした。失礼しました。同意します。", {"consent": "yes"}),
    (("consent",), "記入が漏れており申し訳ありません。\n規約に同意いたします。", {"consent": "yes"}),
    (("consent",), "同意する\n\niPhoneから送信", {"consent": "yes"}),
    (("consent",), "同意できません。", {}),
    (("consent",), "上司に確認して同意します。", {}),
    (("consent",), "同意しますが、一つ質問があります。", {}),
    (("consent",), "Yes, I agree to the rules.", {"consent": "yes"}),
    (("department",), "総務課です。", {"department": "総務課"}),
    (("department",), "所属は総務課です。", {"department": "総務課"}),
    (("department",), "総務課行政係です。よろしくお願いいたします。", {"department": "総務課行政係"}),
    (
        ("department",),
        "お世話になっております。\n部署は企画政策課になります。\n失礼いたしました。",
        {"department": "企画政策課"},
    ),
    (("department",), "部課名が抜けておりました。総務課です。", {"department": "総務課"}),
    (("department",), "部課名\u3000総務課", {"department": "総務課"}),
    (("department",), "課はありません。", {}),
    (("department",), "General Affairs Division", {"department": "General Affairs Division"}),
    (("name",), "見本 花子です。", {"name": "見本 花子"}),
    (("name",), "氏名：見本 花子", {"name": "見本 花子"}),
    (("organisation", "code"), "見本町です。", {"organisation": "見本町"}),
    (
        ("organisation", "code"),
        "雛形県見本町です。コードは990019です。",
        {"organisation": "雛形県見本町", "code": "990019"},
    ),
    (
        ("organisation", "code"),
        "見本町役場です。\nコードは分かりません。",
        {"organisation": "見本町役場", "code": "分かりません"},
    ),
    (("department", "consent"), "総務課です。規約に同意します。", {"department": "総務課", "consent": "yes"}),
    (
        ("department", "consent"),
        "・部課名：総務課\n・規約への同意：同意する",
        {"department": "総務課", "consent": "yes"},
    ),
    (("department", "consent"), "1. 総務課\n2. 同意する", {"department": "総務課", "consent": "yes"}),
    (("consent",), "OKです", {"consent": "yes"}),
    (("department",), "町長部局の総務課に所属しております。", {}),
    (("name",), "失礼しました。見本花子と申します。", {"name": "見本花子"}),
)


@pytest.mark.parametrize(("lacking", "text", "said"), SHORT_ANSWERS)
def test_answers_to_a_letter_that_asked_fill_what_they_say_and_nothing_else(
    lacking: tuple[str, ...], text: str, said: dict[str, str]
) -> None:
    empty = {name: getattr(Form(), name) for name in lacking}
    about = case(State.NEEDS_INFORMATION, form=replace(parse_form(FORM_TEXT), **empty))
    event = classify(
        mail(APPLICANT, CASE, text), holder(CASE, APPLICANT, letter=Letter.MISSING_FIELDS), about, DESK
    )
    assert isinstance(event, Supplement)
    filled = {name: str(getattr(event.form, name)) for name in Form.__slots__ if getattr(event.form, name)}
    assert said == {name: value for name, value in filled.items() if value not in {"absent", "no"}}
