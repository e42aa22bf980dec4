"""The commands that pause and resume the desk.

Requests come through `gateway.store.commands.requests`, so their content is validated here as untrusted
input.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from gateway.admission.authority.brakes import Brake
from gateway.admission.case.model import Desk
from gateway.admission.case.transitions.office import brakes
from gateway.store.commands.requests import Handler, RefusedError, Request
from gateway.store.protocol import Transaction
from gateway.store.repositories import case_repository

PAUSE, RESUME = "desk.pause", "desk.resume"
_PAUSES = frozenset({Brake.DECISIONS, Brake.INVITATIONS})


def build_handlers(desk: Desk) -> Mapping[str, Handler]:
    """Return the handlers of `gateway pause` and `gateway resume`, by name."""

    def pause(tx: Transaction, request: Request, now: datetime) -> Mapping[str, object]:
        wanted = _read(request) & _PAUSES
        if not wanted:
            raise RefusedError("specify what to pause: --decisions, --invitations, or both")
        new = sorted(wanted - {one.brake for one in tx.pulled_brakes(now)})
        for transition in brakes.pause(new, request.by, now, desk):
            case_repository.enqueue(tx, None, transition, now, None, desk.caps)
        return {"paused": sorted(wanted)}

    def resume(tx: Transaction, request: Request, now: datetime) -> Mapping[str, object]:
        on = frozenset(one.brake for one in tx.pulled_brakes(now))
        released = on & (_read(request) or frozenset(Brake))
        if not released:
            raise RefusedError("nothing to resume: gateway status lists what is paused or stopped")
        case_repository.enqueue(tx, None, brakes.release(released, request.by, desk), now, None, desk.caps)
        return {"resumed": sorted(released)}

    return {PAUSE: pause, RESUME: resume}


def _read(request: Request) -> frozenset[Brake]:
    """Return the brakes that a request names. Raises RefusedError for an unknown name."""
    given = request.arguments.get("brakes")
    if not isinstance(given, list) or not set(map(str, given)) <= {one.value for one in Brake}:
        raise RefusedError(f"brakes = {given!r}: expected a list of {', '.join(Brake)}")
    return frozenset(Brake(str(one)) for one in given)
