"""Putting the rooms together: from settings to a running gateway."""

from __future__ import annotations

import asyncio
import secrets
import signal
import socket
import ssl
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

from gateway import __version__, maillog
from gateway.admission import calendar, domains, eligibility_rules
from gateway.admission.eligibility import Rules
from gateway.admission.model import Desk, Role, Staff
from gateway.auth import alignment
from gateway.auth.dkim_sign import Signer, load_key
from gateway.auth.relay import Relay
from gateway.auth.resolver import Resolver
from gateway.dispatch import Dispatch, Schedule
from gateway.housekeeping import Housekeeping
from gateway.mail import address
from gateway.mail.forward_path import Mailboxes, Purpose
from gateway.net import systemd
from gateway.net.courier import MaildirCourier, MailInvitation, MxCourier, Remote, SmarthostCourier
from gateway.net.dns import DnsResolver
from gateway.net.listener import Listener
from gateway.net.render import JinjaRenderer
from gateway.net.sockets import bind
from gateway.reception import Reception, Trust
from gateway.settings import Settings, SettingsError
from gateway.store import case_commands, organisation_commands, spool
from gateway.store.organisations import Directory
from gateway.store.rulebook import Rulebook
from gateway.store.sqlite import SqliteStore


def utc_now() -> datetime:
    """The only clock."""
    return datetime.now(UTC)


def share(name: str) -> Path:
    """A shipped folder (`templates`, `config`, `systemd`): beside the code, else in the checkout."""
    package = Path(__file__).parent
    shipped = package / "_share" / name
    return shipped if shipped.is_dir() else package.parent / name


class App:
    """A gateway as the settings describe it; `folder` is where the settings lie."""

    def __init__(
        self,
        config: Settings,
        folder: Path | None = None,
        *,
        now: Callable[[], datetime] = utc_now,
        schedule: Schedule | None = None,
        resolver: Resolver | None = None,
    ) -> None:
        self.config = config
        self._now = now
        self.directory = directory_of(folder)
        self.book = rulebook_of(config, folder, self.directory, now)
        mailboxes = mailboxes_of(config)
        desk = desk_of(config, self.book)
        self.store = store_of(config)
        self.resolver = resolver or DnsResolver(config.dns.nameservers or None, port=config.dns.port)
        courier = self._courier()
        self.dispatch = Dispatch(
            self.store,
            renderer(config, folder),
            courier,
            MailInvitation(courier),
            desk,
            mailboxes,
            from_name=config.desk.name,
            now=now,
            entropy=secrets.token_bytes,
            schedule=schedule or Schedule(give_up_after=timedelta(days=config.delivery.give_up_days)),
            sign=_signer(config),
        )
        self.reception = reception(config, self.resolver, self.book, self.store, self.dispatch.wake)
        self.listener = Listener(
            self.reception,
            hostname=hostname(config),
            tls_context=_tls_context(config),
            now=now,
            postmaster=mailboxes.address(Purpose.POSTMASTER),
        )
        self.housekeeping = Housekeeping(self.store, desk, now=now, wake=self.dispatch.wake)
        self.inbox = spool.Inbox(
            self.store,
            spool.folder_of(self.store.path),
            {**organisation_commands.handlers(self.directory), **case_commands.handlers(desk)},
            now,
            changed=self._changed,
            trouble=maillog.failed,
        )
        self._working: tuple[asyncio.Task[None], ...] = ()

    async def start(self, sockets: Sequence[socket.socket]) -> None:
        """Open the store, take up what the outbox still owes, and listen."""
        self.store.open()
        alignment.suffixes()  # the list takes 60 ms to read: not in the first mail's time
        await organisation_commands.refresh(self.directory, self.store)
        work = (self.dispatch.run(), self.inbox.run(), self.housekeeping.run())
        self._working = tuple(asyncio.create_task(each) for each in work)
        for each in sockets:
            await self.listener.start(each)
        places = ",".join("{}:{}".format(*each.getsockname()[:2]) for each in sockets)
        maillog.started(__version__, listening=places, database=self.store.path)

    async def stop(self) -> None:
        """Take no more mail, finish the letters in hand, close the store."""
        await self.listener.stop()
        self.dispatch.stop()
        self.inbox.stop()
        self.housekeeping.stop()
        await asyncio.gather(*self._working)
        self.store.close()

    async def _changed(self) -> None:
        """A command was carried out: the register may be another, and letters may be owed."""
        await organisation_commands.refresh(self.directory, self.store)
        self.dispatch.wake()

    def _courier(self) -> SmarthostCourier | MxCourier | MaildirCourier:
        delivery = self.config.delivery
        if delivery.transport == "maildir":
            return MaildirCourier(Path(delivery.maildir))
        if delivery.transport == "mx":
            return MxCourier(self.resolver, hostname(self.config), delivery.tls)
        password = Path(delivery.password_file).read_text().strip() if delivery.password_file else ""
        remote = Remote(delivery.host, delivery.port, delivery.tls, delivery.username, password)
        return SmarthostCourier(remote, hostname(self.config))


