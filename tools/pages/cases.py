"""The states of a case as a diagram and a table, and an example of each letter, as made by `decide`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path

from gateway.admission.case.deadlines import DeadlineKind
from gateway.admission.case.decide import decide
from gateway.admission.case.events import (
    CaseEvent,
    DeadlinePassed,
    Decide,
    InvitationSent,
    Joined,
    Resend,
    TakeBack,
    event_name,
)
from gateway.admission.case.model import OPEN, Case, Letter, State
from gateway.admission.replies.decision import Decision
from gateway.admission.terms.wording import DECISIONS
from gateway.preview.rendered import SampleRenderer
from gateway.preview.sample_cases import APPLICANTS, DESK, NOW, SATO, Applicant
from gateway.preview.sample_letters import build_letters, build_steps
from gateway.settings import load
from tools.pages.markdown import format_block, format_table

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ROOT / "tools" / "pages" / "sample.toml"
START = "[*]"
WORDS = {decision.value: word for decision, word, *_ in DECISIONS}
UNDO = WORDS[Decision.UNDO.value]
EVENTS = {
    "apply": "application",
    "supplement": "applicant's reply",
    "withdraw": "withdrawal",
    "confirm": "colleague's answer",
    "namecolleague": "colleague named",
    "handed": "invitation sent",
    "undelivered": "permanent delivery failure",
    "revoke": "gateway case revoke",
    "takeback": "gateway case undo",
    "joined": "gateway case joined",
    "resend": "gateway case invite",
    "inquire": "second look (再検討)",
}
PASSED = {
    DeadlineKind.CLOSE: "no answer by the deadline",
    DeadlineKind.HOLD_OVER: "hold ended",
    DeadlineKind.INVITATION_OVER: "invitation expired",
}
DECIDED = (State.APPROVED, State.DECLINED)
INVITED = (State.INVITED, State.JOINED)
ANYWHERE = (State.WITHDRAWN, State.UNDELIVERABLE)
Arrow = tuple[str, str]


def draw_states() -> str:
    """Draw the diagram up to the end of a case; common transitions and ways back are only in the table."""
    arrows = {
        (before, after): [word for word in said if not word.startswith("gateway ") and word != UNDO]
        for (before, after), said in find_arrows().items()
        if before in {START, *OPEN, State.APPROVED, State.INVITED} and after not in ANYWHERE
    }
    reached = {after for _, after in arrows} | {START}
    lines = [
        f"  {before} --> {after}: {', '.join(said)}"
        for (before, after), said in arrows.items()
        if before in reached and said
    ]
    return format_block("\n".join(["stateDiagram-v2", *lines]), "mermaid")


def list_transitions() -> str:
    """Return all transitions as a table."""
    rows = [
        ("-" if before == START else f"`{before}`", f"`{after}`", ", ".join(said))
        for (before, after), said in find_arrows().items()
    ]
    return format_table(("from", "to", "event"), rows)


@cache
def find_arrows() -> dict[Arrow, tuple[str, ...]]:
    """Return which events of the sample cases lead from one state to another, in the order of the states."""
    found: dict[Arrow, dict[str, None]] = defaultdict(dict)
    for of in APPLICANTS:
        events = [(before, event) for _, before, event in build_steps(of)]
        for before, event in [*events, *_cross(of, [event for _, event in events])]:
            after = decide(before, event, NOW, DESK).case
            start = before.state.value if before else START
            if after is not None and after.state.value != start:
                found[start, after.state.value].setdefault(_name(event))
    order = [START, *State]
    return {
        arrow: tuple(sorted(found[arrow]))
        for arrow in sorted(found, key=lambda pair: (order.index(pair[0]), order.index(pair[1])))
    }


def _cross(of: Applicant, events: list[CaseEvent]) -> list[tuple[Case, CaseEvent]]:
    """Return every event in every state, not only where the samples have it.

    An outcome is also applied alone.
    """
    decided: dict[str, object] = {"decided_by": str(SATO), "decided_at": NOW}
    invited = {**decided, "invited_at": NOW}
    facts = dict.fromkeys(DECIDED, decided) | dict.fromkeys(INVITED, invited)
    cases = [of.case(state, **facts.get(state, {})) for state in State]
    commands = (
        InvitationSent(),
        Joined("operator"),
        Resend("operator"),
        TakeBack("operator", recallable=True),
    )
    own = [event for event in [*events, *commands] if not isinstance(event, DeadlinePassed)]
    return [(case, _renumber(event, case)) for case in cases for event in own]


def _renumber(event: CaseEvent, case: Case) -> CaseEvent:
    """Set the revision of a staff decision to that of the case."""
    return replace(event, revision=case.revision) if isinstance(event, Decide) else event


def _name(event: CaseEvent) -> str:
    if isinstance(event, Decide):
        return WORDS.get(event.reply.decision.value, "staff reply")
    if isinstance(event, DeadlinePassed):
        return PASSED[event.deadline.kind]
    return EVENTS.get(event_name(event), event_name(event))


def show_letters() -> str:
    """Return the first sample of each letter, in Japanese, as text."""
    settings = load(SETTINGS)
    renderer = SampleRenderer(settings, None)
    found = dict[Letter, str]()
    for of in APPLICANTS:
        for _, outgoing in build_letters(of):
            if outgoing.letter not in found:
                rendered = renderer.rendered(outgoing)
                found[outgoing.letter] = format_block(
                    f"Subject: {rendered.subject}\n\n{rendered.text}", "text"
                )
    return "\n".join(f"### {letter.value}\n\n{found[letter]}" for letter in Letter)
