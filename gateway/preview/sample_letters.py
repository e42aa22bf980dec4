"""Every letter that the desk can send, built by the transitions that queue it, for previews and tests.

No letter is written by hand here, so that a preview shows what would really be sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Form
from gateway.admission.authority.conduct import NAMELESS, Conduct
from gateway.admission.case import letters
from gateway.admission.case.decide import decide
from gateway.admission.case.digest import overview as digest
from gateway.admission.case.events import (
    Apply,
    Decide,
    DigestRequest,
    Emergency,
    FormerLetter,
    InvitationSent,
    Misuse,
    Practise,
    Renew,
    Repeat,
    Revoke,
    Supplement,
    Undelivered,
    UnreadReport,
)
from gateway.admission.case.model import Letter, MailChoice, OutgoingLetter, Role, Staff, State
from gateway.admission.case.transitions import reapplication
from gateway.admission.case.transitions.office import practice
from gateway.admission.replies import decision
from gateway.admission.replies.grammar.parsing.explanation import ReadSentence
from gateway.admission.replies.reading import Decision, ParsedReply
from gateway.mail.address import parse
from gateway.preview.affiliation_steps import (
    NamedStep,
    add_call,
    affiliation_steps,
    build_deadline,
    build_decision,
)
from gateway.preview.arrival_steps import arrival_steps
from gateway.preview.digest_letters import letters_of_digests
from gateway.preview.handling_steps import handling_steps, letters_of_queries
from gateway.preview.sample_cases import DESK, NOW, NUMBER, SATO, SUZUKI, TOWN, Applicant
from gateway.printing.statement import Statement

APPROVAL = Decide(
    SATO, ParsedReply(Decision.APPROVE, "", Statement("read_as", word="approve")), 1, recallable=True
)
_UNUSUAL = Conduct(new_program="mozilla thunderbird", new_domain="town.mihon.lg.jp")
_STOP_ASKED = ParsedReply(Decision.NONE, "", decision.STOP_ASKED)
_BY_CODE = ParsedReply(Decision.UNDO, "", Statement("read_as", word="undo"), by_code=True)
_TAKES_BACK = ParsedReply(Decision.NONE, "", Statement("two_decisions"), takes_back=True)


def build_steps(of: Applicant, extra: str = "") -> list[NamedStep]:
    """Return names, cases and events that together produce every variant of every letter.

    `extra` is added to each text that a person writes, to see how it is printed.
    """
    return [
        *arrival_steps(of, extra),
        *affiliation_steps(of),
        *_staff_steps(of, extra),
        *handling_steps(of, extra),
        *_question_steps(of, extra),
        *_later_steps(of, extra),
        *_practice_steps(extra),
    ]


def _staff_steps(of: Applicant, extra: str) -> list[NamedStep]:
    approved = of.case(
        State.APPROVED,
        decided_by=str(SATO),
        decided_at=NOW,
        handler=str(SATO),
        confirmed_by="" if of.confirmed_by_domain else str(of.colleague),
    )
    invited = replace(approved, state=State.INVITED, invited_at=NOW)
    flagged = replace(of.case(), background=replace(of.background, flags=(Statement("applied_before"),)))
    reason = f"民間企業にお勤めの方は、参加の対象ではないためです。{extra}"
    formerly = replace(of.case(), confirmed_by=str(of.colleague), confirmed_formerly=True)
    return [
        ("approved", of.case(), build_decision(Decision.APPROVE)),
        ("declined", of.case(), build_decision(Decision.DECLINE, reason)),
        ("undone", approved, build_decision(Decision.UNDO)),
        ("undone-late", invited, replace(build_decision(Decision.UNDO), reply=_BY_CODE, recallable=False)),
        ("undone-sent", approved, replace(build_decision(Decision.UNDO), reply=_BY_CODE, recallable=False)),
        ("undone-unclear", approved, replace(build_decision(Decision.NONE), reply=_TAKES_BACK)),
        ("code-void", of.case(), replace(build_decision(Decision.NONE), code_void=True)),
        ("held", of.case(), build_decision(Decision.HOLD, "12月1日まで")),
        ("taken", of.case(), build_decision(Decision.TAKE)),
        ("repeated", approved, Repeat(SATO, answer=True)),
        ("status-decided", approved, build_decision(Decision.STATUS)),
        ("unclear", of.case(), build_decision(Decision.NONE)),
        ("restored", of.case(), Renew()),
        ("reissued", of.case(), FormerLetter(SATO)),
        ("confirmed-formerly", formerly, FormerLetter(SATO)),
        ("too-late", approved, build_decision(Decision.APPROVE)),
        ("misuse", of.case(), Misuse(of.colleague, SATO)),
        ("watched", flagged, replace(APPROVAL, conduct=_UNUSUAL)),
        ("by-web", of.case(), replace(APPROVAL, by_web=True)),
        ("watched-nameless", of.case(), replace(APPROVAL, conduct=Conduct(0, NAMELESS, NAMELESS))),
        ("watched-shared-host", of.case(), replace(APPROVAL, weak=True)),
        ("stopped", None, Emergency(SATO)),
        ("not-resumed", None, Emergency(SATO, resumes=True)),
        ("stop-asked", of.case(), Decide(SATO, _STOP_ASKED, 1, recallable=False)),
        ("stop-asked-digest", None, DigestRequest(SATO, stop_asked=True)),
        ("misuse-of-none", None, Misuse(of.colleague, SATO)),
        ("joined", invited, build_decision(Decision.JOINED)),
        ("resent", invited, build_decision(Decision.RESEND)),
        ("reminded-invited", invited, build_deadline(invited, 0)),
        ("invitation-over", invited, build_deadline(invited, 1)),
        ("revoked", approved, Revoke("operator:rei", f"誤って承認したため。{extra}", recallable=True)),
        ("revoked-leaving", approved, Revoke("operator:rei", "誤って承認したため。", recallable=False)),
        ("revoked-late", invited, Revoke("operator:rei", "誤って承認したため。", recallable=False)),
    ]


def _practice_steps(extra: str) -> list[NamedStep]:
    """Return practice replies: with a sentence of each kind, with a date, and without a decision."""
    kinds = (
        *("word", "code", "greeting", "address", "thanks", "courtesy", "support", "signature", "footer"),
        *("known", "remembered", "quotation", "unread"),
    )
    read = tuple(ReadSentence(f"見本の文です。{extra}", what) for what in kinds)
    said = {
        "practised": ParsedReply(Decision.APPROVE, "", Statement("read_as", word="approve")),
        "practised-hold": ParsedReply(Decision.HOLD, "12月1日まで", Statement("read_as", word="hold")),
        "practised-nothing": ParsedReply(Decision.NONE, "", Statement("no_decision")),
    }
    return [
        (name, None, Practise(SATO, reply, "dmarc", () if reply.decision is Decision.NONE else read))
        for name, reply in said.items()
    ]


def _question_steps(of: Applicant, extra: str) -> list[NamedStep]:
    asked = of.case(State.NEEDS_INFORMATION, question=f"課の正式な名前を教えてください。{extra}")
    return [
        ("asked", of.case(), build_decision(Decision.ASK, f"課の正式な名前を教えてください。{extra}")),
        ("answered", asked, Supplement(Form(), f"正式には「総務部総務課」です。{extra}")),
        ("help", asked, build_decision(Decision.HELP)),
        ("repeated", asked, Repeat(SATO)),
        ("reminded-asked", asked, build_deadline(asked, 1)),
    ]


def _later_steps(of: Applicant, extra: str) -> list[NamedStep]:
    held = of.case(State.ON_HOLD, held_until=date(2026, 12, 1), handler=str(SUZUKI))
    asked = of.case(State.NEEDS_INFORMATION, number="AB12-CD", question=f"課名は何ですか?{extra}")
    incomplete = of.case(State.NEEDS_INFORMATION, form=parse_form(f"氏名: {of.form.name}"))
    return [
        ("status", held, build_decision(Decision.STATUS)),
        ("overview", None, DigestRequest(SATO, (of.case(), held, asked))),
        ("overview-empty", None, DigestRequest(SATO)),
        ("overview-long", None, DigestRequest(SATO, (of.case(),) * (digest.MAX_LINES + 3))),
        ("hold-over", held, build_deadline(held, 0)),
        ("due", of.case(), build_deadline(of.case(), 0)),
        ("overdue", of.case(), build_deadline(of.case(), 2)),
        ("reminded-missing", incomplete, build_deadline(incomplete, 1)),
        ("closed-missing", incomplete, build_deadline(incomplete, 2)),
        ("undelivered", of.case(), Undelivered(Letter.ACKNOWLEDGMENT, of.address, "550 5.1.1 no such user")),
        ("unread-report", of.case(), UnreadReport(Letter.ACKNOWLEDGMENT, of.address, f"Sorry.{extra}")),
    ]


def build_letters(of: Applicant, extra: str = "") -> list[tuple[str, OutgoingLetter]]:
    """Return pairs of step and letter name, and letter; one for each kind of addressee."""
    found: dict[str, OutgoingLetter] = {}
    for name, before, event in build_steps(of, extra):
        for outgoing in decide(before, event, NOW, DESK).letters:
            found.setdefault(f"{name}-{outgoing.letter.value}", outgoing)
    general = (*letters_of_digests(of), *letters_of_queries(of, extra))
    for name, outgoing in (*_letters_by_settings(of), *_letters_by_role(of), *general):
        found.setdefault(name, outgoing)
    first = next(outgoing for outgoing in found.values() if outgoing.to == of.address)
    moved = Apply(of.colleague, of.form, TOWN.background, "AB12-CD")
    waiting = of.case(State.AWAITING_AFFILIATION)
    found["moved-replacement_check"] = reapplication.ask_earlier_applicant(waiting, moved).letters[0]
    leaving = replace(waiting, moves_to=str(moved.applicant))
    found["agreed-withdrawal_receipt"] = reapplication.ask_earlier_applicant(leaving, moved).letters[0]
    for name, packing in (("attachment", ""), ("winmail", "tnef"), ("smime", "smime")):
        told = {"attachments_dropped": True, "packing": packing}
        found[f"{name}-{first.letter.value}"] = replace(first, facts={**first.facts, **told})
    for kind in ("staff_revoked", "staff_restored"):
        found[kind] = letters.general_notices(DESK, kind, by="operator:root", who=str(SUZUKI))[0]
    for choice in MailChoice:
        new = replace(DESK.staff[0], mail=choice)
        found[f"welcome-{choice.value}-practice_request"] = practice.welcome(new, NOW, DESK).letters[0]
    found["practice-practice_request"] = practice.build_request(DESK.staff[0], NOW, DESK)
    for kind in ("paused_decisions", "paused_invitations", "desk_resumed", "stop_over"):
        found[kind] = letters.general_notices(DESK, kind, by="operator:root", who="")[0]
    told = {"to_name": DESK.staff[0].name, "browser": "", "minutes": 20, "sign_in_code": "048213"}
    found["sign-in-console_code"] = OutgoingLetter(Letter.CONSOLE_CODE, DESK.staff[0].address, told)
    account = {"provider": "https://login.example.go.jp", "account_address": "sato@login.example.go.jp"}
    account["account_name"] = "佐藤 花子"
    found["link-console_code"] = OutgoingLetter(
        Letter.CONSOLE_CODE, DESK.staff[0].address, {**told, "links_account": True, **account}
    )
    linked = {"number": "", "kind": "account_linked", "account": "3f9c0a61d2e4", **account}
    found["account_linked"] = OutgoingLetter(
        Letter.CASE_NOTICE, DESK.staff[0].address, {"to_name": DESK.staff[0].name, **linked}
    )
    for word in ("approve", "decline", "ask", "hold", "undo", "reply", "pause", "revoke"):
        is_desk = word in {"pause", "revoke"}
        act = {"seal": "", "number": "" if is_desk else NUMBER, "who": str(SUZUKI) if is_desk else ""}
        note = f"対象の団体ではないためです。{extra}" if word in {"decline", "ask", "hold", "reply"} else ""
        asked = {**told, **act, "minutes": 10, "word": word, "note": note}
        asked["register_name"] = "" if is_desk else of.background.register_name
        name = f"{word}-console_confirmation"
        found[name] = OutgoingLetter(Letter.CONSOLE_CONFIRMATION, DESK.staff[0].address, asked)
    listed = "\n".join(f"{number} {of.background.register_name}" for number in (NUMBER, "9XW2-M7"))
    several = {"seal": "", "number": "", "who": "", "register_name": "", "word": "approve", "note": listed}
    asked = {**told, **several, "minutes": 10}
    found["several-console_confirmation"] = OutgoingLetter(
        Letter.CONSOLE_CONFIRMATION, DESK.staff[0].address, asked
    )
    found["class-3-not_kept"] = OutgoingLetter(Letter.NOT_KEPT, of.address, {})
    return list(found.items())


def _letters_by_settings(of: Applicant) -> Iterator[tuple[str, OutgoingLetter]]:
    """Yield letters that depend on other settings.

    These are the first of two approvals, invitations sent by others, and notices of a due date to a
    supervisor.
    """
    desk = replace(DESK, second_approval=True, escalation=parse("kacho@kyoso.mihon.go.jp"))
    for outgoing in decide(of.case(), APPROVAL, NOW, desk).letters if not of.confirmed_by_domain else ():
        yield f"first-{outgoing.letter.value}", outgoing
    approved = of.case(State.APPROVED, decided_by=str(SATO), decided_at=NOW)
    invitation = letters.to_applicant(approved, Letter.INVITATION)
    payload = json.dumps(letters.handoff_facts(invitation.facts, "<key@example>"), indent=1)
    handoff = {**invitation.facts, "payload": payload, "to_name": "招待担当"}
    yield "approved-handoff", OutgoingLetter(Letter.HANDOFF, SATO, handoff)
    for sender in ("slack", "webhook"):
        (notice,) = decide(approved, InvitationSent(), NOW, replace(desk, invites_by=sender)).letters
        yield f"handed-{sender}-{notice.letter.value}", notice
        applied = decide(
            None, Apply(of.address, of.form, of.background, NUMBER), NOW, replace(desk, invites_by=sender)
        )
        yield f"apply-{sender}-{applied.letters[0].letter.value}", applied.letters[0]
    yield "barred-case_notice", letters.general_notices(desk, "barred", cause="slack: token_revoked")[0]
    yield "escalated-case_notice", decide(of.case(), build_deadline(of.case(), 2), NOW, desk).letters[-1]


def _letters_by_role(of: Applicant) -> Iterator[tuple[str, OutgoingLetter]]:
    trouble: dict[str, object] = {
        "refused": [{"author": of.colleague.domain, "count": 3}],
        "more_refused": 2,
        "erased": {"cases": 3, "mails": 12},
        "capped": [
            {"letter": "alarm", "of": "", "count": 7},
            {"letter": "unconfirmed", "of": of.colleague.domain, "count": 12},
            {"letter": "notice", "of": NUMBER, "count": 4},
            {"letter": "how_to_apply", "of": of.colleague.domain, "count": 30},
            {"letter": "rest", "of": "", "count": 9},
        ],
        "unheard": 5,
        "marked": [
            {"id": 314, "author": str(of.address), "holds": "form"},
            {"id": 315, "author": str(SATO), "holds": "decision"},
            {"id": 316, "author": str(of.address), "holds": "words"},
        ],
        "more_failed": 8,
        "failed": [
            {
                "number": NUMBER,
                "letter": "acknowledgment",
                "to": str(of.address),
                "cause": "550 5.1.1 unknown",
            }
        ],
    }
    for role in Role:
        person = Staff(SATO, "佐藤", role)
        (request,) = letters.to_staff(of.case(), Letter.REVIEW_REQUEST, [person], occasion="new")
        yield f"role-{role.value}-review_request", request
        asking = replace(DESK, staff=(person,))
        yield (
            f"role-{role.value}-unclear_decision",
            letters.unclear_decision(add_call(of.case()), SATO, _STOP_ASKED.why, asking),
        )
        build: Callable[..., OutgoingLetter] = digest.build_digest
        yield f"role-{role.value}-digest", build(person, [add_call(of.case())], NOW.date(), DESK, **trouble)
