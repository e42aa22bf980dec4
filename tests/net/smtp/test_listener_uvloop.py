"""The same listener on uvloop, whose transports and TLS layer are others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from gateway.mail.smtp import smtp_reply
from tests.net.smtp import test_listener, test_listener_data, test_listener_limits, test_listener_tls
from tests.support.certificates import serving, trusting

uvloop = pytest.importorskip("uvloop")


def run(work: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


@pytest.mark.parametrize(
    "test",
    [
        test_listener.test_envelope_tells_who_sent_what_to_whom,
        test_listener.test_client_that_half_closes_behind_the_dot_gets_its_answer,
        test_listener.test_c03_early_talker_is_not_greeted,
        lambda: test_listener.test_s16_only_quit_may_come_before_the_answer(
            b"NOOP\r\n", smtp_reply.SYNC_ERROR
        ),
        lambda: test_listener_data.test_s23_packets_over_a_real_socket(1),
        test_listener_data.test_s22_bad_dot_behind_the_limit_runs_no_command,
        test_listener_limits.test_r06_connections_of_one_address,
        test_listener_limits.test_r12_slow_handler_is_451_and_works_on,
        test_listener_limits.test_d07_stop_lets_a_message_end_and_closes_the_others,
        test_listener_limits.test_d07_grace_ends,
    ],
)
def test_plain(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """A choice of the tests above, where the loop matters."""
    run(test())


@pytest.mark.parametrize("vanish", [test_listener.vanish_by_close, test_listener.vanish_by_reset])
def test_vanishing_client(vanish: Any) -> None:
    """The handler goes on."""
    run(test_listener.test_client_that_vanishes_behind_the_dot_cancels_nothing(vanish))


@pytest.mark.parametrize(
    "test",
    [
        test_listener_tls.test_mail_over_tls,
        test_listener_tls.test_big_mail_over_tls,
        test_listener_tls.test_t04_second_starttls_is_503,
    ],
)
def test_tls(test: Any, tmp_path: Path) -> None:
    """The other TLS layer."""
    run(test(serving(tmp_path), trusting()))


@pytest.mark.parametrize(
    "test",
    [
        test_listener_tls.test_t06_stalled_handshake_is_ended,
        test_listener_tls.test_reset_within_the_handshake_leaves_nobody,
        test_listener_tls.test_stop_within_the_handshake,
        test_listener_tls.test_t07_starttls_takes_no_argument,
    ],
)
def test_handshake(test: Any, tmp_path: Path) -> None:
    """Its ends."""
    run(test(serving(tmp_path)))
