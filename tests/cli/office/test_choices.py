"""What `--state` and `--kind` allow stands in the commands, so that help is fast; here it is compared."""

from gateway.admission.case.model import State
from gateway.admission.organisations import register_table
from gateway.cli.office import org, outbox
from gateway.cli.office.case import listing
from gateway.store.commands import outbox as outbox_commands
from gateway.store.protocol import LetterState


def test_every_state_of_a_case_can_be_listed() -> None:
    assert tuple(each.value for each in State) == listing.STATES


def test_every_state_of_a_letter_can_be_listed() -> None:
    assert tuple(each.value for each in LetterState) == outbox.STATES


def test_letters_are_changed_in_the_states_that_the_store_allows() -> None:
    assert outbox_commands.CHANGEABLE == outbox.CHANGEABLE


def test_every_kind_of_body_can_be_chosen() -> None:
    assert register_table.KINDS == org.KINDS
