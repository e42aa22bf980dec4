"""A member's emergency stop and an operator's pauses: their effects and notices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gateway.admission.authority.brakes import Brake, BrakeChange, PulledBrake, find_end
from gateway.admission.case import letters
from gateway.admission.case.events import Emergency
from gateway.admission.case.model import Case, Desk, JournalEntry, Role, Staff, Transition
from gateway.printing.outside import Outside


def answer_emergency(case: Case | None, event: Emergency, now: datetime, desk: Desk) -> Transition:
    """Stop the desk until the end of the next business day, or restart it; notify all staff.

    Every member of staff may stop it, those who may decide may restart it. The case does not change.
    """
    member = desk.member(event.by)
    if member is None:
        return Transition(case)
    return _resume(case, member, desk) if event.resumes else _stop(case, member, now, desk)


def _stop(case: Case | None, member: Staff, now: datetime, desk: Desk) -> Transition:
    by, until = str(member.address), find_end(now, desk.closings)
    told = letters.general_notices(
        desk, "desk_stopped", by=by, who=member.name, waits_until=until.isoformat()
    )
    entry = JournalEntry("desk.stop", member.address, {"until": until})
    return Transition(
        case, told, (entry,), brakes=BrakeChange(pulled=PulledBrake(Brake.STOP, by, now, until))
    )


def _resume(case: Case | None, member: Staff, desk: Desk) -> Transition:
    by = str(member.address)
    if Brake.STOP not in desk.brakes or member.role is not Role.DECIDE:
        own = desk.without(frozenset(one.address.key for one in desk.staff if one is not member))
        told = letters.general_notices(own, "not_resumed", by=by, who=member.name)
        return Transition(case, told, (JournalEntry("desk.not_resumed", member.address),))
    told = letters.general_notices(desk, "desk_resumed", by=by, who=member.name)
    entry = JournalEntry("desk.resume", member.address, {"brakes": (Brake.STOP,)})
    return Transition(case, told, (entry,), brakes=BrakeChange(released=frozenset({Brake.STOP})))


def pause(wanted: Iterable[Brake], by: str, now: datetime, desk: Desk) -> tuple[Transition, ...]:
    """Pause by an operator, one transition per brake; notify all staff of each."""
    return tuple(
        Transition(
            None,
            letters.general_notices(desk, f"paused_{brake.value}", by=by),
            (JournalEntry("desk.pause", Outside(by), {"brakes": (brake,)}),),
            brakes=BrakeChange(pulled=PulledBrake(brake, by, now)),
        )
        for brake in wanted
    )


def release(brakes: frozenset[Brake], by: str, desk: Desk) -> Transition:
    """Release brakes by an operator."""
    told = letters.general_notices(desk, "desk_resumed", by=by, who="")
    entry = JournalEntry("desk.resume", Outside(by), {"brakes": tuple(sorted(brakes))})
    return Transition(None, told, (entry,), brakes=BrakeChange(released=brakes))


def end(ended: Iterable[PulledBrake], desk: Desk) -> Transition:
    """Release expired brakes; notify all staff that letters are sent again."""
    over = tuple(ended)
    entry = JournalEntry("desk.resume", detail={"brakes": tuple(sorted(one.brake for one in over))})
    told = letters.general_notices(desk, "stop_over", by=over[0].by, who="")
    released = frozenset(one.brake for one in over)
    return Transition(None, told, (entry,), brakes=BrakeChange(released=released))
