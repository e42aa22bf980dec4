"""The page that names the mail under examination: a front can neither take it away nor leave it clean."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

import pytest

from gateway.net.fronts.suspects import CLIENT_BYTES, KEY_BYTES, PAGE_BYTES, Page, build_mark, examine

MARK = build_mark(bytes(range(KEY_BYTES)), "192.0.2.1")
BLAMED = (bytes(range(KEY_BYTES)), "192.0.2.1")


@pytest.fixture
def page() -> Page:
    fd = Page.create()
    try:
        return Page(fd)
    finally:
        os.close(fd)


@pytest.mark.parametrize("size", [0, 1, PAGE_BYTES - 1, PAGE_BYTES + 1])
def test_a_front_cannot_change_the_size_of_what_the_writer_reads(size: int) -> None:
    fd = Page.create()
    with pytest.raises(PermissionError):
        os.ftruncate(fd, size)
    assert Page(fd).read() is None
    os.close(fd)


@pytest.mark.parametrize("octet", [0x01, 0x0A, 0x1B, 0x80, 0xFF])
def test_whatever_a_front_writes_into_the_page_can_be_read(page: Page, octet: int) -> None:
    page.set(bytes([octet]) * (KEY_BYTES + CLIENT_BYTES))
    assert page.read() is not None


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt])
def test_a_mail_that_ends_the_process_by_an_exception_stays_marked(
    page: Page, error: type[BaseException]
) -> None:
    with pytest.raises(error):
        _drive(page, _raise(error))
    assert BLAMED == page.read()


@pytest.mark.parametrize("error", [ValueError, MemoryError, RecursionError, asyncio.CancelledError])
def test_a_mail_whose_error_is_answered_leaves_no_mark(page: Page, error: type[BaseException]) -> None:
    with pytest.raises(error):
        _drive(page, _raise(error))
    assert page.read() is None


def _raise(error: type[BaseException]) -> Callable[[], object]:
    def step() -> object:
        raise error

    return step


def _drive(page: Page, step: Callable[[], object]) -> None:
    """Run one step as the event loop does, without one."""

    async def work() -> None:
        step()

    examine(page, MARK, work()).send(None)
