"""The states of a case as a diagram and a table, and an example of each letter, as `decide` makes them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path

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
from gateway.admission.wording import DECISIONS
from gateway.preview.rendered import SampleRenderer
from gateway.preview.sample_cases import APPLICANTS, DESK, NOW, SATO, Applicant
from gateway.preview.sample_letters import build_letters, build_steps
from gateway.settings import load
from tools.pages.markdown import format_block, format_table

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ROOT / "tools" / "pages" / "sample.toml"
START = "[*]"
WORDS = {decision.value: word for decision, word, *_ in DECISIONS}
EVENTS = {
    "apply": "application",
    "supplement": "reply of the applicant",
    "withdraw": "withdrawal",
    "confirm": "answer of the colleague",
    "namecolleague": "name of a colleague",
    "handed": "invitation sent",
    "undelivered": "letter undeliverable",
    "revoke": "gateway case revoke",
    "takeback": "gateway case undo",
    "joined": "gateway case joined",
    "resend": "gateway case invite",
    "inquire": "second look (再検討)",
}
DECIDED = (State.APPROVED, State.DECLINED)
INVITED = (State.INVITED, State.JOINED)
ANYWHERE = (State.WITHDRAWN, State.UNDELIVERABLE)
Arrow = tuple[str, str]


def draw_states() -> str:
    """The diagram: a case up to its end. What every open state can do, and ways back, are in the table."""
    arrows = {
        (before, after): [word for word in said if not word.startswith("gateway ")]
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
    """The same as a table."""
    rows = [
        ("-" if before == START else f"`{before}`", f"`{after}`", ", ".join(said))
        for (before, after), said in find_arrows().items()
    ]
    return format_table(("from", "to", "event"), rows)


@cache
def find_arrows() -> dict[Arrow, tuple[str, ...]]:
    """Which event of any sample case leads from where to where, in the order of the states."""
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
    """Every event in every state, not only where the samples have it; an outcome once more by itself."""
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
    """A word of the staff is about the case as it is."""
    return replace(event, revision=case.revision) if isinstance(event, Decide) else event


def _name(event: CaseEvent) -> str:
    if isinstance(event, Decide):
        return WORDS.get(event.reply.decision.value, "staff reply")
    if isinstance(event, DeadlinePassed):
        return f"deadline ({event.deadline.kind.value})"
    return EVENTS.get(event_name(event), event_name(event))


def show_letters() -> str:
    """The first sample of each letter, in Japanese, as text."""
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
