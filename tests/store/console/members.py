"""Members who are signed in to the console of a store, for tests of what they can do there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from gateway.admission.authority.sign_in import make_code
from gateway.admission.case.model import Case, Desk, State
from gateway.admission.case.model.shown import make_mark
from gateway.admission.replies.reading import Decision
from gateway.mail.address import Address
from gateway.store.console import outcome, sessions, sign_in
from gateway.store.console.acts import confirming, deciding, operating
from gateway.store.console.acts.confirming import Browser
from gateway.store.console.acts.deciding import Said
from gateway.store.console.acts.operating import Order
from gateway.store.console.outcome import Outcome, What
from gateway.store.console.sessions import SessionTimes
from gateway.store.protocol import Transaction
from gateway.store.protocol.opening import OwnedStore
from tests.support.factories import DESK, NOW, SATO, case

LASTS = timedelta(hours=8)
MINUTE = timedelta(minutes=1)
ENDED = Outcome(What.ENDED)


@dataclass
class Office:
    """The writer's side of the console, at a time of the test's."""

    store: OwnedStore
    desk: Desk = DESK
    now: datetime = NOW
    browser: Browser = field(default_factory=lambda: Browser("slip", ""))
    granted: int = 0

    async def sign_in(self, member: Address = SATO, session: str = "s") -> None:
        staff = self.desk.member(member)
        assert staff is not None
        role = sign_in.name_role(staff, self.desk)

        def begin(tx: Transaction) -> None:
            sessions.begin(tx.connection, session, f"b-{session}", member.key, role, self.now, LASTS)

        await self.store.transact(begin)

    async def save(self, state: State = State.UNDER_REVIEW, **changes: object) -> Case:
        made = case(state, **changes)
        return await self.store.transact(lambda tx: tx.save(made))

    async def case(self, number: str = "K7QM-4T") -> Case:
        found = await self.store.transact(lambda tx: tx.case_by_number(number))
        assert found is not None
        return found

    async def say(self, word: Decision, text: str = "", number: str = "K7QM-4T") -> Said:
        """A form about the case as it is now."""
        return Said(number, make_mark(await self.case(number)), word, text)

    async def propose(
        self, said: Said | Order, session: str = "s", browser: Browser | None = None
    ) -> Outcome:
        used = browser or self.browser

        def run(tx: Transaction) -> Outcome:
            member = outcome.find_member(tx, session, self.now, self.desk, SessionTimes())
            if member is None:
                return ENDED
            if isinstance(said, Order):
                return operating.propose(tx, member, said, used, self.now, self.desk)
            return deciding.propose(tx, member, said, used, self.now, self.desk)

        return await self.store.transact(run)

    async def confirm(
        self, said: Said | Order, code: str, session: str = "s", browser: Browser | None = None
    ) -> Outcome:
        used = browser or self.browser

        def run(tx: Transaction) -> Outcome:
            member = outcome.find_member(tx, session, self.now, self.desk, SessionTimes())
            if member is None:
                return ENDED
            if isinstance(said, Order):
                done = operating.carry_out(tx, member, said, used, code, self.now, self.desk)
            else:
                done = deciding.carry_out(tx, member, said, used, code, self.now, self.desk)
            if done.is_granted:
                confirming.grant(tx, member.session, fresh, self.now)
            return done

        fresh = f"grant of {session}" + "'" * self.granted
        made = await self.store.transact(run)
        self.granted += made.is_granted
        return made

    async def speak(self, said: Said, session: str = "s") -> Outcome:
        def run(tx: Transaction) -> Outcome:
            member = outcome.find_member(tx, session, self.now, self.desk, SessionTimes())
            return deciding.say(tx, member, said, self.now, self.desk) if member else ENDED

        return await self.store.transact(run)

    async def code(self, said: Said | Order, session: str = "s", browser: Browser | None = None) -> str:
        """The code of the letter about this."""
        used = browser or self.browser

        def run(tx: Transaction) -> str:
            found = sessions.find(tx.connection, session)
            assert found is not None
            seal = confirming.make_seal(tx, found, used.slip, said.to_act())
            return make_code(tx.tombstone_key, seal, found.member)

        return await self.store.transact(run)

    async def decide(self, word: Decision, text: str = "", session: str = "s") -> Outcome:
        """From the form to the end, with the code of the letter."""
        said = await self.say(word, text)
        shown = await self.propose(said, session)
        if shown.what is not What.READY:
            return shown
        return await self.confirm(said, await self.code(said, session), session)

    async def rows(self, table: str) -> list[dict[str, object]]:
        sql = f"SELECT * FROM {table}"  # noqa: S608 - our own table
        return await self.store.transact(lambda tx: [dict(row) for row in tx.connection.execute(sql)])

    async def letters(self, kind: str) -> list[str]:
        """To whom letters of a kind are owed."""
        return sorted(str(row["recipient"]) for row in await self.rows("letters") if row["letter"] == kind)

    async def events(self) -> list[str]:
        return [str(row["event"]) for row in await self.rows("journal")]

    def with_staff(self, member: Address, **changes: object) -> None:
        """The desk with one member otherwise."""
        staff = tuple(replace(one, **changes) if one.address == member else one for one in self.desk.staff)  # type: ignore[arg-type]
        self.desk = replace(self.desk, staff=staff)
