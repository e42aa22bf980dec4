"""Services start in order and end in reverse order, whatever one of them does."""

from __future__ import annotations

import asyncio

import pytest

from gateway.app.supervisor import Background, Resource, Service, Supervisor


class Noted:
    """A service that writes down what it is told."""

    def __init__(self, name: str, notes: list[str], *, fails: str = "", stop_s: float = 0) -> None:
        self.name = name
        self.grace_s = -1.0
        self._notes = notes
        self._fails = fails
        self._stop_s = stop_s

    async def start(self) -> None:
        if self._fails == "start":
            raise LookupError(self.name)
        self._notes.append(f"+{self.name}")

    async def stop(self, grace_s: float) -> None:
        self.grace_s = grace_s
        await asyncio.sleep(min(self._stop_s, grace_s))
        self._notes.append(f"-{self.name}")
        if self._fails == "stop":
            raise LookupError(self.name)


async def test_they_start_in_order_and_stop_in_reverse_order() -> None:
    notes: list[str] = []
    supervisor = Supervisor()
    await supervisor.start([Noted("a", notes), Noted("b", notes)])
    await supervisor.start([Noted("c", notes)])
    await supervisor.stop()
    assert ["+a", "+b", "+c", "-c", "-b", "-a"] == notes
    await supervisor.stop()
    assert 6 == len(notes), "each is stopped once"


async def test_one_that_cannot_start_ends_those_that_run() -> None:
    notes: list[str] = []
    supervisor = Supervisor()
    await supervisor.start([Noted("a", notes)])
    with pytest.raises(LookupError, match="c"):
        await supervisor.start([Noted("b", notes), Noted("c", notes, fails="start"), Noted("d", notes)])
    assert ["+a", "+b", "-b", "-a"] == notes


async def test_one_that_fails_at_the_end_is_logged_and_holds_up_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    notes: list[str] = []
    supervisor = Supervisor()
    await supervisor.start([Noted("a", notes), Noted("b", notes, fails="stop")])
    await supervisor.stop()
    assert ["-b", "-a"] == notes[2:]
    assert "LookupError: b" in caplog.text


async def test_the_grace_is_for_all_together() -> None:
    notes: list[str] = []
    first, second = Noted("first", notes), Noted("second", notes, stop_s=0.2)
    supervisor = Supervisor()
    await supervisor.start([first, second])
    await supervisor.stop(grace_s=1)
    assert 1 == pytest.approx(second.grace_s, abs=0.05)
    assert 0 <= first.grace_s <= 0.81


async def test_a_stop_that_was_cut_off_can_be_brought_to_its_end() -> None:
    notes: list[str] = []
    supervisor = Supervisor()
    await supervisor.start([Noted("a", notes), Noted("b", notes, stop_s=0.05)])
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(supervisor.stop(), 0.01)
    assert ["+a", "+b"] == notes
    await asyncio.gather(supervisor.stop(), supervisor.stop())
    assert {"-a", "-b"} == set(notes[2:])


class Looping:
    """A loop that takes its time to end, or fails."""

    def __init__(self, last_s: float = 0, error: Exception | None = None) -> None:
        self.ended = ""
        self._stopping = asyncio.Event()
        self._last_s = last_s
        self._error = error

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        try:
            await self._stopping.wait()
            await asyncio.sleep(self._last_s)
            if self._error is not None:
                raise self._error
            self.ended = "in order"
        except asyncio.CancelledError:
            self.ended = "cut off"
            raise


@pytest.mark.parametrize(("last_s", "ended"), [(0.0, "in order"), (0.02, "in order"), (60.0, "cut off")])
async def test_a_loop_ends_in_order_or_is_cut_off_when_the_grace_is_over(last_s: float, ended: str) -> None:
    loop = Looping(last_s)
    service: Service = Background(loop)
    await service.start()
    await asyncio.sleep(0)
    assert "" == loop.ended
    await service.stop(0.5)
    assert ended == loop.ended


async def test_what_ended_a_loop_is_raised_at_its_end() -> None:
    service = Background(Looping(error=LookupError("no more")))
    await service.start()
    with pytest.raises(LookupError, match="no more"):
        await service.stop(1)


async def test_a_loop_that_never_started_has_nothing_to_stop() -> None:
    loop = Looping()
    await Background(loop).stop(1)
    assert "" == loop.ended


async def test_a_resource_is_opened_and_closed() -> None:
    notes: list[str] = []

    async def note(word: str) -> None:
        notes.append(word)

    supervisor = Supervisor()
    await supervisor.start(
        [
            Resource(close=lambda: note("close a")),
            Resource(open=lambda: note("open b"), close=lambda: note("close b")),
        ]
    )
    await supervisor.stop(0)
    assert ["open b", "close b", "close a"] == notes
