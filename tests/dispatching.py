"""A dispatch with everything but the store under control."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta

from tenacity import wait_fixed

from gateway.admission.model import Letter
from gateway.dispatch import Dispatch, Rendered, Schedule
from gateway.mail.forward_path import Mailboxes
from gateway.store.sqlite import SqliteStore
from tests.clock import Clock
from tests.courier import KeptCourier
from tests.desk import DESK

BOXES = Mailboxes("gw.example.go.jp")
SCHEDULE = Schedule(backoff=wait_fixed(60), give_up_after=timedelta(days=5))


class PlainRenderer:
    """Says the letter's name and the reply address; fails for one letter if told to."""

    fails_for: Letter | None = None

    def render(self, letter: Letter, facts: Mapping[str, object], reply_to: str) -> Rendered:
        if letter is self.fails_for:
            raise KeyError("a fact that is missing")
        return Rendered(f"{letter.value} {facts.get('number', '')}", f"reply to {reply_to}\n")


def dispatch_on(
    store: SqliteStore,
    courier: KeptCourier,
    clock: Clock,
    renderer: PlainRenderer | None = None,
    schedule: Schedule = SCHEDULE,
) -> Dispatch:
    """Works on `store` with plain words."""
    return Dispatch(
        store,
        renderer or PlainRenderer(),
        courier,
        courier,
        DESK,
        BOXES,
        from_name="窓口",
        now=clock,
        entropy=secrets.token_bytes,
        schedule=schedule,
    )
