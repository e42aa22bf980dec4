"""What a forward-path of the desk means, and the way back."""

from __future__ import annotations

import pytest

from gateway.mail.address import Address, parse
from gateway.mail.smtp.mailboxes import Mailboxes, Purpose, Route

DESK = Mailboxes("desk.example")


@pytest.mark.parametrize(
    ("route", "address"),
    [
        (Route(Purpose.REQUEST), "request@desk.example"),
        (Route(Purpose.REQUEST), "Request@DESK.example"),
        (Route(Purpose.POSTMASTER), "PostMaster@desk.example"),
        (Route(Purpose.DECIDE, "abc"), "decide+abc@desk.example"),
        (Route(Purpose.CASE, "abc"), "CASE+ABC@desk.example"),
        (Route(Purpose.BOUNCE, "a+b"), "bounce+a+b@desk.example"),
        (None, "request@other.example"),
        (None, "request@sub.desk.example"),
        (None, "someone@desk.example"),
        (None, "decide@desk.example"),
        (None, "decide+@desk.example"),
        (None, "request+abc@desk.example"),
        (None, "postmaster+abc@desk.example"),
        (None, "+abc@desk.example"),
    ],
)
def test_routes(route: Route | None, address: str) -> None:
    assert route == DESK.route(parse(address))


@pytest.mark.parametrize("purpose", Purpose)
def test_address_of_a_purpose_leads_back_to_it(purpose: Purpose) -> None:
    token = "abc" if purpose not in {Purpose.REQUEST, Purpose.POSTMASTER} else ""
    assert Route(purpose, token) == DESK.route(DESK.address(purpose, token))


def test_name_of_the_request_mailbox_is_the_office_s_own() -> None:
    desk = Mailboxes("desk.example", request="sanka")
    assert Address("sanka", "desk.example") == desk.address(Purpose.REQUEST)
    assert (Route(Purpose.REQUEST), None) == (
        desk.route(parse("sanka@desk.example")),
        desk.route(parse("request@desk.example")),
    )


def test_a_decision_counts_most_among_several() -> None:
    # A probe below a request: with request@ beside it, a mail is an application like any other.
    rising = [
        Purpose.POSTMASTER,
        Purpose.PROBE,
        Purpose.REQUEST,
        Purpose.BOUNCE,
        Purpose.CASE,
        Purpose.PRACTICE,
    ]
    assert [*rising, Purpose.DECIDE] == sorted(Purpose)
