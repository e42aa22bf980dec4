"""Replays the applications received after a backup; each is processed again as when it was received.

Only applications are replayed. A reply of the staff or of a colleague answers a letter that the restored
database does not know, or whose question it asks again: such a reply does not count for the new letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.cli.shared import loading

if TYPE_CHECKING:
    from gateway.inbound.front import Front
    from gateway.inbound.receive import Receiver
    from gateway.mail.smtp.envelope import Envelope
    from gateway.settings import Settings
    from gateway.store.copying.later_mails import LaterMail
    from gateway.store.protocol.opening import OwnedStore


@dataclass(frozen=True, slots=True)
class Replayed:
    """The result for one mail; `taken` is True for an application that is now on disk."""

    id: int
    author: str
    taken: bool
    why: str


async def replay_applications(folder: Path, config: Settings, config_folder: Path) -> list[Replayed]:
    """Replay the applications in a folder written by `gateway restore`; the gateway must be stopped.

    Raises OSError, ValueError, DatabaseInUseError or sqlite3.Error.
    """
    from gateway.app.wiring import reception, values
    from gateway.app.wiring.files.resources import load_active_rules, load_directory
    from gateway.store.copying import later_mails

    mails = later_mails.read_index(folder)
    rules = load_active_rules(config, config_folder, load_directory(config_folder))
    from gateway.app.wiring.database.store import build_store

    store, resolver = build_store(config), values.build_resolver(config)
    store.open()
    try:
        receiver = reception.build_receiver(config, rules, store)
        front = reception.build_front(config, resolver, receiver.submit)
        return [await _replay_one(folder, mail, front, receiver, store, config) for mail in mails]
    finally:
        await resolver.close()
        store.close()


async def _replay_one(
    folder: Path, mail: LaterMail, front: Front, receiver: Receiver, store: OwnedStore, config: Settings
) -> Replayed:
    from gateway.admission.case.events import Apply
    from gateway.inbound.screening import Rejected
    from gateway.mail.smtp import smtp_reply

    def told(taken: bool, why: str) -> Replayed:
        return Replayed(mail.id, mail.author, taken, why)

    if mail.mailbox != "request" or not mail.file:
        return told(
            False,
            "not addressed to the application mailbox" if mail.file else "the raw message was erased",
        )
    envelope, raw = _build_envelope(mail, config), (folder / Path(mail.file).name).read_bytes()
    screened = await front.screen(envelope, raw)
    if isinstance(screened, Rejected):
        return told(False, f"{screened.reply}: {screened.cause}")
    record = receiver.complete(front.build_record(screened))
    plan = await store.transact(lambda tx: receiver.plan(tx, record))
    if plan is None or not isinstance(plan.event, Apply):
        return told(False, "not an application")
    reply = await front.receive(envelope, raw)
    return told(reply == smtp_reply.ACCEPTED, str(reply))


def _build_envelope(mail: LaterMail, config: Settings) -> Envelope:
    from gateway.mail import address
    from gateway.mail.smtp.envelope import Envelope
    from gateway.store.tables import rows

    to = address.parse(f"{config.desk.request}@{config.desk.domain}")
    path = address.parse(mail.reverse_path) if mail.reverse_path else None
    return Envelope(mail.client_ip, mail.helo, path, (to,), rows.from_text(mail.received_at))


def run_replay(folder: Path, config: Settings, config_folder: Path) -> list[Replayed]:
    """Run the replay for a command; exit if the folder or the database cannot be used."""
    import asyncio
    import sqlite3

    import msgspec

    from gateway.store.protocol import StoreUnavailableError
    from gateway.store.protocol.opening import DatabaseInUseError

    try:
        return asyncio.run(replay_applications(folder, config, config_folder))
    except FileNotFoundError as error:
        loading.fail(
            f"{error.filename}: the directory does not exist; specify one that gateway restore created",
            loading.EXIT_NOT_FOUND,
        )
    except (msgspec.MsgspecError, ValueError) as error:
        loading.fail(
            f"{folder}: index.json was not written by gateway restore, or has been modified: {error}",
            loading.EXIT_NOT_FOUND,
        )
    except (DatabaseInUseError, StoreUnavailableError, OSError, sqlite3.Error) as error:
        loading.fail(
            f"not all applications were processed: {error}; run the command again", loading.EXIT_TEMPORARY
        )
