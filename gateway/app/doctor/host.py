"""Checks of this machine: certificate, database, backups, templates, disk, libraries."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from cryptography import x509

from gateway.app.doctor.check import CheckResult, Level, Subject, error, ok, warning
from gateway.app.health import FULL_BYTES, SCARCE_BYTES
from gateway.app.wiring.database.source import build_source
from gateway.app.wiring.files.resources import build_renderer
from gateway.app.wiring.values import hostname
from gateway.net.host import systemd
from gateway.printing.terminal import count
from gateway.settings.recommendations import list_recommendations
from gateway.store.protocol import NoDatabaseError, QuickCheck, Source
from gateway.store.sqlite import backup as backups
from gateway.templating.renderer import InvalidTemplateError

EXPIRES_SOON, EXPIRES_NOW = timedelta(days=14), timedelta(days=3)
# STRICT tables came with 3.37, https://sqlite.org/stricttables.html
OLDEST_SQLITE = (3, 37, 0)
# Backups are made daily; a week without one means that the schedule failed.
BACKUP_LATE, BACKUP_LOST = timedelta(hours=50), timedelta(days=8)
LIST_AGE = timedelta(days=365)
RENEW = "renew it (certbot renew), then restart the service"


async def check_settings(subject: Subject) -> Iterable[CheckResult]:
    """Report the warnings of `gateway config check`."""
    found = [
        warning("settings", f"{one.key}: {one.text}", one.to_do)
        for one in list_recommendations(subject.config, systemd.unit_memory_max(units=subject.units))
    ]
    return found or [ok("settings", "valid, no warnings")]


async def check_certificate(subject: Subject) -> Iterable[CheckResult]:
    """Check that the certificate is valid for some time, and for our name."""
    place = subject.config.listen.tls_certificate
    if not place:
        return []
    try:
        shown = x509.load_pem_x509_certificates(await asyncio.to_thread(Path(place).read_bytes))[0]
    except ValueError as trouble:
        return [error("tls", f"{place}: {trouble}", "install a PEM certificate")]
    return [judge_lifetime(shown, subject.now), *judge_names(shown, hostname(subject.config))]


def judge_lifetime(shown: x509.Certificate, now: datetime) -> CheckResult:
    """Judge the remaining lifetime of a certificate."""
    left = shown.not_valid_after_utc - now
    until = f"{shown.not_valid_after_utc:%Y-%m-%d}"
    if left < timedelta(0):
        return error("tls", f"the certificate expired on {until}", RENEW)
    if shown.not_valid_before_utc > now:
        return error(
            "tls", f"the certificate is not valid until {shown.not_valid_before_utc:%Y-%m-%d}", RENEW
        )
    if left < EXPIRES_NOW:
        return error("tls", f"the certificate expires on {until}", RENEW)
    if left < EXPIRES_SOON:
        return warning("tls", f"the certificate expires in {count(left.days, 'day')}, on {until}", RENEW)
    own = (
        ", self-signed: encrypts, but does not authenticate the server"
        if shown.issuer == shown.subject
        else ""
    )
    return ok("tls", f"the certificate is valid until {until}{own}")


def judge_names(shown: x509.Certificate, wanted: str) -> Iterator[CheckResult]:
    """Yield a finding if a certificate is for other names."""
    try:
        listed = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = [name.lower() for name in listed.get_values_for_type(x509.DNSName)]
    except x509.ExtensionNotFound:
        names = []
    # RFC 6125 section 6.4.3: a wildcard stands for one whole label.
    if not {wanted, "*." + wanted.partition(".")[2]} & set(names):
        said = ", ".join(names) or "no name"
        yield warning(
            "tls", f"the certificate is for {said}, not for {wanted}", "get a certificate for that name"
        )


async def check_database(subject: Subject) -> Iterable[CheckResult]:
    """Check that the database is sound, ours, and writable by its owner."""
    check, source = "database", build_source(subject.config)
    if not await asyncio.to_thread(source.exists):
        return [ok(check, f"{source}: does not exist yet; it will be created at the first start")]
    try:
        found = await asyncio.to_thread(source.check_quickly)
    except NoDatabaseError as trouble:
        to_do = "run gateway status to see when it is available again"
        return [error(check, f"cannot be read: {trouble}", to_do)]
    except sqlite3.Error as trouble:
        to_do = "stop the gateway and restore a backup: gateway restore --help"
        return [error(check, f"{source}: cannot be read: {trouble}", to_do)]
    judged = list(_judge_contents(check, source, found, subject.now))
    files = list(_judge_files(check, source.path)) if source.path.exists() else []
    damaged = found.damage or found.unknown or found.lacking or any(one.level is Level.ERROR for one in files)
    return [*judged, *files, *([] if damaged else [ok(check, f"sound, {found.size_bytes:,} bytes")])]


def _judge_contents(check: str, source: Source, found: QuickCheck, now: datetime) -> Iterator[CheckResult]:
    if found.damage:
        to_do = "stop the gateway, keep the file, restore a backup: gateway restore --help"
        yield error(check, f"{source}: damaged: {found.damage}", to_do)
    if found.unknown:
        to_do = "install the gateway version that wrote it"
        yield error(check, f"written by a newer gateway (unknown: {', '.join(found.unknown)})", to_do)
    if found.lacking:
        yield warning(
            check, f"written by an earlier version (lacks {', '.join(found.lacking)})", "restart the gateway"
        )
    if found.newest is not None and found.newest > now + timedelta(minutes=5):
        yield error(
            "clock",
            f"the last entry is dated {found.newest:%Y-%m-%d %H:%M}, which is in the future",
            "set the clock",
        )


def _judge_files(check: str, place: Path) -> Iterator[CheckResult]:
    if not os.access(place, os.W_OK):
        yield warning(check, f"this user has no write access to {place}", "try again as root or as gateway")
    owner = place.parent.stat().st_uid
    strangers = [each for each in sorted(place.parent.glob(place.name + "*")) if each.stat().st_uid != owner]
    if strangers:
        to_do = f"chown -R --reference={place.parent} {place.parent}"
        yield error(check, f"{strangers[0].name} has a different owner from its directory", to_do)


async def check_backup(subject: Subject) -> Iterable[CheckResult]:
    """Check that there is a recent backup."""
    check, source = "backup", build_source(subject.config)
    if not await asyncio.to_thread(source.exists):
        return []
    folder = backups.backup_folder(source.path)
    found = await asyncio.to_thread(backups.list_backups, folder)
    timer, unit = map(subject.units.name, ("gateway-backup.timer", "gateway-backup"))
    to_do = f"systemctl enable --now {timer}; journalctl -u {unit}"
    if not found:
        return [warning(check, f"{folder} contains no backup", to_do)]
    age = subject.now - max(backups.backup_time(each) for each in found)
    said = f"the newest of {len(found)} backups is {age.total_seconds() / 3600:.0f} hours old"
    if age > BACKUP_LOST:
        return [error(check, said, to_do)]
    return [warning(check, said, to_do) if age > BACKUP_LATE else ok(check, said)]


async def check_disk(subject: Subject) -> Iterable[CheckResult]:
    """Check the free disk space; a full disk is 452 to every sender."""
    folder = Path(subject.config.store.path).parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    said = f"{free / 1e9:.1f} GB free at {folder}"
    if free < FULL_BYTES:
        return [error("disk", said, "free up disk space: mail is deferred (452) when the disk is full")]
    if free < SCARCE_BYTES:
        return [warning("disk", said, "free some disk space")]
    return [ok("disk", said)]


async def check_templates(subject: Subject) -> Iterable[CheckResult]:
    """Check that every letter can be rendered."""
    try:
        await asyncio.to_thread(lambda: build_renderer(subject.config, subject.folder).check())
    except InvalidTemplateError as trouble:
        return [error("templates", str(trouble), "fix it; see gateway templates check")]
    return [ok("templates", "all are valid")]


async def check_libraries(subject: Subject) -> Iterable[CheckResult]:
    """Check that SQLite and the public suffix list are not too old."""
    found = [_sqlite()]
    try:
        stamp = version("publicsuffixlist").rpartition(".")[2]
        made = datetime.strptime(stamp, "%Y%m%d").replace(tzinfo=UTC)
    except (PackageNotFoundError, ValueError):
        return found
    said = f"the public suffix list is dated {made:%Y-%m-%d}"
    if subject.now - made > LIST_AGE:
        restart = f"systemctl restart {subject.units.name()}"
        to_do = f"/opt/gateway/bin/pip install --upgrade publicsuffixlist, then {restart}"
        return [*found, warning("suffix list", said, to_do)]
    return [*found, ok("suffix list", said)]


def _sqlite() -> CheckResult:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        return error("sqlite", f"{sqlite3.sqlite_version} is too old", "install SQLite 3.37 or later")
    return ok("sqlite", f"SQLite {sqlite3.sqlite_version}")