async def serve(app: App) -> None:
    """Run until SIGTERM or SIGINT, on inherited sockets or on the configured address."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    sockets = systemd.inherited_sockets() or [bind(app.config.listen.host, app.config.listen.port)]
    await app.start(sockets)
    systemd.notify("READY=1")
    await stopping.wait()
    systemd.notify("STOPPING=1")
    await app.stop()


def reception(
    config: Settings,
    resolver: Resolver,
    book: Rulebook,
    store: SqliteStore | None = None,
    wake: Callable[[], None] = lambda: None,
) -> Reception:
    """The path in, as the settings describe it; without an open store it can only examine and consider."""
    return Reception(
        store or store_of(config),
        resolver,
        desk_of(config, book),
        mailboxes_of(config),
        book.rules,
        entropy=secrets.token_bytes,
        trust=trust_of(config),
        wake=wake,
    )


def trust_of(config: Settings) -> Trust:
    """Relays of our own side and ARC sealers, as listed."""
    listed = config.trust
    networks = tuple(ip_network(text) for text in listed.relay_addresses)
    names = frozenset(name.lower() for name in listed.relay_authserv_ids)
    sealers = frozenset(name.lower() for name in listed.arc_sealers)
    return Trust(Relay(networks, names) if networks else None, sealers)


def hostname(config: Settings) -> str:
    """The name that the gateway gives in SMTP."""
    return config.listen.hostname or config.desk.domain


def store_of(config: Settings) -> SqliteStore:
    """The store, not yet open."""
    return SqliteStore(Path(config.store.path), config.desk.domain)


def mailboxes_of(config: Settings) -> Mailboxes:
    """The mailboxes that the desk serves."""
    return Mailboxes(config.desk.domain, config.desk.request)


def desk_of(config: Settings, book: Rulebook) -> Desk:
    """The desk's values for the rules."""
    desk = config.desk
    staff = (Staff(address.parse(one.address), one.name, Role(one.role)) for one in config.staff)
    return Desk(
        tuple(staff),
        undo_window=timedelta(minutes=desk.undo_minutes),
        open_days=desk.open_days,
        closings=frozenset(desk.closings),
        second_approval=desk.second_approval,
        escalation=address.parse(desk.escalation) if desk.escalation else None,
        remind_after=desk.remind_after_days,
        close_after=desk.close_after_days,
        digest=desk.digest,
        digest_hour=desk.digest_hour,
        rules_version=desk.rules_version,
        review=book.review,
    )


def config_file(name: str, folder: Path | None) -> Path:
    """A file of `config/`: the operator's beside the settings, else the shipped one."""
    return folder / name if folder is not None and (folder / name).is_file() else share("config") / name


def directory_of(folder: Path | None) -> Directory:
    """The register of organisations. Raises SettingsError."""
    directory = Directory(config_file("organisations.tsv", folder))
    try:
        directory.shipped  # noqa: B018 - read now, so that a broken file is said at the start
    except (OSError, ValueError) as error:
        raise SettingsError(f"organisations.tsv: {error}") from error
    return directory


def rulebook_of(
    config: Settings, folder: Path | None, directory: Directory, now: Callable[[], datetime] = utc_now
) -> Rulebook:
    """The office's additions to the domain rules, and the corner cases. Raises SettingsError."""
    path = config_file("eligibility.toml", folder)
    try:
        table = eligibility_rules.parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: {error}") from error
    personal = domains.PERSONAL | frozenset(config.eligibility.personal_domains)
    rules = Rules(personal, config.eligibility.own_domains, table=table)
    return Rulebook(rules, directory, lambda: calendar.tokyo_date(now()))


def renderer(config: Settings, folder: Path | None) -> JinjaRenderer:
    """The renderer, with the operator's templates before the shipped ones."""
    desk = config.desk
    office = {
        "name": desk.name,
        "contact": desk.contact,
        "community": desk.community,
        "request": f"{desk.request}@{desk.domain}",
        "open_days": desk.open_days,
        "rules_version": desk.rules_version,
        "english": desk.english,
        "join_link": config.invitation.join_link,
        "valid_days": config.invitation.valid_days,
    }
    own = [folder / "templates"] if folder is not None and (folder / "templates").is_dir() else []
    return JinjaRenderer([*own, share("templates")], office)


def _signer(config: Settings) -> Callable[[bytes], bytes] | None:
    delivery = config.delivery
    if not delivery.dkim_key:
        return None
    try:
        key = load_key(Path(delivery.dkim_key).read_bytes())
    except (OSError, ValueError) as error:
        raise SettingsError(f"delivery.dkim_key = {delivery.dkim_key!r}: {error}") from error
    return Signer(config.desk.domain, delivery.dkim_selector, key).sign


def _tls_context(config: Settings) -> ssl.SSLContext | None:
    listen = config.listen
    if not listen.tls_certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(listen.tls_certificate, listen.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(
            f"listen.tls_certificate = {listen.tls_certificate!r}: allowed is a certificate in PEM that fits "
            f"listen.tls_key: {error}"
        ) from error
    return context
